//! Reading forms into commands, with problems per field. Works alike for plain forms and for
//! forms with files.

use std::ops::RangeInclusive;
use std::str::FromStr;

use axum::extract::{FromRequest, Request};
use jiff::civil::Date;
use kernel::{Fault, Money, Problem, TypedId, text};

use crate::app::App;
use crate::fault::Failure;
use crate::forgery::{TOKEN_FIELD, TokenStillToCheck, fits, media, read_body};
use crate::once::ONCE_FIELD;
use crate::signer::sm3;
use crate::upload::{self, Upload};
use crate::visit::{Asked, Visit};

/// What a form becomes.
pub trait ReadForm: Sized {
    /// Reads every field first and gives up after: so that all problems are told at once.
    /// `None` when a reader found a problem.
    fn read(form: &mut FormReader<'_>) -> Option<Self>;
}

/// A form that was sent: the texts as typed, for showing them again, and the command, or what
/// is wrong with it as [`Fault::Invalid`].
#[derive(Debug)]
pub struct Form<T> {
    /// The texts as typed.
    pub fields: Fields,
    /// The command.
    pub command: Result<T, Fault>,
}

/// The texts of a form as typed. A name may occur several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields for a form that shows what is known already.
    pub fn of<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// The first text of a name, or an empty one.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The first text of a name, or another where nothing was sent.
    #[must_use]
    pub fn or<'f>(&'f self, name: &str, otherwise: &'f str) -> &'f str {
        if self.has(name) {
            self.get(name)
        } else {
            otherwise
        }
    }

    /// Every text of a name.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let of_name =
            move |(known, value): &'f (String, String)| (known == name).then_some(value.as_str());
        self.0.iter().filter_map(of_name)
    }

    /// The revision of the record that the form was made from; 0 when it does not say.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.get(crate::again::REVISION_FIELD).parse().unwrap_or(0)
    }

    /// Whether a name was sent: a ticked box, the button that was pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every name with its text, in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn push(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// What was asked: everything but the masked token and the key itself.
    fn asked(&self, files: &[Upload]) -> Asked {
        let mut whole = Vec::new();
        let mut add = |bytes: &[u8]| {
            whole.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            whole.extend_from_slice(bytes);
        };
        for (name, value) in self.iter() {
            if name != TOKEN_FIELD && name != ONCE_FIELD {
                add(name.as_bytes());
                add(value.as_bytes());
            }
        }
        for file in files {
            add(file.field.as_bytes());
            add(&file.digest);
        }
        let key = Some(self.get(ONCE_FIELD)).filter(|key| !key.is_empty());
        Asked {
            key: key.map(str::to_owned),
            digest: sm3(&whole),
        }
    }
}

/// Reads the fields of a form one by one and gathers what is wrong.
#[derive(Debug)]
pub struct FormReader<'f> {
    fields: &'f Fields,
    files: Vec<Upload>,
    problems: Vec<Problem>,
}

impl<'f> FormReader<'f> {
    pub(crate) fn new(fields: &'f Fields, files: Vec<Upload>) -> Self {
        Self {
            fields,
            files,
            problems: Vec::new(),
        }
    }

