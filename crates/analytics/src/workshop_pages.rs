//! Pages of the process workshop 流程研判: what ships, what a file of one's own would do, and
//! simulated days of two processes side by side.

use askama::Template;
use axum::response::Response;
use kernel::{Fault, Lang};
use process::Simulation;
use serde::Deserialize;
use web::parts::{Choice, Link};
use web::{
    App, Form, FormReader, Path, Problems, Query, ReadForm, Reply, Shell, Upload, Visit, invalid,
    page,
};

use crate::workshop::{self, FILE_BYTES_MAX, Looked, Offered};

/// What is simulated when nothing else is asked for.
const CASES: u32 = 1_000;
const ARRIVALS: u32 = 5;
const SEED: u64 = 1;

/// A process in the list.
struct Line {
    href: String,
    version: String,
    looked: Looked,
    longest: String,
    promised: String,
}

#[derive(Template)]
#[template(path = "analytics/processes.html")]
struct ListPage {
    shell: Shell,
    problems: Problems,
    lines: Vec<Line>,
    max_bytes: String,
}

#[derive(Template)]
#[template(path = "analytics/process.html")]
struct ProcessPage {
    shell: Shell,
    crumbs: Vec<Link>,
    looked: Looked,
    longest: String,
    promised: String,
    /// Where the simulation is asked for; empty for a file that was only looked at.
    here: String,
    /// The version of a drawn one; empty for what ships.
    version: String,
    others: Vec<Choice>,
    arrivals: u32,
    cases: u32,
    seed: u64,
    heads: Vec<String>,
    figures: Vec<Row>,
    posts: Vec<PostRow>,
}

struct Row {
    label: String,
    cells: Vec<String>,
}

struct PostRow {
    process: String,
    post: String,
    staff: u16,
    busy: String,
    queue: String,
}

/// What may stand behind the question mark.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    against: Option<String>,
    version: Option<String>,
    arrivals: Option<String>,
    cases: Option<String>,
    seed: Option<String>,
}

fn days(days: Option<u32>) -> String {
    days.map_or_else(|| "∞".to_owned(), |days| days.to_string())
}

fn promised(days: Option<u16>) -> String {
    days.map_or_else(|| "—".to_owned(), |days| days.to_string())
}

/// What the list shows of a process.
fn line(shell: &Shell, one: &Offered, lang: Lang) -> Line {
    let looked = workshop::look(one.file.as_bytes(), lang);
    Line {
        href: href(&one.name),
        version: version(shell, one),
        longest: days(looked.longest),
        promised: promised(looked.promised),
        looked,
    }
}

/// The version of what the office drew, and how it stands; empty for what ships.
fn version(shell: &Shell, one: &Offered) -> String {
    one.status.map_or_else(String::new, |status| {
        let state = shell.say(&format!("procedure.state_{status}"), &[]);
        format!("{} · {state}", one.name)
    })
}

/// The address of a process: the version stands behind the question mark.
fn href(name: &str) -> String {
    match name.split_once('/') {
        Some((name, version)) => format!("/desk/processes/{name}?version={version}"),
        None => format!("/desk/processes/{name}"),
    }
}

async fn list(app: &App, shell: Shell, lang: Lang, problems: Problems) -> Reply<ListPage> {
    let words = shell.clone();
    let lines = app.read(move |tx| {
        let all = workshop::offered(tx)?;
        Ok(all
            .iter()
            .map(|one| line(&words, one, lang))
            .collect::<Vec<_>>())
    });
    Ok(ListPage {
        lines: lines.await?,
        max_bytes: FILE_BYTES_MAX.to_string(),
        problems,
        shell,
    })
}

pub(crate) async fn list_processes(app: App, shell: Shell, visit: Visit) -> Reply<Response> {
    page(&list(&app, shell, visit.lang(), Problems::none()).await?)
}

/// A process that was looked at and lived, with what it can be compared with.
struct Lived {
    both: Vec<(Looked, Option<Simulation>)>,
    others: Vec<(String, String)>,
}

fn live(
    tx: &mut db::Tx<'_>,
    shell: &Shell,
    lang: Lang,
    (name, against): (&str, Option<&str>),
    (arrivals, cases, seed): (u32, u32, u64),
) -> Result<Lived, Fault> {
    let one = workshop::find(tx, name)?;
    let other = match against {
        None | Some("") => None,
        Some(other) => Some(workshop::find(tx, other)?),
    };
    let both = std::iter::once(&one).chain(&other).map(|one| {
        let mut looked = workshop::look(one.file.as_bytes(), lang);
        let version = version(shell, one);
        if !version.is_empty() {
            looked.name = format!("{} ({version})", looked.name);
        }
        (looked, workshop::lived(&one.file, arrivals, cases, seed))
    });
    let both = both.collect();
    let others = workshop::offered(tx)?.into_iter();
    let others = others.filter(|known| known.name != one.name).map(|known| {
        let looked = workshop::look(known.file.as_bytes(), lang);
        let version = version(shell, &known);
        let label = match version.is_empty() {
            true => looked.name,
            false => format!("{} ({version})", looked.name),
        };
        (known.name, label)
    });
    Ok(Lived {
        both,
        others: others.collect(),
    })
}

