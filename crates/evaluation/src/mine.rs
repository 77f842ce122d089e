//! The way from one's own case to its rating.
//!
//! Deliberately absent: a list of one's ratings; each belongs to a case.

use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, TypedId};
use web::{App, Citizen, Path, Reply, redirect};

use crate::model::Subject;
use crate::use_cases;

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
