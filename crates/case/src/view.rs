//! What a page of a case shows: where it is, who holds it since when, why it is due, what was
//! said, its documents. Gathered once, for the page and for the interface alike.

use calendar::{ExplainLine, WorkingDays};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Lang};

use crate::history::{HistoryLine, history};
use crate::model::{Case, CaseId, Status, Task};
use crate::neighbours::{Document, Hall};
use crate::progress::{Ended, Stage, ended, stages};
use crate::store::Viewer;

/// The light of a case in words of the style sheet, with what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lamp {
    /// `green`, `yellow`, `red`, `black`; `grey` while the clock stands or when it is over.
    pub shade: &'static str,
    /// Working days left; below zero it is over.
    pub left: i64,
}

/// The lamp of due dates as kept, without the whole clock: lists show many.
#[must_use]
pub fn lamp_of(
    calendar: &WorkingDays,
    today: Date,
    promised: Option<Date>,
    statutory: Option<Date>,
    promised_count: u32,
) -> Lamp {
    let grey = Lamp {
        shade: "grey",
        left: 0,
    };
    let Some(due) = promised else {
        return grey;
    };
    let Ok(left) = calendar.between(today, due) else {
        return grey;
    };
    let policy = calendar::LightPolicy::default();
    let share = i64::from(promised_count) * i64::from(policy.yellow_percent);
    let near = left <= i64::from(policy.yellow_days) || left * 100 <= share;
    let shade = match () {
        () if statutory.is_some_and(|due| due < today) => "black",
        () if due < today => "red",
        () if near => "yellow",
        () => "green",
    };
    Lamp { shade, left }
}

/// The lamp of a case as it stands: by its limits, after the decision by the last day to hand out.
#[must_use]
pub fn lamp(calendar: &WorkingDays, today: Date, case: &Case) -> Lamp {
    let (promised, statutory) = match case.status {
        status if status.is_over() => (None, None),
        Status::Granted | Status::Refused => (case.delivery_due, case.delivery_due),
        _ => (case.dues.promised, case.dues.statutory),
    };
    let count = case.clock.promised.count;
    lamp_of(calendar, today, promised, statutory, count)
}

/// Why a case is due when it is due, line by line; where the calendar ends before the limit
/// does, the last line says so.
///
/// # Errors
/// As [`Tx::query`].
pub fn explain(tx: &mut Tx<'_>, case: &Case, lang: Lang) -> Result<Vec<ExplainLine>, Fault> {
    let hall = tx.thing::<Hall>()?;
    let calendar = tx.thing::<WorkingDays>()?;
    let [statutory, promised] = hall.limit_articles(tx, case.item, case.version)?;
    let clock = case.clock.clock(&calendar, [&statutory, &promised]);
    let words = lang.pick(calendar::Lang::Zh, calendar::Lang::En);
    let told = clock.and_then(|clock| clock.explain(&calendar, words));
    Ok(told.unwrap_or_else(|error| {
        vec![ExplainLine {
            step: calendar::ExplainStep::Calendar,
            text: lang.pick(error.zh(), error.to_string()),
        }]
    }))
}

/// An open task as a page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenTask {
    /// The task.
    pub task: Task,
    /// The step's name as drawn.
    pub step: String,
    /// The organ's name.
    pub organ: String,
    /// The holder's name; empty while nobody holds it, or when the viewer may not know.
    pub holder: String,
    /// The outcomes it lists.
    pub outcomes: Vec<String>,
    /// What the co-handler is asked, for those inside.
    pub question: String,
}

/// What a page of a case shows.
#[derive(Debug, Clone)]
pub struct CasePage {
    /// The case.
    pub case: Case,
    /// The item's name.
    pub item: String,
    /// The lead organ's name.
    pub organ: String,
    /// The applicant's name.
    pub applicant: String,
    /// Its open tasks.
    pub tasks: Vec<OpenTask>,
    /// The stages of its way.
    pub stages: Vec<(Stage, String)>,
    /// Its light.
    pub lamp: Lamp,
    /// What it took, once it is decided.
    pub ended: Option<Ended>,
    /// Why it is due when it is due.
    pub explain: Vec<ExplainLine>,
    /// What happened.
    pub history: Vec<HistoryLine>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// The process with where it stands, SVG.
    pub picture: String,
    /// What the decision table answered that granted it.
    pub ruling: Option<crate::RulingTold>,
    /// Who may decide and why, for those inside; empty where every post of the desk may.
    pub authority: Vec<(String, String)>,
}

/// Gathers what a viewer may see of a case.
///
/// # Errors
/// [`Fault::NotFound`] when the viewer may not see it.
pub fn case_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: CaseId,
    lang: Lang,
) -> Result<CasePage, Fault> {
    let history = history(tx, viewer, id, lang)?;
    let case = crate::case(tx, id)?;
    let hall = tx.thing::<Hall>()?;
    let calendar = tx.thing::<WorkingDays>()?;
    let explain = explain(tx, &case, lang)?;
    let item = hall.item_name(tx, case.item, case.version, lang)?;
    let mut tasks = Vec::new();
    for task in &case.tasks {
        tasks.push(open_task(tx, viewer, &case, task, lang)?);
    }
    let marking: process::Marking = case.marking.as_str().parse().map_err(Fault::broken)?;
    let current: Vec<_> = marking.nodes().collect();
    let procedure = crate::edition(tx, case.procedure.as_str())?;
    let picture = procedure.picture(&item, lang, &current);
    let mut way = Vec::new();
    for stage in stages(&procedure, &case, &history, lang) {
        let organ = match stage.organ {
            Some(organ) => hall.organ_name(tx, organ)?,
            None => String::new(),
        };
        way.push((stage, organ));
    }
    Ok(CasePage {
        lamp: lamp(&calendar, tx.today(), &case),
        stages: way,
        ended: ended(&case, &calendar, &history).map_err(Fault::broken)?,
        authority: match viewer {
            Viewer::Officer(_) => hall.authority_told(tx, &case, lang)?,
            Viewer::Person(_) | Viewer::Receipt => Vec::new(),
        },
        explain,
        organ: hall.organ_name(tx, case.organ)?,
        applicant: hall.person_name(tx, case.applicant)?,
        documents: hall.documents(tx, &case, lang)?,
        ruling: crate::ruling(tx, &case)?,
        item,
        tasks,
        history,
        picture,
        case,
    })
}

fn open_task(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    case: &Case,
    task: &Task,
    lang: Lang,
) -> Result<OpenTask, Fault> {
    let inside = matches!(viewer, Viewer::Officer(_));
    let hall = tx.thing::<Hall>()?;
    let procedure = crate::edition(tx, case.procedure.as_str())?;
    let holder = match task.held_by.filter(|_| inside) {
        Some(officer) => hall.officer_name(tx, officer)?,
        None => String::new(),
    };
    let question = match task.question.filter(|_| inside) {
        Some(question) => ledger::read_text(tx, &question)?.unwrap_or_default(),
        None => String::new(),
    };
    Ok(OpenTask {
        task: task.clone(),
        step: procedure.node_name(task.number, lang).to_owned(),
        organ: hall.organ_name(tx, task.organ)?,
        holder,
        outcomes: procedure.outcomes(task.number),
        question,
    })
}
