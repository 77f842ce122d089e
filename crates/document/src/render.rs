//! Template + data + assets → PDF/A-2a and PDF/UA-1, or a typed reason why not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Zoned;
use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::FileId;
use typst::text::is_default_ignorable;
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::{ClosedWorld, DATA, LIST, MAIN};
use crate::{Assets, QR_FILE, QrError, Template, qr_svg};

/// Largest template or parts text.
const TEMPLATE_BYTES_MAX: usize = 256 * 1024;
/// Largest data, as JSON text.
const DATA_BYTES_MAX: usize = 1024 * 1024;
/// Largest sum of all files of the assets.
const FILES_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most pages of one document.
const PAGES_MAX: usize = 200;
/// Longest wait for one document.
const WAIT_SECONDS_MAX: u64 = 20;
/// Renderings at the same time, those given up but not yet ended among them.
const RUNNING_MAX: usize = 32;
/// Typesetting recurses with the nesting of the text; debug builds need much.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Layouts are remembered for so many renderings.
const MEMORY_RENDERINGS: usize = 8;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// One rendering under way; gives its place back whatever happens.
struct Running;

impl Running {
    fn begin() -> Result<Self, RenderError> {
        let running = Self;
        if RUNNING.fetch_add(1, Ordering::Relaxed) < RUNNING_MAX {
            Ok(running)
        } else {
            Err(RenderError::Busy)
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A finished document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    bytes: Vec<u8>,
    pages: usize,
    title: String,
}

impl Pdf {
    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// The title that viewers show.
    pub fn title(&self) -> &str {
        &self.title
    }
}

/// Why no document was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The template says something that cannot be done; most often a slip of its author or data
    /// that the template needs and did not get.
    #[error("模板 {file} 第 {line} 行第 {column} 列：{message}")]
    Template {
        /// `template.typ`, `parts.typ` or the data file.
        file: String,
        /// Line, counted from one; zero when the place is not known.
        line: usize,
        /// Column in characters, counted from one; zero when the place is not known.
        column: usize,
        /// What is wrong, and hints.
        message: String,
    },
    /// No font can show these characters; the document would carry empty boxes 缺字.
    #[error("字库缺字：{}", .characters.iter().collect::<String>())]
    MissingGlyph {
        /// Each of them once.
        characters: Vec<char>,
    },
    /// Something is larger than allowed.
    #[error("{what}过大：{size}，上限 {limit}")]
    TooLarge {
        /// Template, data, files or pages.
        what: &'static str,
        /// What was given.
        size: usize,
        /// What is allowed.
        limit: usize,
    },
    /// The text for the QR code does not fit.
    #[error(transparent)]
    Qr(#[from] QrError),
    /// The rendering did not end in time.
    #[error("生成文书超过 {seconds} 秒，请检查模板中的循环")]
    TooSlow {
        /// How long we waited.
        seconds: u64,
    },
    /// Too many renderings are under way.
    #[error("正在生成的文书过多，请稍后再试")]
    Busy,
    /// The library or the machine failed; not the template's fault.
    #[error("文书引擎故障：{0}")]
    Engine(String),
}

/// Sets `data` with `template` and returns an archivable, accessible PDF (PDF/A-2a, PDF/UA-1).
///
/// The template reads `/data.json`, `/files.json` (names at hand) and the assets' files; when the
/// data has `qr.text`, also `/qr.svg`. The same arguments give the same bytes.
///
/// # Errors
/// See [`RenderError`]; nothing is ever made with a missing glyph.
pub fn render(template: &Template, data: &Value, assets: &Assets) -> Result<Pdf, RenderError> {
    let world = furnish(template, data, assets)?;
    let options = options(assets)?;
    let fallback_title = template.name().to_owned();
    let running = Running::begin()?;
    let (answer, waiting) = mpsc::channel();
    let work = move || {
        let made = catch_unwind(AssertUnwindSafe(|| make(&world, &options, fallback_title)));
        comemo::evict(MEMORY_RENDERINGS);
        drop(running);
        let made = made.unwrap_or_else(|panic| Err(RenderError::Engine(words_of(&*panic))));
        // Nobody may be waiting any more; then the answer is of no use.
        let _ = answer.send(made);
    };
    thread::Builder::new()
        .name("document".into())
        .stack_size(STACK_BYTES)
        .spawn(work)
        .map_err(|error| RenderError::Engine(error.to_string()))?;
    waiting
        .recv_timeout(Duration::from_secs(WAIT_SECONDS_MAX))
        .unwrap_or_else(|ended| {
            Err(match ended {
                mpsc::RecvTimeoutError::Timeout => RenderError::TooSlow {
                    seconds: WAIT_SECONDS_MAX,
                },
                mpsc::RecvTimeoutError::Disconnected => {
                    RenderError::Engine("the rendering thread ended without an answer".into())
                }
            })
        })
}

fn furnish(template: &Template, data: &Value, assets: &Assets) -> Result<ClosedWorld, RenderError> {
    at_most("模板", template.source().len(), TEMPLATE_BYTES_MAX)?;
    at_most("模板", template.parts().len(), TEMPLATE_BYTES_MAX)?;
    let text = data.to_string();
    at_most("数据", text.len(), DATA_BYTES_MAX)?;
    at_most(
        "附件",
        assets.files.values().map(Vec::len).sum(),
        FILES_BYTES_MAX,
    )?;
    let mut files = assets.files.clone();
    if let Some(code) = data.pointer("/qr/text").and_then(Value::as_str) {
        files.insert(QR_FILE.to_owned(), qr_svg(code)?.into_bytes());
    }
    let names: Vec<&String> = files.keys().collect();
    let list = Value::from_iter(names.into_iter().cloned()).to_string();
    files.insert(LIST.to_owned(), list.into_bytes());
    files.insert(DATA.to_owned(), text.into_bytes());
    ClosedWorld::new(
        template.source().to_owned(),
        template.parts().to_owned(),
        files,
        assets.fonts.clone(),
        assets.made_at.date(),
    )
    .ok_or_else(|| RenderError::Engine("a file name is not a path".into()))
}

fn at_most(what: &'static str, size: usize, limit: usize) -> Result<(), RenderError> {
    if size <= limit {
        Ok(())
    } else {
        Err(RenderError::TooLarge { what, size, limit })
    }
}

fn options(assets: &Assets) -> Result<PdfOptions, RenderError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| RenderError::Engine(error.message().to_string()))?;
    Ok(PdfOptions {
        ident: assets.identifier.clone().map_or(Smart::Auto, Smart::Custom),
        creator: Smart::Custom(Some("Qingchuang 清窗".into())),
        timestamp: timestamp(&assets.made_at),
        standards,
        ..PdfOptions::default()
    })
}

