//! OpenSSL as a second opinion on key files, signatures, certificates and CMS.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use super::{
    certificates::{content_bytes, hall_certificate, signing_time},
    key,
};
use crate::{
    Certificate, Signature, SigningKey, Suite, VerifyingKey,
    certificate::{Request, asn1_time},
    cms::{self, verify_detached},
    hash,
};

fn openssl(folder: &Path, arguments: &str) -> Output {
    Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("this test needs the program `openssl` (Debian package openssl)")
}

fn good(folder: &Path, arguments: &str) -> String {
    let output = openssl(folder, arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "openssl {arguments}\n{said}{complained}"
    );
    said
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn put(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.path().join(name), bytes).unwrap();
}

const SM2_VERIFY: &str = "dgst -sm3 -sigopt distid:1234567812345678 -verify public.pem \
                          -signature signature.der message";

#[test]
fn openssl_accepts_our_sm2_signature_and_no_other() {
    let folder = folder();
    let key = key(Suite::ShangMi, 1);
    let message = "准予行政许可决定书".as_bytes();
    put(&folder, "public.pem", key.verifying_key().to_pem().unwrap());
    put(&folder, "message", message);
    put(
        &folder,
        "signature.der",
        key.sign(message).unwrap().to_der().unwrap(),
    );
    assert!(good(folder.path(), SM2_VERIFY).contains("Verified OK"));
    put(&folder, "message", "不予行政许可决定书");
    assert!(!openssl(folder.path(), SM2_VERIFY).status.success());
}

#[test]
fn we_accept_what_openssl_signs_with_a_key_that_we_wrote() {
    let folder = folder();
    let key = key(Suite::ShangMi, 2);
    put(&folder, "private.pem", key.to_pem().unwrap().as_bytes());
    put(&folder, "message", "受理通知书");
    good(
        folder.path(),
        "dgst -sm3 -sigopt distid:1234567812345678 -sign private.pem -out signature.der message",
    );
    let signature = fs::read(folder.path().join("signature.der")).unwrap();
    let signature = Signature::from_der(&signature).unwrap();
    key.verifying_key()
        .verify("受理通知书".as_bytes(), &signature)
        .unwrap();
}

#[test]
fn we_read_the_keys_that_openssl_makes_and_it_reads_ours() {
    let folder = folder();
    let makers = [
        ("genpkey -algorithm SM2 -out made.pem", Suite::ShangMi),
        (
            "genpkey -algorithm ED25519 -out made.pem",
            Suite::International,
        ),
    ];
    for (make, suite) in makers {
        good(folder.path(), make);
        let made = fs::read_to_string(folder.path().join("made.pem")).unwrap();
        let made = SigningKey::from_pem(&made).unwrap();
        assert_eq!(made.suite(), suite);
        put(&folder, "ours.pem", made.to_pem().unwrap().as_bytes());
        let public = good(folder.path(), "pkey -in ours.pem -pubout");
        assert_eq!(
            VerifyingKey::from_pem(&public).unwrap(),
            made.verifying_key()
        );
    }
}

#[test]
fn openssl_verifies_the_certificates_that_we_issue() {
    let folder = folder();
    let authority_key = key(Suite::ShangMi, 1);
    let request = Request {
        organ: "清源县政务服务中心",
        common_name: "清源县政务根证书",
        serial: &[1],
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2126-01-01T00:00:00Z".parse().unwrap(),
        authority: true,
    };
    let authority = request.self_signed(&authority_key).unwrap();
    let seal = Request {
        authority: false,
        common_name: "印章",
        serial: &[2],
        ..request
    };
    let subject = key(Suite::ShangMi, 2).verifying_key();
    let seal = seal
        .issued_by(&subject, &authority, &authority_key)
        .unwrap();
    put(&folder, "ca.pem", authority.to_pem().unwrap());
    put(&folder, "seal.pem", seal.to_pem().unwrap());
    let verify = "verify -attime 1796000000 -vfyopt distid:1234567812345678 -CAfile ca.pem";
    assert!(good(folder.path(), &format!("{verify} ca.pem")).contains("OK"));
    assert!(good(folder.path(), &format!("{verify} seal.pem")).contains("OK"));
    let shown = good(
        folder.path(),
        "x509 -in seal.pem -noout -subject -nameopt utf8 -serial",
    );
    assert!(
        shown.contains("清源县政务服务中心") && shown.contains("serial=02"),
        "{shown}"
    );
}

#[test]
fn openssl_verifies_our_detached_cms() {
    let folder = folder();
    let (certificate, key) = (hall_certificate(1), key(Suite::ShangMi, 1));
    let digest = hash(Suite::ShangMi, content_bytes());
    put(&folder, "content", content_bytes());
    put(&folder, "certificate.pem", certificate.to_pem().unwrap());
    // `openssl cms` cannot be told the identifier of GM/T 0009 and assumes an empty one. So the
    // whole structure is checked under an empty identifier, and the real one by its parts below.
    let empty_id = cms::sign_as("", &digest, &certificate, &key, signing_time()).unwrap();
    put(&folder, "signed.der", &empty_id);
    let verify = "cms -verify -binary -inform DER -in signed.der -content content -noverify \
                  -certfile certificate.pem -out verified";
    good(folder.path(), verify);
    assert_eq!(
        fs::read(folder.path().join("verified")).unwrap(),
        content_bytes()
    );
    assert!(
        verify_detached(&empty_id, &digest).is_err(),
        "the empty identifier is not ours"
    );
    put(&folder, "content", "别的内容");
    assert!(!openssl(folder.path(), verify).status.success());

    let real = cms::sign_detached(&digest, &certificate, &key, signing_time()).unwrap();
    put(&folder, "real.der", &real);
    let show = "cms -cmsout -print -noout -inform DER -in real.der";
    let shown = good(folder.path(), show);
    let algorithms = ["pkcs7-signedData", "SM2-with-SM3", "algorithm: sm3"];
    let attributes = [
        "contentType",
        "messageDigest",
        "signingTime",
        "Dec  1 00:00:00 2026 GMT",
    ];
    for part in algorithms.into_iter().chain(attributes) {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    let time = asn1_time(signing_time()).unwrap();
    let (_, to_sign) = cms::attributes(&digest, time).unwrap();
    let signature = key.sign(&to_sign).unwrap().to_der().unwrap();
    assert!(real.ends_with(&signature));
    put(&folder, "public.pem", key.verifying_key().to_pem().unwrap());
    put(&folder, "message", to_sign);
    put(&folder, "signature.der", signature);
    assert!(good(folder.path(), SM2_VERIFY).contains("Verified OK"));
}

#[test]
fn openssl_makes_a_certificate_that_we_read_and_believe() {
    let folder = folder();
    good(folder.path(), "genpkey -algorithm SM2 -out private.pem");
    good(
        folder.path(),
        "req -x509 -new -key private.pem -sm3 -sigopt distid:1234567812345678 -days 3650 \
         -subj /C=CN/O=Test/CN=Seal -out made.pem",
    );
    let made = fs::read_to_string(folder.path().join("made.pem")).unwrap();
    let made = Certificate::from_pem(&made).unwrap();
    let (first, _) = made.validity().unwrap();
    made.verify_issued_by(&made, first).unwrap();
    assert_eq!(made.organ().unwrap(), "Test");
}
