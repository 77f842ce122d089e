//! X.509 certificates 数字证书 of organs and their seals, SM2 with SM3 (GM/T 0015) or Ed25519.
//!
//! Deliberately absent: a trust store, revocation lists, chains longer than the caller walks.

mod issue;

pub use issue::Request;
pub(crate) use issue::asn1_time;

use der::{
    Decode as _, Encode as _, Reader as _, SliceReader,
    asn1::ObjectIdentifier,
    oid::AssociatedOid as _,
    pem::{self, LineEnding},
};
use jiff::Timestamp;
use x509_cert::{
    ext::pkix::{BasicConstraints, KeyUsage},
    spki::AlgorithmIdentifierOwned,
};

use crate::{digest::Suite, keys::VerifyingKey, sign::Signature};

/// SM2 with SM3 as a signature, GM/T 0006.
pub(crate) const SM2_WITH_SM3: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const PEM_LABEL: &str = "CERTIFICATE";

/// Why a certificate could not be read, made or believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not an X.509 certificate.
    #[error("not an X.509 certificate")]
    Malformed,
    /// Signed or keyed by something other than SM2 with SM3 or Ed25519.
    #[error("the certificate uses an algorithm other than SM2 with SM3 or Ed25519")]
    Algorithm,
    /// Asks for something this program does not understand and must not ignore.
    #[error("the certificate has a critical extension that is not understood")]
    Extension,
    /// Issued by somebody of another name.
    #[error("the certificate was issued by another authority")]
    OtherIssuer,
    /// The would-be issuer may not issue certificates.
    #[error("the issuer's certificate does not allow it to issue certificates")]
    NotAuthority,
    /// The issuer's key did not sign it: forged or changed.
    #[error("the issuer's key did not sign this certificate")]
    Forged,
    /// Used before its first day.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// Used after its last day.
    #[error("the certificate has expired")]
    Expired,
    /// A name, serial number or date that a certificate cannot carry.
    #[error("the name, serial number or validity does not fit into a certificate")]
    Request,
    /// Subject key and signing key do not belong together.
    #[error("the key is not the one of the certificate")]
    OtherKey,
}

