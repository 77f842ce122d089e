//! Canonical JSON 规范化 JSON (RFC 8785): one value, one sequence of bytes, so that it can be hashed.
//!
//! Keys are sorted by their UTF-16 code units, there is no white space, only what must be is
//! escaped. Deliberately absent: floating point and integers beyond ±(2^53 − 1). The standard
//! would print them as doubles; the house keeps money in fen and time in microseconds, so such a
//! number is a mistake and is refused.

mod key;
mod object;

use std::fmt;

use serde::ser::{self, Serialize};

use object::{Array, Object};

/// The largest integer that every JSON reader keeps exactly: 2^53 − 1.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;
/// How deep arrays and objects may nest.
pub const DEPTH_MAX: u32 = 128;

/// Why a value has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A floating-point number, even a whole one.
    #[error("a floating-point number has no place in a sealed value")]
    Float,
    /// An integer outside ±(2^53 − 1).
    #[error("the integer {0} is outside ±(2^53 − 1)")]
    IntegerOutOfRange(String),
    /// The same key twice in one object.
    #[error("the key {0:?} stands twice in one object")]
    DuplicateKey(String),
    /// A key that is no text, integer or unit variant.
    #[error("a key must be a text")]
    KeyNotText,
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// The type refused to be written.
    #[error("{0}")]
    Custom(String),
}

impl ser::Error for CanonicalError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

/// The canonical bytes of a value: a `serde_json::Value` or anything that serializes.
///
/// # Errors
/// It has no canonical form.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(128);
    write(value, &mut out)?;
    Ok(out)
}

/// Appends the canonical bytes of a value to a buffer that can be used again.
///
/// # Errors
/// It has no canonical form; what stands behind the old end of `out` is then of no use.
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    value.serialize(&mut Writer { out, depth: 0 })
}

pub(crate) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    depth: u32,
}

impl Writer<'_> {
    fn enter(&mut self) -> Result<(), CanonicalError> {
        self.depth += 1;
        if DEPTH_MAX < self.depth {
            Err(CanonicalError::TooDeep)
        } else {
            Ok(())
        }
    }

    const fn leave(&mut self) {
        self.depth -= 1;
    }

    fn integer(&mut self, value: i128) -> Result<(), CanonicalError> {
        if value.unsigned_abs() > INTEGER_MAX.unsigned_abs().into() {
            return Err(CanonicalError::IntegerOutOfRange(value.to_string()));
        }
        let mut digits = [0_u8; 17];
        let mut at = digits.len();
        let mut rest = value.unsigned_abs() as u64;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        self.out.extend_from_slice(&digits[at..]);
        Ok(())
    }

    fn string(&mut self, text: &str) {
        self.out.push(b'"');
        let bytes = text.as_bytes();
        let mut written = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if 0x20 <= byte && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.extend_from_slice(&bytes[written..at]);
            written = at + 1;
            self.escape(byte);
        }
        self.out.extend_from_slice(&bytes[written..]);
        self.out.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            _ => {
                let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                self.out
                    .extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
                return;
            }
        };
        self.out.extend_from_slice(&[b'\\', short]);
    }

    /// Opens `{"variant":` as serde_json writes enums that carry something.
    fn open_variant(&mut self, variant: &str) -> Result<(), CanonicalError> {
        self.enter()?;
        self.out.push(b'{');
        self.string(variant);
        self.out.push(b':');
        Ok(())
    }

    fn close_variant(&mut self) {
        self.out.push(b'}');
        self.leave();
    }
}

impl<'w, 'o> ser::Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = CanonicalError;
    type SerializeSeq = Array<'w, 'o>;
    type SerializeTuple = Array<'w, 'o>;
    type SerializeTupleStruct = Array<'w, 'o>;
    type SerializeTupleVariant = Array<'w, 'o>;
    type SerializeMap = Object<'w, 'o>;
    type SerializeStruct = Object<'w, 'o>;
    type SerializeStructVariant = Object<'w, 'o>;

    fn serialize_bool(self, value: bool) -> Result<(), CanonicalError> {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_i128(self, value: i128) -> Result<(), CanonicalError> {
        self.integer(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), CanonicalError> {
        self.integer(value.into())
    }

    fn serialize_u128(self, value: u128) -> Result<(), CanonicalError> {
        let value = i128::try_from(value)
            .map_err(|_| CanonicalError::IntegerOutOfRange(value.to_string()))?;
        self.integer(value)
    }

    fn serialize_f32(self, _: f32) -> Result<(), CanonicalError> {
        Err(CanonicalError::Float)
    }

    fn serialize_f64(self, _: f64) -> Result<(), CanonicalError> {
        Err(CanonicalError::Float)
    }

    fn serialize_char(self, value: char) -> Result<(), CanonicalError> {
        self.string(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), CanonicalError> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), CanonicalError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CanonicalError> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), CanonicalError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), CanonicalError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CanonicalError> {
        self.open_variant(variant)?;
        value.serialize(&mut *self)?;
        self.close_variant();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Array<'w, 'o>, CanonicalError> {
        Array::open(self, None)
    }

    fn serialize_tuple(self, _: usize) -> Result<Array<'w, 'o>, CanonicalError> {
        Array::open(self, None)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Array<'w, 'o>, CanonicalError> {
        Array::open(self, None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Array<'w, 'o>, CanonicalError> {
        Array::open(self, Some(variant))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Object<'w, 'o>, CanonicalError> {
        Object::open(self, None, length.unwrap_or(0))
    }

    fn serialize_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<Object<'w, 'o>, CanonicalError> {
        Object::open(self, None, length)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Object<'w, 'o>, CanonicalError> {
        Object::open(self, Some(variant), length)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), CanonicalError> {
        self.string(&value.to_string());
        Ok(())
    }
}
