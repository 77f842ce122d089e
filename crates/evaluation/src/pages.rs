//! The pages of the public: rate, add something, and how an item stands.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Channel, Fault, Problem};
use serde::Deserialize;
use web::parts::{Bar, Choice, Fact, Figure};
use web::{
    Again, App, Fields, Form, FormReader, OnceToken, Path, Problems, Query, ReadForm, Reply, Shell,
    Visitor, page, redirect,
};

use crate::model::{Aspect, Grade, Rating, RatingChannel, RatingStatus};
use crate::summary::Summary;
use crate::token::Token;
use crate::use_cases::{self, Said, TEXT_CHARS_MAX};
use crate::{ItemCard, Names};

/// How the visitor came, as the link says: `?via=qr`.
#[derive(Debug, Deserialize)]
pub(crate) struct Came {
    #[serde(default)]
    via: String,
}

/// The way a rating came in: what the link says, else the visitor's own.
pub(crate) fn channel(via: &str, visitor: &Visitor) -> RatingChannel {
    let own = match visitor {
        Visitor::Officer(officer) => officer.channel,
        Visitor::Citizen(citizen) => citizen.channel,
        Visitor::Public(channel) => *channel,
    };
    match (via, own) {
        ("qr", _) => RatingChannel::Qr,
        ("sms", _) => RatingChannel::Sms,
        ("tablet", _) => RatingChannel::HallTablet,
        (_, Channel::Kiosk | Channel::Counter) => RatingChannel::HallTerminal,
        (_, Channel::Mobile) => RatingChannel::Mobile,
        (_, Channel::Web | Channel::Api | Channel::Post | Channel::System) => RatingChannel::Web,
    }
}

/// The key of a grade's wording.
pub(crate) fn grade_key(grade: Grade) -> String {
    format!("evaluation.grade_{grade}")
}

/// The key of an aspect's wording as a grade puts it: praise, blame, or plain.
pub(crate) fn tag_key(grade: Option<Grade>, aspect: Aspect) -> String {
    let tone = match grade {
        Some(Grade::VerySatisfied | Grade::Satisfied) => "good",
        Some(Grade::Dissatisfied | Grade::VeryDissatisfied) => "bad",
        Some(Grade::BasicallySatisfied) | None => "plain",
    };
    format!("evaluation.tag_{tone}_{aspect}")
}

/// The aspects of an answer in words.
pub(crate) fn tags_text(shell: &Shell, rating: &Rating) -> String {
    let Some(given) = &rating.given else {
        return String::new();
    };
    let said = given.tags.iter();
    let said = said.map(|tag| shell.say(&tag_key(Some(given.grade), *tag), &[]));
    said.collect::<Vec<_>>().join(shell.t("evaluation.comma"))
}

/// The item and the organ of a rating, by name.
pub(crate) fn named(tx: &mut Tx<'_>, rating: &Rating) -> Result<(ItemCard, String), Fault> {
    let names = tx.thing::<Names>()?;
    let (item, version) = (rating.service.item, rating.service.version);
    let card = names.0.by_id(tx, item, version)?;
    let organ = names.0.organ_name(tx, rating.service.organ)?;
    let card = card.unwrap_or_else(|| ItemCard {
        item,
        version,
        code: String::new(),
        name: String::new(),
        name_en: None,
        organ: rating.service.organ,
    });
    Ok((card, organ))
}

/// What the page of a rating shows.
pub(crate) struct Shown {
    pub(crate) rating: Rating,
    pub(crate) item: ItemCard,
    pub(crate) organ: String,
    pub(crate) words: (Option<String>, Option<String>),
    pub(crate) open: bool,
    pub(crate) revision: i64,
}

/// Reads all that the page of a rating shows.
pub(crate) fn load(tx: &mut Tx<'_>, token: &Token) -> Result<Shown, Fault> {
    let rating = use_cases::of_token(tx, token)?;
    let (item, organ) = named(tx, &rating)?;
    Ok(Shown {
        revision: ledger::lines_of(tx, rating.id)?
            .last()
            .map_or(0, |line| line.revision),
        words: use_cases::words_of(tx, &rating)?,
        open: rating.status == RatingStatus::Invited && tx.today() <= rating.expires_on,
        rating,
        item,
        organ,
    })
}

