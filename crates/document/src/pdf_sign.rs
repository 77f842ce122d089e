//! Frames a signature 电子签名 into a PDF by an incremental update (ISO 32000-1, 12.8), and takes
//! it out again. The first bytes of the file stay as they were.
//!
//! Deliberately absent: keys, digests and the CMS itself. `sign` hands the covered bytes to the
//! caller and takes the bytes of a detached CMS (SM2/SM3 by GM/T 0010, or any other). The field
//! is invisible and lies off the page, so the file stays PDF/A-2 and PDF/UA-1.

use std::ops::Range;

use jiff::Zoned;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

use crate::pdf_object::{text_string, write_hex, write_object};

/// Room kept for the CMS unless told otherwise; an SM2 chain of three certificates takes 4 KB.
const RESERVE_BYTES: usize = 8 * 1024;
/// The field is listed, printed and locked (PDF/A-2, 6.5.3).
const FIELD_FLAGS: i64 = 4 + 128;
/// The form holds signatures and may only grow (ISO 32000-1, table 219).
const FORM_FLAGS: i64 = 1 + 2;

/// What the signature says of itself.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Who signs: the organ 签发机关.
    pub name: String,
    /// What for, such as 签发电子证照.
    pub reason: String,
    /// When, in the hall's zone.
    pub signed_at: Zoned,
    /// Room for the CMS.
    pub reserve_bytes: usize,
}

impl Signature {
    /// A signature with the usual room.
    pub fn new(name: impl Into<String>, reason: impl Into<String>, signed_at: Zoned) -> Self {
        Self {
            name: name.into(),
            reason: reason.into(),
            signed_at,
            reserve_bytes: RESERVE_BYTES,
        }
    }
}

/// Why a file cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Not a PDF, or a damaged one.
    #[error("无法读取 PDF：{0}")]
    Unreadable(String),
    /// Encrypted, without pages, or with a cross-reference stream; ours are none of these.
    #[error("不支持对此 PDF 签名：{0}")]
    Unsupported(&'static str),
    /// The CMS does not fit.
    #[error("签名数据 {needed} 字节，超过预留的 {reserved} 字节")]
    ReserveTooSmall {
        /// Bytes of the CMS.
        needed: usize,
        /// Bytes of room.
        reserved: usize,
    },
}

/// The two stretches of a file that a signature covers; between them lies the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// Length of the first stretch, which begins the file.
    pub before: usize,
    /// Where the second begins.
    pub resume: usize,
    /// Length of the second.
    pub after: usize,
}

impl ByteRange {
    fn around(hole: &Range<usize>, length: usize) -> Self {
        Self {
            before: hole.start,
            resume: hole.end,
            after: length - hole.end,
        }
    }

    fn covered(self, file: &[u8]) -> Option<Vec<u8>> {
        let end = self.resume.checked_add(self.after)?;
        Some([file.get(..self.before)?, file.get(self.resume..end)?].concat())
    }
}

/// A file with room for a signature.
#[derive(Clone, Debug)]
pub struct Prepared {
    bytes: Vec<u8>,
    hole: Range<usize>,
}

impl Prepared {
    /// What the signature will cover.
    pub fn byte_range(&self) -> ByteRange {
        ByteRange::around(&self.hole, self.bytes.len())
    }

    /// The bytes to digest and sign.
    pub fn covered(&self) -> Vec<u8> {
        [&self.bytes[..self.hole.start], &self.bytes[self.hole.end..]].concat()
    }

    /// Puts a detached CMS into the room kept for it.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn finish(mut self, cms: &[u8]) -> Result<Vec<u8>, SignError> {
        let reserved = (self.hole.len() - 2) / 2;
        if reserved < cms.len() {
            return Err(SignError::ReserveTooSmall {
                needed: cms.len(),
                reserved,
            });
        }
        let mut padded = cms.to_vec();
        padded.resize(reserved, 0);
        let mut text = Vec::with_capacity(self.hole.len());
        write_hex(&mut text, &padded);
        self.bytes[self.hole].copy_from_slice(&text);
        Ok(self.bytes)
    }
}

/// A signature found in a file. Whether it is valid is for the caller to compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What it claims to cover.
    pub byte_range: ByteRange,
    /// The detached CMS, without padding.
    pub cms: Vec<u8>,
    /// The covered bytes.
    pub covered: Vec<u8>,
    /// Nothing was added after signing. Without this the reader may see unsigned things.
    pub covers_whole_file: bool,
}

/// Signs `pdf` with the CMS that `make` returns for the covered bytes.
///
/// # Errors
/// When the file cannot be signed, or `make` fails.
pub fn sign<E: From<SignError>>(
    pdf: &[u8],
    signature: &Signature,
    make: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    let prepared = prepare(pdf, signature)?;
    let cms = make(&prepared.covered())?;
    Ok(prepared.finish(&cms)?)
}

