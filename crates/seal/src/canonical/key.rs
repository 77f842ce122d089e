//! Keys of objects: texts, integers and unit variants, as `serde_json` writes them; nothing else.

use serde::ser::{Impossible, Serialize, Serializer};

use super::CanonicalError;

pub(super) struct KeyWriter;

type NoKey = Impossible<String, CanonicalError>;

impl Serializer for KeyWriter {
    type Ok = String;
    type Error = CanonicalError;
    type SerializeSeq = NoKey;
    type SerializeTuple = NoKey;
    type SerializeTupleStruct = NoKey;
    type SerializeTupleVariant = NoKey;
    type SerializeMap = NoKey;
    type SerializeStruct = NoKey;
    type SerializeStructVariant = NoKey;

    fn serialize_str(self, value: &str) -> Result<String, CanonicalError> {
        Ok(value.to_owned())
    }

    fn serialize_i8(self, value: i8) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_i16(self, value: i16) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_i32(self, value: i32) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_i64(self, value: i64) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_i128(self, value: i128) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_u8(self, value: u8) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_u16(self, value: u16) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_u32(self, value: u32) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_u64(self, value: u64) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_u128(self, value: u128) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_char(self, value: char) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, CanonicalError> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, CanonicalError> {
        value.serialize(self)
    }

    fn serialize_f32(self, _: f32) -> Result<String, CanonicalError> {
        Err(CanonicalError::Float)
    }

    fn serialize_f64(self, _: f64) -> Result<String, CanonicalError> {
        Err(CanonicalError::Float)
    }

    fn serialize_bool(self, _: bool) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_none(self) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_unit(self) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_tuple(self, _: usize) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<NoKey, CanonicalError> {
        Err(CanonicalError::KeyNotText)
    }
}
