//! Certificates and CMS signatures: who issued, who signed, and everything that only looks so.

use jiff::Timestamp;

use super::key;
use crate::{
    Certificate, Digest32, Signature, Suite,
    certificate::{CertificateError, Request},
    cms::{CmsError, sign_detached, verify_detached},
    hash,
};

const CA: &str = include_str!("../../tests/data/sm2-x509/ca.pem");
const SEAL: &str = include_str!("../../tests/data/sm2-x509/seal.pem");
const SIGNER: &str = include_str!("../../tests/data/sm2-x509/signer.pem");
const FORGED_CA: &str = include_str!("../../tests/data/sm2-x509/forged-ca.pem");
const FORGED_SEAL: &str = include_str!("../../tests/data/sm2-x509/forged-seal.pem");
const LICENSE: &[u8] = include_bytes!("../../tests/data/sm2-x509/license.txt");
const LICENSE_SIGNATURE: &[u8] = include_bytes!("../../tests/data/sm2-x509/license.sig");

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-12-01T00:00:00Z")
}

fn read(pem: &str) -> Certificate {
    Certificate::from_pem(pem).unwrap()
}

fn request(organ: &str) -> Request<'_> {
    Request {
        organ,
        common_name: "行政审批专用章",
        serial: &[0x80, 1],
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2056-01-01T00:00:00Z"),
        authority: false,
    }
}

pub(super) fn hall_certificate(seed: u8) -> Certificate {
    request("清源县行政审批服务局")
        .self_signed(&key(Suite::ShangMi, seed))
        .unwrap()
}

#[test]
fn seal_and_signer_were_issued_by_the_test_authority() {
    let ca = read(CA);
    assert!(ca.is_authority() && !read(SEAL).is_authority());
    ca.verify_issued_by(&ca, now()).unwrap();
    read(SEAL).verify_issued_by(&ca, now()).unwrap();
    read(SIGNER).verify_issued_by(&ca, now()).unwrap();
    assert_eq!(read(SEAL).serial(), "44a0");
    assert_eq!(ca.organ().unwrap(), "测试政务CA（仅供测试）");
    assert_eq!(ca.common_name().unwrap(), "TEST Gov Root CA");
}

#[test]
fn a_certificate_under_a_forged_authority_of_the_same_name_is_refused() {
    let forged = Err(CertificateError::Forged);
    assert_eq!(read(FORGED_SEAL).verify_issued_by(&read(CA), now()), forged);
    assert_eq!(read(SEAL).verify_issued_by(&read(FORGED_CA), now()), forged);
    assert_eq!(read(FORGED_CA).verify_issued_by(&read(CA), now()), forged);
    read(FORGED_SEAL)
        .verify_issued_by(&read(FORGED_CA), now())
        .unwrap();
}

#[test]
fn a_certificate_that_is_no_authority_issues_nothing() {
    let verdict = read(SIGNER).verify_issued_by(&read(SEAL), now());
    assert_eq!(verdict, Err(CertificateError::OtherIssuer));
    let request = request("清源县行政审批服务局");
    let own = request.self_signed(&key(Suite::ShangMi, 1)).unwrap();
    let other = request.self_signed(&key(Suite::ShangMi, 2)).unwrap();
    assert_eq!(
        other.verify_issued_by(&own, now()),
        Err(CertificateError::NotAuthority)
    );
    let verdict = request.issued_by(own.verifying_key(), &own, &key(Suite::ShangMi, 1));
    assert_eq!(verdict, Err(CertificateError::NotAuthority));
}

#[test]
fn the_time_must_lie_within_the_validity() {
    let ca = read(CA);
    let early = read(SEAL).verify_issued_by(&ca, at("2026-11-23T02:14:20Z"));
    assert_eq!(early, Err(CertificateError::NotYetValid));
    let late = read(SEAL).verify_issued_by(&ca, at("2126-10-30T02:14:22Z"));
    assert_eq!(late, Err(CertificateError::Expired));
}

#[test]
fn the_detached_licence_signature_is_the_seals() {
    let signature = Signature::from_der(LICENSE_SIGNATURE).unwrap();
    let judge = |pem, message| read(pem).verifying_key().verify(message, &signature);
    judge(SEAL, LICENSE).unwrap();
    assert!(judge(SIGNER, LICENSE).is_err());
    assert!(judge(SEAL, &LICENSE[1..]).is_err());
}

#[test]
fn an_issued_certificate_says_what_was_asked() {
    for suite in [Suite::ShangMi, Suite::International] {
        let request = request("清源县行政审批服务局");
        let made = request.self_signed(&key(suite, 1)).unwrap();
        let read = Certificate::from_pem(&made.to_pem().unwrap()).unwrap();
        assert_eq!(read, made);
        assert_eq!(read.organ().unwrap(), request.organ);
        assert_eq!(read.common_name().unwrap(), request.common_name);
        assert_eq!(read.serial(), "8001");
        assert_eq!(
            read.validity().unwrap(),
            (request.not_before, request.not_after)
        );
        assert_eq!(*read.verifying_key(), key(suite, 1).verifying_key());
        read.verify_issued_by(&read, now()).unwrap();
    }
}

