//! Templates that the office edits: its own text where it has one, the shipped standard otherwise.
//!
//! Deliberately absent: typesetting itself (`document`), and several versions side by side: the
//! ledger says when a template changed, and a file once made is never made again.

use db::{Tx, params};
use document::{Assets, RenderError, SealImage, Standard, Template};
use jiff::Timestamp;
use kernel::{Fault, Problem};
use serde_json::Value as Json;

use crate::render::hall_moment;
use crate::store;

/// Longest template, in characters; the typesetter takes 256 KiB.
pub const SOURCE_CHARS_MAX: usize = 80_000;

/// A template as the office sees it in its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateLine {
    /// Its name.
    pub name: &'static str,
    /// The document's Chinese title.
    pub title: &'static str,
    /// Whether the office uses its own text.
    pub is_own: bool,
}

/// A text that renders its sample: the only thing that can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTemplate {
    name: &'static str,
    source: String,
    /// The sample, as a PDF.
    pub preview: Vec<u8>,
}

/// Every template, with whether the office has changed it.
///
/// # Errors
/// As [`Tx::query`].
pub fn templates(tx: &mut Tx<'_>) -> Result<Vec<TemplateLine>, Fault> {
    let own = store::changed_templates(tx)?;
    let line = |standard: &'static Standard| TemplateLine {
        name: standard.name,
        title: standard.title,
        is_own: own.iter().any(|name| name == standard.name),
    };
    Ok(document::STANDARD.iter().map(line).collect())
}

/// The text in use under a name.
///
/// # Errors
/// [`Fault::NotFound`] when no template has this name.
pub fn template_in_use(tx: &mut Tx<'_>, name: &str) -> Result<Template, Fault> {
    let standard = Standard::find(name).ok_or(Fault::NotFound { what: "template" })?;
    Ok(match store::template(tx, name)? {
        Some((_, source)) => Template::new(name, source),
        None => standard.template(),
    })
}

/// A paper that is nobody's act, such as a filled-in form: without number and without seal.
#[derive(Debug)]
pub struct PlainPaper {
    template: Template,
    data: Json,
    now: Timestamp,
}

/// Gets a plain paper ready, by the template that is in use.
///
/// # Errors
/// [`Fault::NotFound`] when no template has this name.
pub fn plain_paper(tx: &mut Tx<'_>, template: &str, data: Json) -> Result<PlainPaper, Fault> {
    Ok(PlainPaper {
        template: template_in_use(tx, template)?,
        data,
        now: tx.now(),
    })
}

impl PlainPaper {
    /// Typesets it. Takes a good part of a second: never inside a transaction.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the template cannot be rendered, [`Fault::Unavailable`] when the
    /// typesetter is busy.
    pub fn typeset(&self) -> Result<Vec<u8>, Fault> {
        let assets = Assets::new(hall_moment(self.now));
        match document::render(&self.template, &self.data, &assets) {
            Ok(pdf) => Ok(pdf.bytes().to_vec()),
            Err(RenderError::Busy) => Err(Fault::Unavailable {
                detail: "the typesetter is busy".to_owned(),
            }),
            Err(error) => Err(Fault::broken(error)),
        }
    }
}

/// Renders the sample with a text. Takes up to seconds: never inside a transaction.
///
/// # Errors
/// [`Fault::NotFound`] when no template has this name; [`Fault::Invalid`] with line and column
/// when the sample cannot be rendered; [`Fault::Unavailable`] when the typesetter is busy.
pub fn check_template(now: Timestamp, name: &str, source: &str) -> Result<CheckedTemplate, Fault> {
    let standard = Standard::find(name).ok_or(Fault::NotFound { what: "template" })?;
    let sample = standard.sample_data();
    let organ = sample
        .get("organ")
        .and_then(|organ| organ.as_str())
        .unwrap_or("样章");
    let seal = SealImage::new(organ).to_svg().map_err(Fault::broken)?;
    let assets = Assets::new(hall_moment(now)).with_seal(seal);
    match document::render(&Template::new(name, source), &sample, &assets) {
        Ok(pdf) => Ok(CheckedTemplate {
            name: standard.name,
            source: source.to_owned(),
            preview: pdf.into_bytes(),
        }),
        Err(error) => Err(refused(error)),
    }
}

/// What the author must mend, and where.
fn refused(error: RenderError) -> Fault {
    let problem = match error {
        RenderError::Busy | RenderError::Engine(_) => {
            return Fault::Unavailable {
                detail: error.to_string(),
            };
        }
        RenderError::Template {
            file,
            line,
            column,
            message,
        } => Problem::new("source", "certificate.template_wrong")
            .with("file", file)
            .with("line", line)
            .with("column", column)
            .with("reason", message),
        other => Problem::new("source", "certificate.template_fails").with("reason", other),
    };
    Fault::Invalid(vec![problem])
}

/// Uses a text from now on; documents that wait are made with it.
///
/// # Errors
/// As [`Tx::execute`].
pub fn save_template(tx: &mut Tx<'_>, checked: &CheckedTemplate) -> Result<(), Fault> {
    let id = match store::template(tx, checked.name)? {
        Some((_, source)) if source == checked.source => return Ok(()),
        Some((id, _)) => id,
        None => tx.new_id(),
    };
    let values = params![id, checked.name, checked.source];
    ledger::edited(tx, &store::TEMPLATES, id, values, &["source"])
}

/// Goes back to the shipped text.
///
/// # Errors
/// [`Fault::NotFound`] when no template has this name.
pub fn reset_template(tx: &mut Tx<'_>, name: &str) -> Result<(), Fault> {
    Standard::find(name).ok_or(Fault::NotFound { what: "template" })?;
    match store::template(tx, name)? {
        Some((id, _)) => ledger::thing::removed(tx, &store::TEMPLATES, id, params![id]),
        None => Ok(()),
    }
}
