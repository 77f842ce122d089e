//! Making certificates for the demonstration hall and for tests. A real hall brings those of a
//! licensed authority (电子签名法 17).

use der::{
    Decode as _, Encode as _, Sequence,
    asn1::{Any, BitString, ObjectIdentifier, OctetString, PrintableStringRef, Utf8StringRef},
    oid::{AssociatedOid, db::rfc4519},
};
use jiff::Timestamp;
use x509_cert::{
    attr::AttributeTypeAndValue,
    certificate::Version,
    ext::{
        Extension, Extensions,
        pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier},
    },
    name::{RdnSequence, RelativeDistinguishedName},
    serial_number::SerialNumber,
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned},
    time::{Time, Validity},
};

use super::{Certificate, CertificateError, signature_algorithm};
use crate::{
    digest::Suite,
    keys::{SigningKey, VerifyingKey},
};

/// X.520: a name has at most 64 characters.
const NAME_CHARS_MAX: usize = 64;

/// What a new certificate shall say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// The organ 单位 (attribute O), 1 to 64 characters.
    pub organ: &'a str,
    /// The name of the seal or authority (attribute CN), 1 to 64 characters.
    pub common_name: &'a str,
    /// The serial number, 1 to 20 bytes, not zero, unique with the issuer.
    pub serial: &'a [u8],
    /// First moment of validity, in whole seconds.
    pub not_before: Timestamp,
    /// Last moment of validity, in whole seconds.
    pub not_after: Timestamp,
    /// May it issue certificates? Otherwise it signs documents.
    pub authority: bool,
}

#[derive(Sequence)]
struct Signed {
    #[asn1(context_specific = "0", default = "Default::default")]
    version: Version,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: RdnSequence,
    validity: Validity,
    subject: RdnSequence,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Sequence)]
struct Whole {
    signed: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

impl Request<'_> {
    /// Issues a certificate for the key, signed by the key itself.
    ///
    /// # Errors
    /// Names, serial number or dates do not fit.
    pub fn self_signed(&self, key: &SigningKey) -> Result<Certificate, CertificateError> {
        let subject = self.subject().map_err(|_| CertificateError::Request)?;
        self.issue(&key.verifying_key(), subject, key)
    }

    /// Issues a certificate for `subject`, signed by an authority.
    ///
    /// # Errors
    /// Names, serial number or dates do not fit, or the authority is none or has another key.
    pub fn issued_by(
        &self,
        subject: &VerifyingKey,
        authority: &Certificate,
        key: &SigningKey,
    ) -> Result<Certificate, CertificateError> {
        if authority.verifying_key() != &key.verifying_key() {
            return Err(CertificateError::OtherKey);
        }
        if !authority.is_authority() {
            return Err(CertificateError::NotAuthority);
        }
        let issuer = authority
            .parsed()
            .tbs_certificate()
            .subject()
            .clone()
            .into();
        self.issue(subject, issuer, key)
    }

    fn issue(
        &self,
        subject: &VerifyingKey,
        issuer: RdnSequence,
        key: &SigningKey,
    ) -> Result<Certificate, CertificateError> {
        let fits = |name: &str| (1..=NAME_CHARS_MAX).contains(&name.chars().count());
        let serial_is_zero = self.serial.iter().all(|byte| *byte == 0);
        if !fits(self.organ)
            || !fits(self.common_name)
            || serial_is_zero
            || self.not_after < self.not_before
        {
            return Err(CertificateError::Request);
        }
        let signed = self
            .signed(subject, issuer, key.suite())
            .and_then(|signed| signed.to_der())
            .map_err(|_| CertificateError::Request)?;
        let signature = key.sign(&signed).and_then(|signature| signature.to_der());
        let signature = signature.map_err(|_| CertificateError::OtherKey)?;
        let whole = || {
            Whole {
                signed: Any::from_der(&signed)?,
                algorithm: signature_algorithm(key.suite()),
                signature: BitString::from_bytes(&signature)?,
            }
            .to_der()
        };
        Certificate::from_der(&whole().map_err(|_| CertificateError::Request)?)
    }

    fn signed(
        &self,
        subject: &VerifyingKey,
        issuer: RdnSequence,
        suite: Suite,
    ) -> der::Result<Signed> {
        let key = subject.to_der().map_err(|_| der::ErrorKind::Failed)?;
        let usage = if self.authority {
            KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)
        } else {
            KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation)
        };
        let basic = BasicConstraints {
            ca: self.authority,
            path_len_constraint: None,
        };
        let name = SubjectKeyIdentifier(OctetString::new(subject.id().0)?);
        Ok(Signed {
            version: Version::V3,
            serial_number: SerialNumber::new(self.serial)?,
            signature: signature_algorithm(suite),
            issuer,
            validity: Validity::new(asn1_time(self.not_before)?, asn1_time(self.not_after)?),
            subject: self.subject()?,
            subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(&key)?,
            extensions: Some(vec![
                extension(true, &basic)?,
                extension(true, &usage)?,
                extension(false, &name)?,
            ]),
        })
    }

    fn subject(&self) -> der::Result<RdnSequence> {
        let mut subject = RdnSequence::default();
        subject.push(part(rfc4519::C, PrintableStringRef::new("CN")?.into())?);
        subject.push(part(rfc4519::O, Utf8StringRef::new(self.organ)?.into())?);
        subject.push(part(
            rfc4519::CN,
            Utf8StringRef::new(self.common_name)?.into(),
        )?);
        Ok(subject)
    }
}

fn part(oid: ObjectIdentifier, value: Any) -> der::Result<RelativeDistinguishedName> {
    let mut part = RelativeDistinguishedName::default();
    part.insert(AttributeTypeAndValue { oid, value })?;
    Ok(part)
}

fn extension<T: AssociatedOid + der::Encode>(critical: bool, value: &T) -> der::Result<Extension> {
    let extn_value = OctetString::new(value.to_der()?)?;
    Ok(Extension {
        extn_id: T::OID,
        critical,
        extn_value,
    })
}

/// UTCTime until 2049 and GeneralizedTime from 2050, as RFC 5280 §4.1.2.5 and RFC 5652 §11.3 want.
pub(crate) fn asn1_time(time: Timestamp) -> der::Result<Time> {
    let seconds = u64::try_from(time.as_second()).map_err(|_| der::ErrorKind::DateTime)?;
    let date = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))?;
    if date.year() < 2050 {
        Ok(Time::UtcTime(der::asn1::UtcTime::from_date_time(date)?))
    } else {
        Ok(Time::GeneralTime(
            der::asn1::GeneralizedTime::from_date_time(date),
        ))
    }
}
