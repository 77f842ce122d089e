//! HTML for the desk: schemes with their match, and one offer before whoever decides, pays or
//! checks.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, PersonId};
use serde::Deserialize;
use web::parts::{Choice, Fact, Link};
use web::{
    Again, App, Button, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems,
    Query, ReadForm, Reply, Role, Shell, answer_form, page, redirect,
};

use crate::model::{Offer, OfferId, OfferStatus, SchemeId, SchemeKind};
use crate::pages::{SchemeView, scheme_view, tone, yuan};
use crate::run::{Run, match_some, note_run};
use crate::use_cases;

#[derive(Template)]
#[template(path = "offer/desk_schemes.html")]
struct SchemesPage {
    shell: Shell,
    schemes: Vec<SchemeView>,
}

pub(crate) async fn show_schemes(app: App, _by: Officer, shell: Shell) -> Reply<Response> {
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

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
}

struct Row {
    href: String,
    party: String,
    period: String,
    amount: String,
    state: String,
    tone: &'static str,
    on: String,
}

struct ListRow {
    href: String,
    on: String,
    count: u32,
    total: String,
}

#[derive(Template)]
#[template(path = "offer/desk_scheme.html")]
struct SchemePage {
    shell: Shell,
    base: String,
    scheme: SchemeView,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    lists: Vec<ListRow>,
    start: String,
    onward: String,
    may_run: bool,
    may_list: bool,
    may_close: bool,
}

