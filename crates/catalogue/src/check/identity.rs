//! Who and what: names, codes, body, region. These rules hold for listed items too.

use super::{Report, Severity};
use crate::model::{Coverage, ItemContent, LocalTaskCode};
use codes::{CatalogCode, CodeError, HandlingCode, LocalItemCode, RegionCode, TaskCode, Uscc};

pub(super) fn check(content: &ItemContent, report: &mut Report) {
    report.error_if(content.name.is_blank(), "item.name_missing", "name");
    report.error_if(
        content.body.name.is_blank(),
        "item.body_missing",
        "body/name",
    );
    report.error_if(
        content.department.trim().is_empty(),
        "item.department_missing",
        "department",
    );
    if let Err(reason) = RegionCode::parse(&content.region) {
        report.add(
            Severity::Error,
            "item.region_wrong",
            "region",
            because(&reason),
        );
    }
    forms(content, report);
    agreement(content, report);
    body(content, report);
}

fn because(reason: &CodeError) -> [(&'static str, String); 2] {
    [
        ("reason_zh", reason.zh()),
        ("reason_en", reason.to_string()),
    ]
}

fn forms(content: &ItemContent, report: &mut Report) {
    let codes = &content.codes;
    report.error_if(codes.key().is_none(), "item.code_missing", "codes");
    let mut look = |place: &str, fault: Option<CodeError>| {
        if let Some(reason) = fault {
            report.add(Severity::Error, "item.code_wrong", place, because(&reason));
        }
    };
    let text = |code: &Option<String>| code.clone().unwrap_or_default();
    if codes.catalog_code.is_some() {
        look(
            "codes/catalog_code",
            CatalogCode::parse(&text(&codes.catalog_code)).err(),
        );
    }
    if codes.task_code.is_some() {
        look(
            "codes/task_code",
            TaskCode::parse(&text(&codes.task_code)).err(),
        );
    }
    if codes.handling_code.is_some() {
        look(
            "codes/handling_code",
            HandlingCode::parse(&text(&codes.handling_code)).err(),
        );
    }
    if codes.local_catalog_code.is_some() {
        let code = text(&codes.local_catalog_code);
        look(
            "codes/local_catalog_code",
            LocalItemCode::parse(&code).err(),
        );
    }
    if codes.local_task_code.is_some() {
        let code = text(&codes.local_task_code);
        look("codes/local_task_code", LocalItemCode::parse(&code).err());
        if LocalTaskCode::read(&code).is_none() {
            report.warning("item.local_code_shape", "codes/local_task_code");
        }
    }
}

/// The codes repeat each other and the body, the level and the type; they must say the same.
fn agreement(content: &ItemContent, report: &mut Report) {
    let codes = &content.codes;
    let mut differ = |place: &str, code: &str, stated: Option<&str>| {
        if let Some(stated) = stated.filter(|stated| *stated != code) {
            let params = [("code", code.to_owned()), ("stated", stated.to_owned())];
            report.add(Severity::Error, "item.codes_disagree", place, params);
        }
    };
    let handling = codes
        .handling_code
        .as_deref()
        .and_then(|code| HandlingCode::parse(code).ok());
    if let Some(handling) = &handling {
        differ(
            "codes/handling_code",
            handling.task(),
            codes.task_code.as_deref(),
        );
    }
    let task = codes
        .task_code
        .as_deref()
        .and_then(|code| TaskCode::parse(code).ok());
    if let Some(task) = &task {
        differ(
            "codes/task_code",
            task.catalog(),
            codes.catalog_code.as_deref(),
        );
        differ("body/uscc", task.body(), content.body.uscc.as_deref());
        differ(
            "level",
            task.level(),
            content.level.map(|level| level.code()),
        );
    }
    let catalog = codes
        .catalog_code
        .as_deref()
        .and_then(|code| CatalogCode::parse(code).ok());
    if let Some(catalog) = &catalog {
        differ(
            "item_type",
            catalog.item_type(),
            Some(content.item_type.code()),
        );
    }
}

fn body(content: &ItemContent, report: &mut Report) {
    let severity = match content.coverage {
        Coverage::Full => Severity::Error,
        Coverage::Listed => Severity::Warning,
    };
    let Some(uscc) = content.body.uscc.as_deref() else {
        report.add(severity, "item.body_uscc_missing", "body/uscc", []);
        return;
    };
    match Uscc::parse(uscc) {
        Err(reason) => report.add(
            severity,
            "item.body_uscc_wrong",
            "body/uscc",
            because(&reason),
        ),
        Ok(parsed) if parsed.is_provisional() => {
            let params = [("uscc", uscc.to_owned())];
            report.add(
                Severity::Warning,
                "item.body_uscc_provisional",
                "body/uscc",
                params,
            );
        }
        Ok(_) => {}
    }
    let local = content
        .codes
        .local_task_code
        .as_deref()
        .and_then(LocalTaskCode::read);
    let other = |local: &LocalTaskCode<'_>| {
        local.body.len() == 18 && !local.body.eq_ignore_ascii_case(uscc)
    };
    if let Some(local) = local.filter(other) {
        let params = [("code", local.body.to_owned()), ("stated", uscc.to_owned())];
        report.add(
            Severity::Error,
            "item.codes_disagree",
            "codes/local_task_code",
            params,
        );
    }
}
