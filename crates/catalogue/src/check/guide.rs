//! What the guide tells people: basis, conditions, fees, visits, telephones, outcome, process,
//! questions and answers.

use super::{Report, Severity, repeated};
use crate::form;
use crate::model::kind::{ItemType, OnlineDepth};
use crate::model::{Handling, ItemContent, LegalBasis, Service};
use crate::shipped;

pub(super) fn check(content: &ItemContent, report: &mut Report) {
    words(content, report);
    basis(content, report);
    fees(content, report);
    match &content.service {
        Some(service) => visits(content, service, report),
        None => report.error("item.service_missing", "service"),
    }
    contact(content, report);
    outcome(content, report);
    match &content.handling {
        Some(handling) => process(content, handling, report),
        None => report.error("item.handling_missing", "handling"),
    }
    let safety = content.safety_item && content.promise_approval;
    report.error_if(safety, "item.promise_for_safety_item", "promise_approval");
    let nobody = content
        .quantity_limit
        .as_ref()
        .is_some_and(|limit| limit.count == 0);
    report.error_if(nobody, "item.quantity_zero", "quantity_limit/count");
}

fn words(content: &ItemContent, report: &mut Report) {
    report.error_if(
        content.targets.is_empty(),
        "item.targets_missing",
        "targets",
    );
    report.error_if(
        content.conditions.is_empty(),
        "item.conditions_missing",
        "conditions",
    );
    report.error_if(
        content.remedies.is_none(),
        "item.remedies_missing",
        "remedies",
    );
    let english = content.name.en.is_some()
        && content
            .summary
            .as_ref()
            .is_some_and(|summary| summary.en.is_some());
    if !english {
        report.warning("item.english_missing", "name");
    }
    if content.topics.is_empty() {
        report.warning("item.topics_missing", "topics");
    }
    for topic in &content.topics {
        if !shipped::topics().iter().any(|known| known.id == topic) {
            let params = [("topic", topic.clone())];
            report.add(
                Severity::Error,
                "item.topic_unknown",
                format!("topics/{topic}"),
                params,
            );
        }
    }
    for repeated in repeated(content.faq.iter().map(|faq| faq.question.zh.as_str())) {
        report.warning("item.faq_repeated", format!("faq/{repeated}"));
    }
}

fn basis(content: &ItemContent, report: &mut Report) {
    if content.legal_basis.is_empty() {
        let severity = match content.item_type {
            ItemType::PublicService => Severity::Warning,
            _ => Severity::Error,
        };
        report.add(severity, "item.basis_missing", "legal_basis", []);
    }
    for (number, basis) in content.legal_basis.iter().enumerate() {
        incomplete(basis, &format!("legal_basis/{number}"), report);
    }
}

fn incomplete(basis: &LegalBasis, place: &str, report: &mut Report) {
    let blank = basis.law.trim().is_empty() || basis.article.trim().is_empty();
    report.error_if(blank, "item.basis_incomplete", place);
}

/// 行政许可法 58–59: no fee without a law, and only by the published standard.
fn fees(content: &ItemContent, report: &mut Report) {
    for (number, fee) in content.fees.iter().enumerate() {
        let place = format!("fees/{number}");
        match &fee.basis {
            Some(basis) => incomplete(basis, &place, report),
            None => report.error("item.fee_without_basis", &*place),
        }
        report.error_if(fee.standard.is_blank(), "item.fee_without_standard", &place);
        for scenario in fee
            .scenarios
            .iter()
            .filter(|id| content.scenario(id).is_none())
        {
            let params = [("scenario", scenario.clone())];
            report.add(Severity::Error, "item.scenario_unknown", &*place, params);
        }
    }
    let e_payment = content
        .service
        .as_ref()
        .is_some_and(|service| service.e_payment);
    let free = content.fees.is_empty();
    report.error_if(
        free && e_payment,
        "item.e_payment_without_fee",
        "service/e_payment",
    );
    if !free && !e_payment {
        report.warning("item.fee_without_e_payment", "service/e_payment");
    }
}

