//! The closed world a template lives in: its own text, the shared parts, data and assets.
//!
//! Deliberately absent: file system, network, packages, clock. Asking for anything else is an
//! error at the line that asks.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use jiff::civil;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::Fonts;

/// Name of the template itself.
pub(crate) const MAIN: &str = "template.typ";

/// Name of the parts that the standard templates share.
pub(crate) const PARTS: &str = "parts.typ";

/// Name of the data.
pub(crate) const DATA: &str = "data.json";

/// Name of the list of files at hand, for templates to ask what is there.
pub(crate) const LIST: &str = "files.json";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// All that one rendering can see.
pub(crate) struct ClosedWorld {
    main: FileId,
    // Looked up, never walked: their order cannot show.
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    fonts: Fonts,
    today: civil::Date,
}

impl ClosedWorld {
    /// A world with two texts and these files; names must be valid paths.
    pub(crate) fn new(
        template: String,
        parts: String,
        files: BTreeMap<String, Vec<u8>>,
        fonts: Fonts,
        today: civil::Date,
    ) -> Option<Self> {
        let main = file_id(MAIN)?;
        let parts_id = file_id(PARTS)?;
        let sources = HashMap::from([
            (main, Source::new(main, template)),
            (parts_id, Source::new(parts_id, parts)),
        ]);
        let files = files
            .into_iter()
            .map(|(name, bytes)| Some((file_id(&name)?, Bytes::new(bytes))))
            .collect::<Option<HashMap<_, _>>>()?;
        Some(Self {
            main,
            sources,
            files,
            fonts,
            today,
        })
    }
}

impl World for ClosedWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let year = i32::from(self.today.year());
        let month = u8::try_from(self.today.month()).ok()?;
        Datetime::from_ymd(year, month, u8::try_from(self.today.day()).ok()?)
    }
}

fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn absent(id: FileId) -> FileError {
    let path = id.get();
    match path.root() {
        VirtualRoot::Project => FileError::NotFound(path.vpath().get_with_slash().into()),
        VirtualRoot::Package(_) => FileError::Other(Some("packages are not available".into())),
    }
}
