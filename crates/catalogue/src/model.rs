//! The nouns of the catalogue. An item 事项 has versions; the content of a version is one document
//! that never changes, [`ItemContent`]. Where a record stands in its life is the record's, not the
//! document's: status, effective dates and who did it are deliberately absent from the content.

mod basis;
mod body;
mod codes;
mod field;
mod handling;
pub mod kind;
mod limit;
mod material;
mod mode;
mod scenario;
mod text;

pub use basis::LegalBasis;
pub use body::{Body, Contact, CrossRegion, Faq, Remedies};
pub use codes::{ItemCodes, LocalTaskCode};
pub use field::{AnswerIs, Condition, DateRule, FieldOption, FormField, Prefill, Widget};
pub use handling::{
    Fee, Handling, IntermediaryService, Outcome, QuantityLimit, Reduction, Service,
    SpecialProcedure, Stated, Step,
};
pub use ledger::VersionStatus;
pub use limit::{Fit, LimitUnit, Promise, StatutoryLimit, TimeLimit};
pub use material::{FileKind, Material, MaterialReq};
pub use mode::{GRANT, HUMAN, Mode, ModeTable, PARTY_FACTS, SCENARIO};
pub use scenario::{Choice, Next, Question, Scenario};
pub use text::Text;

use kind::{BodyNature, CaseKind, ExerciseLevel, ItemType, PowerSource, Target};
use serde::{Deserialize, Serialize};

/// Version of the shape of [`ItemContent`]; a reader refuses any other.
pub const CONTENT_SCHEMA: u32 = 1;

/// How much of an item the catalogue knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Name, code, type and body only: the guide says whom to ask; nobody can apply here.
    Listed,
    /// A complete implementation list 实施清单: people can apply.
    Full,
}

/// The content of one version of an item: its implementation list 实施清单 as one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemContent {
    /// Shape of this document, [`CONTENT_SCHEMA`].
    pub schema: u32,
    /// How much is known.
    pub coverage: Coverage,
    /// Codes.
    pub codes: ItemCodes,
    /// Name of the handling item 业务办理项名称.
    pub name: Text,
    /// Main item 主项名称.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_item: Option<Text>,
    /// What it is for, in two sentences of plain language 白话版.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// Item type 事项类型.
    pub item_type: ItemType,
    /// Exercise level 行使层级.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<ExerciseLevel>,
    /// Region in which it is exercised, 12 digits.
    pub region: String,
    /// Short name of the department that citizens know, such as 区住建局.
    pub department: String,
    /// Implementing body 实施主体.
    pub body: Body,
    /// Its nature 实施主体性质.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_nature: Option<BodyNature>,
    /// Source of the power 权力来源.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_source: Option<PowerSource>,
    /// Entrusting department 委托部门.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusting_body: Option<Body>,
    /// Whom it serves 服务对象.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Topics 主题分类, by the identifiers of `data/topics.csv`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// Case kind 办件类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_kind: Option<CaseKind>,
    /// Statutory limit 法定时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<StatutoryLimit>,
    /// Promised limit 承诺时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Promise>,
    /// Note on the limits 时限说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_note: Option<Text>,
    /// Legal basis 设定依据.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal_basis: Vec<LegalBasis>,
    /// Conditions of acceptance 受理条件.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Text>,
    /// Minimum age of a natural person who applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_min: Option<u32>,
    /// Quantity limit 数量限制.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_limit: Option<QuantityLimit>,
    /// Fees; empty means free of charge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// What the applicant gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Process and steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<Handling>,
    /// Channels and visits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Cross-region handling 通办范围.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cross_regions: Vec<CrossRegion>,
    /// Place, hours, telephones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Rights and remedies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedies: Option<Remedies>,
    /// Frequent questions 常见问题.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faq: Vec<Faq>,
    /// How long the files of a case are kept 保管期限, in years; none means permanently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_years: Option<u32>,
    /// Whether it touches public security, health, life or property directly (行政许可法 78, 79).
    #[serde(default, skip_serializing_if = "is_false")]
    pub safety_item: bool,
    /// Whether it is a major matter 重大事项: decided only after a legal review (法制审核). Here is
    /// where that stands; the authority table of an organ can ask for more, never for less.
    #[serde(default, skip_serializing_if = "is_false")]
    pub major_matter: bool,
    /// Whether a written promise may stand for a proof 告知承诺.
    #[serde(default, skip_serializing_if = "is_false")]
    pub promise_approval: bool,
    /// Modes 办理模式 beside the ordinary way: the published list of this version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<Mode>,
    /// The law that makes this version ask for more than the one before 只减不增.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increase_basis: Option<LegalBasis>,
    /// Materials, by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// Questions; the first one is asked first. None when there is only one scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// Scenarios 情形.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<Scenario>,
    /// Fields of the form, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FormField>,
}

/// Why a document is not the content of an item.
#[derive(Debug, thiserror::Error)]
pub enum ContentFault {
    /// Not JSON, or not of this shape; says where.
    #[error("not the content of an item: {0}")]
    Shape(#[from] serde_json::Error),
    /// Written by another release.
    #[error("content of schema {found}, this release reads {CONTENT_SCHEMA}")]
    Schema {
        /// The version found.
        found: u32,
    },
}

impl ItemContent {
    /// Reads a document and refuses unknown fields and other schema versions.
    pub fn read(json: &[u8]) -> Result<Self, ContentFault> {
        let content: Self = serde_json::from_slice(json)?;
        if content.schema == CONTENT_SCHEMA {
            Ok(content)
        } else {
            Err(ContentFault::Schema {
                found: content.schema,
            })
        }
    }

    /// What is known from a line of a list, and nothing more.
    pub fn listed(codes: ItemCodes, name: Text, item_type: ItemType, body: Body) -> Self {
        Self {
            schema: CONTENT_SCHEMA,
            coverage: Coverage::Listed,
            codes,
            name,
            main_item: None,
            summary: None,
            item_type,
            level: None,
            region: String::new(),
            department: body.name.zh.clone(),
            body,
            body_nature: None,
            power_source: None,
            entrusting_body: None,
            targets: Vec::new(),
            topics: Vec::new(),
            case_kind: None,
            statutory: None,
            promised: None,
            limit_note: None,
            legal_basis: Vec::new(),
            conditions: Vec::new(),
            age_min: None,
            quantity_limit: None,
            fees: Vec::new(),
            outcome: None,
            handling: None,
            service: None,
            cross_regions: Vec::new(),
            contact: None,
            remedies: None,
            faq: Vec::new(),
            retention_years: None,
            safety_item: false,
            major_matter: false,
            promise_approval: false,
            modes: Vec::new(),
            increase_basis: None,
            materials: Vec::new(),
            questions: Vec::new(),
            scenarios: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// The document as a JSON value; the ledger makes it canonical and takes its digest.
    pub fn to_value(&self) -> Result<serde_json::Value, ContentFault> {
        Ok(serde_json::to_value(self)?)
    }

    /// Whether people can apply for it here.
    pub fn takes_applications(&self) -> bool {
        self.coverage == Coverage::Full && self.item_type.on_application()
    }

    /// Looks a material up.
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.id == id)
    }

    /// Looks a scenario up.
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.id == id)
    }

    /// Looks a field up.
    pub fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.name == name)
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
