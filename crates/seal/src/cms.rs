//! Detached CMS signatures 签名数据 (RFC 5652 SignedData, SM2 with SM3), as a PDF carries them.
//!
//! Signed are contentType, messageDigest and signingTime; the signer's certificate is enclosed.
//! Deliberately absent: several signers, enclosed content, counter-signatures, time stamps of a
//! third party, and trust: the caller checks the returned certificate against its authority.

use der::{
    Decode as _, Encode as _, Reader as _, Sequence, SliceReader,
    asn1::{Any, ObjectIdentifier, OctetString, SetOfVec},
};
use jiff::Timestamp;
use x509_cert::{
    attr::Attribute, name::Name, serial_number::SerialNumber, spki::AlgorithmIdentifierOwned,
    time::Time,
};

use crate::{
    certificate::{Certificate, SM2_WITH_SM3, asn1_time, signature_algorithm},
    digest::{Digest32, Suite},
    keys::{SM2_DEFAULT_ID, SigningKey},
    sign::Signature,
};

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");
const VERSION: u8 = 1;

/// Why a CMS signature could not be made or believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not a detached SignedData with one signer and signed attributes.
    #[error("not a detached CMS signature with one signer and signed attributes")]
    Malformed,
    /// Something other than SM2 with SM3.
    #[error("the signature uses an algorithm other than SM2 with SM3")]
    Algorithm,
    /// The signer's certificate is not enclosed, or cannot be read.
    #[error("the signer's certificate is not enclosed or cannot be read")]
    NoCertificate,
    /// The content is not the one that was signed.
    #[error("the content is not the one that was signed")]
    OtherContent,
    /// The signature does not match the certificate.
    #[error("the signature does not match the certificate")]
    Mismatch,
    /// The key is not the one of the certificate.
    #[error("the key is not the one of the certificate")]
    OtherKey,
    /// The time is one that a signature cannot carry.
    #[error("the signing time cannot be written")]
    Time,
}

/// Who signed and when they say they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The enclosed certificate; not yet checked against an authority.
    pub certificate: Certificate,
    /// The signer's own statement of the time 签名时间.
    pub time: Timestamp,
}

#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    content: Encapsulated,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    revocations: Option<SetOfVec<Any>>,
    signers: SetOfVec<SignerInfo>,
}

#[derive(Sequence)]
struct Encapsulated {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    content: Option<OctetString>,
}

#[derive(Clone, PartialEq, Eq, Sequence, der::ValueOrd)]
struct SignerInfo {
    version: u8,
    signer: IssuerAndSerial,
    digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    signed: Option<SetOfVec<Attribute>>,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: OctetString,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    unsigned: Option<SetOfVec<Attribute>>,
}

#[derive(Clone, PartialEq, Eq, Sequence, der::ValueOrd)]
struct IssuerAndSerial {
    issuer: Name,
    serial: SerialNumber,
}

/// Signs the SM3 digest of a content, without enclosing the content.
///
/// # Errors
/// The certificate is not of SM2 or not of this key, or the time lies before 1970.
pub fn sign_detached(
    content_digest: &Digest32,
    certificate: &Certificate,
    key: &SigningKey,
    time: Timestamp,
) -> Result<Vec<u8>, CmsError> {
    sign_as(SM2_DEFAULT_ID, content_digest, certificate, key, time)
}

/// As [`sign_detached`], under another SM2 identifier.
pub(crate) fn sign_as(
    id: &str,
    content_digest: &Digest32,
    certificate: &Certificate,
    key: &SigningKey,
    time: Timestamp,
) -> Result<Vec<u8>, CmsError> {
    if key.suite() != Suite::ShangMi {
        return Err(CmsError::Algorithm);
    }
    if certificate.verifying_key() != &key.verifying_key() {
        return Err(CmsError::OtherKey);
    }
    let time = asn1_time(time).map_err(|_| CmsError::Time)?;
    let (attributes, to_sign) =
        attributes(content_digest, time).map_err(|_| CmsError::Malformed)?;
    let signature = key
        .sign_as(id, &to_sign)
        .and_then(|signature| signature.to_der());
    let signature = signature.map_err(|_| CmsError::OtherKey)?;
    encode(certificate, attributes, &signature).map_err(|_| CmsError::Malformed)
}

/// The signed attributes, and the bytes of them that are signed (RFC 5652 §5.4).
pub(crate) fn attributes(
    digest: &Digest32,
    time: Time,
) -> der::Result<(SetOfVec<Attribute>, Vec<u8>)> {
    let attribute = |oid, value: Any| {
        Ok::<_, der::Error>(Attribute {
            oid,
            values: SetOfVec::try_from(vec![value])?,
        })
    };
    let attributes = SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        attribute(SIGNING_TIME, Any::encode_from(&time)?)?,
        attribute(
            MESSAGE_DIGEST,
            Any::encode_from(&OctetString::new(digest.0)?)?,
        )?,
    ])?;
    let to_sign = attributes.to_der()?;
    Ok((attributes, to_sign))
}

