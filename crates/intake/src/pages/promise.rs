//! Pledges while an application is written, and handing in afterwards what one owes. The same pages
//! serve a person at home and a clerk who writes for a visitor.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, TypedId};
use pledge::PledgeKind;
use web::parts::{Choice, Link, Step};
use web::{
    Again, App, Fields, Form, FormReader, OnceToken, Path, Problems, ReadForm, Reply, Shell,
    Visitor, answer_form, invalid, page, redirect,
};

use super::apply::{Open, crumbs, open, steps};
use super::files::{MaterialView, SentFiles, keep_all, material_view, store_all};
use super::{who, wrong_fields};
use crate::model::{ApplicationId, By};
use crate::promise::Offer;

/// A mode that may be chosen, with what it would be pledged for.
struct OfferView {
    kind: String,
    name: &'static str,
    terms: String,
    basis: String,
    statement: String,
    materials: Vec<Choice>,
    fields: Vec<String>,
    signed: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "intake/pledges.html")]
struct PledgesPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    problems: Problems,
    typed: Fields,
    offers: Vec<OfferView>,
}

async fn pledges_page(
    app: &App,
    by: By,
    id: ApplicationId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<PledgesPage> {
    let Open { version, .. } = open(app, by, id).await?;
    let (offers, draft) = app
        .read(move |tx| Ok((crate::offers(tx, &by, id)?, crate::draft(tx, &by, id)?)))
        .await?;
    let content = &version.content;
    let scenario = match catalogue::scenario::reach(content, &draft.picks) {
        Ok(catalogue::scenario::Reached::Scenario(asked)) => asked.scenario.id.clone(),
        Ok(catalogue::scenario::Reached::Ask(_)) | Err(_) => String::new(),
    };
    let view = |offer: &Offer| offer_view(&shell, content, &scenario, offer);
    Ok(PledgesPage {
        crumbs: crumbs(&shell, &version),
        steps: steps(&shell, 4),
        base: format!("/apply/drafts/{id}"),
        offers: offers.iter().filter_map(view).collect(),
        typed,
        problems,
        shell,
    })
}

fn offer_view(
    shell: &Shell,
    content: &catalogue::model::ItemContent,
    scenario: &str,
    offer: &Offer,
) -> Option<OfferView> {
    let mode = content.mode(pledge::mode_of(offer.kind), scenario)?;
    let named = |id: &String| {
        let name = content.material(id)?.name.get(shell.lang).to_owned();
        Some((id.clone(), name))
    };
    let fields = mode.fields.iter().filter_map(|name| content.field(name));
    let days = mode.make_up_workdays.unwrap_or(0).to_string();
    Some(OfferView {
        kind: offer.kind.to_string(),
        name: mode.kind.name(shell.lang),
        terms: mode.terms.get(shell.lang).to_owned(),
        basis: mode.basis.citation(),
        statement: match offer.kind {
            PledgeKind::Tolerant => shell.say("intake.pledge_tolerant", &[("days", days)]),
            PledgeKind::Promise => shell.t("intake.pledge_promise").to_owned(),
        },
        materials: Choice::list(offer.materials.iter().filter_map(named), ""),
        fields: fields
            .map(|field| field.label.get(shell.lang).to_owned())
            .collect(),
        signed: offer
            .signed
            .as_ref()
            .map_or_else(String::new, |one| one.signed_on.to_string()),
        open: offer.signed.is_none() && (!offer.materials.is_empty() || !mode.fields.is_empty()),
    })
}

pub(super) async fn show_pledges(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let none = Problems::none();
    page(&pledges_page(&app, by, id, shell, Fields::default(), none).await?)
}

/// A signature.
pub(super) struct Signature {
    kind: PledgeKind,
    materials: Vec<String>,
    name: String,
}

impl ReadForm for Signature {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let kind = form.word("kind");
        let materials = form.fields().all("materials").map(str::to_owned).collect();
        let name = form.text("name", 100);
        let agreed = form.consent("agreed");
        agreed?;
        Some(Self {
            kind: kind?,
            materials,
            name: name?,
        })
    }
}

pub(super) async fn sign(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Signature>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let done = match form.command {
        Ok(Signature {
            kind,
            materials,
            name,
        }) => {
            let work = move |tx: &mut Tx<'_>| {
                crate::sign_pledge(tx, &by, id, kind, materials.clone(), &name).map(|_| ())
            };
            app.write_once(&visitor, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let onward = done.map(|()| {
        redirect(format!("/apply/drafts/{id}/check")).flash(shell.t("intake.pledge_signed"))
    });
    let again = async |again: Again| {
        pledges_page(&app, by, id, shell.clone(), form.fields, again.problems).await
    };
    answer_form(onward, &shell, |_| None, again).await
}

#[derive(Template)]
#[template(path = "intake/make_up.html")]
struct MakeUpPage {
    shell: Shell,
    action: String,
    number: String,
    due: String,
    problems: Problems,
    materials: Vec<MaterialView>,
}

async fn make_up_page(
    app: &App,
    by: By,
    id: ApplicationId,
    shell: Shell,
    problems: Problems,
) -> Reply<MakeUpPage> {
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &by, id)?;
        let version = crate::version_of(tx, &application)?;
        let pledges = pledge::of_application(tx, id.uuid())?;
        Ok((application, version, pledges))
    });
    let (application, version, pledges) = read.await?;
    let owing: Vec<_> = pledges.iter().filter(|one| one.is_owing()).collect();
    if owing.is_empty() {
        return Err(Fault::from(crate::Refusal::NothingOwed).into());
    }
    let scenario = crate::requirements_of(&version, &application)?;
    let all = &version.content.materials;
    let owed = |id: &str| {
        let at = all.iter().position(|known| known.id == id);
        at.is_some_and(|at| {
            let mut owed = owing.iter().flat_map(|one| &one.owed);
            owed.any(|one| usize::from(*one) == at)
        })
    };
    let lines = scenario.materials.lines().iter();
    let lines = lines.filter(|line| owed(&line.material.id));
    let due = owing.iter().filter_map(|one| one.due).min();
    Ok(MakeUpPage {
        action: match by {
            By::Person(_) => format!("/my/applications/{id}/make_up"),
            By::Clerk { .. } | By::Other => format!("/desk/intake/{id}/make_up"),
        },
        number: application.number.to_string(),
        due: due.map_or_else(String::new, |due| due.to_string()),
        materials: lines
            .map(|line| material_view(&shell, line, Vec::new(), &problems))
            .collect(),
        problems,
        shell,
    })
}

pub(super) async fn show_make_up(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let by = who(&visitor)?;
    page(&make_up_page(&app, by, id, shell, Problems::none()).await?)
}

pub(super) async fn make_up(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<SentFiles>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let done = match form.command {
        Err(fault) => Err(fault),
        Ok(SentFiles(files)) => match store_all(&app, files).await {
            Err(fault) => Err(fault),
            Ok(arrived) => {
                let work = move |tx: &mut Tx<'_>| {
                    let files = keep_all(tx, &by, &arrived)?;
                    crate::make_up(tx, &by, id, files).map(|_| ())
                };
                app.write_once(&visitor, &once, work).await
            }
        },
    };
    match done {
        Ok(()) => {
            let to = match by {
                By::Person(_) => format!("/my/applications/{id}"),
                By::Clerk { .. } | By::Other => format!("/desk/intake/{id}"),
            };
            let back = redirect(to);
            Ok(back.flash(shell.t("intake.made_up")).into_response())
        }
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&make_up_page(&app, by, id, shell, problems).await?)
        }
    }
}