fn visits(content: &ItemContent, service: &Service, report: &mut Report) {
    report.error_if(
        service.channels.is_empty(),
        "item.channels_missing",
        "service/channels",
    );
    let visits = service.hall_visits;
    let reason = service
        .visit_reason
        .as_ref()
        .is_some_and(|reason| !reason.is_blank());
    let place = "service/hall_visits";
    report.error_if(0 < visits && !reason, "item.visits_without_reason", place);
    report.error_if(
        visits == 0 && !service.remote(),
        "item.no_visit_no_channel",
        place,
    );
    let full = service.online_depth.contains(&OnlineDepth::Handling);
    report.error_if(full && 0 < visits, "item.full_online_with_visits", place);
    if let Some(scenario) = content
        .cross_regions
        .iter()
        .find(|cross| cross.mode == crate::model::kind::CrossMode::FullOnline && !full)
    {
        let params = [("range", scenario.range.zh().to_owned())];
        report.add(
            Severity::Error,
            "item.cross_region_not_online",
            "cross_regions",
            params,
        );
    }
}

fn contact(content: &ItemContent, report: &mut Report) {
    let Some(contact) = &content.contact else {
        report.error("item.contact_missing", "contact");
        return;
    };
    report.error_if(
        contact.place.is_blank(),
        "item.place_missing",
        "contact/place",
    );
    report.error_if(
        contact.hours.is_blank(),
        "item.hours_missing",
        "contact/hours",
    );
    let same = contact.consult_phone == contact.complaint_phone;
    report.error_if(same, "item.phones_equal", "contact/complaint_phone");
    for (place, phone) in [
        ("contact/consult_phone", &contact.consult_phone),
        ("contact/complaint_phone", &contact.complaint_phone),
    ] {
        report.error_if(!form::has_format("phone", phone), "item.phone_wrong", place);
    }
}

/// Formats of answers that no stranger reads (个人信息保护法 6).
const PRIVATE_FORMATS: [&str; 3] = ["citizen-id", "phone", "email"];

fn outcome(content: &ItemContent, report: &mut Report) {
    let Some(outcome) = &content.outcome else {
        report.error("item.outcome_missing", "outcome");
        return;
    };
    report.error_if(
        outcome.name.is_blank(),
        "item.outcome_missing",
        "outcome/name",
    );
    report.error_if(
        outcome.sample.is_none(),
        "item.outcome_without_sample",
        "outcome/sample",
    );
    report.error_if(
        outcome.template.is_empty(),
        "item.outcome_without_template",
        "outcome/template",
    );
    for stated in &outcome.states {
        let place = format!("outcome/states/{}", stated.field);
        match content.field(&stated.field) {
            None => report.error("item.stated_field_unknown", place),
            Some(field) => {
                let private = field.format().is_some_and(|f| PRIVATE_FORMATS.contains(&f));
                report.error_if(
                    private && stated.public,
                    "item.stated_field_private",
                    &place,
                );
            }
        }
    }
}

fn process(content: &ItemContent, handling: &Handling, report: &mut Report) {
    let licence = content.item_type == ItemType::Licence;
    report.error_if(licence && content.faq.is_empty(), "item.faq_missing", "faq");
    report.error_if(
        handling.steps.is_empty(),
        "item.steps_missing",
        "handling/steps",
    );
    let named = |word: &str| {
        handling
            .steps
            .iter()
            .any(|step| step.name.zh.contains(word))
    };
    let whole = named("受理") && named("送达");
    let gap = !whole && !handling.steps.is_empty();
    report.error_if(gap, "item.steps_incomplete", "handling/steps");
    let joint = handling.is_joint();
    let consulted = !handling.consulted.is_empty();
    let place = "handling/consulted";
    report.error_if(joint && !consulted, "item.joint_without_departments", place);
    let asks_nobody = handling.is_shipped() && !joint;
    report.error_if(
        asks_nobody && consulted,
        "item.departments_without_joint",
        place,
    );
    let instant = handling.is_instant();
    let promised = content.promised == Some(crate::model::Promise::Instant);
    report.error_if(
        instant != promised,
        "item.procedure_differs",
        "handling/procedure",
    );
    for (number, special) in handling.special_procedures.iter().enumerate() {
        let place = format!("handling/special_procedures/{number}");
        report.error_if(
            special.workdays_max == 0,
            "item.special_without_time",
            &place,
        );
        incomplete(&special.basis, &place, report);
        if !special.kind.stops_clock_by_licence_law() && special.basis.law.contains("行政许可法")
        {
            let params = [("kind", special.kind.zh().to_owned())];
            report.add(
                Severity::Error,
                "item.special_not_in_article_45",
                place,
                params,
            );
        }
    }
}