/// Adds an invisible signature field with room for a CMS.
///
/// # Errors
/// When the file cannot be read, or is of a kind that we do not make.
pub fn prepare(pdf: &[u8], signature: &Signature) -> Result<Prepared, SignError> {
    let document =
        Document::load_mem(pdf).map_err(|error| SignError::Unreadable(error.to_string()))?;
    if document.trailer.has(b"Encrypt") || document.encryption_state.is_some() {
        return Err(SignError::Unsupported("文件已加密"));
    }
    let table = pdf.get(document.xref_start..).unwrap_or_default();
    if document.xref_recovery.is_some() || !table.starts_with(b"xref") {
        return Err(SignError::Unsupported("交叉引用不是普通表格"));
    }
    let new = (document.max_id + 1, document.max_id + 2);
    let (signature_id, field_id): (ObjectId, ObjectId) = ((new.0, 0), (new.1, 0));
    let (page_id, page) = page_with(&document, field_id)?;
    let (catalog_id, catalog, count) = catalog_with(&document, field_id)?;

    let mut update = Update::after(pdf);
    update.object(catalog_id, &Object::Dictionary(catalog));
    update.object(page_id, &Object::Dictionary(page));
    update.object(
        field_id,
        &Object::Dictionary(field(signature_id, page_id, count, signature)),
    );
    let (hole, numbers) = update.signature(signature_id, signature);
    let mut bytes = update.finish(&document, new.1 + 1);
    let range = ByteRange::around(&hole, bytes.len());
    let text = format!(
        "{:>10} {:>10} {:>10}",
        range.before, range.resume, range.after
    );
    bytes[numbers].copy_from_slice(text.as_bytes());
    Ok(Prepared { bytes, hole })
}

/// The last signature in a file; `None` when there is none or it is malformed.
///
/// Only the text of the file is looked at, so hostile structures cannot mislead: all outside the
/// hexadecimal digits of the signature is covered, or `covers_whole_file` is false.
pub fn extract(pdf: &[u8]) -> Option<Signed> {
    const KEY: &[u8] = b"/ByteRange";
    let last = pdf.windows(KEY.len()).rposition(|window| window == KEY)?;
    let byte_range = read_range(pdf.get(last + KEY.len()..)?)?;
    let hole = pdf.get(byte_range.before..byte_range.resume)?;
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let padded: Vec<u8> = digits
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|p| p.len() == 2)?;
            let hex = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
            hex.then(|| u8::from_str_radix(pair, 16).ok())?
        })
        .collect::<Option<_>>()?;
    let covered = byte_range.covered(pdf)?;
    let covers_whole_file = byte_range.resume + byte_range.after == pdf.len();
    let length = der_length(&padded).unwrap_or(padded.len());
    let cms = padded.get(..length)?.to_vec();
    Some(Signed {
        byte_range,
        cms,
        covered,
        covers_whole_file,
    })
}

fn read_range(text: &[u8]) -> Option<ByteRange> {
    let open = text.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let text = text.get(open..)?.strip_prefix(b"[")?;
    let close = text.iter().take(80).position(|byte| *byte == b']')?;
    let words = std::str::from_utf8(&text[..close]).ok()?;
    let numbers: Vec<usize> = words
        .split_ascii_whitespace()
        .map(|word| word.parse().ok())
        .collect::<Option<_>>()?;
    match numbers[..] {
        [0, before, resume, after] if before <= resume => Some(ByteRange {
            before,
            resume,
            after,
        }),
        _ => None,
    }
}

/// Length of the one DER value at the beginning.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let first = usize::from(*bytes.get(1)?);
    let total = if first < 0x80 {
        first.checked_add(2)?
    } else {
        let count = first & 0x7F;
        if count == 0 || 4 < count {
            return None;
        }
        let digits = bytes.get(2..2 + count)?;
        let length = digits
            .iter()
            .fold(0usize, |sum, digit| sum << 8 | usize::from(*digit));
        length.checked_add(2 + count)?
    };
    (total <= bytes.len()).then_some(total)
}

/// The first page, with the field among its annotations (in structure order, PDF/UA-1, 7.18.3).
fn page_with(document: &Document, field: ObjectId) -> Result<(ObjectId, Dictionary), SignError> {
    let id = document
        .page_iter()
        .next()
        .ok_or(SignError::Unsupported("文件没有页面"))?;
    let mut page = dictionary(document, id)?;
    let mut annotations = array(document, &page, b"Annots");
    annotations.push(Object::Reference(field));
    page.set("Annots", annotations);
    page.set("Tabs", Object::Name(b"S".to_vec()));
    Ok((id, page))
}