    /// The texts as typed.
    #[must_use]
    pub fn fields(&self) -> &'f Fields {
        self.fields
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let read = text::bounded(name, self.fields.get(name), chars_max);
        self.keep(read)
    }

    /// A text that may be empty.
    pub fn optional_text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let read = text::optional(name, self.fields.get(name), chars_max);
        self.keep(read)
    }

    /// A secret, exactly as typed.
    pub fn secret(&mut self, name: &str) -> Option<String> {
        let typed = self.fields.get(name);
        if typed.is_empty() {
            return self.keep(Err(Problem::new(name, "field.required")));
        }
        if 1024 < typed.len() {
            return self.keep(Err(Problem::new(name, "field.too_long").with("max", 1024)));
        }
        Some(typed.to_owned())
    }

    /// A phone number.
    pub fn phone(&mut self, name: &str) -> Option<String> {
        let read = text::phone(name, self.fields.get(name));
        self.keep(read)
    }

    /// A date, `YYYY-MM-DD`, that exists.
    pub fn date(&mut self, name: &str) -> Option<Date> {
        self.parsed(name, "field.date")
    }

    /// A date that may be left out.
    pub fn optional_date(&mut self, name: &str) -> Option<Option<Date>> {
        self.optional(name, |form| form.date(name))
    }

    /// A whole number within a range.
    pub fn number<N>(&mut self, name: &str, range: RangeInclusive<N>) -> Option<N>
    where
        N: FromStr + PartialOrd + std::fmt::Display,
    {
        let number: N = self.parsed(name, "field.number")?;
        if range.contains(&number) {
            return Some(number);
        }
        let problem = Problem::new(name, "field.out_of_range");
        let problem = problem.with("min", range.start()).with("max", range.end());
        self.keep(Err(problem))
    }

    /// An amount in yuan.
    pub fn money(&mut self, name: &str) -> Option<Money> {
        let typed = self.fields.get(name).trim();
        if typed.is_empty() {
            return self.keep(Err(Problem::new(name, "field.required")));
        }
        let read = fen(typed).ok_or_else(|| Problem::new(name, "field.money"));
        self.keep(read.map(Money::from_fen))
    }

    /// A word of a vocabulary: the chosen radio or line of a list.
    pub fn word<W: FromStr>(&mut self, name: &str) -> Option<W> {
        self.parsed(name, "field.choice")
    }

    /// Any number of words of a vocabulary.
    pub fn words<W: FromStr>(&mut self, name: &str) -> Option<Vec<W>> {
        let read: Result<Vec<W>, W::Err> = self.fields.all(name).map(str::parse).collect();
        self.keep(read.map_err(|_| Problem::new(name, "field.choice")))
    }

    /// The id of a record.
    pub fn id<I: TypedId>(&mut self, name: &str) -> Option<I> {
        self.parsed(name, "field.choice")
    }

    /// Anything that reads itself from a text; `code` words what is wrong otherwise.
    pub fn parsed<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<T> {
        let typed = self.fields.get(name).trim();
        if typed.is_empty() {
            return self.keep(Err(Problem::new(name, "field.required")));
        }
        let read = typed.parse().map_err(|_| Problem::new(name, code));
        self.keep(read)
    }

    /// Nothing when the field is empty, else what `read` makes of it.
    pub fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.fields.get(name).trim().is_empty() {
            Some(None)
        } else {
            read(self).map(Some)
        }
    }

    /// A ticked box.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.fields.has(name)
    }

    /// A box that must be ticked: a promise, a consent.
    pub fn consent(&mut self, name: &str) -> Option<()> {
        if self.fields.has(name) {
            return Some(());
        }
        self.keep(Err(Problem::new(name, "field.consent")))
    }

    /// A file that must be there.
    pub fn file(&mut self, name: &str) -> Option<Upload> {
        let mut files = self.files(name);
        if files.is_empty() {
            // An empty file has been told already.
            if self.problems.iter().any(|problem| problem.field == name) {
                return None;
            }
            return self.keep(Err(Problem::new(name, "field.file_required")));
        }
        Some(files.swap_remove(0))
    }

    /// Every file of a name; taken once.
    pub fn files(&mut self, name: &str) -> Vec<Upload> {
        let all = std::mem::take(&mut self.files);
        let (wanted, rest) = all.into_iter().partition(|file| file.field == name);
        self.files = rest;
        wanted
    }

    /// One more problem; `None`, to be handed on.
    pub fn problem<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }

    fn keep<T>(&mut self, read: Result<T, Problem>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(problem) => self.problem(problem),
        }
    }

    /// The command, unless anything is wrong.
    pub(crate) fn finish<T>(self, command: Option<T>) -> Result<T, Fault> {
        match command {
            Some(command) if self.problems.is_empty() => Ok(command),
            None if self.problems.is_empty() => {
                Err(Fault::broken("a form gave no command and no problem"))
            }
            _ => Err(Fault::Invalid(self.problems)),
        }
    }
}

impl<T: ReadForm> FromRequest<App> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let visit = Visit::within(request.extensions())?;
        let (fields, files, empty) = match media(request.headers()) {
            "multipart/form-data" => {
                let unchecked = request.extensions().get::<TokenStillToCheck>().is_some();
                let sent = upload::receive(app, &visit, request).await?;
                if unchecked && !fits(&visit, sent.fields.get(TOKEN_FIELD)) {
                    return Err(Failure::forbidden("forgery.token"));
                }
                (sent.fields, sent.files, sent.problems)
            }
            "application/x-www-form-urlencoded" => {
                let limits = &app.config().limits;
                let body = read_body(request.into_body(), limits.form_bytes).await?;
                let mut fields = Fields::default();
                for (name, value) in form_urlencoded::parse(&body) {
                    if fields.len() == limits.fields {
                        return Err(Failure::malformed("form.too_many_fields"));
                    }
                    fields.push(name.into_owned(), value.into_owned());
                }
                (fields, Vec::new(), Vec::new())
            }
            _ => return Err(Failure::wrong_media("form.media")),
        };
        visit.set_asked(fields.asked(&files));
        let mut reader = FormReader::new(&fields, files);
        reader.problems = empty;
        let command = T::read(&mut reader);
        let command = reader.finish(command);
        Ok(Self { fields, command })
    }
}

/// An amount in yuan with at most two decimals, in fen.
fn fen(typed: &str) -> Option<i64> {
    let (yuan, rest) = typed.split_once('.').unwrap_or((typed, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(yuan) || !digits(rest) || 2 < rest.len() {
        return None;
    }
    let cents: i64 = format!("{rest:0<2}").parse().ok()?;
    yuan.parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(cents)
}

/// A form whose only content is that it was sent: a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Button;

impl ReadForm for Button {
    fn read(_form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self)
    }
}
