//! The derivation of a due date in words, line by line, as a citizen or a court would check it with
//! a wall calendar: start, what counts, what was skipped and why, pauses, extension, results, and
//! which calendar said so.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    CalendarError, DayKind, DueUnit, LegalClock, Limit, OfficeHours, PauseKind, Reckoning, Status,
    WorkingDays,
};

/// Language of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExplainStep {
    /// Where counting starts.
    Start,
    /// A rule: how many units, by which article.
    Rule,
    /// Days that were skipped, or that count although on a weekend.
    Counting,
    /// A span in which the clock stood.
    Pause,
    /// The extension.
    Extension,
    /// A due date.
    Result,
    /// Calendar version and status.
    Calendar,
}

/// One line of the derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainLine {
    /// What it is about.
    pub step: ExplainStep,
    /// The words.
    pub text: String,
}

/// Writes one line in the language asked for.
struct Writer {
    lang: Lang,
    lines: Vec<ExplainLine>,
}

impl Writer {
    fn line(&mut self, step: ExplainStep, zh: String, en: String) {
        let text = match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        self.lines.push(ExplainLine { step, text });
    }
}

impl LegalClock {
    /// The derivation of both due dates on this calendar.
    pub fn explain(
        &self,
        calendar: &WorkingDays,
        lang: Lang,
    ) -> Result<Vec<ExplainLine>, CalendarError> {
        let mut out = Writer {
            lang,
            lines: Vec::new(),
        };
        self.explain_start(&mut out);
        self.explain_rule(&mut out, Limit::Statutory);
        let statutory = self.due_statutory(calendar)?;
        let promised = self.due_promised(calendar)?;
        self.explain_counting(&mut out, calendar, [statutory, promised])?;
        self.explain_pauses(&mut out, calendar)?;
        if let Some(extension) = self.extension() {
            let (count, article, on) = (extension.count, &extension.article, extension.granted_on);
            let (zh, en) = unit_words(self.rule(Limit::Statutory).unit, count);
            out.line(
                ExplainStep::Extension,
                format!("{on} 批准延长 {count} {zh}（{article}）"),
                format!("Extended by {count} {en} on {on} ({article})."),
            );
        }
        explain_result(&mut out, Limit::Statutory, statutory);
        self.explain_rule(&mut out, Limit::Promised);
        explain_result(&mut out, Limit::Promised, promised);
        self.explain_calendar(&mut out, calendar, [statutory, promised]);
        Ok(out.lines)
    }

    fn explain_start(&self, out: &mut Writer) {
        let start = self.start();
        let limits = [Limit::Statutory, Limit::Promised];
        let in_hours = limits
            .iter()
            .any(|limit| self.rule(*limit).unit == DueUnit::Hour);
        let in_days = limits
            .iter()
            .any(|limit| self.rule(*limit).unit != DueUnit::Hour);
        if in_days {
            let date = start.date();
            out.line(
                ExplainStep::Start,
                format!("{date} 受理；受理当日不计入期限"),
                format!("Accepted on {date}; the day of acceptance is not counted."),
            );
        }
        if in_hours {
            let (at, hours) = (start.strftime("%Y-%m-%d %H:%M"), hours_words(self.hours()));
            out.line(
                ExplainStep::Start,
                format!("{at} 起计时，只计工作日办公时间 {hours}"),
                format!("Running from {at}, in the office hours {hours} of working days only."),
            );
        }
    }

    fn explain_rule(&self, out: &mut Writer, limit: Limit) {
        let rule = self.rule(limit);
        let (count, article) = (rule.count, &rule.article);
        let (zh, en) = unit_words(rule.unit, count);
        let (of_zh, of_en) = limit_words(limit);
        out.line(
            ExplainStep::Rule,
            format!("{of_zh} {count} {zh}（{article}）"),
            format!("{of_en}: {count} {en} ({article})."),
        );
    }

    /// Weekends are added up; holidays and make-up days are named, each span with its dates.
    fn explain_counting(
        &self,
        out: &mut Writer,
        calendar: &WorkingDays,
        ends: [Reckoning; 2],
    ) -> Result<(), CalendarError> {
        let limits = [Limit::Statutory, Limit::Promised];
        if limits
            .iter()
            .all(|limit| self.rule(*limit).unit == DueUnit::Day)
        {
            return Ok(());
        }
        let stand = self.pauses().last().map(|pause| pause.from);
        let last = ends
            .iter()
            .filter_map(|end| end.due().map(|due| due.date))
            .max()
            .or(stand);
        let (mut weekends, mut runs) = (0_u32, BTreeMap::<Date, (Date, DayKind)>::new());
        let mut day = self.start().date().tomorrow().ok();
        let mut current: Option<Date> = None;
        while let Some(date) = day.filter(|date| last.is_some_and(|last| *date <= last)) {
            let kind = calendar.kind(date)?;
            weekends += u32::from(kind == DayKind::Weekend);
            current = match kind {
                DayKind::Working | DayKind::Weekend => None,
                named => {
                    let same = current.filter(|from| runs.get(from).is_some_and(|r| r.1 == named));
                    let from = same.unwrap_or(date);
                    runs.insert(from, (date, named));
                    Some(from)
                }
            };
            day = date.tomorrow().ok();
        }
        for (from, (to, kind)) in runs {
            explain_run(out, from, to, &kind);
        }
        if 0 < weekends {
            out.line(
                ExplainStep::Counting,
                format!("其间普通周末共 {weekends} 天，不计"),
                match weekends {
                    1 => "1 ordinary weekend day in between is not counted.".to_owned(),
                    _ => format!("{weekends} ordinary weekend days in between are not counted."),
                },
            );
        }
        Ok(())
    }

