//! The pages of the desk: the list of ratings, and the invitation at the counter with its code.
//!
//! Whoever runs or watches the hall sees all ratings; everybody else those of their organ. Who
//! rated is never shown: an evaluator's data is given to nobody.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, Problem};
use serde::Deserialize;
use web::parts::Choice;
use web::{
    App, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query, ReadForm,
    Reply, Role, Shell, invalid, page, redirect,
};

use crate::model::{Rating, RatingId, RatingStatus, Subject};
use crate::pages::{grade_choices, grade_key, named, tags_text};
use crate::store::{Filter, Reach};
use crate::use_cases::{self, Invitation};
use crate::{Names, token};

/// What a list is narrowed to, as the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    grade: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    item: String,
}

const SHOWS: &[&str] = &["bad", "rated", "supplemented", "defaulted", "invited"];

impl Asked {
    /// The filter, without the item, which the store must be asked for. Words that are none
    /// narrow nothing.
    fn filter(&self) -> Filter {
        Filter {
            item: None,
            grade: self.grade.parse().ok(),
            status: self.show.parse().ok(),
            bad: self.show == "bad",
        }
    }

    /// The same list in an address. Only words of ours go in.
    fn query(&self, code: &str) -> String {
        let filter = self.filter();
        let grade = filter.grade.map_or("", |grade| grade.as_str());
        let show = SHOWS.iter().find(|show| **show == self.show);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let item: String = code.chars().filter(|c| plain(*c)).collect();
        format!("grade={grade}&show={}&item={item}", show.unwrap_or(&""))
    }
}

struct Row {
    item: String,
    organ: String,
    invited_on: String,
    rated_on: String,
    status: String,
    status_tone: &'static str,
    stars: u8,
    grade: String,
    more_grade: String,
    tags: String,
    channel: String,
    signed: String,
    text: String,
    more_text: String,
}

#[derive(Template)]
#[template(path = "evaluation/list.html")]
struct ListPage {
    shell: Shell,
    grades: Vec<Choice>,
    shows: Vec<Choice>,
    item_code: String,
    ratings: Vec<Row>,
    start: String,
    onward: String,
    may_invite: bool,
}

type Read = (Rating, String, String, (Option<String>, Option<String>));

/// How far an officer sees.
fn reach(by: &Officer) -> Result<Reach, Fault> {
    if by.has(Role::HallManager) || by.has(Role::Supervisor) {
        return Ok(Reach::Hall);
    }
    let nothing = Fault::Forbidden {
        code: "access.role_missing",
    };
    by.organ().map(Reach::Organ).ok_or(nothing)
}

pub(crate) async fn list_ratings(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let (reach, filter, code) = (reach(&by)?, asked.filter(), asked.item.clone());
    let (after, most) = (paging.after::<RatingId>()?, paging.limit_and_one());
    let read = app.read(move |tx| read_list(tx, reach, filter, &code, after, most));
    let found = paging.page(read.await?, |(rating, ..)| rating.id)?;
    let here = format!("/desk/ratings?{}", asked.query(&asked.item));
    let show = |show: &&str| {
        let key = format!("evaluation.show_{show}");
        ((*show).to_owned(), shell.say(&key, &[]))
    };
    let view = ListPage {
        grades: grade_choices(&shell, &asked.grade),
        shows: Choice::list(SHOWS.iter().map(show), &asked.show),
        item_code: asked.item,
        start: paging.start(&here),
        onward: found.onward(&here),
        may_invite: crate::COUNTER.iter().any(|role| by.has(*role)),
        ratings: found.items.iter().map(|read| row(&shell, read)).collect(),
        shell,
    };
    page(&view)
}

fn read_list(
    tx: &mut Tx<'_>,
    reach: Reach,
    mut filter: Filter,
    code: &str,
    after: Option<RatingId>,
    most: usize,
) -> Result<Vec<Read>, Fault> {
    if !code.trim().is_empty() {
        let names = tx.thing::<Names>()?;
        let Some(card) = names.0.by_code(tx, code.trim())? else {
            return Ok(Vec::new());
        };
        filter.item = Some(card.item);
    }
    let ratings = use_cases::list(tx, reach, &filter, after, most)?;
    let mut read = Vec::with_capacity(ratings.len());
    for rating in ratings {
        let (item, organ) = named(tx, &rating)?;
        let words = use_cases::words_of(tx, &rating)?;
        read.push((rating, item.name, organ, words));
    }
    Ok(read)
}

