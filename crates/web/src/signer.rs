//! Keyed digests for what leaves the house and must come back unchanged: cursors, flashes,
//! visitor cookies, form tokens. Deliberately absent: encryption; nothing secret is sent.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sm3::{Digest, Sm3};

/// How many bytes of the digest go along with a text.
const TAG_BYTES: usize = 16;

/// Signs with the hall's web key (HMAC-SM3). All nodes share the key.
pub(crate) struct Signer {
    key: [u8; 32],
}

impl Signer {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The digest of some parts for one purpose; another purpose gives another digest.
    pub(crate) fn digest(&self, purpose: &str, body: &[u8]) -> [u8; 32] {
        self.mac(purpose, body).finalize().into_bytes().into()
    }

    /// A text for cookies and links that [`Signer::open`] takes back.
    pub(crate) fn sign(&self, purpose: &str, body: &[u8]) -> String {
        let mut whole = body.to_vec();
        whole.extend_from_slice(&self.digest(purpose, body)[..TAG_BYTES]);
        encode(&whole)
    }

    /// What was signed for this purpose, or nothing when one bit differs.
    pub(crate) fn open(&self, purpose: &str, text: &str) -> Option<Vec<u8>> {
        let mut whole = decode(text)?;
        let tag = whole.split_off(whole.len().checked_sub(TAG_BYTES)?);
        let fits = self
            .mac(purpose, &whole)
            .verify_truncated_left(&tag)
            .is_ok();
        fits.then_some(whole)
    }

    fn mac(&self, purpose: &str, body: &[u8]) -> Hmac<Sm3> {
        let mut mac = <Hmac<Sm3> as KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(body);
        mac
    }
}

/// SM3 of some bytes.
pub(crate) fn sm3(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// Base 64 for links and cookies.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Takes back what [`encode`] wrote.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// Compares without telling by its duration where the difference is.
pub(crate) fn equal(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0u8, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_text_comes_back_and_a_changed_one_does_not() {
        let signer = Signer::new([3; 32]);
        let text = signer.sign("cursor", b"seven");
        assert_eq!(signer.open("cursor", &text), Some(b"seven".to_vec()));
        assert_eq!(signer.open("flash", &text), None);
        let mut bytes = decode(&text).unwrap();
        bytes[0] ^= 1;
        assert_eq!(signer.open("cursor", &encode(&bytes)), None);
        assert_eq!(signer.open("cursor", "AAAA"), None);
        assert_eq!(signer.open("cursor", "not base 64!"), None);
    }
}
