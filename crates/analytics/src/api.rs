//! The board for programs. Shares are thousandths (`null` of nothing), days are ISO dates.

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Lang};
use serde::{Deserialize, Serialize};
use web::{App, Json, Officer, Page, Paging, Query, Reply};

use crate::board::Board;
use crate::model::{Period, Selection, Shade, Subject};
use crate::reports::{Handled, Lights, Rated, total};
use crate::{CaseId, ListedCase, Names};

/// What may stand behind the question mark. Empty fields of a form count as left out.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    organ: Option<String>,
    item: Option<String>,
    light: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

/// What was asked, understood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) selection: Selection,
    pub(crate) shade: Option<Shade>,
    pub(crate) period: Period,
}

impl Asked {
    /// Understands it for an officer.
    pub(crate) fn wish(&self, officer: &Officer, today: Date) -> Result<Wish, Fault> {
        let selection = Selection {
            right: crate::right_of(officer)?,
            organ: read("organ", self.organ.as_deref(), "field.choice")?,
            item: read("item", self.item.as_deref(), "field.choice")?,
        };
        let from = read("from", self.from.as_deref(), "field.date")?;
        let until = read("until", self.until.as_deref(), "field.date")?;
        Ok(Wish {
            selection,
            shade: read("light", self.light.as_deref(), "field.choice")?,
            period: Period::new(today, from, until)?,
        })
    }
}

fn read<T: std::str::FromStr>(
    field: &'static str,
    text: Option<&str>,
    code: &'static str,
) -> Result<Option<T>, Fault> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| Fault::invalid(field, code)),
    }
}

#[derive(Serialize)]
struct Figures {
    open: u64,
    green: u64,
    yellow: u64,
    red: u64,
    black: u64,
    paused: u64,
    due_today: u64,
    decided: u64,
    kept_promise: Option<i64>,
    kept_promise_n: u64,
    kept_law: Option<i64>,
    kept_law_n: u64,
    speed_up: Option<i64>,
    speed_up_n: u64,
    rated_n: u64,
    response: Option<i64>,
    satisfaction: Option<i64>,
    bad: u64,
}

impl Figures {
    fn new(lights: &Lights, handled: &Handled, rated: &Rated) -> Self {
        Self {
            open: lights.open(),
            green: lights.green,
            yellow: lights.yellow,
            red: lights.red,
            black: lights.black,
            paused: lights.paused,
            due_today: lights.due_today,
            decided: handled.decided,
            kept_promise: handled.kept_promise.per_mille(),
            kept_promise_n: handled.kept_promise.whole,
            kept_law: handled.kept_law.per_mille(),
            kept_law_n: handled.kept_law.whole,
            speed_up: handled.speed_up.per_mille(),
            speed_up_n: handled.speed_up.count,
            rated_n: rated.answered,
            response: rated.response().per_mille(),
            satisfaction: rated.satisfaction().per_mille(),
            bad: rated.answered - rated.satisfied,
        }
    }
}

#[derive(Serialize)]
struct SubjectReply {
    organ: String,
    organ_name: String,
    item: String,
    item_name: String,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct DayReply {
    day: Date,
    opened: u64,
    decided: u64,
}

#[derive(Serialize)]
pub(crate) struct BoardReply {
    today: Date,
    from: Date,
    until: Date,
    total: Figures,
    items: Vec<SubjectReply>,
    days: Vec<DayReply>,
}

impl From<Board> for BoardReply {
    fn from(board: Board) -> Self {
        let subjects: std::collections::BTreeSet<Subject> = board
            .lights
            .keys()
            .chain(board.handled.keys())
            .chain(board.rated.keys())
            .copied()
            .collect();
        let reply = |subject: Subject| {
            let lights = board.lights.get(&subject).copied().unwrap_or_default();
            let handled = board.handled.get(&subject).copied().unwrap_or_default();
            let rated = board.rated.get(&subject).copied().unwrap_or_default();
            SubjectReply {
                organ: subject.organ.to_string(),
                organ_name: board.names.organ(subject.organ),
                item: subject.item.to_string(),
                item_name: board.names.item(subject.item, Lang::Zh),
                figures: Figures::new(&lights, &handled, &rated),
            }
        };
        let day = |day: &crate::model::DayCount| DayReply {
            day: day.day,
            opened: day.opened,
            decided: day.decided,
        };
        Self {
            today: board.today,
            from: board.period.from,
            until: board.period.until,
            total: Figures::new(
                &total(&board.lights),
                &total(&board.handled),
                &total(&board.rated),
            ),
            items: subjects.into_iter().map(reply).collect(),
            days: board.per_day.iter().map(day).collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct CaseReply {
    id: CaseId,
    number: String,
    organ: String,
    organ_name: String,
    item: String,
    item_name: String,
    version: u32,
    opened_on: Date,
    due: Option<Date>,
    statutory_due: Option<Date>,
    light: &'static str,
}

impl CaseReply {
    fn new(listed: ListedCase, names: &Names) -> Self {
        let ListedCase { line, shade } = listed;
        Self {
            id: line.id,
            number: line.number,
            organ: line.subject.organ.to_string(),
            organ_name: names.organ(line.subject.organ),
            item: line.subject.item.to_string(),
            item_name: names.item(line.subject.item, Lang::Zh),
            version: line.version,
            opened_on: line.opened_on,
            due: line.due,
            statutory_due: line.statutory_due,
            light: shade.as_str(),
        }
    }
}

pub(crate) async fn show_board(
    app: App,
    by: Officer,
    Query(asked): Query<Asked>,
) -> Reply<Json<BoardReply>> {
    let work = move |tx: &mut Tx<'_>| {
        let wish = asked.wish(&by, tx.today())?;
        crate::board(tx, &wish.selection, wish.period)
    };
    Ok(Json(app.read(work).await?.into()))
}

pub(crate) async fn list_cases(
    app: App,
    by: Officer,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Json<Page<CaseReply>>> {
    let (after, most) = (paging.after::<(Date, CaseId)>()?, paging.limit_and_one());
    let work = move |tx: &mut Tx<'_>| {
        let wish = asked.wish(&by, tx.today())?;
        crate::cases(tx, &wish.selection, wish.shade, after, most)
    };
    let (listed, names) = app.read(work).await?;
    let page = paging.page(listed, |one| crate::store::key_of(&one.line))?;
    Ok(Json(page.map(|one| CaseReply::new(one, &names))))
}
