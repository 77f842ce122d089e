//! How complete an implementation list is: a share of the elements that people ask for. The score
//! orders the editor's work; it never decides publication.

use crate::model::ItemContent;

/// An element 要素 of the implementation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Path in the document.
    pub place: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
}

/// How much is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// Share of the elements present, in per cent, rounded down.
    pub percent: u32,
    /// The elements that are missing, in the order of the document.
    pub missing: Vec<Element>,
}

type Present = fn(&ItemContent) -> bool;

const ELEMENTS: &[(&str, &str, &str, Present)] = &[
    ("name", "事项名称", "Name", |c| !c.name.is_blank()),
    ("name/en", "英文名称", "English name", |c| {
        c.name.en.is_some()
    }),
    ("summary", "白话版说明", "Plain summary", |c| {
        c.summary.is_some()
    }),
    ("codes", "事项编码", "Code", |c| c.codes.key().is_some()),
    ("level", "行使层级", "Exercise level", |c| {
        c.level.is_some()
    }),
    (
        "body/uscc",
        "实施主体代码",
        "Credit code of the body",
        |c| c.body.uscc.is_some(),
    ),
    (
        "body_nature",
        "实施主体性质",
        "Nature of the body",
        |c| c.body_nature.is_some(),
    ),
    ("power_source", "权力来源", "Source of the power", |c| {
        c.power_source.is_some()
    }),
    ("targets", "服务对象", "Whom it serves", |c| {
        !c.targets.is_empty()
    }),
    ("topics", "主题分类", "Topics", |c| !c.topics.is_empty()),
    ("case_kind", "办件类型", "Case kind", |c| {
        c.case_kind.is_some()
    }),
    ("statutory", "法定时限", "Statutory limit", |c| {
        c.statutory.is_some()
    }),
    ("promised", "承诺时限", "Promised limit", |c| {
        c.promised.is_some()
    }),
    ("legal_basis", "设定依据", "Legal basis", |c| {
        !c.legal_basis.is_empty()
    }),
    ("conditions", "受理条件", "Conditions", |c| {
        !c.conditions.is_empty()
    }),
    ("materials", "申请材料", "Materials", |c| {
        !c.materials.is_empty()
    }),
    ("scenarios", "情形", "Scenarios", |c| {
        !c.scenarios.is_empty()
    }),
    ("fields", "申请表单", "Form", |c| !c.fields.is_empty()),
    ("outcome", "办理结果", "Outcome", |c| {
        c.outcome.is_some()
    }),
    ("handling", "办理流程", "Process", |c| {
        c.handling.is_some()
    }),
    ("service", "办理形式", "Channels", |c| {
        c.service.is_some()
    }),
    (
        "contact",
        "办理地点、时间与电话",
        "Place, hours, telephones",
        |c| c.contact.is_some(),
    ),
    ("remedies", "权利与救济", "Rights and remedies", |c| {
        c.remedies.is_some()
    }),
    ("faq", "常见问题", "Questions and answers", |c| {
        !c.faq.is_empty()
    }),
];

/// Scores an item.
pub fn completeness(content: &ItemContent) -> Completeness {
    let missing: Vec<Element> = ELEMENTS
        .iter()
        .filter(|(_, _, _, present)| !present(content))
        .map(|&(place, zh, en, _)| Element { place, zh, en })
        .collect();
    let present = ELEMENTS.len() - missing.len();
    let percent = u32::try_from(present * 100 / ELEMENTS.len()).unwrap_or_default();
    Completeness { percent, missing }
}
