//! Modes 办理模式: each with its ground and its terms, never beyond what the law leaves open. A safety
//! item is neither promised nor granted by silence or by a table; what may follow later is never a
//! main material.

use super::{Report, Severity, repeated};
use crate::model::kind::{ModeKind, Necessity};
use crate::model::{ItemContent, Mode};

pub(super) fn check(content: &ItemContent, report: &mut Report) {
    let words = content.modes.iter().map(|mode| mode.kind.word());
    for kind in repeated(words) {
        report.error("item.mode_repeated", format!("modes/{kind}"));
    }
    for mode in &content.modes {
        one(content, mode, report);
    }
    tolerable_lines(content, report);
    let promised = content
        .modes
        .iter()
        .any(|mode| mode.kind == ModeKind::Promise);
    if content.promise_approval && !promised {
        report.warning("item.promise_without_terms", "promise_approval");
    }
    if let Some(basis) = &content.increase_basis {
        let blank = basis.law.trim().is_empty() || basis.article.trim().is_empty();
        report.error_if(blank, "item.basis_incomplete", "increase_basis");
    }
}

fn one(content: &ItemContent, mode: &Mode, report: &mut Report) {
    let place = format!("modes/{}", mode.kind.word());
    let blank = mode.basis.law.trim().is_empty() || mode.basis.article.trim().is_empty();
    report.error_if(blank, "item.basis_incomplete", &place);
    report.error_if(mode.terms.is_blank(), "item.mode_without_terms", &place);
    known(content, mode, &place, report);
    let days = |days: Option<u32>| days.is_some_and(|days| (1..=365).contains(&days));
    super::tables::check(content, mode, &place, report);
    let unasked = matches!(
        mode.kind,
        ModeKind::Tacit | ModeKind::Instant | ModeKind::Silent
    );
    let unreviewed = unasked && content.major_matter;
    report.error_if(unreviewed, "item.unreviewed_major_matter", &place);
    match mode.kind {
        ModeKind::Tolerant => {
            report.error_if(mode.materials.is_empty(), "item.mode_without_list", &place);
            let late = !days(mode.make_up_workdays);
            report.error_if(late, "item.mode_without_days", &place);
            main_materials(content, mode, &place, report);
        }
        ModeKind::Promise => {
            let empty = mode.materials.is_empty() && mode.fields.is_empty();
            report.error_if(empty, "item.mode_without_list", &place);
            let unchecked = !days(mode.check_workdays) || !days(mode.make_up_workdays);
            report.error_if(unchecked, "item.mode_without_days", &place);
            report.error_if(content.safety_item, "item.promise_for_safety_item", &place);
        }
        ModeKind::Tacit => {
            let unchecked = !days(mode.check_workdays);
            report.error_if(unchecked, "item.mode_without_days", &place);
            report.error_if(content.safety_item, "item.tacit_for_safety_item", &place);
        }
        ModeKind::SilentRenewal => {
            let unchecked = !days(mode.check_workdays) || !days(mode.objection_workdays);
            report.error_if(unchecked, "item.mode_without_days", &place);
            let endless = content.outcome.as_ref();
            let endless = endless.is_none_or(|outcome| outcome.validity_months.is_none());
            report.error_if(endless, "item.renewal_without_end", &place);
            report.error_if(content.safety_item, "item.rule_for_safety_item", &place);
        }
        ModeKind::Instant | ModeKind::Silent => {
            let silent = mode.kind == ModeKind::Silent;
            let unchecked = !days(mode.check_workdays) || silent && !days(mode.objection_workdays);
            report.error_if(unchecked, "item.mode_without_days", &place);
            let share = mode.sample_percent;
            let drawn = share.is_some_and(|share| (1..=100).contains(&share));
            report.error_if(!drawn, "item.mode_without_sample", &place);
            report.error_if(content.safety_item, "item.rule_for_safety_item", &place);
        }
    }
}

fn known(content: &ItemContent, mode: &Mode, place: &str, report: &mut Report) {
    let strangers = |names: &[String], known: &dyn Fn(&str) -> bool| -> Vec<String> {
        names.iter().filter(|name| !known(name)).cloned().collect()
    };
    for material in strangers(&mode.materials, &|id| content.material(id).is_some()) {
        let params = [("material", material)];
        report.add(Severity::Error, "item.material_unknown", place, params);
    }
    for field in strangers(&mode.fields, &|name| content.field(name).is_some()) {
        let params = [("field", field)];
        report.add(Severity::Error, "item.mode_field_unknown", place, params);
    }
    for scenario in strangers(&mode.scenarios, &|id| content.scenario(id).is_some()) {
        let params = [("scenario", scenario)];
        report.add(Severity::Error, "item.scenario_unknown", place, params);
    }
}

/// 容缺: only what some scenario marks as secondary 容缺后补.
fn main_materials(content: &ItemContent, mode: &Mode, place: &str, report: &mut Report) {
    let lines = || content.scenarios.iter().flat_map(|one| &one.materials);
    for material in &mode.materials {
        let tolerable = lines()
            .any(|line| line.material == *material && line.necessity == Necessity::Tolerable);
        if !tolerable {
            let params = [("material", material.clone())];
            report.add(
                Severity::Error,
                "item.tolerant_main_material",
                place,
                params,
            );
        }
    }
}

/// A material marked 容缺后补 needs the terms under which it may follow.
fn tolerable_lines(content: &ItemContent, report: &mut Report) {
    for scenario in &content.scenarios {
        let mode = content.mode(ModeKind::Tolerant, &scenario.id);
        let listed = |id: &str| mode.is_some_and(|mode| mode.materials.iter().any(|one| one == id));
        let lines = scenario.materials.iter();
        for line in lines.filter(|line| line.necessity == Necessity::Tolerable) {
            if !listed(&line.material) {
                let params = [("material", line.material.clone())];
                let place = format!("scenarios/{}", scenario.id);
                report.add(Severity::Error, "item.tolerable_not_listed", place, params);
            }
        }
    }
}
