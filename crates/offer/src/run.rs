//! Publishing a scheme, and the match 匹配: what the rule of a scheme answers for every party
//! that the hall knows, a batch at a time.

use std::sync::Arc;

use case::Code;
use catalogue::model::kind::ModeKind;
use catalogue::model::{GRANT, ModeTable, PARTY_FACTS};
use catalogue::{Version, check};
use db::Tx;
use decision::RuleTable;
use kernel::{Fault, PersonId, Problem};
use ledger::keep_text;
use serde_json::{Map, Value};
use web::Officer;

use crate::decide::{self, Made, Published, SchemeCommand, SchemeFacts, Who};
use crate::known::known;
use crate::model::{Match, Offer, OfferId, Period, Scheme, SchemeContent, SchemeId, SchemeKind};
use crate::store;
use crate::use_cases::{after, content, officer, scheme, watch};

/// How many parties a transaction looks at.
pub const BATCH: usize = 100;

/// Publishes a scheme 公布.
///
/// # Errors
/// [`Fault::Invalid`] with what is wrong with the rule, gaps with an example; the rule that
/// says no.
pub fn publish(
    tx: &mut Tx<'_>,
    by: Option<&Officer>,
    new: &SchemeContent,
) -> Result<SchemeId, Fault> {
    problems(new)?;
    let organ = identity::organ_by_uscc(tx, &new.body)?;
    let organ = organ.ok_or_else(|| Fault::invalid("body", "offer.no_such_organ"))?;
    let today = tx.today();
    let item = match &new.item {
        Some(code) => catalogue::published_by_code(tx, code, today)?,
        None => None,
    };
    let who = match by {
        Some(by) => officer(by)?,
        None => Who::House,
    };
    let taken = store::scheme_by_code(tx, &new.code)?.is_some();
    let id: SchemeId = tx.new_id();
    let text = serde_json::to_string(new).map_err(Fault::broken)?;
    let published = Published {
        kind: new.kind,
        code: code_of(&new.code)?,
        organ: organ.id,
        item: item.as_ref().map(|version| version.item),
        content: keep_text(tx, id, None, &text)?,
        amount: new.amount,
        budget: new.budget,
        on: today,
        by: by.map(|by| by.id),
    };
    let listed = item.is_some_and(|version| silent_scenario(&version).is_some());
    let event = decide::publish(published, taken, listed, who)?;
    ledger::open::<Scheme>(tx, id, vec![event])?;
    Ok(id)
}

fn code_of(text: &str) -> Result<Code, Fault> {
    Code::try_from(text.to_owned()).map_err(|_| Fault::invalid("code", "offer.code_wrong"))
}

/// What is wrong with the data of a scheme, beside the rules of `decide`.
fn problems(new: &SchemeContent) -> Result<(), Fault> {
    let mut wrong = Vec::new();
    let mut need = |holds: bool, field: &str, code: &'static str| {
        if !holds {
            wrong.push(Problem::new(field, code));
        }
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let named = (1..=40).contains(&new.code.len()) && new.code.chars().all(plain);
    need(named, "code", "offer.code_wrong");
    need(!new.name.is_blank(), "name", "field.required");
    need(!new.terms.is_blank(), "terms", "field.required");
    let grounded = !new.basis.law.trim().is_empty() && !new.basis.article.trim().is_empty();
    need(grounded, "basis", "offer.basis_missing");
    let days = (1..=365).contains(&new.answer_workdays);
    need(days, "answer_workdays", "offer.days_wrong");
    let share = (1..=100).contains(&new.sample_percent);
    need(share, "sample_percent", "offer.share_wrong");
    let benefit = new.kind == SchemeKind::Benefit;
    need(
        benefit == new.table.is_some(),
        "table",
        "offer.table_missing",
    );
    need(benefit != new.item.is_some(), "item", "offer.item_missing");
    need(
        benefit == new.period.is_some(),
        "period",
        "offer.period_missing",
    );
    if let Some(table) = &new.table {
        let known = |name: &str| PARTY_FACTS.contains(&name);
        let found = check::tables::findings(table, &known, "table");
        let errors = found
            .into_iter()
            .filter(|one| one.severity == check::Severity::Error);
        wrong.extend(errors.map(|one| Problem {
            field: one.place,
            code: one.code,
            params: one.params.into_iter().collect(),
        }));
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Fault::Invalid(wrong)),
    }
}

/// The scenario for which a version lists 无感审批; none for a safety item, whatever it lists.
#[must_use]
pub fn silent_scenario(version: &Version) -> Option<&str> {
    let content = &version.content;
    let mut scenarios = content.scenarios.iter();
    let found = scenarios.find(|one| {
        let mode = content.mode(ModeKind::Silent, &one.id);
        mode.is_some_and(|mode| mode.table.is_some())
    });
    found
        .filter(|_| !content.safety_item)
        .map(|one| one.id.as_str())
}

/// What a batch of a match did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    /// How many parties were looked at.
    pub looked: u32,
    /// How many offers were made.
    pub made: u32,
    /// Where to go on; none when all were looked at.
    pub next: Option<PersonId>,
}

/// The rule of a scheme, ready.
struct Rule {
    table: Arc<RuleTable>,
    written: ModeTable,
    /// For an item: its code and version, so that nobody is offered what they have.
    item: Option<Arc<Version>>,
    days: u32,
    period: Option<Period>,
    listed: bool,
}