/// The catalogue with the field in its form, and how many fields were there before.
fn catalog_with(
    document: &Document,
    field: ObjectId,
) -> Result<(ObjectId, Dictionary, usize), SignError> {
    let id = document
        .trailer
        .get(b"Root")
        .and_then(Object::as_reference)
        .map_err(|error| SignError::Unreadable(error.to_string()))?;
    let mut catalog = dictionary(document, id)?;
    let mut form = catalog
        .get_deref(b"AcroForm", document)
        .and_then(Object::as_dict)
        .cloned()
        .unwrap_or_default();
    let mut fields = array(document, &form, b"Fields");
    let count = fields.len();
    fields.push(Object::Reference(field));
    form.set("Fields", fields);
    form.set("SigFlags", FORM_FLAGS);
    catalog.set("AcroForm", form);
    Ok((id, catalog, count))
}

fn dictionary(document: &Document, id: ObjectId) -> Result<Dictionary, SignError> {
    document
        .get_dictionary(id)
        .cloned()
        .map_err(|error| SignError::Unreadable(error.to_string()))
}

fn array(document: &Document, within: &Dictionary, key: &[u8]) -> Vec<Object> {
    within
        .get_deref(key, document)
        .and_then(Object::as_array)
        .cloned()
        .unwrap_or_default()
}

/// Field and annotation in one; off the page and without size, so it needs no appearance.
fn field(value: ObjectId, page: ObjectId, count: usize, signature: &Signature) -> Dictionary {
    let name = |text: &str| Object::Name(text.as_bytes().to_vec());
    let mut field = Dictionary::new();
    field.set("Type", name("Annot"));
    field.set("Subtype", name("Widget"));
    field.set("FT", name("Sig"));
    field.set(
        "T",
        Object::string_literal(format!("Signature{}", count + 1)),
    );
    field.set("TU", text_string(&format!("{}电子签名", signature.name)));
    field.set("F", FIELD_FLAGS);
    field.set("Rect", vec![Object::Integer(-1); 4]);
    field.set("P", Object::Reference(page));
    field.set("V", Object::Reference(value));
    field
}

/// The new end of a file, under construction.
struct Update {
    bytes: Vec<u8>,
    places: Vec<(ObjectId, usize)>,
}

impl Update {
    fn after(pdf: &[u8]) -> Self {
        let mut bytes = pdf.to_vec();
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Self {
            bytes,
            places: Vec::new(),
        }
    }

    fn begin(&mut self, id: ObjectId) {
        self.places.push((id, self.bytes.len()));
        self.bytes
            .extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
    }

    fn object(&mut self, id: ObjectId, object: &Object) {
        self.begin(id);
        write_object(&mut self.bytes, object);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes the signature; tells where its digits and the numbers of its range stand.
    fn signature(&mut self, id: ObjectId, told: &Signature) -> (Range<usize>, Range<usize>) {
        self.begin(id);
        let at = told.signed_at.strftime("D:%Y%m%d%H%M%S");
        let zone = told.signed_at.offset().seconds() / 60;
        let sign = if zone < 0 { '-' } else { '+' };
        let (hours, minutes) = (zone.abs() / 60, zone.abs() % 60);
        let moment = format!("{at}{sign}{hours:02}'{minutes:02}'");
        let out = &mut self.bytes;
        out.extend_from_slice(
            b"<</Type /Sig/Filter /Adobe.PPKLite/SubFilter /adbe.pkcs7.detached/Name ",
        );
        write_object(out, &text_string(&told.name));
        out.extend_from_slice(b"/Reason ");
        write_object(out, &text_string(&told.reason));
        out.extend_from_slice(b"/M ");
        write_object(
            out,
            &Object::String(moment.into_bytes(), StringFormat::Literal),
        );
        out.extend_from_slice(b"/ByteRange [0 ");
        let numbers = out.len()..out.len() + 32;
        out.extend_from_slice(&[b' '; 32]);
        out.extend_from_slice(b"]/Contents ");
        let start = out.len();
        write_hex(out, &vec![0; told.reserve_bytes]);
        let hole = start..out.len();
        out.extend_from_slice(b">>\nendobj\n");
        (hole, numbers)
    }

    /// Closes the file with a table of the new objects that points back to the old table.
    fn finish(mut self, document: &Document, size: u32) -> Vec<u8> {
        let start = self.bytes.len();
        self.places.sort_unstable();
        self.bytes.extend_from_slice(b"xref\n");
        for ((number, generation), place) in &self.places {
            let line = format!("{number} 1\n{place:010} {generation:05} n \n");
            self.bytes.extend_from_slice(line.as_bytes());
        }
        let mut trailer = Dictionary::new();
        for key in [b"Root".as_slice(), b"Info", b"ID"] {
            if let Ok(value) = document.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Size", i64::from(size));
        trailer.set(
            "Prev",
            i64::try_from(document.xref_start).unwrap_or(i64::MAX),
        );
        self.bytes.extend_from_slice(b"trailer\n");
        write_object(&mut self.bytes, &Object::Dictionary(trailer));
        self.bytes
            .extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }
}