fn row(tx: &mut Tx<'_>, shell: &Shell, one: &Offer) -> Result<Row, Fault> {
    Ok(Row {
        href: format!("/desk/offers/{}", one.id),
        party: identity::shown_name(tx, one.party)?,
        period: one.period.to_string(),
        amount: one.amount.map_or_else(String::new, |sum| yuan(shell, sum)),
        state: shell.t(&format!("offer.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        on: one.offered_on.to_string(),
    })
}

pub(crate) async fn show_scheme(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Path(id): Path<SchemeId>,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let show = asked.show.parse().unwrap_or(OfferStatus::Confirmed);
    let (after, most) = (paging.after::<OfferId>()?, paging.limit_and_one());
    let (lang, me) = (shell.clone(), by.clone());
    let (scheme, view, rows, lists) = app
        .read(move |tx| {
            let scheme = use_cases::scheme(tx, id)?;
            let view = scheme_view(tx, &lang, &scheme)?;
            let mut rows = Vec::new();
            for one in use_cases::of_scheme(tx, &me, id, show, after, most)? {
                rows.push((one.id, row(tx, &lang, &one)?));
            }
            let mut lists = Vec::new();
            for one in use_cases::lists(tx, id)? {
                lists.push(ListRow {
                    href: format!("/desk/offers/lists/{}", one.id),
                    on: one.drawn_on.to_string(),
                    count: one.count,
                    total: yuan(&lang, one.total),
                });
            }
            Ok((scheme, view, rows, lists))
        })
        .await?;
    let base = format!("/desk/offers/schemes/{id}");
    let here = format!("{base}?show={show}");
    let listed = paging.page(rows, |(id, _)| *id)?;
    let ours = by.organ() == Some(scheme.organ);
    let checks = [Role::Reviewer, Role::LegalReviewer, Role::Decider];
    let open = scheme.closed_on.is_none();
    let tabs = Link::tabs(OfferStatus::ALL.iter().copied(), &show, |status| {
        Link::to(
            format!("{base}?show={status}"),
            shell.t(&format!("offer.state_{status}")),
        )
    });
    page(&SchemePage {
        tabs,
        onward: listed.onward(&here),
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start(&here),
        may_run: open && ours && checks.iter().any(|role| by.has(*role)),
        may_list: ours && by.has(Role::Decider) && scheme.kind == SchemeKind::Benefit,
        may_close: open && (by.has(Role::HallManager) || ours && by.has(Role::Decider)),
        scheme: view,
        lists,
        base,
        shell,
    })
}

/// Looks at all parties, a batch a transaction.
pub(crate) async fn run_all(app: &App, by: &Officer, id: SchemeId) -> Result<Run, Fault> {
    let mut all = Run::default();
    let mut from: Option<PersonId> = None;
    loop {
        let me = by.clone();
        let done = app
            .write(by, move |tx| match_some(tx, &me, id, from))
            .await?;
        all.looked += done.looked;
        all.made += done.made;
        from = done.next;
        if from.is_none() {
            break;
        }
    }
    let (me, looked, made) = (by.clone(), all.looked, all.made);
    app.write(by, move |tx| {
        note_run(tx, &me, id, looked, made).map(|_| ())
    })
    .await?;
    Ok(all)
}

pub(crate) async fn run_scheme(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<SchemeId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let run = run_all(&app, &by, id).await?;
    let said = [
        ("looked", run.looked.to_string()),
        ("made", run.made.to_string()),
    ];
    let back = redirect(format!("/desk/offers/schemes/{id}?show=offered"));
    Ok(back.flash(shell.say("offer.ran", &said)).into_response())
}

pub(crate) async fn draw_list(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<SchemeId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| use_cases::draw_list(tx, &me, id);
    let list = app.write_once(&by, &once, work).await?;
    let back = redirect(format!("/desk/offers/lists/{list}"));
    Ok(back.flash(shell.t("offer.list_drawn")).into_response())
}

pub(crate) async fn close_scheme(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<SchemeId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| use_cases::close(tx, &me, id).map(|_| ());
    app.write_once(&by, &once, work).await?;
    let back = redirect(format!("/desk/offers/schemes/{id}"));
    Ok(back.flash(shell.t("offer.noted")).into_response())
}

#[derive(Template)]
#[template(path = "offer/desk_offer.html")]
struct OfferPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    revision: i64,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    may_decide: bool,
    barred: bool,
    may_pay: bool,
    may_check: bool,
    decisions: Vec<Choice>,
    payments: Vec<Choice>,
    verdicts: Vec<Choice>,
}

async fn offer_page(
    app: &App,
    by: &Officer,
    id: OfferId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OfferPage> {
    let (lang, me) = (shell.clone(), by.clone());
    let (one, title, facts, revision) = app
        .read(move |tx| {
            let one = use_cases::visible(tx, &me, id)?;
            let scheme = use_cases::scheme(tx, one.scheme)?;
            let content = use_cases::content(tx, &scheme)?;
            let facts = facts(tx, &lang, &one)?;
            let lines = ledger::lines_of(tx, id)?;
            let revision = lines.last().map_or(0, |line| line.revision);
            Ok((one, content.name.get(lang.lang).to_owned(), facts, revision))
        })
        .await?;
    let ours = by.organ() == Some(one.organ);
    let checks = [Role::Reviewer, Role::LegalReviewer, Role::Decider];
    let checks = ours && checks.iter().any(|role| by.has(*role));
    let confirmed = one.status == OfferStatus::Confirmed && ours && by.has(Role::Decider);
    let barred = one.matched_by == Some(by.id);
    let choices = |name: &str, words: [&str; 2]| {
        let labelled =
            words.map(|word| (word, shell.t(&format!("offer.{name}_{word}")).to_owned()));
        Choice::list(labelled, typed.get(name))
    };
    Ok(OfferPage {
        base: format!("/desk/offers/{id}"),
        state: shell.t(&format!("offer.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        may_decide: confirmed && !barred,
        barred: confirmed && barred,
        may_pay: checks && one.status == OfferStatus::Listed,
        may_check: checks && one.status == OfferStatus::Paid && one.drawn && one.finding.is_none(),
        decisions: choices("granted", ["true", "false"]),
        payments: choices("paid", ["true", "false"]),
        verdicts: choices("upheld", ["true", "false"]),
        title,
        facts,
        revision,
        typed,
        problems,
        shell,
    })
}

fn facts(tx: &mut Tx<'_>, shell: &Shell, one: &Offer) -> Result<Vec<Fact>, Fault> {
    let rules: Vec<String> = one.ruling.rules.iter().map(ToString::to_string).collect();
    let rule = [
        ("table", one.ruling.table.to_string()),
        ("rules", rules.join(", ")),
    ];
    let party = identity::shown_name(tx, one.party)?;
    let mut facts = vec![
        Fact::plain(shell.t("offer.party"), party),
        Fact::plain(shell.t("offer.period"), one.period.to_string()),
        Fact::plain(shell.t("offer.rule"), shell.say("offer.rule_text", &rule)),
        Fact::plain(shell.t("offer.offered_on"), one.offered_on.to_string()),
    ];
    let mut put = |key: &str, value: String| facts.push(Fact::plain(shell.t(key), value));
    if let Some(sum) = one.amount {
        put("offer.amount", yuan(shell, sum));
    }
    if let Some(day) = one.due {
        put("offer.due", day.to_string());
    }
    if let Some(day) = one.paid_on {
        put("offer.paid_on", day.to_string());
    }
    if let Some(number) = &one.number {
        put("offer.number", number.to_string());
    }
    for (officer, key) in [
        (one.matched_by, "offer.matched_by"),
        (one.decided_by, "offer.decided_by"),
    ] {
        if let Some(officer) = officer {
            let name = identity::officer_name(tx, officer)?;
            put(key, name);
        }
    }
    for (words, key) in [
        (Some(one.ruling.inputs), "offer.inputs"),
        (one.reason, "offer.reason"),
        (one.finding, "offer.finding"),
    ] {
        if let Some(words) = words {
            put(key, ledger::read_text(tx, &words)?.unwrap_or_default());
        }
    }
    Ok(facts)
}

pub(crate) async fn show_offer(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OfferId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&offer_page(&app, &by, id, shell, Fields::default(), none).await?)
}

/// Yes or no, and why.
pub(crate) struct Said {
    yes: bool,
    words: Option<String>,
}

/// A choice and a text that goes with it, each under its own name.
fn said(form: &mut FormReader<'_>, choice: &str, words: &str, always: bool) -> Option<Said> {
    let yes = form.parsed::<bool>(choice, "field.choice");
    let needs_words = always || yes == Some(false);
    let words = match needs_words {
        true => Some(form.text(words, 2000)?),
        false => None,
    };
    Some(Said { yes: yes?, words })
}

pub(crate) struct Decision(Said);

impl ReadForm for Decision {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        said(form, "granted", "reason", false).map(Self)
    }
}

pub(crate) struct Payment(Said);

impl ReadForm for Payment {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        said(form, "paid", "reason", false).map(Self)
    }
}

pub(crate) struct Finding(Said);

impl ReadForm for Finding {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        said(form, "upheld", "finding", true).map(Self)
    }
}