fn timestamp(at: &Zoned) -> Option<Timestamp> {
    let part = |number: i8| u8::try_from(number).ok();
    let moment = Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Timestamp::new_local(moment, at.offset().seconds() / 60)
}

fn make(
    world: &ClosedWorld,
    options: &PdfOptions,
    fallback_title: String,
) -> Result<Pdf, RenderError> {
    let mut document = typst::compile::<PagedDocument>(world)
        .output
        .map_err(|errors| told(world, &errors))?;
    let pages = document.pages().len();
    at_most("页数", pages, PAGES_MAX)?;
    let mut characters = Vec::new();
    for page in document.pages() {
        find_missing(&page.frame, &mut characters);
    }
    if !characters.is_empty() {
        return Err(RenderError::MissingGlyph { characters });
    }
    let title = document
        .info_mut()
        .title
        .get_or_insert(fallback_title.into())
        .to_string();
    let bytes = typst_pdf::pdf(&document, options).map_err(|errors| told(world, &errors))?;
    Ok(Pdf {
        bytes,
        pages,
        title,
    })
}

/// Glyph 0 is the empty box that a font shows for what it does not know.
fn find_missing(frame: &Frame, found: &mut Vec<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => find_missing(&group.frame, found),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    let cluster = text.text.get(glyph.range()).unwrap_or_default();
                    for character in cluster.chars().filter(|c| !is_default_ignorable(*c)) {
                        if !found.contains(&character) {
                            found.push(character);
                        }
                    }
                }
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

/// The first diagnostic with its hints, placed where the template itself asks for the trouble:
/// an error within the shared parts is the slip of the line that calls them.
fn told(world: &ClosedWorld, errors: &[SourceDiagnostic]) -> RenderError {
    let Some(first) = errors.first() else {
        return RenderError::Engine("typesetting failed without a reason".into());
    };
    let mut message = first
        .message
        .trim_start_matches("panicked with: ")
        .to_owned();
    for hint in &first.hints {
        message.push('；');
        message.push_str(&hint.v);
    }
    let own = place(world, first.span.id(), world.range(first.span));
    let calls = first
        .trace
        .iter()
        .map(|call| place(world, call.span.id(), world.range(call.span)));
    let places: Vec<(String, usize, usize)> = std::iter::once(own).chain(calls).flatten().collect();
    let (file, line, column) = places
        .iter()
        .find(|(file, ..)| file == MAIN)
        .or_else(|| places.first())
        .cloned()
        .unwrap_or_else(|| (MAIN.to_owned(), 0, 0));
    RenderError::Template {
        file,
        line,
        column,
        message,
    }
}

fn place(
    world: &ClosedWorld,
    id: Option<FileId>,
    range: Option<std::ops::Range<usize>>,
) -> Option<(String, usize, usize)> {
    let id = id?;
    let file = id.get().vpath().get_without_slash().to_owned();
    let at = world
        .source(id)
        .ok()
        .zip(range)
        .and_then(|(source, range)| source.lines().byte_to_line_column(range.start));
    Some(at.map_or((file.clone(), 0, 0), |(line, column)| {
        (file, line + 1, column + 1)
    }))
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".into())
}
