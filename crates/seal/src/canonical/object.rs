//! Arrays and objects: entries are written as they come and put in order at the closing brace.

use std::{borrow::Cow, cmp::Ordering};

use serde::ser::{self, Serialize};

use super::{CanonicalError, Writer, key::KeyWriter};

/// An array on its way.
pub(crate) struct Array<'w, 'o> {
    writer: &'w mut Writer<'o>,
    empty: bool,
    variant: bool,
}

impl<'w, 'o> Array<'w, 'o> {
    pub(super) fn open(
        writer: &'w mut Writer<'o>,
        variant: Option<&str>,
    ) -> Result<Self, CanonicalError> {
        if let Some(variant) = variant {
            writer.open_variant(variant)?;
        }
        writer.enter()?;
        writer.out.push(b'[');
        Ok(Self {
            writer,
            empty: true,
            variant: variant.is_some(),
        })
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        if !std::mem::take(&mut self.empty) {
            self.writer.out.push(b',');
        }
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.out.push(b']');
        self.writer.leave();
        if self.variant {
            self.writer.close_variant();
        }
    }
}

/// An object on its way: where each entry stands in the output, and under which key.
pub(crate) struct Object<'w, 'o> {
    writer: &'w mut Writer<'o>,
    start: usize,
    entries: Vec<Entry>,
    variant: bool,
}

struct Entry {
    key: Cow<'static, str>,
    from: usize,
    to: usize,
}

impl<'w, 'o> Object<'w, 'o> {
    pub(super) fn open(
        writer: &'w mut Writer<'o>,
        variant: Option<&str>,
        length: usize,
    ) -> Result<Self, CanonicalError> {
        if let Some(variant) = variant {
            writer.open_variant(variant)?;
        }
        writer.enter()?;
        writer.out.push(b'{');
        let start = writer.out.len();
        // A length is only a hint, and may come from outside: it reserves no unbounded memory.
        let entries = Vec::with_capacity(length.min(64));
        Ok(Self {
            writer,
            start,
            entries,
            variant: variant.is_some(),
        })
    }

    fn begin(&mut self, key: Cow<'static, str>) {
        if !self.entries.is_empty() {
            self.writer.out.push(b',');
        }
        let from = self.writer.out.len();
        self.writer.string(&key);
        self.writer.out.push(b':');
        self.entries.push(Entry {
            key,
            from,
            to: from,
        });
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        value.serialize(&mut *self.writer)?;
        if let Some(entry) = self.entries.last_mut() {
            entry.to = self.writer.out.len();
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), CanonicalError> {
        if !self
            .entries
            .is_sorted_by(|left, right| by_utf16(&left.key, &right.key).is_lt())
        {
            self.sort()?;
        }
        self.writer.out.push(b'}');
        self.writer.leave();
        if self.variant {
            self.writer.close_variant();
        }
        Ok(())
    }

    fn sort(&mut self) -> Result<(), CanonicalError> {
        self.entries
            .sort_by(|left, right| by_utf16(&left.key, &right.key));
        if let Some(pair) = self
            .entries
            .windows(2)
            .find(|pair| pair[0].key == pair[1].key)
        {
            return Err(CanonicalError::DuplicateKey(pair[0].key.to_string()));
        }
        let written = self.writer.out.split_off(self.start);
        for (at, entry) in self.entries.iter().enumerate() {
            if at != 0 {
                self.writer.out.push(b',');
            }
            let (from, to) = (entry.from - self.start, entry.to - self.start);
            self.writer.out.extend_from_slice(&written[from..to]);
        }
        Ok(())
    }
}

/// RFC 8785 §3.2.3. Bytes of UTF-8 sort alike except beside characters beyond the basic plane.
fn by_utf16(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        return left.cmp(right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

impl ser::SerializeSeq for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Self::Error> {
        self.begin(Cow::Owned(key.serialize(KeyWriter)?));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close()
    }
}

impl ser::SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        self.begin(Cow::Borrowed(key));
        self.value(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Object<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        self.begin(Cow::Borrowed(key));
        self.value(value)
    }

    fn end(self) -> Result<(), Self::Error> {
        self.close()
    }
}
