//! May a version be published? What the file says (`process`, `decision`), what the hall serves,
//! which posts and organs there are, and what the items that use it have promised. Pure.

use std::collections::BTreeSet;

use decision::{Feel, Rules};
use kernel::Lang;
use process::{
    Assignment, Definitions, Finding, Kind as NodeKind, Language, Picture, Process, Served, check,
    draw_trace, parse, separated, served, span, span_to_decision,
};

use crate::edition::POSTS;
use crate::model::Kind;

/// Larger files are no procedure of a hall.
pub const FILE_BYTES_MAX: u64 = 4 << 20;

/// An item that names a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemUse {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it promises, in working days.
    pub promised_days: Option<u32>,
}

/// What rests on a procedure, and who works by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The items in force that name it.
    pub items: Vec<ItemUse>,
    /// The longest way to the decision in the version in force; none when there is none.
    pub longest_before: Option<u32>,
    /// The posts that the version in force asks for already.
    pub posts_before: BTreeSet<String>,
    /// Who holds which post, department by department.
    pub staff: Vec<(String, Assignment)>,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// Its name as drawn; empty for a file that cannot be read.
    pub label: String,
    /// Its English name.
    pub label_en: String,
    /// Whether it may be published.
    pub good: bool,
    /// Whether it can be read at all.
    pub readable: bool,
    /// Tasks of people; tables of a decision file.
    pub steps: usize,
    /// 最短: working days of the shortest way.
    pub shortest: u32,
    /// 最长: working days of the longest way; nothing when ways back are not limited.
    pub longest: Option<u32>,
    /// 承诺: the days that the file promises.
    pub promised: Option<u16>,
    /// What is wrong or worth a look.
    pub findings: Vec<Finding>,
}

impl Examined {
    /// How many things must be mended.
    #[must_use]
    pub fn errors(&self) -> usize {
        let wrong = self.findings.iter().filter(|finding| finding.is_error());
        wrong.count().max(usize::from(!self.good))
    }

    /// The name as drawn.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &str {
        lang.pick(&self.label, &self.label_en)
    }

    fn unreadable(finding: Finding) -> Self {
        Self {
            label: String::new(),
            label_en: String::new(),
            good: false,
            readable: false,
            steps: 0,
            shortest: 0,
            longest: None,
            promised: None,
            findings: vec![finding],
        }
    }
}

/// The language of the process crate.
#[must_use]
pub fn language(lang: Lang) -> Language {
    lang.pick(Language::Chinese, Language::English)
}

/// Examines a file that anybody may have written.
#[must_use]
pub fn examine(kind: Kind, file: &[u8], around: &Around) -> Examined {
    match kind {
        Kind::Process => match parse(file) {
            Ok(definitions) => process_of(&definitions, around),
            Err(fault) => {
                let zh = format!("文件不是可以读取的 BPMN：{fault}；请用建模工具重新导出。");
                let en = format!("Not a BPMN file that can be read: {fault}; export it again.");
                let finding = Finding::error(fault.problem.code(), "").says(zh, en);
                Examined::unreadable(finding.on_line(fault.line))
            }
        },
        Kind::Decision => tables(file),
    }
}

fn process_of(definitions: &Definitions, around: &Around) -> Examined {
    let mut report = check(definitions, &Feel::new());
    let process = definitions.main();
    if let Some(process) = process {
        let findings = &mut report.findings;
        findings.extend(served(process, &Served::by_the_hall()));
        findings.extend(desks(process));
        findings.extend(promises(process, around));
        findings.extend(people(process, around));
    }
    let english = definitions.main_in_english();
    let days = process.map(span);
    Examined {
        label: process.map_or("", Process::name).to_owned(),
        label_en: english.as_ref().map_or("", Process::name).to_owned(),
        good: report.ok && !report.findings.iter().any(Finding::is_error),
        readable: true,
        steps: process.map_or(0, |process| process.way().len()),
        shortest: days.as_ref().map_or(0, |days| days.shortest),
        longest: days
            .filter(process::Span::is_bounded)
            .map(|days| days.longest),
        promised: process.and_then(Process::promised_days),
        findings: report.findings,
    }
}