#[test]
fn an_authority_of_the_hall_issues_the_seals_of_its_organs() {
    let authority_key = key(Suite::ShangMi, 1);
    let authority = Request {
        authority: true,
        ..request("清源县政务服务中心")
    };
    let authority = authority.self_signed(&authority_key).unwrap();
    let subject = key(Suite::ShangMi, 2).verifying_key();
    let seal = request("清源县住建局")
        .issued_by(&subject, &authority, &authority_key)
        .unwrap();
    seal.verify_issued_by(&authority, now()).unwrap();
    let wrong = request("清源县住建局").issued_by(&subject, &authority, &key(Suite::ShangMi, 3));
    assert_eq!(wrong, Err(CertificateError::OtherKey));
}

#[test]
fn requests_that_do_not_fit_are_refused() {
    let key = key(Suite::ShangMi, 1);
    let long = "长".repeat(65);
    let good = request("局");
    let wrong = [
        Request {
            organ: "",
            ..good.clone()
        },
        Request {
            organ: &long,
            ..good.clone()
        },
        Request {
            common_name: "",
            ..good.clone()
        },
        Request {
            serial: &[],
            ..good.clone()
        },
        Request {
            serial: &[0, 0],
            ..good.clone()
        },
        Request {
            serial: &[1; 21],
            ..good.clone()
        },
        Request {
            not_before: good.not_after,
            not_after: good.not_before,
            ..good.clone()
        },
        Request {
            not_before: at("1969-01-01T00:00:00Z"),
            ..good.clone()
        },
    ];
    for wrong in wrong {
        assert_eq!(
            wrong.self_signed(&key),
            Err(CertificateError::Request),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_certificate_with_any_byte_changed_is_never_taken_for_the_authoritys() {
    let (ca, seal) = (read(CA), read(SEAL));
    for place in 0..seal.as_der().len() {
        let mut der = seal.as_der().to_vec();
        der[place] ^= 1;
        let changed = Certificate::from_der(&der);
        assert!(
            changed
                .and_then(|it| it.verify_issued_by(&ca, now()))
                .is_err(),
            "byte {place}"
        );
    }
    assert!(Certificate::from_pem("").is_err());
    assert!(Certificate::from_der(&seal.as_der()[1..]).is_err());
}

fn content() -> Digest32 {
    hash(Suite::ShangMi, "电子证照".as_bytes())
}

pub(super) fn detached(seed: u8) -> Vec<u8> {
    let certificate = hall_certificate(seed);
    sign_detached(&content(), &certificate, &key(Suite::ShangMi, seed), now()).unwrap()
}

#[test]
fn a_detached_signature_tells_who_signed_and_when() {
    let signer = verify_detached(&detached(1), &content()).unwrap();
    assert_eq!(signer.certificate, hall_certificate(1));
    assert_eq!(signer.time, now());
    let mut padded = detached(1);
    padded.extend([0; 100]);
    assert_eq!(verify_detached(&padded, &content()).unwrap(), signer);
    padded.push(1);
    assert_eq!(
        verify_detached(&padded, &content()),
        Err(CmsError::Malformed)
    );
}

#[test]
fn another_content_is_refused() {
    let verdict = verify_detached(&detached(1), &hash(Suite::ShangMi, b"x"));
    assert_eq!(verdict, Err(CmsError::OtherContent));
}

#[test]
fn no_byte_of_a_detached_signature_can_change_its_meaning() {
    let cms = detached(1);
    let truth = verify_detached(&cms, &content()).unwrap();
    for place in 0..cms.len() {
        let mut changed = cms.clone();
        changed[place] ^= 1;
        // Whatever still verifies must carry the true time and a key that signed: changing the
        // enclosed certificate is found when the caller checks it against its authority.
        if let Ok(signer) = verify_detached(&changed, &content()) {
            assert_eq!(signer.time, truth.time, "byte {place}");
            let trusted = signer
                .certificate
                .verify_issued_by(&hall_certificate(1), now());
            assert!(signer == truth || trusted.is_err(), "byte {place}");
        }
    }
    for kept in 0..cms.len() {
        assert!(
            verify_detached(&cms[..kept], &content()).is_err(),
            "{kept} bytes"
        );
    }
}

#[test]
fn only_the_key_of_an_sm2_certificate_signs() {
    let verdict = sign_detached(
        &content(),
        &hall_certificate(1),
        &key(Suite::ShangMi, 2),
        now(),
    );
    assert_eq!(verdict, Err(CmsError::OtherKey));
    let key = key(Suite::International, 1);
    let certificate = request("局").self_signed(&key).unwrap();
    assert_eq!(
        sign_detached(&content(), &certificate, &key, now()),
        Err(CmsError::Algorithm)
    );
}

pub(super) fn content_bytes() -> &'static [u8] {
    "电子证照".as_bytes()
}

pub(super) fn signing_time() -> Timestamp {
    now()
}