/// A certificate that has been read; believing it is [`Certificate::verify_issued_by`].
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    signed: std::ops::Range<usize>,
    parsed: x509_cert::Certificate,
    key: VerifyingKey,
    signature: Signature,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// It is none, or of another algorithm.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let parsed =
            x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        let algorithm = parsed.signature_algorithm();
        if algorithm != parsed.tbs_certificate().signature() {
            return Err(CertificateError::Malformed);
        }
        let suite = suite_of(algorithm)?;
        let key = parsed.tbs_certificate().subject_public_key_info().to_der();
        let key = key.map_err(|_| CertificateError::Malformed)?;
        let key = VerifyingKey::from_der(&key).map_err(|_| CertificateError::Algorithm)?;
        let signature = parsed
            .signature()
            .as_bytes()
            .ok_or(CertificateError::Malformed)?;
        let signature =
            Signature::from_encoded(suite, signature).map_err(|_| CertificateError::Malformed)?;
        let signed = signed_part(der).map_err(|_| CertificateError::Malformed)?;
        Ok(Self {
            der: der.to_vec(),
            signed,
            parsed,
            key,
            signature,
        })
    }

    /// Reads a PEM file with one certificate.
    ///
    /// # Errors
    /// It is none, or of another algorithm.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let (label, der) =
            pem::decode_vec(text.trim().as_bytes()).map_err(|_| CertificateError::Malformed)?;
        if label != PEM_LABEL {
            return Err(CertificateError::Malformed);
        }
        Self::from_der(&der)
    }

    /// The certificate as DER.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as PEM.
    ///
    /// # Errors
    /// Never for a certificate of this world: it would have to exceed the address space.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        pem::encode_string(PEM_LABEL, LineEnding::LF, &self.der)
            .map_err(|_| CertificateError::Malformed)
    }

    /// The public key that it speaks of.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The organ 单位 (attribute O), if named.
    #[must_use]
    pub fn organ(&self) -> Option<String> {
        let name = self.parsed.tbs_certificate().subject().organization();
        name.ok().flatten().map(|text| text.value().into_owned())
    }

    /// The name of the seal or person (attribute CN), if named.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        let name = self.parsed.tbs_certificate().subject().common_name();
        name.ok().flatten().map(|text| text.value().into_owned())
    }

    /// The serial number 序列号 as hexadecimal digits.
    #[must_use]
    pub fn serial(&self) -> String {
        let serial = self.parsed.tbs_certificate().serial_number().as_bytes();
        // ASN.1 puts a zero before a number that would look negative.
        let serial = serial
            .strip_prefix(&[0])
            .filter(|rest| !rest.is_empty())
            .unwrap_or(serial);
        serial.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// First and last moment of validity 有效期.
    ///
    /// # Errors
    /// A date beyond what a clock can say.
    pub fn validity(&self) -> Result<(Timestamp, Timestamp), CertificateError> {
        let validity = self.parsed.tbs_certificate().validity();
        let moment = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs())
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .ok_or(CertificateError::Malformed)
        };
        Ok((moment(validity.not_before)?, moment(validity.not_after)?))
    }

    /// Checks that `issuer` issued this certificate and that both are valid at `time`.
    ///
    /// A self-signed certificate that the caller trusts is its own issuer; it need not be an
    /// authority then.
    ///
    /// # Errors
    /// It did not, may not, or the time is not right.
    pub fn verify_issued_by(&self, issuer: &Self, time: Timestamp) -> Result<(), CertificateError> {
        if self.parsed.tbs_certificate().issuer() != issuer.parsed.tbs_certificate().subject() {
            return Err(CertificateError::OtherIssuer);
        }
        self.check_extensions()?;
        issuer.check_extensions()?;
        if self != issuer && !issuer.is_authority() {
            return Err(CertificateError::NotAuthority);
        }
        issuer
            .key
            .verify(&self.der[self.signed.clone()], &self.signature)
            .map_err(|_| CertificateError::Forged)?;
        self.check_time(time)?;
        issuer.check_time(time)
    }

    /// May this key issue certificates (basicConstraints, keyUsage)?
    #[must_use]
    pub fn is_authority(&self) -> bool {
        let certificate = self.parsed.tbs_certificate();
        let Ok(Some((_, basic))) = certificate.get_extension::<BasicConstraints>() else {
            return false;
        };
        let usage = certificate.get_extension::<KeyUsage>();
        basic.ca && usage.is_ok_and(|usage| usage.is_none_or(|(_, usage)| usage.key_cert_sign()))
    }

    pub(crate) const fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    fn check_time(&self, time: Timestamp) -> Result<(), CertificateError> {
        let (first, last) = self.validity()?;
        if time < first {
            Err(CertificateError::NotYetValid)
        } else if last < time {
            Err(CertificateError::Expired)
        } else {
            Ok(())
        }
    }

    fn check_extensions(&self) -> Result<(), CertificateError> {
        let known = [BasicConstraints::OID, KeyUsage::OID];
        let extensions = self.parsed.tbs_certificate().extensions();
        let unknown = extensions
            .into_iter()
            .flatten()
            .any(|extension| extension.critical && !known.contains(&extension.extn_id));
        if unknown {
            Err(CertificateError::Extension)
        } else {
            Ok(())
        }
    }
}

/// Where in the certificate the signed part stands: the exact bytes, never written anew.
fn signed_part(der: &[u8]) -> der::Result<std::ops::Range<usize>> {
    let mut reader = SliceReader::new(der)?;
    let _outer = der::Header::decode(&mut reader)?;
    let start = usize::try_from(reader.position())?;
    let signed = reader.tlv_bytes()?;
    Ok(start..start + signed.len())
}

fn suite_of(algorithm: &AlgorithmIdentifierOwned) -> Result<Suite, CertificateError> {
    match algorithm.oid {
        SM2_WITH_SM3 => Ok(Suite::ShangMi),
        ED25519 => Ok(Suite::International),
        _ => Err(CertificateError::Algorithm),
    }
}

/// The signature algorithm of a suite, without parameters as RFC 8410 and GM/T 0006 want it.
pub(crate) const fn signature_algorithm(suite: Suite) -> AlgorithmIdentifierOwned {
    let oid = match suite {
        Suite::ShangMi => SM2_WITH_SM3,
        Suite::International => ED25519,
    };
    AlgorithmIdentifierOwned {
        oid,
        parameters: None,
    }
}