fn row(shell: &Shell, (rating, item, organ, words): &Read) -> Row {
    let grade = |grade| shell.say(&grade_key(grade), &[]);
    let later = rating.supplement.and_then(|more| more.grade);
    let channel = rating.given.as_ref().map(|given| given.channel);
    let channel = channel.map(|channel| format!("evaluation.channel_{channel}"));
    let signed = rating.given.as_ref().map(|given| match given.by {
        Some(_) => shell.t("evaluation.real_name_yes").to_owned(),
        None => shell.t("evaluation.real_name_no").to_owned(),
    });
    let bad = rating.is_bad();
    Row {
        item: item.clone(),
        organ: organ.clone(),
        invited_on: rating.invited_on.to_string(),
        rated_on: rating
            .rated_on()
            .map_or_else(String::new, |day| day.to_string()),
        status: shell.say(&format!("evaluation.show_{}", rating.status), &[]),
        status_tone: match rating.status {
            _ if bad => "red",
            RatingStatus::Invited => "blue",
            RatingStatus::Rated | RatingStatus::Supplemented => "green",
            RatingStatus::Defaulted => "",
        },
        stars: rating.grade().map_or(0, crate::Grade::stars),
        grade: rating.grade().map_or_else(String::new, grade),
        more_grade: later.map_or_else(String::new, grade),
        tags: tags_text(shell, rating),
        channel: channel.map_or_else(String::new, |key| shell.say(&key, &[])),
        signed: signed.unwrap_or_default(),
        text: words.0.clone().unwrap_or_default(),
        more_text: words.1.clone().unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "evaluation/invite.html")]
struct InvitePage {
    shell: Shell,
    typed: Fields,
    problems: Problems,
}

/// The form of an invitation at the counter.
pub(crate) struct InviteForm {
    item: String,
}

impl ReadForm for InviteForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let item = form.text("item", 60)?;
        Some(Self { item })
    }
}

pub(crate) async fn show_invite(shell: Shell) -> Reply<Response> {
    page(&InvitePage {
        shell,
        typed: Fields::default(),
        problems: Problems::none(),
    })
}

pub(crate) async fn invite(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<InviteForm>,
) -> Reply<Response> {
    let Form {
        fields: typed,
        command,
    } = form;
    let actor = by.actor();
    let done = match command {
        Ok(form) => {
            let work = move |tx: &mut Tx<'_>| invite_at_counter(tx, &by, &form.item);
            app.write_once(&actor, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(rating) => Ok(redirect(format!("/desk/ratings/invite/{rating}")).into_response()),
        Err(Fault::Invalid(problems)) => invalid(&InvitePage {
            problems: shell.problems(&problems),
            shell,
            typed,
        }),
        Err(fault) => Err(fault.into()),
    }
}

/// Invites the person at the counter to rate a service without a case, and draws a code.
fn invite_at_counter(tx: &mut Tx<'_>, by: &Officer, code: &str) -> Result<RatingId, Fault> {
    let names = tx.thing::<Names>()?;
    let unknown = || Fault::Invalid(vec![Problem::new("item", "evaluation.item_unknown")]);
    let item = names.0.by_code(tx, code)?.ok_or_else(unknown)?;
    let invitation = Invitation {
        subject: Subject::CounterService(tx.clock().new_uuid()),
        item: item.item,
        version: item.version,
        organ: by.organ().unwrap_or(item.organ),
        officer: Some(by.id),
        person: None,
    };
    let invited = use_cases::invite(tx, &invitation)?;
    token::make_code(tx, invited.rating, &invited.token)?;
    Ok(invited.rating)
}

#[derive(Template)]
#[template(path = "evaluation/show_code.html")]
struct ShowCodePage {
    shell: Shell,
    digits: String,
    ends_at: String,
    link: String,
    picture: String,
}

pub(crate) async fn show_code(
    app: App,
    by: Officer,
    shell: Shell,
    headers: HeaderMap,
    Path(rating): Path<RatingId>,
) -> Reply<Response> {
    let officer = by.id;
    let found = app
        .read(move |tx| token::code_to_show(tx, rating, officer))
        .await?;
    let (code, token) = found.ok_or(Fault::NotFound {
        what: "rating_code",
    })?;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = match &app.config().origin {
        Some(origin) => origin.trim_end_matches('/').to_owned(),
        None => format!("http://{}", host.unwrap_or("localhost")),
    };
    let link = format!("{origin}{}?via=qr", token.path());
    let ends_at = kernel::clock::hall_time(code.ends_at);
    page(&ShowCodePage {
        shell,
        digits: code.digits,
        ends_at: ends_at.strftime("%Y-%m-%d %H:%M").to_string(),
        picture: document::qr_svg(&link).map_err(Fault::broken)?,
        link,
    })
}