pub(crate) async fn show_process(
    app: App,
    shell: Shell,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let lang = visit.lang();
    let version = asked.version.clone().unwrap_or_default();
    let full = match version.as_str() {
        "" => name.clone(),
        number => format!("{name}/{number}"),
    };
    let arrivals = number("arrivals", asked.arrivals.as_deref(), ARRIVALS)?;
    let cases = number("cases", asked.cases.as_deref(), CASES)?;
    let seed = number("seed", asked.seed.as_deref(), SEED)?;
    let (words, against) = (shell.clone(), asked.against.clone());
    // Counting takes a while: not on a thread that answers others.
    let work = move |tx: &mut db::Tx<'_>| {
        let names = (full.as_str(), against.as_deref());
        live(tx, &words, lang, names, (arrivals, cases, seed))
    };
    let Lived { both, others } = app.read(work).await?;
    let Some((looked, _)) = both.first().cloned() else {
        return Err(Fault::broken("a process was looked at and not seen").into());
    };
    let none = (String::new(), shell.t("analytics.process_alone").to_owned());
    let chosen = asked.against.unwrap_or_default();
    let others = Choice::list(std::iter::once(none).chain(others), &chosen);
    page(&ProcessPage {
        crumbs: crumbs(&shell),
        longest: days(looked.longest),
        promised: promised(looked.promised),
        here: format!("/desk/processes/{name}"),
        version,
        others,
        arrivals,
        cases,
        seed,
        heads: both.iter().map(|(looked, _)| looked.name.clone()).collect(),
        figures: figures(&shell, &both),
        posts: posts(&shell, &both),
        looked,
        shell,
    })
}

fn crumbs(shell: &Shell) -> Vec<Link> {
    vec![Link::to("/desk/processes", shell.t("analytics.processes"))]
}

fn number<N: std::str::FromStr>(
    field: &'static str,
    text: Option<&str>,
    otherwise: N,
) -> Result<N, Fault> {
    match text.map(str::trim) {
        None | Some("") => Ok(otherwise),
        Some(text) => text
            .parse()
            .map_err(|_| Fault::invalid(field, "field.number")),
    }
}

fn figures(shell: &Shell, lived: &[(Looked, Option<Simulation>)]) -> Vec<Row> {
    type Of = fn(&Simulation) -> String;
    let rows: [(&str, Of); 7] = [
        ("expected_days", |one| format!("{:.1}", one.expected_days)),
        ("p50_days", |one| format!("{:.1}", one.p50_days)),
        ("p90_days", |one| format!("{:.1}", one.p90_days)),
        ("p99_days", |one| format!("{:.1}", one.p99_days)),
        ("limit_days", |one| one.limit_days.to_string()),
        ("overdue_share", |one| percent(one.overdue_share)),
        ("tasks_per_case", |one| format!("{:.1}", one.tasks_per_case)),
    ];
    let row = |(key, of): (&str, Of)| Row {
        label: shell.t(&format!("analytics.process_{key}")).to_owned(),
        cells: lived
            .iter()
            .map(|(_, lived)| lived.as_ref().map_or_else(|| "—".to_owned(), of))
            .collect(),
    };
    rows.into_iter().map(row).collect()
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A post that the hall knows has its name; another stays as the file says.
fn post_name(shell: &Shell, post: &str) -> String {
    match procedure::POSTS.iter().find(|(known, _)| *known == post) {
        Some((known, _)) => shell.t(&format!("analytics.post_{known}")).to_owned(),
        None => post.to_owned(),
    }
}

fn posts(shell: &Shell, lived: &[(Looked, Option<Simulation>)]) -> Vec<PostRow> {
    let both = lived.iter().filter_map(|(looked, lived)| {
        let lived = lived.as_ref()?;
        Some(lived.posts.iter().map(move |post| PostRow {
            process: looked.name.clone(),
            post: post_name(shell, &post.post),
            staff: post.staff,
            busy: percent(post.utilisation),
            queue: format!("{:.2}", post.queue_days),
        }))
    });
    both.flatten().collect()
}

/// A file to look at.
pub(crate) struct Sent {
    file: Upload,
}

impl ReadForm for Sent {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self {
            file: form.file("file")?,
        })
    }
}

/// Looks at a file; nothing of it is kept.
pub(crate) async fn check_process(
    app: App,
    shell: Shell,
    visit: Visit,
    form: Form<Sent>,
) -> Reply<Response> {
    let lang = visit.lang();
    let sent = match form.command {
        Ok(sent) => sent,
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            return invalid(&list(&app, shell, lang, problems).await?);
        }
        Err(fault) => return Err(fault.into()),
    };
    let work = move |_: &mut db::Tx<'_>| {
        let file = sent.file.read(FILE_BYTES_MAX)?;
        Ok(workshop::look(&file, lang))
    };
    let looked = match app.read(work).await {
        Ok(looked) => looked,
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            return invalid(&list(&app, shell, lang, problems).await?);
        }
        Err(fault) => return Err(fault.into()),
    };
    page(&ProcessPage {
        crumbs: crumbs(&shell),
        longest: days(looked.longest),
        promised: promised(looked.promised),
        here: String::new(),
        version: String::new(),
        others: Vec::new(),
        arrivals: ARRIVALS,
        cases: CASES,
        seed: SEED,
        heads: Vec::new(),
        figures: Vec::new(),
        posts: Vec::new(),
        looked,
        shell,
    })
}
