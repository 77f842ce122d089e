//! The guide 办事指南 of an item: one page that says who can apply, with what, how long it takes,
//! what it costs and on what ground. The questions that lead to a scenario are links, so that
//! they work without JavaScript; the list of materials is the one of `scenario`.

mod facts;
mod modes;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use web::parts::{Fact, Link};
use web::{App, Path, Query, Reply, Shell, page};

use crate::model::{Fee, ItemContent, LegalBasis};
use crate::scenario::{MaterialLine, PICK, Picks, Reached, Requirements, picks_among, reach};
use crate::view::{limit, maybe, text};
use crate::{Version, find, view};
use facts::{contact, facts, remedies};

struct MaterialView {
    name: String,
    necessity: String,
    required: bool,
    what: String,
    source: String,
    notes: Vec<String>,
}

struct FeeView {
    name: String,
    standard: String,
    basis: String,
    reduction: String,
}

struct StepView {
    name: String,
    post: String,
    limit: String,
    standard: String,
    result: String,
}

struct AnswerView {
    question: String,
    answer: String,
}

/// The question that comes next, its answers as links.
struct AskView {
    question: String,
    help: String,
    options: Vec<Link>,
}

struct NeedsView {
    scenario: String,
    materials: Vec<MaterialView>,
    fees: Vec<FeeView>,
}

#[derive(Template)]
#[template(path = "catalogue/guide.html")]
struct GuidePage {
    shell: Shell,
    crumbs: Vec<Link>,
    title: String,
    summary: String,
    kind: String,
    online: bool,
    listed: bool,
    apply: String,
    again: String,
    facts: Vec<Fact>,
    conditions: Vec<String>,
    answered: Vec<AnswerView>,
    ask: Option<AskView>,
    needs: Option<NeedsView>,
    limits: Vec<Fact>,
    free: bool,
    picture: String,
    steps: Vec<StepView>,
    special: Vec<String>,
    modes: Vec<modes::ModeView>,
    bases: Vec<String>,
    faq: Vec<AnswerView>,
    contact: Vec<Fact>,
    remedies: Vec<Fact>,
    version: String,
}

pub(crate) async fn show_guide(
    app: App,
    shell: Shell,
    Path(code): Path<String>,
    Query(sent): Query<BTreeMap<String, String>>,
) -> Reply<Response> {
    let wanted = code.clone();
    let (version, way) = app
        .read(move |tx| {
            let today = tx.today();
            let found = find::published_by_code(tx, &wanted, today)?;
            let version = found.ok_or(Fault::NotFound { what: "item" })?;
            let way = way(tx, &version.content)?;
            Ok((version, way))
        })
        .await?;
    let content = &version.content;
    let sent = sent.iter();
    let picks = picks_among(sent.map(|(name, option)| (name.as_str(), option.as_str())));
    let picture = way.map_or_else(String::new, |way| picture(&shell, content, &way));
    let shown = guide(shell, &version, content, picks)?;
    page(&GuidePage { picture, ..shown })
}

fn guide(
    shell: Shell,
    version: &Version,
    content: &Arc<ItemContent>,
    mut picks: Picks,
) -> Result<GuidePage, Fault> {
    let full = content.takes_applications();
    let here = view::href(content);
    let Led { ask, needs, limits } = lead(&shell, content, &mut picks);
    let code = view::path_part(content.codes.key().unwrap_or_default());
    // What was answered here is not asked again: the application begins with it.
    let apply = match (full, picks.is_empty()) {
        (false, _) => String::new(),
        (true, false) => format!("/apply/{code}?{}", query(&picks)),
        (true, true) => format!("/apply/{code}"),
    };
    let number = version.number.to_string();
    let effective = version.effective.to_string();
    let params = [("number", number), ("effective", effective)];
    Ok(GuidePage {
        crumbs: crumbs(&shell, content),
        title: text(&shell, &content.name),
        summary: maybe(&shell, content.summary.as_ref()),
        kind: content.item_type.name(shell.lang).to_owned(),
        online: full,
        listed: !full,
        apply,
        again: here,
        facts: facts(&shell, content),
        conditions: content
            .conditions
            .iter()
            .map(|one| text(&shell, one))
            .collect(),
        answered: answered(&shell, content, &picks),
        ask,
        needs,
        limits,
        free: full && content.fees.is_empty(),
        picture: String::new(),
        steps: steps(&shell, content),
        special: special(&shell, content),
        modes: modes::views(&shell, content),
        bases: content.legal_basis.iter().map(basis).collect(),
        faq: content
            .faq
            .iter()
            .map(|faq| AnswerView {
                question: text(&shell, &faq.question),
                answer: text(&shell, &faq.answer),
            })
            .collect(),
        contact: contact(&shell, content),
        remedies: remedies(&shell, content),
        version: shell.say("catalogue.version_line", &params),
        shell,
    })
}

