//! What a template may use beside its data: images, fonts and the moment of issue.

use std::collections::BTreeMap;

use jiff::Zoned;

use crate::Fonts;

/// Name of the seal image 印章 (SVG or PNG) that the standard parts place over organ and date.
pub const SEAL_FILE: &str = "seal.svg";

/// Name under which `render` offers the code made from `data.qr.text`.
pub const QR_FILE: &str = "qr.svg";

/// Images, fonts and time for one document.
#[derive(Clone, Debug)]
pub struct Assets {
    pub(crate) made_at: Zoned,
    pub(crate) identifier: Option<String>,
    pub(crate) fonts: Fonts,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Assets {
    /// Assets of a document made at this moment, with the embedded fonts and no image.
    pub fn new(made_at: Zoned) -> Self {
        Self {
            made_at,
            identifier: None,
            fonts: Fonts::embedded(),
            files: BTreeMap::new(),
        }
    }

    /// Gives the PDF a stable identifier, such as the document number 文号.
    pub fn with_identifier(mut self, identifier: impl Into<String>) -> Self {
        self.identifier = Some(identifier.into());
        self
    }

    /// Adds a file that templates read as `/name`. Use few, fixed names: the typesetter remembers
    /// every name for the life of the process.
    pub fn with_file(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.into(), bytes.into());
        self
    }

    /// Adds the seal image as [`SEAL_FILE`].
    pub fn with_seal(self, svg: impl Into<Vec<u8>>) -> Self {
        self.with_file(SEAL_FILE, svg)
    }

    /// Uses these fonts instead of the embedded ones.
    pub fn with_fonts(mut self, fonts: Fonts) -> Self {
        self.fonts = fonts;
        self
    }
}
