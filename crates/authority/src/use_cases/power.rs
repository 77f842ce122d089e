//! Powers that move 赋权、委托: given by item or as a whole chain, taken back; and whether an officer of
//! the receiving organ acts for another one today.

use catalogue::ItemId;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OrganId};
use ledger::lifecycle::load_versioned;
use serde::{Deserialize, Serialize};
use web::Officer;

use super::{facts, is_own, items_of_codes, keep_json, keep_words, read_json};
use crate::decide::chief::distinct;
use crate::decide::power::{Command, Given, Known, give as decide_giving};
use crate::matters::{Chain, Matters};
use crate::model::{PowerDelegation, PowerForm, PowerId};
use crate::{papers, store};

/// How the credit codes of administrative organs begin: 机构编制, 机关 (GB 32100).
const ORGAN_MARK: &str = "11";

/// What the chain is called, and the legal ground.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerWords {
    /// The chain 整链条, e.g. 开办药店一件事; the name of the item for a single one.
    pub chain: String,
    /// The legal ground.
    pub ground: String,
}

/// Powers as they are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPower {
    /// The organ that has them by law.
    pub from_organ: OrganId,
    /// The organ that receives them.
    pub to_organ: OrganId,
    /// How.
    pub form: PowerForm,
    /// The codes of the items, beside those of the chain.
    pub items: String,
    /// The word of a whole chain 一件事, of which all the giver's own items move; empty for none.
    pub theme: String,
    /// What it is called; where empty, as the chain.
    pub chain: String,
    /// The legal ground.
    pub ground: String,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

/// Gives powers to another organ, with a letter.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for an unknown item or an empty text.
pub fn give(tx: &mut Tx<'_>, by: &Officer, new: &NewPower) -> Result<PowerId, Fault> {
    let id: PowerId = tx.new_id();
    let mut items = items_of_codes(tx, "items", &new.items)?;
    let mut title = new.chain.trim().to_owned();
    if let Some(chain) = chain_of(tx, new.theme.trim())? {
        items.extend(own_items(tx, new.from_organ, &chain)?);
        if title.is_empty() {
            title = chain.title.zh;
        }
    }
    let items = distinct(&items);
    let invalid = |problem| Fault::Invalid(vec![problem]);
    let words = PowerWords {
        chain: kernel::text::line("chain", &title, 100).map_err(invalid)?,
        ground: kernel::text::bounded("ground", &new.ground, 500).map_err(invalid)?,
    };
    let known = known(tx, new, &items)?;
    let given = Given {
        from_organ: new.from_organ,
        to_organ: new.to_organ,
        form: new.form,
        items,
        from: new.from,
        until: new.until,
        words: keep_json(tx, id, &words)?,
        by: by.id,
    };
    let event = decide_giving(given, known, &facts(tx, by)?)?;
    let done = ledger::open::<PowerDelegation>(tx, id, vec![event])?;
    papers::power(tx, &done.record, &words)?;
    Ok(id)
}

/// The chain of a word; none where no word was given.
fn chain_of(tx: &mut Tx<'_>, word: &str) -> Result<Option<Chain>, Fault> {
    if word.is_empty() {
        return Ok(None);
    }
    let all = tx.thing::<Matters>()?.chains()?;
    let found = all.into_iter().find(|chain| chain.id == word);
    let unknown = || Fault::invalid("theme", "authority.unknown_chain");
    found.ok_or_else(unknown).map(Some)
}

/// The items of a chain that are an organ's own: others' are not its to give.
fn own_items(tx: &mut Tx<'_>, organ: OrganId, chain: &Chain) -> Result<Vec<ItemId>, Fault> {
    let today = tx.today();
    let mut own = Vec::new();
    for code in &chain.codes {
        if let Some(version) = catalogue::published_by_code(tx, code, today)?
            && is_own(tx, organ, version.item)?
        {
            own.push(version.item);
        }
    }
    Ok(own)
}

fn known(tx: &mut Tx<'_>, new: &NewPower, items: &[ItemId]) -> Result<Known, Fault> {
    let receiver = identity::organ(tx, new.to_organ)?;
    let mut known = Known {
        is_organ: receiver.uscc.starts_with(ORGAN_MARK),
        own: true,
        ..Known::default()
    };
    for item in items {
        known.own &= is_own(tx, new.from_organ, *item)?;
    }
    let holds = |one: &PowerDelegation| one.items.iter().any(|item| items.contains(item));
    let received = store::powers_to_from(tx, new.from_organ, new.from)?;
    let entrusted = |one: &PowerDelegation| one.form == PowerForm::Entrusted && holds(one);
    known.entrusted = received.iter().any(entrusted);
    let theirs = store::powers_to_from(tx, new.to_organ, new.from)?;
    let overlaps = |one: &PowerDelegation| new.until.is_none_or(|until| one.from <= until);
    known.given = theirs.iter().any(|one| holds(one) && overlaps(one));
    Ok(known)
}

/// Takes powers back: `until` is the last day.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without a reason.
pub fn recall(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: PowerId,
    until: Date,
    reason: &str,
) -> Result<(), Fault> {
    let reason = keep_words(tx, id, "reason", reason)?;
    let facts = facts(tx, by)?;
    let command = Command::Recall { until, reason };
    ledger::perform::<PowerDelegation>(tx, id, command, &facts).map(|_| ())
}

/// Powers that moved.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn power(tx: &mut Tx<'_>, id: PowerId) -> Result<PowerDelegation, Fault> {
    Ok(load_versioned::<PowerDelegation>(tx, id)?.record)
}

/// All powers that ever moved, the newest first: the history of the list of powers 权力清单.
///
/// # Errors
/// As [`Tx::query`].
pub fn powers(tx: &mut Tx<'_>) -> Result<Vec<PowerDelegation>, Fault> {
    store::powers(tx)
}

/// What the chain is called, and the legal ground.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn words_of(tx: &mut Tx<'_>, power: &PowerDelegation) -> Result<PowerWords, Fault> {
    read_json(tx, &power.words)
}

/// The powers that an organ has from others today.
///
/// # Errors
/// As [`Tx::query`].
pub fn received(tx: &mut Tx<'_>, organ: OrganId) -> Result<Vec<PowerDelegation>, Fault> {
    let today = tx.today();
    store::powers_to(tx, organ, today)
}

/// The powers that an organ gave away and that hold today.
///
/// # Errors
/// As [`Tx::query`].
pub fn given(tx: &mut Tx<'_>, organ: OrganId) -> Result<Vec<PowerDelegation>, Fault> {
    let today = tx.today();
    store::powers_from(tx, organ, today)
}

/// In whose name somebody of an organ acts on an item of another's: the receiver's own name where
/// the power was conferred, the competent organ's in every other case (行政许可法 24).
///
/// # Errors
/// As [`Tx::query`].
pub fn in_name_of(
    tx: &mut Tx<'_>,
    competent: OrganId,
    acting: OrganId,
    item: ItemId,
) -> Result<OrganId, Fault> {
    if competent == acting {
        return Ok(competent);
    }
    let all = received(tx, acting)?;
    let conferred = all.iter().any(|one| {
        one.from_organ == competent && one.form == PowerForm::Conferred && one.items.contains(&item)
    });
    Ok(if conferred { acting } else { competent })
}