pub(crate) async fn decide_offer(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OfferId>,
    form: Form<Decision>,
) -> Reply<Response> {
    let work = form.command.map(|Decision(said)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::settle(tx, by, id, said.yes, said.words.as_deref()).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn note_payment(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OfferId>,
    form: Form<Payment>,
) -> Reply<Response> {
    let work = form.command.map(|Payment(said)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::note_payment(tx, by, id, said.words.as_deref()).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn check_offer(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<OfferId>,
    form: Form<Finding>,
) -> Reply<Response> {
    let work = form.command.map(|Finding(said)| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            let words = said.words.as_deref().unwrap_or_default();
            use_cases::check(tx, by, id, said.yes, words).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

async fn carry_out(
    app: App,
    by: Officer,
    id: OfferId,
    shell: Shell,
    once: OnceToken,
    typed: Fields,
    work: Result<impl Fn(&mut Tx<'_>, &Officer) -> Result<(), Fault> + Send + 'static, Fault>,
) -> Reply<Response> {
    let (seen, me) = (typed.revision(), by.clone());
    let work = work.map(|work| {
        move |tx: &mut Tx<'_>| {
            ledger::unchanged_since(tx, id, seen)?;
            work(tx, &me)
        }
    });
    let done = app.write_form(&by, &once, work).await;
    let onward = redirect(format!("/desk/offers/{id}")).flash(shell.t("offer.noted"));
    let again =
        async |again: Again| offer_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, |_| None, again).await
}
