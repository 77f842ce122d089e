//! Time limits and case kind: the promise may not be longer than the law, and the law may not be
//! longer than the law.

use super::{Report, Severity};
use crate::model::kind::{CaseKind, ItemType};
use crate::model::{Fit, ItemContent, Promise, StatutoryLimit, TimeLimit};

/// 行政许可法 42: twenty working days for one organ.
const LICENCE_WORKDAYS_MAX: u32 = 20;
/// 行政许可法 42, second paragraph: forty-five for joint handling.
const JOINT_WORKDAYS_MAX: u32 = 45;

pub(super) fn check(content: &ItemContent, report: &mut Report) {
    report.error_if(
        !content.item_type.on_application(),
        "item.not_on_application",
        "item_type",
    );
    report.error_if(
        content.case_kind.is_none(),
        "item.case_kind_missing",
        "case_kind",
    );
    report.error_if(content.level.is_none(), "item.level_missing", "level");
    report.error_if(
        content.promised.is_none(),
        "item.promised_missing",
        "promised",
    );
    let licence = content.item_type == ItemType::Licence;
    report.error_if(
        licence && content.statutory.is_none(),
        "item.statutory_missing",
        "statutory",
    );
    kind(content, report);
    pair(
        content,
        "",
        content.statutory.as_ref(),
        content.promised,
        report,
    );
    for scenario in &content.scenarios {
        if scenario.promised.is_none() && scenario.statutory.is_none() {
            continue;
        }
        let statutory = scenario.statutory.as_ref().or(content.statutory.as_ref());
        let promised = scenario.promised.or(content.promised);
        pair(
            content,
            &format!("scenarios/{}/", scenario.id),
            statutory,
            promised,
            report,
        );
    }
}

/// 即办 ⇔ 即办件.
fn kind(content: &ItemContent, report: &mut Report) {
    let (Some(kind), Some(promised)) = (content.case_kind, content.promised) else {
        return;
    };
    if (kind == CaseKind::Instant) != (promised == Promise::Instant) {
        let params = [
            ("kind", kind.zh().to_owned()),
            ("promised", promised.words("zh")),
        ];
        report.add(Severity::Error, "item.instant_differs", "case_kind", params);
    }
}

fn pair(
    content: &ItemContent,
    at: &str,
    statutory: Option<&StatutoryLimit>,
    promised: Option<Promise>,
    report: &mut Report,
) {
    let limits = [
        statutory.map(|law| law.limit),
        match promised {
            Some(Promise::Within(limit)) => Some(limit),
            Some(Promise::Instant) | None => None,
        },
    ];
    let zero = limits.iter().flatten().any(|limit| limit.amount == 0);
    report.error_if(zero, "item.limit_zero", &format!("{at}promised"));
    let Some(statutory) = statutory else { return };
    own_law(content, at, statutory, report);
    let Some(promised) = promised else { return };
    let place = format!("{at}promised");
    let params = [
        ("promised", promised.words("zh")),
        ("statutory", statutory.limit.words("zh")),
    ];
    match promised.fits(statutory.limit) {
        Fit::Within => {}
        Fit::Beyond => report.add(
            Severity::Error,
            "item.promised_over_statutory",
            place,
            params,
        ),
        Fit::Undecided => report.add(Severity::Warning, "item.limits_undecided", place, params),
    }
}

/// A licence limit beyond the general one needs a law of its own (行政许可法 42: 法律、法规另有规定).
fn own_law(content: &ItemContent, at: &str, statutory: &StatutoryLimit, report: &mut Report) {
    let joint = content
        .handling
        .as_ref()
        .is_some_and(crate::model::Handling::is_joint);
    let max = if joint {
        JOINT_WORKDAYS_MAX
    } else {
        LICENCE_WORKDAYS_MAX
    };
    let beyond = statutory.limit.fits(TimeLimit::workdays(max)) != Fit::Within;
    if content.item_type == ItemType::Licence && beyond && statutory.basis.is_none() {
        let params = [
            ("statutory", statutory.limit.words("zh")),
            ("max", max.to_string()),
        ];
        report.add(
            Severity::Error,
            "item.limit_without_law",
            format!("{at}statutory"),
            params,
        );
    }
}