    fn explain_pauses(
        &self,
        out: &mut Writer,
        calendar: &WorkingDays,
    ) -> Result<(), CalendarError> {
        for pause in self.pauses() {
            let (from, (zh, en)) = (pause.from, pause_words(pause.kind));
            let Some(until) = pause.until else {
                out.line(
                    ExplainStep::Pause,
                    format!("{from} 起因{zh}停止计时，尚未恢复（行政许可法第四十五条）"),
                    format!("The clock stands since {from} for {en} (许可法 45)."),
                );
                continue;
            };
            let span = from
                .yesterday()
                .and_then(|eve| until.yesterday().map(|last| (eve, last)));
            let days = match span {
                Ok((eve, last)) if from < until => calendar.between(eve, last)?,
                _ => 0,
            };
            let counted = if days == 1 { "day" } else { "days" };
            out.line(
                ExplainStep::Pause,
                format!("{from} 至 {until}（不含）因{zh}停止计时，其间 {days} 个工作日不计"),
                format!(
                    "Stood from {from} until {until} for {en}: {days} working {counted} \
                     not counted."
                ),
            );
        }
        Ok(())
    }

    fn explain_calendar(&self, out: &mut Writer, calendar: &WorkingDays, ends: [Reckoning; 2]) {
        let version = calendar.version();
        let mut statuses = ends
            .iter()
            .filter_map(|end| end.due().map(|due| due.status));
        let provisional = statuses.any(|status| status == Status::Provisional);
        let (zh, en) = match provisional {
            true => (
                "其中有年份的放假安排尚未公布，只按法定节假日暂计，公布后重新计算",
                "a year in it has no notice yet: provisional, to be dated again by the notice",
            ),
            false => ("所涉年份均已正式公布", "all years concerned are official"),
        };
        out.line(
            ExplainStep::Calendar,
            format!("工作日历版本 {version}：{zh}"),
            format!("Calendar version {version}: {en}."),
        );
        if self.calendar_version() != version {
            let old = self.calendar_version();
            out.line(
                ExplainStep::Calendar,
                format!("受理时所用日历版本为 {old}，本结果按新版本重新计算"),
                format!("The clock was last dated by version {old}; this is by the newer one."),
            );
        }
    }
}

fn explain_run(out: &mut Writer, from: Date, to: Date, kind: &DayKind) {
    let days = to.duration_since(from).as_hours() / 24 + 1;
    let (span_zh, span_en) = match from == to {
        true => (from.to_string(), from.to_string()),
        false => (format!("{from} 至 {to}"), format!("{from} to {to}")),
    };
    match kind {
        DayKind::Holiday(name) => out.line(
            ExplainStep::Counting,
            format!("{span_zh} {name}放假 {days} 天，不计"),
            match days {
                1 => format!("{span_en}: {name} holiday, 1 day off, not counted."),
                _ => format!("{span_en}: {name} holiday, {days} days off, not counted."),
            },
        ),
        DayKind::MakeUp(name) => out.line(
            ExplainStep::Counting,
            format!("{span_zh} {name}调休上班，计入工作日"),
            format!("{span_en}: weekend worked to make up for {name}, counted."),
        ),
        DayKind::Working | DayKind::Weekend => {}
    }
}

fn explain_result(out: &mut Writer, limit: Limit, end: Reckoning) {
    let (zh, en) = limit_words(limit);
    match end {
        Reckoning::Known(due) => out.line(
            ExplainStep::Result,
            format!("{zh}届满：{due}"),
            format!("{en} ends: {due}."),
        ),
        Reckoning::Paused { since } => out.line(
            ExplainStep::Result,
            format!("{zh}届满日待定：自 {since} 起停止计时"),
            format!("{en}: no end yet, the clock stands since {since}."),
        ),
    }
}

fn limit_words(limit: Limit) -> (&'static str, &'static str) {
    match limit {
        Limit::Statutory => ("法定时限", "Statutory limit"),
        Limit::Promised => ("承诺时限", "Promised limit"),
    }
}

fn unit_words(unit: DueUnit, count: u32) -> (&'static str, &'static str) {
    match (unit, count) {
        (DueUnit::Workday, 1) => ("个工作日", "working day"),
        (DueUnit::Workday, _) => ("个工作日", "working days"),
        (DueUnit::Day, 1) => ("个自然日", "calendar day"),
        (DueUnit::Day, _) => ("个自然日", "calendar days"),
        (DueUnit::Hour, 1) => ("小时", "office hour"),
        (DueUnit::Hour, _) => ("小时", "office hours"),
    }
}

fn pause_words(kind: PauseKind) -> (&'static str, &'static str) {
    match kind {
        PauseKind::Hearing => ("听证", "a hearing"),
        PauseKind::Tender => ("招标", "a tender"),
        PauseKind::Auction => ("拍卖", "an auction"),
        PauseKind::Inspection => ("检验", "an inspection"),
        PauseKind::Testing => ("检测", "testing"),
        PauseKind::Quarantine => ("检疫", "quarantine"),
        PauseKind::Appraisal => ("鉴定", "an appraisal"),
        PauseKind::ExpertReview => ("专家评审", "an expert review"),
        PauseKind::Correction => ("补正", "a correction"),
        PauseKind::Other => ("法定事由", "a ground in law"),
    }
}

fn hours_words(hours: &OfficeHours) -> String {
    let span = |(from, to): &(jiff::civil::Time, jiff::civil::Time)| {
        format!("{}–{}", from.strftime("%H:%M"), to.strftime("%H:%M"))
    };
    hours
        .spans()
        .iter()
        .map(span)
        .collect::<Vec<_>>()
        .join(", ")
}