/// Where the answers so far lead.
struct Led {
    ask: Option<AskView>,
    needs: Option<NeedsView>,
    limits: Vec<Fact>,
}

fn lead(shell: &Shell, content: &ItemContent, picks: &mut Picks) -> Led {
    let full = content.takes_applications();
    let here = view::href(content);
    let mut reached = reach(content, picks);
    if full && reached.is_err() {
        // An answer that the item does not know: begin again.
        picks.clear();
        reached = reach(content, picks);
    }
    let mut limits = Vec::new();
    let (ask, needs) = match reached {
        Ok(Reached::Ask(question)) => {
            let options = question.options.iter().map(|option| {
                let mut next = picks.clone();
                next.insert(question.id.clone(), option.id.clone());
                let address = format!("{here}?{}#materials", query(&next));
                Link::to(address, text(shell, &option.label))
            });
            let ask = AskView {
                question: text(shell, &question.text),
                help: maybe(shell, question.help.as_ref()),
                options: options.collect(),
            };
            (Some(ask), None)
        }
        Ok(Reached::Scenario(needs)) => {
            limits = limits_of(shell, &needs);
            (None, Some(needs_view(shell, &needs)))
        }
        // A listed item has no scenarios; a published full one always has.
        Err(_) => (None, None),
    };
    Led { ask, needs, limits }
}

fn query(picks: &Picks) -> String {
    let pairs: Vec<String> = picks
        .iter()
        .map(|(question, option)| {
            let (question, option) = (view::path_part(question), view::path_part(option));
            format!("{PICK}{question}={option}")
        })
        .collect();
    pairs.join("&")
}

fn crumbs(shell: &Shell, content: &ItemContent) -> Vec<Link> {
    let mut crumbs = vec![Link::to("/", shell.t("catalogue.home"))];
    let topics = crate::shipped::topics();
    let topic = content
        .topics
        .iter()
        .find_map(|id| topics.iter().find(|topic| topic.id == *id));
    crumbs.push(match topic {
        Some(topic) => {
            let name = shell.language().pick(topic.zh, topic.en);
            Link::to(format!("/themes/{}", topic.id), name)
        }
        None => Link::to("/items", shell.t("catalogue.items")),
    });
    crumbs
}

/// The answers given so far, in the order of the questions.
fn answered(shell: &Shell, content: &ItemContent, picks: &Picks) -> Vec<AnswerView> {
    let answer = |question: &crate::model::Question| {
        let picked = picks.get(&question.id)?;
        let option = question
            .options
            .iter()
            .find(|option| option.id == *picked)?;
        Some(AnswerView {
            question: text(shell, &question.text),
            answer: text(shell, &option.label),
        })
    };
    content.questions.iter().filter_map(answer).collect()
}

/// The limits of a scenario, with the article that sets the statutory one.
fn limits_of(shell: &Shell, needs: &Requirements<'_>) -> Vec<Fact> {
    let mut limits = Vec::new();
    if let Some(promised) = needs.promised {
        let words = promised.words(shell.lang);
        limits.push(Fact::plain(shell.t("catalogue.fact.promised"), words));
    }
    if let Some(statutory) = needs.statutory {
        let words = limit(shell, statutory.limit);
        let words = match &statutory.basis {
            Some(basis) => format!("{words} · {}", basis.citation()),
            None => words,
        };
        limits.push(Fact::plain(shell.t("catalogue.fact.statutory"), words));
    }
    limits
}