/// The token of a path; what cannot be one leads nowhere.
pub(crate) fn token_of(text: &str) -> Result<Token, Fault> {
    Token::parse(text).ok_or(Fault::NotFound { what: "rating" })
}

#[derive(Template)]
#[template(path = "evaluation/rate.html")]
struct RatePage {
    shell: Shell,
    token: String,
    via: String,
    facts: Vec<Fact>,
    is_staff: bool,
    can_rate: bool,
    can_add: bool,
    can_sign: bool,
    revision: i64,
    /// What was written on a form that cannot be sent any more.
    kept: String,
    state_title: String,
    state_text: String,
    stars: u8,
    grades: Vec<Choice>,
    tags: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

impl RatePage {
    fn new(shell: Shell, token: &Token, shown: &Shown, visitor: &Visitor) -> Self {
        let is_staff = visitor.officer().is_some();
        let (state_title, state_text) = state(&shell, shown);
        let label = |key: &str| shell.t(key).to_owned();
        let mut facts = vec![
            Fact::plain(
                label("evaluation.item"),
                shown.item.name_in(shell.language()),
            ),
            Fact::plain(label("evaluation.organ"), shown.organ.clone()),
        ];
        facts.extend(said(&shell, shown));
        Self {
            token: token.text(),
            via: String::new(),
            facts,
            is_staff,
            can_rate: shown.open && !is_staff,
            can_add: shown.rating.status == RatingStatus::Rated && !is_staff,
            can_sign: shown.rating.service.person.is_some(),
            revision: shown.revision,
            kept: String::new(),
            state_title,
            state_text,
            stars: shown.rating.grade().map_or(0, Grade::stars),
            grades: grade_choices(&shell, ""),
            tags: tag_choices(&shell, shown, &Fields::default()),
            typed: Fields::default(),
            problems: Problems::none(),
            shell,
        }
    }

    /// Filled in again, with what is wrong beside each field.
    fn filled(mut self, shown: &Shown, typed: Fields, again: Again) -> Self {
        self.grades = grade_choices(&self.shell, typed.get("grade"));
        self.tags = tag_choices(&self.shell, shown, &typed);
        self.problems = again.problems;
        if again.stale || !(self.can_rate || self.can_add) {
            self.kept = typed.get("text").to_owned();
        }
        self.via = typed.get("via").to_owned();
        self.typed = typed;
        self
    }
}

/// What has happened to the rating so far, in words.
fn state(shell: &Shell, shown: &Shown) -> (String, String) {
    let rating = &shown.rating;
    let key = match rating.status {
        RatingStatus::Invited if shown.open => "open",
        RatingStatus::Invited => "over",
        RatingStatus::Rated => "rated",
        RatingStatus::Supplemented => "supplemented",
        RatingStatus::Defaulted => "defaulted",
    };
    let day = rating.rated_on().unwrap_or(rating.expires_on).to_string();
    let title = shell.say(&format!("evaluation.state_{key}"), &[]);
    let text = shell.say(&format!("evaluation.state_{key}_text"), &[("day", day)]);
    (title, text)
}

/// What was said, as a summary list.
fn said(shell: &Shell, shown: &Shown) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |key: &str, text: String| {
        if !text.is_empty() {
            facts.push(Fact::plain(shell.t(key), text));
        }
    };
    let rating = &shown.rating;
    let grade = rating
        .grade()
        .map(|grade| shell.say(&grade_key(grade), &[]));
    add("evaluation.grade", grade.unwrap_or_default());
    add("evaluation.tags", tags_text(shell, rating));
    add("evaluation.text", shown.words.0.clone().unwrap_or_default());
    let later = rating.supplement.and_then(|more| more.grade);
    let later = later.map(|grade| shell.say(&grade_key(grade), &[]));
    add("evaluation.more_grade", later.unwrap_or_default());
    add(
        "evaluation.more_text",
        shown.words.1.clone().unwrap_or_default(),
    );
    facts
}

