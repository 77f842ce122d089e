//! HTML for everybody: the published schemes with their totals, and one's own offers with yes
//! and no.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::model::Text;
use db::Tx;
use kernel::{Fault, Money};
use web::{App, Button, Citizen, Form, OnceToken, Paging, Path, Reply, Shell, page, redirect};

use crate::model::{Offer, OfferId, OfferStatus, Scheme, SchemeKind};
use crate::use_cases;

/// A text in the reader's language.
pub(crate) fn text(shell: &Shell, text: &Text) -> String {
    text.get(shell.lang).to_owned()
}

/// The tone of a state.
pub(crate) fn tone(status: OfferStatus) -> &'static str {
    match status {
        OfferStatus::Offered => "yellow",
        OfferStatus::Confirmed | OfferStatus::Unopposed | OfferStatus::Listed => "blue",
        OfferStatus::Granted | OfferStatus::Fulfilled | OfferStatus::Paid => "green",
        OfferStatus::Refused | OfferStatus::Failed | OfferStatus::Reclaimed => "red",
        OfferStatus::Declined | OfferStatus::Expired => "",
    }
}

/// A sum in yuan, in words.
pub(crate) fn yuan(shell: &Shell, money: Money) -> String {
    shell.say("offer.yuan", &[("sum", money.to_string())])
}

/// A scheme as everybody sees it 公示.
pub(crate) struct SchemeView {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) terms: String,
    pub(crate) basis: String,
    pub(crate) amount: String,
    pub(crate) budget: String,
    pub(crate) left: String,
    pub(crate) totals: Vec<(String, u32, String)>,
    pub(crate) open: bool,
    pub(crate) run_on: String,
}

pub(crate) fn scheme_view(
    tx: &mut Tx<'_>,
    shell: &Shell,
    scheme: &Scheme,
) -> Result<SchemeView, Fault> {
    let content = use_cases::content(tx, scheme)?;
    let left = use_cases::left(tx, scheme)?;
    let mut totals = Vec::new();
    for (status, count, sum) in use_cases::totals(tx, scheme.id)? {
        let word = shell.t(&format!("offer.state_{status}")).to_owned();
        let sum = match scheme.kind {
            SchemeKind::Benefit => yuan(shell, sum),
            SchemeKind::Silent => String::new(),
        };
        totals.push((word, count, sum));
    }
    let period = content
        .period
        .map(|period| shell.t(&format!("offer.period_{period}")).to_owned());
    let amount = content.amount.map(|amount| yuan(shell, amount));
    let parts = amount.into_iter().chain(period);
    Ok(SchemeView {
        href: format!("/desk/offers/schemes/{}", scheme.id),
        name: text(shell, &content.name),
        kind: shell.t(&format!("offer.kind_{}", scheme.kind)).to_owned(),
        terms: text(shell, &content.terms),
        basis: content.basis.citation(),
        amount: parts.collect::<Vec<_>>().join(" · "),
        budget: content
            .budget
            .map_or_else(String::new, |sum| yuan(shell, sum)),
        left: content
            .budget
            .map_or_else(String::new, |_| yuan(shell, left)),
        totals,
        open: scheme.closed_on.is_none(),
        run_on: scheme
            .run_on
            .map_or_else(String::new, |day| day.to_string()),
    })
}

#[derive(Template)]
#[template(path = "offer/schemes.html")]
struct SchemesPage {
    shell: Shell,
    schemes: Vec<SchemeView>,
}

pub(crate) async fn show_schemes(app: App, shell: Shell) -> Reply<Response> {
    let lang = shell.clone();
    let schemes = app
        .read(move |tx| {
            let mut views = Vec::new();
            for scheme in use_cases::schemes(tx)? {
                views.push(scheme_view(tx, &lang, &scheme)?);
            }
            Ok(views)
        })
        .await?;
    page(&SchemesPage { shell, schemes })
}

/// An offer of one's own.
struct OwnView {
    base: String,
    name: String,
    kind: String,
    terms: String,
    basis: String,
    amount: String,
    state: String,
    tone: &'static str,
    due: String,
    why: String,
    number: String,
    may_confirm: bool,
    may_decline: bool,
}

fn own_view(tx: &mut Tx<'_>, shell: &Shell, offer: &Offer) -> Result<OwnView, Fault> {
    let scheme = use_cases::scheme(tx, offer.scheme)?;
    let content = use_cases::content(tx, &scheme)?;
    let reason = match &offer.reason {
        Some(reason) => ledger::read_text(tx, reason)?.unwrap_or_default(),
        None => String::new(),
    };
    let offered = offer.status == OfferStatus::Offered;
    Ok(OwnView {
        base: format!("/my/offers/{}", offer.id),
        name: text(shell, &content.name),
        kind: shell.t(&format!("offer.kind_{}", offer.kind)).to_owned(),
        terms: text(shell, &content.terms),
        basis: content.basis.citation(),
        amount: offer
            .amount
            .map_or_else(String::new, |sum| yuan(shell, sum)),
        state: shell.t(&format!("offer.state_{}", offer.status)).to_owned(),
        tone: tone(offer.status),
        due: offer
            .due
            .filter(|_| offered)
            .map_or_else(String::new, |day| day.to_string()),
        why: reason,
        number: offer
            .number
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        may_confirm: offered && offer.kind == SchemeKind::Benefit,
        may_decline: offered || offer.status == OfferStatus::Confirmed,
    })
}

#[derive(Template)]
#[template(path = "offer/own.html")]
struct OwnPage {
    shell: Shell,
    offers: Vec<OwnView>,
    start: String,
    onward: String,
}

pub(crate) async fn show_own(
    app: App,
    by: Citizen,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let (after, most) = (paging.after::<OfferId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::of_party(tx, by.id, after, most)? {
                rows.push((one.id, own_view(tx, &lang, &one)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    page(&OwnPage {
        onward: listed.onward("/my/offers"),
        offers: listed.items.into_iter().map(|(_, view)| view).collect(),
        start: paging.start("/my/offers"),
        shell,
    })
}

pub(crate) async fn confirm(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OfferId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::confirm(tx, person, id).map(|_| ());
    app.write_once(&by, &once, work).await?;
    let back = redirect("/my/offers").flash(shell.t("offer.confirmed"));
    Ok(back.into_response())
}

pub(crate) async fn decline(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OfferId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::decline(tx, person, id).map(|_| ());
    app.write_once(&by, &once, work).await?;
    let back = redirect("/my/offers").flash(shell.t("offer.declined"));
    Ok(back.into_response())
}