fn needs_view(shell: &Shell, needs: &Requirements<'_>) -> NeedsView {
    NeedsView {
        scenario: text(shell, &needs.scenario.name),
        materials: needs
            .materials
            .lines()
            .iter()
            .map(|line| material(shell, line))
            .collect(),
        fees: needs.fees.iter().map(|one| fee(shell, one)).collect(),
    }
}

fn material(shell: &Shell, line: &MaterialLine<'_>) -> MaterialView {
    let one = line.material;
    let necessity = line.requirement.necessity;
    let mut what = vec![one.form.name(shell.lang).to_owned()];
    let counts = one.counts(shell.lang);
    if !counts.is_empty() {
        what.push(counts);
    }
    what.extend(one.paper_size.clone());
    let said = [
        &line.requirement.note,
        &one.filling_note,
        &one.acceptance_standard,
        &one.source_note,
    ];
    let mut notes: Vec<String> = said
        .into_iter()
        .flatten()
        .map(|note| text(shell, note))
        .collect();
    notes.extend(one.legal_basis.as_ref().map(LegalBasis::citation));
    let source = match &one.issuing_body {
        Some(body) => format!("{} · {}", one.source.name(shell.lang), text(shell, body)),
        None => one.source.name(shell.lang).to_owned(),
    };
    MaterialView {
        name: text(shell, &one.name),
        required: necessity == crate::model::kind::Necessity::Required,
        necessity: necessity.name(shell.lang).to_owned(),
        what: what.join(shell.language().pick("，", ", ")),
        source,
        notes,
    }
}

fn fee(shell: &Shell, fee: &Fee) -> FeeView {
    FeeView {
        name: text(shell, &fee.name),
        standard: text(shell, &fee.standard),
        basis: fee
            .basis
            .as_ref()
            .map(LegalBasis::citation)
            .unwrap_or_default(),
        reduction: maybe(
            shell,
            fee.reduction.as_ref().map(|reduction| &reduction.who),
        ),
    }
}

fn steps(shell: &Shell, content: &ItemContent) -> Vec<StepView> {
    let Some(handling) = &content.handling else {
        return Vec::new();
    };
    let view = |step: &crate::model::Step| StepView {
        name: text(shell, &step.name),
        post: text(shell, &step.post),
        limit: text(shell, &step.limit),
        standard: text(shell, &step.standard),
        result: text(shell, &step.result),
    };
    handling.steps.iter().map(view).collect()
}

fn special(shell: &Shell, content: &ItemContent) -> Vec<String> {
    let Some(handling) = &content.handling else {
        return Vec::new();
    };
    let line = |special: &crate::model::SpecialProcedure| {
        let params = [
            ("kind", special.kind.name(shell.lang).to_owned()),
            ("when", text(shell, &special.when)),
            ("days", special.workdays_max.to_string()),
            ("basis", special.basis.citation()),
        ];
        shell.say("catalogue.special_line", &params)
    };
    handling.special_procedures.iter().map(line).collect()
}

fn basis(basis: &LegalBasis) -> String {
    match &basis.quote {
        Some(quote) => format!("{}：{quote}", basis.citation()),
        None => basis.citation(),
    }
}

/// The process by which a case of this item would begin today; none when it names none in force.
fn way(tx: &mut Tx<'_>, content: &ItemContent) -> Result<Option<Arc<procedure::Edition>>, Fault> {
    let Some(handling) = &content.handling else {
        return Ok(None);
    };
    let today = tx.today();
    match procedure::in_force(tx, &handling.procedure, today)? {
        Some(name) => procedure::edition(tx, &name.to_string()).map(Some),
        None => Ok(None),
    }
}

/// The way of a case as a picture, drawn from the process that really runs it.
fn picture(shell: &Shell, content: &ItemContent, way: &procedure::Edition) -> String {
    way.picture(content.name.get(shell.lang), shell.language(), &[])
}
