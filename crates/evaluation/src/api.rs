//! The interface for programs: the rating behind a token, and how an item stands.

use std::collections::BTreeMap;

use db::Tx;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use web::{App, Json, OnceToken, Path, Reply, Visitor};

use crate::model::{Aspect, Grade, RatingChannel, RatingStatus, TagSet};
use crate::pages::{self, Shown, channel, token_of};
use crate::token::Token;
use crate::use_cases::{self, Said};

/// A rating as programs see it; who rated is not in it.
#[derive(Debug, Serialize)]
pub(crate) struct RatingReply {
    status: RatingStatus,
    item_code: String,
    item_name: String,
    organ_name: String,
    invited_on: Date,
    expires_on: Date,
    tag_set: TagSet,
    tags: Vec<Aspect>,
    can_rate: bool,
    can_supplement: bool,
    can_sign: bool,
    rating: Option<GivenReply>,
    supplement: Option<SupplementReply>,
}

#[derive(Debug, Serialize)]
struct GivenReply {
    grade: Grade,
    is_default: bool,
    tags: Vec<Aspect>,
    text: Option<String>,
    channel: Option<RatingChannel>,
    real_name: bool,
    rated_on: Option<Date>,
}

#[derive(Debug, Serialize)]
struct SupplementReply {
    grade: Option<Grade>,
    text: Option<String>,
    supplemented_on: Date,
}

impl From<Shown> for RatingReply {
    fn from(shown: Shown) -> Self {
        let rating = shown.rating;
        let given = rating.given.as_ref();
        let first = rating.grade().map(|grade| GivenReply {
            grade,
            is_default: rating.status == RatingStatus::Defaulted,
            tags: given.map(|given| given.tags.clone()).unwrap_or_default(),
            text: shown.words.0,
            channel: given.map(|given| given.channel),
            real_name: given.is_some_and(|given| given.by.is_some()),
            rated_on: rating.rated_on(),
        });
        let supplement = rating.supplement.map(|more| SupplementReply {
            grade: more.grade,
            text: shown.words.1,
            supplemented_on: more.on,
        });
        Self {
            status: rating.status,
            item_code: shown.item.code,
            item_name: shown.item.name,
            organ_name: shown.organ,
            invited_on: rating.invited_on,
            expires_on: rating.expires_on,
            tag_set: rating.service.tag_set,
            tags: rating.service.tag_set.aspects().to_vec(),
            can_rate: shown.open,
            can_supplement: rating.status == RatingStatus::Rated,
            can_sign: rating.service.person.is_some(),
            rating: first,
            supplement,
        }
    }
}

/// What is sent to rate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateBody {
    grade: Grade,
    #[serde(default)]
    tags: Vec<Aspect>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    real_name: bool,
    channel: Option<RatingChannel>,
}

/// What is sent to add to a rating.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupplementBody {
    grade: Option<Grade>,
    #[serde(default)]
    text: String,
}

pub(crate) async fn show_rating(app: App, Path(token): Path<String>) -> Reply<Json<RatingReply>> {
    shown(&app, token_of(&token)?).await
}

async fn shown(app: &App, token: Token) -> Reply<Json<RatingReply>> {
    let shown = app.read(move |tx| pages::load(tx, &token)).await?;
    Ok(Json(shown.into()))
}

pub(crate) async fn rate(
    app: App,
    visitor: Visitor,
    Path(token): Path<String>,
    once: OnceToken,
    Json(body): Json<RateBody>,
) -> Reply<Json<RatingReply>> {
    let token = token_of(&token)?;
    let said = Said {
        grade: body.grade,
        tags: body.tags,
        text: body.text,
        channel: body.channel.unwrap_or_else(|| channel("", &visitor)),
        real_name: body.real_name,
    };
    let asked = token.clone();
    let work = move |tx: &mut Tx<'_>| use_cases::rate(tx, &asked, &said).map(|_| ());
    app.write_once(&visitor, &once, work).await?;
    shown(&app, token).await
}

pub(crate) async fn supplement(
    app: App,
    visitor: Visitor,
    Path(token): Path<String>,
    once: OnceToken,
    Json(body): Json<SupplementBody>,
) -> Reply<Json<RatingReply>> {
    let token = token_of(&token)?;
    let asked = token.clone();
    let work = move |tx: &mut Tx<'_>| {
        use_cases::supplement(tx, &asked, body.grade, &body.text).map(|_| ())
    };
    app.write_once(&visitor, &once, work).await?;
    shown(&app, token).await
}

/// How the ratings of an item stand; shares in tenths of a percent, null of nothing.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryReply {
    item_code: String,
    item_name: String,
    count: i64,
    active: i64,
    defaults: i64,
    open: i64,
    supplemented: i64,
    response_permille: Option<i64>,
    satisfaction_permille: Option<i64>,
    per_grade: BTreeMap<&'static str, i64>,
}

pub(crate) async fn show_summary(app: App, Path(code): Path<String>) -> Reply<Json<SummaryReply>> {
    let read = move |tx: &mut Tx<'_>| pages::item_summary(tx, &code);
    let (item, summary) = app.read(read).await?;
    let grades = Grade::ALL.iter();
    Ok(Json(SummaryReply {
        item_code: item.code,
        item_name: item.name,
        count: summary.n,
        active: summary.active,
        defaults: summary.defaults,
        open: summary.open,
        supplemented: summary.supplemented,
        response_permille: summary.response_rate().permille(),
        satisfaction_permille: summary.satisfaction().permille(),
        per_grade: grades
            .map(|grade| (grade.as_str(), summary.of(*grade)))
            .collect(),
    }))
}
