//! The faces a document is set in: Noto Serif SC and Noto Sans SC within the binary, and what an
//! office adds. Fonts of the machine are deliberately not looked at: a document looks the same
//! everywhere.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, LazyLock};

use flate2::read::GzDecoder;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

const EMBEDDED: [&[u8]; 3] = [
    include_bytes!("../fonts/noto-serif-sc-regular.ttf.gz"),
    include_bytes!("../fonts/noto-serif-sc-bold.ttf.gz"),
    include_bytes!("../fonts/noto-sans-sc-regular.ttf.gz"),
];

/// Position of the bold serif in `EMBEDDED`; seals are cut in it.
const SEAL_FACE: usize = 1;

static SHELF: LazyLock<Fonts> = LazyLock::new(|| {
    let faces = EMBEDDED
        .iter()
        .flat_map(|packed| Font::iter(Bytes::new(unpack(packed))));
    Fonts::of(faces.collect())
});

/// A font file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// No face in these bytes can be read.
    #[error("这不是可用的 TrueType 或 OpenType 字体文件")]
    Unreadable,
}

/// A set of faces; cheap to clone.
#[derive(Clone)]
pub struct Fonts(Arc<Shelf>);

struct Shelf {
    faces: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Fonts {
    /// The faces in the binary: Noto Serif SC regular and bold, Noto Sans SC regular; GB 2312 and
    /// all 8,105 characters of 通用规范汉字表.
    pub fn embedded() -> Self {
        SHELF.clone()
    }

    /// These faces and those of one more file, such as an office's licensed 仿宋 or a face with
    /// rare characters 生僻字.
    ///
    /// # Errors
    /// When no face in `bytes` can be read.
    pub fn with_face(&self, bytes: impl Into<Vec<u8>>) -> Result<Self, FontError> {
        let added: Vec<Font> = Font::iter(Bytes::new(bytes.into())).collect();
        if added.is_empty() {
            return Err(FontError::Unreadable);
        }
        Ok(Self::of(
            self.0.faces.iter().cloned().chain(added).collect(),
        ))
    }

    /// Characters of `text` that no face can show, in order of first appearance.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for character in text.chars() {
            if !character.is_control() && !missing.contains(&character) && !self.shows(character) {
                missing.push(character);
            }
        }
        missing
    }

    fn shows(&self, character: char) -> bool {
        self.0
            .faces
            .iter()
            .any(|face| face.info().coverage.contains(character as u32))
    }

    fn of(faces: Vec<Font>) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(&faces));
        Self(Arc::new(Shelf { faces, book }))
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.0.book
    }

    pub(crate) fn face(&self, index: usize) -> Option<Font> {
        self.0.faces.get(index).cloned()
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.0.book.families().map(|(name, _)| name);
        f.debug_list().entries(families).finish()
    }
}

/// The bytes of the face that seals are cut in.
pub(crate) fn seal_face() -> Bytes {
    SHELF.0.faces[SEAL_FACE].data().clone()
}

fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut face = Vec::with_capacity(packed.len() * 2);
    GzDecoder::new(packed)
        .read_to_end(&mut face)
        .expect("the committed font files are whole gzip");
    face
}