/// Looks at a batch of parties and makes offers to those whom the rule grants it and who have none.
///
/// # Errors
/// The rule that says no: closed, or not of the organ.
pub fn match_some(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SchemeId,
    from: Option<PersonId>,
) -> Result<Run, Fault> {
    let scheme = scheme(tx, id)?;
    let who = officer(by)?;
    let runner = scheme.runner(who)?;
    let rule = rule(tx, &scheme)?;
    let people = identity::person_ids(tx, from, BATCH)?;
    let mut run = Run {
        next: people.last().copied().filter(|_| people.len() == BATCH),
        ..Run::default()
    };
    for person in people {
        run.looked += 1;
        if propose(tx, &scheme, &rule, Some(runner), person)?.is_some() {
            run.made += 1;
        }
    }
    Ok(run)
}

/// Notes that a match came to its end.
///
/// # Errors
/// The rule that says no.
pub fn note_run(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SchemeId,
    looked: u32,
    made: u32,
) -> Result<Scheme, Fault> {
    let facts = SchemeFacts {
        today: tx.today(),
        who: officer(by)?,
    };
    let command = SchemeCommand::NoteRun { looked, made };
    Ok(ledger::perform::<Scheme>(tx, id, command, &facts)?.record)
}

/// Makes one party an offer by hand, by the same rule: also twice, which is refused.
///
/// # Errors
/// The rule that says no: not matched, offered already.
pub fn offer_to(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SchemeId,
    party: PersonId,
) -> Result<OfferId, Fault> {
    let scheme = scheme(tx, id)?;
    let runner = scheme.runner(officer(by)?)?;
    let rule = rule(tx, &scheme)?;
    let card = identity::person(tx, party)?;
    let today = tx.today();
    let facts = known(tx, &card, today)?;
    let rules = answer(&rule, &facts);
    make(tx, &scheme, &rule, Some(runner), party, &facts, rules)
}

fn rule(tx: &mut Tx<'_>, scheme: &Scheme) -> Result<Rule, Fault> {
    let content = content(tx, scheme)?;
    let today = tx.today();
    let item = match (scheme.kind, scheme.item) {
        (SchemeKind::Silent, Some(item)) => catalogue::published(tx, item, today)?,
        _ => None,
    };
    let scenario = item.as_deref().and_then(silent_scenario);
    let mode = item
        .as_deref()
        .zip(scenario)
        .and_then(|(version, scenario)| version.content.mode(ModeKind::Silent, scenario));
    let written = match scheme.kind {
        SchemeKind::Benefit => content.table,
        SchemeKind::Silent => mode.and_then(|mode| mode.table.clone()),
    };
    // The item may have been published anew without the mode.
    let written = written.ok_or(crate::Refusal::ItemNotListed)?;
    let days = mode.and_then(|mode| mode.objection_workdays);
    Ok(Rule {
        table: Arc::new(RuleTable::parse(&written.dmn).map_err(Fault::broken)?),
        days: days.unwrap_or(content.answer_workdays),
        period: content.period,
        listed: content.listed,
        written,
        item,
    })
}

/// The rules that grant it; empty when none does.
fn answer(rule: &Rule, facts: &Map<String, Value>) -> Vec<u16> {
    let ruled = rule.table.rule(&rule.table.inputs_of(facts));
    match ruled {
        Ok(ruled) if ruled.answer == GRANT => ruled.matched,
        // What the rule does not know grants nothing; nobody is refused by it.
        Ok(_) | Err(_) => Vec::new(),
    }
}

fn propose(
    tx: &mut Tx<'_>,
    scheme: &Scheme,
    rule: &Rule,
    by: Option<kernel::OfficerId>,
    party: PersonId,
) -> Result<Option<OfferId>, Fault> {
    // Erased meanwhile: there is nobody to offer anything to.
    let card = match identity::person(tx, party) {
        Ok(card) => card,
        Err(Fault::NotFound { .. }) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let today = tx.today();
    let facts = known(tx, &card, today)?;
    let rules = answer(rule, &facts);
    let period = rule.period.unwrap_or(Period::Once).of(today);
    if rules.is_empty() || has_it(rule, &facts) || store::has_offer(tx, scheme.id, party, &period)?
    {
        return Ok(None);
    }
    make(tx, scheme, rule, by, party, &facts, rules).map(Some)
}

/// Whether the party has the item of the scheme already.
fn has_it(rule: &Rule, facts: &Map<String, Value>) -> bool {
    let code = rule.item.as_ref().and_then(|item| item.content.codes.key());
    let Some(code) = code else {
        return false;
    };
    ["granted", "certificates"].iter().any(|name| {
        let list = facts.get(*name).and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|one| one == code))
    })
}

fn make(
    tx: &mut Tx<'_>,
    scheme: &Scheme,
    rule: &Rule,
    by: Option<kernel::OfficerId>,
    party: PersonId,
    facts: &Map<String, Value>,
    rules: Vec<u16>,
) -> Result<OfferId, Fault> {
    let today = tx.today();
    let period = rule.period.unwrap_or(Period::Once).of(today);
    let has_one = store::has_offer(tx, scheme.id, party, &period)?;
    let id: OfferId = tx.new_id();
    let inputs = rule.table.inputs_of(facts);
    let inputs = serde_json::to_string(&inputs).map_err(Fault::broken)?;
    let made = Made {
        kind: scheme.kind,
        scheme: scheme.id,
        organ: scheme.organ,
        party,
        period: code_of(&period)?,
        amount: scheme.amount,
        ruling: Match {
            table: code_of(&rule.written.id)?,
            digest: seal::digest::hash(seal::Suite::ShangMi, rule.written.dmn.as_bytes()),
            rules,
            inputs: keep_text(tx, id, Some(party), &inputs)?,
        },
        by,
        on: today,
        due: after(tx, rule.days)?,
        listed: rule.listed,
    };
    let events = decide::make(made, scheme, has_one)?;
    let done = ledger::open::<Offer>(tx, id, events)?;
    watch(tx, &done.record)?;
    Ok(id)
}