pub(crate) fn grade_choices(shell: &Shell, chosen: &str) -> Vec<Choice> {
    let pairs = Grade::ALL.iter();
    let pairs = pairs.map(|grade| (grade.as_str(), shell.say(&grade_key(*grade), &[])));
    Choice::list(pairs, chosen)
}

fn tag_choices(shell: &Shell, shown: &Shown, typed: &Fields) -> Vec<Choice> {
    let aspects = shown.rating.service.tag_set.aspects().iter();
    let choice = aspects.map(|aspect| Choice {
        value: aspect.to_string(),
        label: shell.say(&tag_key(None, *aspect), &[]),
        hint: String::new(),
        chosen: typed.all("tags").any(|tag| tag == aspect.as_str()),
    });
    choice.collect()
}

/// The form of a rating.
pub(crate) struct RateForm {
    grade: Grade,
    tags: Vec<Aspect>,
    text: String,
    real_name: bool,
    via: String,
}

impl ReadForm for RateForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (grade, tags) = (form.word("grade"), form.words("tags"));
        let text = form.optional_text("text", TEXT_CHARS_MAX);
        Some(Self {
            real_name: form.flag("real_name"),
            via: form.fields().get("via").to_owned(),
            grade: grade?,
            tags: tags?,
            text: text?,
        })
    }
}

/// The form of a supplement.
pub(crate) struct SupplementForm {
    grade: Option<Grade>,
    text: String,
}

impl ReadForm for SupplementForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let grade = form.optional("grade", |form| form.word("grade"));
        let text = form.optional_text("text", TEXT_CHARS_MAX);
        let read = Self {
            grade: grade?,
            text: text?,
        };
        if read.grade.is_none() && read.text.is_empty() {
            return form.problem(Problem::new("text", "evaluation.nothing_to_add"));
        }
        Some(read)
    }
}

pub(crate) async fn show_rating(
    app: App,
    shell: Shell,
    visitor: Visitor,
    Path(token): Path<String>,
    Query(came): Query<Came>,
) -> Reply<Response> {
    let token = token_of(&token)?;
    let asked = token.clone();
    let shown = app.read(move |tx| load(tx, &asked)).await?;
    let via = channel(&came.via, &visitor);
    let mut view = RatePage::new(shell, &token, &shown, &visitor);
    if !came.via.is_empty() && via != channel("", &visitor) {
        view.via = came.via;
    }
    page(&view)
}

