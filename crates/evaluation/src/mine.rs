//! One's own ratings: what one was asked to rate, open invitations first on the page, and the way
//! from one's own case to its rating.
//!
//! Deliberately absent: what others said; ratings are their authors' and the organ's.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, TypedId};
use web::{App, Citizen, Paging, Path, Reply, Shell, page, redirect};

use crate::model::{Rating, RatingId, RatingStatus, Subject};
use crate::pages::{grade_key, named};
use crate::token::Token;
use crate::use_cases;

struct Row {
    href: String,
    item: String,
    organ: String,
    open: bool,
    state: String,
    tone: &'static str,
    stars: u8,
    grade: String,
    until: String,
}

#[derive(Template)]
#[template(path = "evaluation/mine.html")]
struct MinePage {
    shell: Shell,
    open: Vec<Row>,
    over: Vec<Row>,
    start: String,
    onward: String,
}

pub(crate) async fn list_my_ratings(
    app: App,
    by: Citizen,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let (after, most) = (paging.after::<RatingId>()?, paging.limit_and_one());
    let words = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for rating in use_cases::of_person(tx, by.id, after, most)? {
                rows.push((rating.id, row(tx, &words, &rating)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let onward = listed.onward("/my/ratings");
    let rows = listed.items.into_iter().map(|(_, row)| row);
    let (open, over) = rows.partition(|row| row.open);
    page(&MinePage {
        open,
        over,
        start: paging.start("/my/ratings"),
        onward,
        shell,
    })
}

fn row(tx: &mut Tx<'_>, shell: &Shell, rating: &Rating) -> Result<Row, Fault> {
    let (card, organ) = named(tx, rating)?;
    let token = Token::of(tx, rating.id)?;
    // A rating that came in already given has no page of its own.
    let own = rating.token == Some(token.digest());
    let open = own && rating.status == RatingStatus::Invited && tx.today() <= rating.expires_on;
    let (key, tone) = match rating.status {
        RatingStatus::Invited if open => ("evaluation.state_open", "blue"),
        RatingStatus::Invited => ("evaluation.state_over", ""),
        RatingStatus::Rated => ("evaluation.state_rated", "green"),
        RatingStatus::Supplemented => ("evaluation.state_supplemented", "green"),
        RatingStatus::Defaulted => ("evaluation.state_defaulted", ""),
    };
    let grade = rating.given.as_ref().map(|given| given.grade);
    Ok(Row {
        href: if own { token.path() } else { String::new() },
        item: card.name,
        organ,
        open,
        state: shell.t(key).to_owned(),
        tone,
        stars: grade.map_or(0, crate::Grade::stars),
        grade: grade.map_or(String::new(), |grade| shell.t(&grade_key(grade)).to_owned()),
        until: rating.expires_on.to_string(),
    })
}

/// To the page of the rating, for the person who was served; nobody else learns of it.
pub(crate) async fn rate_my_case(
    app: App,
    by: Citizen,
    Path(id): Path<case::CaseId>,
) -> Reply<Response> {
    let find = move |tx: &mut Tx<'_>| {
        let found = use_cases::link_of(tx, Subject::Case(id.uuid()))?;
        let own = found.filter(|(rating, _)| rating.service.person == Some(by.id));
        own.ok_or(Fault::NotFound { what: "rating" })
    };
    let (_, token) = app.read(find).await?;
    Ok(redirect(token.path()).into_response())
}