fn encode(
    certificate: &Certificate,
    signed: SetOfVec<Attribute>,
    signature: &[u8],
) -> der::Result<Vec<u8>> {
    let digest_algorithm = AlgorithmIdentifierOwned {
        oid: SM3,
        parameters: None,
    };
    let holder = certificate.parsed().tbs_certificate();
    let signer = SignerInfo {
        version: VERSION,
        signer: IssuerAndSerial {
            issuer: holder.issuer().clone(),
            serial: holder.serial_number().clone(),
        },
        digest_algorithm: digest_algorithm.clone(),
        signed: Some(signed),
        signature_algorithm: signature_algorithm(Suite::ShangMi),
        signature: OctetString::new(signature)?,
        unsigned: None,
    };
    ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: SignedData {
            version: VERSION,
            digest_algorithms: SetOfVec::try_from(vec![digest_algorithm])?,
            content: Encapsulated {
                content_type: ID_DATA,
                content: None,
            },
            certificates: Some(SetOfVec::try_from(vec![Any::from_der(
                certificate.as_der(),
            )?])?),
            revocations: None,
            signers: SetOfVec::try_from(vec![signer])?,
        },
    }
    .to_der()
}

/// Checks a detached signature over the content with this SM3 digest.
///
/// Zero bytes after the signature are allowed: a PDF fills the place it has reserved with them.
///
/// # Errors
/// It is none, of another algorithm, over another content, or does not match its certificate.
pub fn verify_detached(cms: &[u8], content_digest: &Digest32) -> Result<Signer, CmsError> {
    let content = decode(cms)?;
    let signer = match content.signers.as_ref() {
        [signer] => signer,
        _ => return Err(CmsError::Malformed),
    };
    if signer.digest_algorithm.oid != SM3 || signer.signature_algorithm.oid != SM2_WITH_SM3 {
        return Err(CmsError::Algorithm);
    }
    let certificate = enclosed(&content, signer)?;
    let attributes = signer.signed.as_ref().ok_or(CmsError::Malformed)?;
    let stated: ObjectIdentifier = attribute(attributes, CONTENT_TYPE)?;
    let digest: OctetString = attribute(attributes, MESSAGE_DIGEST)?;
    let time: Time = attribute(attributes, SIGNING_TIME)?;
    if stated != ID_DATA {
        return Err(CmsError::Malformed);
    }
    if digest.as_bytes() != content_digest.0 {
        return Err(CmsError::OtherContent);
    }
    let to_sign = attributes.to_der().map_err(|_| CmsError::Malformed)?;
    let signature =
        Signature::from_der(signer.signature.as_bytes()).map_err(|_| CmsError::Malformed)?;
    certificate
        .verifying_key()
        .verify(&to_sign, &signature)
        .map_err(|_| CmsError::Mismatch)?;
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| CmsError::Time)?;
    let time = Timestamp::from_second(seconds).map_err(|_| CmsError::Time)?;
    Ok(Signer { certificate, time })
}

fn decode(cms: &[u8]) -> Result<SignedData, CmsError> {
    let mut reader = SliceReader::new(cms).map_err(|_| CmsError::Malformed)?;
    let whole = reader.tlv_bytes().map_err(|_| CmsError::Malformed)?;
    if cms[whole.len()..].iter().any(|byte| *byte != 0) {
        return Err(CmsError::Malformed);
    }
    let info = ContentInfo::from_der(whole).map_err(|_| CmsError::Malformed)?;
    let detached = info.content.content.content.is_none();
    if info.content_type != ID_SIGNED_DATA || !detached {
        return Err(CmsError::Malformed);
    }
    Ok(info.content)
}

/// The enclosed certificate that the signer names by issuer and serial number.
fn enclosed(content: &SignedData, signer: &SignerInfo) -> Result<Certificate, CmsError> {
    content
        .certificates
        .iter()
        .flat_map(SetOfVec::iter)
        .filter_map(|certificate| Certificate::from_der(&certificate.to_der().ok()?).ok())
        .find(|certificate| {
            let holder = certificate.parsed().tbs_certificate();
            *holder.issuer() == signer.signer.issuer
                && *holder.serial_number() == signer.signer.serial
        })
        .ok_or(CmsError::NoCertificate)
}

/// The one value of an attribute that must stand exactly once.
fn attribute<T: der::DecodeOwned>(
    attributes: &SetOfVec<Attribute>,
    oid: ObjectIdentifier,
) -> Result<T, CmsError> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let (Some(attribute), None) = (found.next(), found.next()) else {
        return Err(CmsError::Malformed);
    };
    let [value] = attribute.values.as_ref() else {
        return Err(CmsError::Malformed);
    };
    let value = value.to_der().map_err(|_| CmsError::Malformed)?;
    T::from_der(&value).map_err(|_| CmsError::Malformed)
}
