//! Materials, questions and scenarios: every way through the questions ends in one exact list, and
//! nothing on it is a catch-all.

use super::{Report, Severity, is_identifier, repeated};
use crate::model::kind::{MaterialForm, MaterialSource, MaterialType};
use crate::model::{ItemContent, Material};
use crate::scenario::{ScenarioFault, paths, requirements};
use std::collections::BTreeSet;

/// Words that let a clerk ask for anything (行政许可法 31; 兜底条款).
const CATCH_ALL: &[&str] = &[
    "其他材料",
    "其它材料",
    "有关材料",
    "相关材料",
    "等材料",
    "其他资料",
    "相关资料",
    "有关资料",
    "其他文件",
];

pub(super) fn check(content: &ItemContent, report: &mut Report) {
    for id in repeated(
        content
            .materials
            .iter()
            .map(|material| material.id.as_str()),
    ) {
        report.error("item.identifier_repeated", format!("materials/{id}"));
    }
    for material in &content.materials {
        one(material, report);
    }
    unused(content, report);
    tree(content, report);
}

fn one(material: &Material, report: &mut Report) {
    let place = format!("materials/{}", material.id);
    report.error_if(
        !is_identifier(&material.id),
        "item.identifier_wrong",
        &place,
    );
    report.error_if(
        material.name.is_blank(),
        "item.material_without_name",
        &place,
    );
    if let Some(word) = CATCH_ALL
        .iter()
        .find(|word| material.name.zh.contains(**word))
    {
        let params = [
            ("name", material.name.zh.clone()),
            ("word", (*word).to_owned()),
        ];
        report.add(Severity::Error, "item.material_catch_all", &*place, params);
    }
    let (originals, copies) = (material.original_count, material.copy_count);
    let agrees = match material.material_type {
        MaterialType::Original => 0 < originals && copies == 0,
        MaterialType::Copy => originals == 0 && 0 < copies,
        MaterialType::OriginalAndCopy => 0 < originals && 0 < copies,
    };
    report.error_if(!agrees, "item.material_counts_differ", &place);
    let electronic = material.form != MaterialForm::Paper;
    let no_kinds = electronic && material.file_kinds.is_empty();
    report.error_if(no_kinds, "item.material_without_file_kinds", &place);
    report.error_if(
        material.files_max == Some(0),
        "item.material_without_files",
        &place,
    );
    let issued = material.source == MaterialSource::Government;
    report.error_if(
        issued && material.issuing_body.is_none(),
        "item.material_without_issuer",
        &place,
    );
    if material.acceptance_standard.is_none() {
        report.warning("item.material_without_standard", &*place);
    }
    let filled = material.blank_form.is_some() && material.sample.is_none();
    report.error_if(filled, "item.material_without_sample", &place);
}

fn unused(content: &ItemContent, report: &mut Report) {
    let asked: BTreeSet<&str> = content
        .scenarios
        .iter()
        .flat_map(|scenario| &scenario.materials)
        .map(|requirement| requirement.material.as_str())
        .collect();
    for material in content
        .materials
        .iter()
        .filter(|one| !asked.contains(one.id.as_str()))
    {
        report.warning("item.material_unused", format!("materials/{}", material.id));
    }
}

fn tree(content: &ItemContent, report: &mut Report) {
    let questions = content
        .questions
        .iter()
        .map(|question| question.id.as_str());
    let scenarios = content
        .scenarios
        .iter()
        .map(|scenario| scenario.id.as_str());
    for id in repeated(questions.clone().chain(scenarios.clone())) {
        report.error("item.identifier_repeated", id);
    }
    for id in questions.chain(scenarios).filter(|id| !is_identifier(id)) {
        report.error("item.identifier_wrong", id);
    }
    for question in &content.questions {
        let place = format!("questions/{}", question.id);
        report.error_if(
            question.options.len() < 2,
            "item.question_without_choice",
            &place,
        );
        for id in repeated(question.options.iter().map(|choice| choice.id.as_str())) {
            report.error("item.identifier_repeated", format!("{place}/options/{id}"));
        }
    }
    for scenario in &content.scenarios {
        let place = format!("scenarios/{}", scenario.id);
        let listed = scenario
            .materials
            .iter()
            .map(|requirement| requirement.material.as_str());
        for id in repeated(listed) {
            let params = [("material", id.to_owned())];
            report.add(Severity::Error, "item.material_repeated", &*place, params);
        }
        if let Err(fault) = requirements(content, &scenario.id) {
            walk_fault(&fault, report);
        }
    }
    match paths(content) {
        Err(fault) => walk_fault(&fault, report),
        Ok(paths) => unreachable(content, &paths, report),
    }
}

fn unreachable(
    content: &ItemContent,
    paths: &[(crate::scenario::Picks, &crate::model::Scenario)],
    report: &mut Report,
) {
    let ends: BTreeSet<&str> = paths
        .iter()
        .map(|(_, scenario)| scenario.id.as_str())
        .collect();
    for scenario in content
        .scenarios
        .iter()
        .filter(|one| !ends.contains(one.id.as_str()))
    {
        report.error(
            "item.scenario_unreachable",
            format!("scenarios/{}", scenario.id),
        );
    }
    let asked: BTreeSet<&str> = paths
        .iter()
        .flat_map(|(picks, _)| picks.keys())
        .map(String::as_str)
        .collect();
    for question in content
        .questions
        .iter()
        .filter(|one| !asked.contains(one.id.as_str()))
    {
        report.error(
            "item.question_unreachable",
            format!("questions/{}", question.id),
        );
    }
}

fn walk_fault(fault: &ScenarioFault, report: &mut Report) {
    let error = Severity::Error;
    match fault {
        ScenarioFault::Dangling { from, to } => {
            let params = [("from", from.clone()), ("to", to.clone())];
            report.add(
                error,
                "item.tree_dangling",
                format!("questions/{from}"),
                params,
            );
        }
        ScenarioFault::Circle { question } => {
            report.error("item.tree_circle", format!("questions/{question}"));
        }
        ScenarioFault::NoSuchMaterial { scenario, material } => {
            let params = [("material", material.clone())];
            report.add(
                error,
                "item.material_unknown",
                format!("scenarios/{scenario}"),
                params,
            );
        }
        ScenarioFault::TooManyPaths => report.error("item.tree_too_wide", "questions"),
        ScenarioFault::NoEntry
        | ScenarioFault::NoSuchOption { .. }
        | ScenarioFault::NoSuchScenario { .. } => {
            report.error("item.tree_without_entry", "questions")
        }
    }
}