pub(crate) async fn rate(
    app: App,
    shell: Shell,
    visitor: Visitor,
    Path(token): Path<String>,
    once: OnceToken,
    form: Form<RateForm>,
) -> Reply<Response> {
    let token = token_of(&token)?;
    let Form { fields, command } = form;
    let seen = fields.revision();
    let done = match command {
        Ok(form) => {
            let said = Said {
                grade: form.grade,
                tags: form.tags,
                text: form.text,
                channel: channel(&form.via, &visitor),
                real_name: form.real_name,
            };
            let token = token.clone();
            let work = move |tx: &mut Tx<'_>| {
                unchanged(tx, &token, seen)?;
                use_cases::rate(tx, &token, &said).map(|_| ())
            };
            app.write_once(&visitor, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let thanks = shell.t("evaluation.thanks").to_owned();
    answer(app, shell, &visitor, token, fields, done, thanks).await
}

pub(crate) async fn supplement(
    app: App,
    shell: Shell,
    visitor: Visitor,
    Path(token): Path<String>,
    once: OnceToken,
    form: Form<SupplementForm>,
) -> Reply<Response> {
    let token = token_of(&token)?;
    let Form { fields, command } = form;
    let seen = fields.revision();
    let done = match command {
        Ok(form) => {
            let token = token.clone();
            let work = move |tx: &mut Tx<'_>| {
                unchanged(tx, &token, seen)?;
                use_cases::supplement(tx, &token, form.grade, &form.text).map(|_| ())
            };
            app.write_once(&visitor, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let thanks = shell.t("evaluation.thanks_more").to_owned();
    answer(app, shell, &visitor, token, fields, done, thanks).await
}

/// Back to the page with thanks, or the page filled in with what is wrong.
async fn answer(
    app: App,
    shell: Shell,
    visitor: &Visitor,
    token: Token,
    fields: Fields,
    done: Result<(), Fault>,
    thanks: String,
) -> Reply<Response> {
    match done {
        Ok(()) => Ok(redirect(token.path()).flash(thanks).into_response()),
        Err(fault) => {
            let again = Again::of(fault, &shell, field_of)?;
            let asked = token.clone();
            let shown = app.read(move |tx| load(tx, &asked)).await?;
            let view = RatePage::new(shell, &token, &shown, visitor);
            let status = again.status();
            Again::show(status, &view.filled(&shown, fields, again))
        }
    }
}

/// A form made before somebody else answered is not taken.
fn unchanged(tx: &mut Tx<'_>, token: &Token, seen: i64) -> Result<(), Fault> {
    let rating = use_cases::of_token(tx, token)?;
    ledger::unchanged_since(tx, rating.id, seen)
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "evaluation.unknown_tag" => Some("tags"),
        "evaluation.no_name_known" => Some("real_name"),
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "evaluation/summary.html")]
struct SummaryPage {
    shell: Shell,
    item: ItemCard,
    is_empty: bool,
    figures: Vec<Figure>,
    bars: Vec<Bar>,
    defaults_text: String,
}

pub(crate) async fn show_summary(
    app: App,
    shell: Shell,
    Path(code): Path<String>,
) -> Reply<Response> {
    let (item, summary) = app.read(move |tx| item_summary(tx, &code)).await?;
    let figures = figures(&shell, &summary);
    let greatest = summary.per_grade.iter().copied().max().unwrap_or(0);
    let bars = Grade::ALL.iter().map(|grade| {
        let count = summary.of(*grade);
        Bar {
            label: shell.say(&grade_key(*grade), &[]),
            value: count.to_string(),
            percent: Bar::percent_of(count.unsigned_abs(), greatest.unsigned_abs()),
            tone: if grade.is_bad() { "red" } else { "" }.to_owned(),
            href: String::new(),
        }
    });
    let defaults = ("defaults", summary.defaults.to_string());
    page(&SummaryPage {
        is_empty: summary.n == 0,
        figures,
        bars: bars.collect(),
        defaults_text: shell.say("evaluation.defaults_apart", &[defaults]),
        item,
        shell,
    })
}

/// The item with a code, and how its ratings stand.
pub(crate) fn item_summary(tx: &mut Tx<'_>, code: &str) -> Result<(ItemCard, Summary), Fault> {
    let names = tx.thing::<Names>()?;
    let item = names.0.by_code(tx, code)?;
    let item = item.ok_or(Fault::NotFound { what: "item" })?;
    let summary = use_cases::summary(tx, item.item)?;
    Ok((item, summary))
}

fn figures(shell: &Shell, summary: &Summary) -> Vec<Figure> {
    let figure = |key: &str, value: String, unit: &str| Figure {
        label: shell.t(key).to_owned(),
        value,
        unit: unit.to_owned(),
        ..Figure::default()
    };
    let whole = |rate: crate::Rate| (rate.percent_text(), rate.permille().map_or("", |_| "%"));
    let (response, response_unit) = whole(summary.response_rate());
    let (good, good_unit) = whole(summary.satisfaction());
    vec![
        figure("evaluation.count", summary.n.to_string(), ""),
        figure("evaluation.active", summary.active.to_string(), ""),
        figure("evaluation.response_rate", response, response_unit),
        figure("evaluation.satisfaction", good, good_unit),
    ]
}