/// Posts and organs that the hall does not have: nobody would ever see such a task.
fn desks(process: &Process) -> Vec<Finding> {
    let mut findings = Vec::new();
    let words: Vec<&str> = POSTS.iter().map(|(word, _)| *word).collect();
    let words = words.join("、");
    for node in process.nodes() {
        if node.kind != NodeKind::User {
            continue;
        }
        let known = |post: &str| POSTS.iter().any(|(word, _)| *word == post);
        match node.task.post.as_deref() {
            None => {
                let zh = format!("“{node}”没有岗位；请填写 qc:post：{words}。");
                let en = format!("\"{node}\" names no post; set qc:post to one of {words}.");
                findings.push(
                    Finding::error("no_post", &*node.id)
                        .says(zh, en)
                        .on_line(node.line),
                );
            }
            Some(post) if !known(post) => {
                let zh = format!("“{node}”的岗位“{post}”不存在；请改为：{words}。");
                let en = format!("\"{node}\": there is no post \"{post}\"; use one of {words}.");
                let finding = Finding::error("unknown_post", &*node.id).says(zh, en);
                findings.push(finding.on_line(node.line));
            }
            Some(_) => {}
        }
        let organ = node.task.organ.as_deref().unwrap_or("lead");
        if !matches!(organ, "lead" | "hall") && !organ.starts_with("co:") {
            let zh = format!("“{node}”的机构“{organ}”不存在；请改为 lead、hall 或 co:序号。");
            let en = format!("\"{node}\": there is no organ \"{organ}\"; use lead, hall or co:N.");
            let finding = Finding::error("unknown_organ", &*node.id).says(zh, en);
            findings.push(finding.on_line(node.line));
        }
    }
    findings
}

/// The longest way against what the items promise that use it. What a version in force already
/// exceeds may stay, but may not grow.
fn promises(process: &Process, around: &Around) -> Vec<Finding> {
    let days = span_to_decision(process);
    let path = || {
        let ids = days.path.iter().filter_map(|node| process.node(*node));
        ids.map(|node| node.id.to_string()).collect()
    };
    let longest = days.longest;
    let grows = around.longest_before.is_none_or(|before| before < longest);
    let mut findings = Vec::new();
    for item in around.items.iter().filter(|_| grows) {
        let Some(promised) = item.promised_days.filter(|days| *days < longest) else {
            continue;
        };
        let name = &item.name;
        let zh = format!(
            "事项“{name}”承诺 {promised} 个工作日，本流程最长到决定需要 {longest} 个工作日；\
             请缩短环节时限、减少退回次数，或先修改承诺。"
        );
        let en = format!(
            "\"{name}\" promises {promised} working days; the longest way to a decision takes \
             {longest}. Shorten limits, allow fewer returns, or change the promise first."
        );
        let finding = Finding::error("item_promise_too_short", process.id()).says(zh, en);
        findings.push(finding.after(path()));
    }
    findings
}

/// 岗位分离 with the people of each department. That one person could do two duties is refused
/// again when they try (`case`), so it is worth a look here; a post that is new and that nobody
/// holds is an error.
fn people(process: &Process, around: &Around) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (department, staff) in &around.staff {
        for mut finding in separated(process, staff) {
            let node = process
                .find(&finding.element)
                .and_then(|id| process.node(id));
            let post = node
                .and_then(|node| node.task.post.as_deref())
                .unwrap_or_default();
            if matches!(post, "consultee" | "co_handler") {
                continue;
            }
            if finding.code != "nobody" || around.posts_before.contains(post) {
                finding.severity = process::Severity::Warning;
            }
            finding.zh = format!("{department}：{}", finding.zh);
            finding.en = format!("{department}: {}", finding.en);
            findings.push(finding);
        }
    }
    findings
}

fn tables(file: &[u8]) -> Examined {
    let Ok(text) = std::str::from_utf8(file) else {
        let zh = "文件不是 UTF-8 编码；请重新导出。";
        let en = "The file is not UTF-8; export it again.";
        return Examined::unreadable(Finding::error("unreadable", "").says(zh, en));
    };
    let findings = decision::check(text);
    let model = Rules::parse(text).ok();
    let model = model.as_ref().map(Rules::model);
    let label = model.map_or("", |model| &model.name).to_owned();
    Examined {
        label_en: label.clone(),
        label,
        good: !findings.iter().any(Finding::is_error),
        readable: model.is_some(),
        steps: model.map_or(0, |model| model.offers.len()),
        shortest: 0,
        longest: None,
        promised: None,
        findings,
    }
}

/// The picture of a process file, with the way into its worst fault; empty when it cannot be
/// read.
#[must_use]
pub fn picture(file: &[u8], findings: &[Finding], lang: Lang) -> String {
    let Ok(definitions) = parse(file) else {
        return String::new();
    };
    let english = definitions.main_in_english();
    let Some(process) = lang.pick(definitions.main(), english.as_ref()) else {
        return String::new();
    };
    let worst = findings.iter().filter(|one| !one.trace.is_empty());
    let worst = worst.min_by_key(|finding| std::cmp::Reverse(finding.severity));
    let picture = Picture {
        title: worst.map_or(process.name(), |fault| fault.message(language(lang))),
        language: language(lang),
        current: &[],
    };
    let trace = worst.map_or(&[][..], |fault| &fault.trace);
    draw_trace(process, &definitions.diagram, &picture, trace)
}
