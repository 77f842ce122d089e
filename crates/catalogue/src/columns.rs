//! The columns of the item table, for reading and for writing: one list, so that what is exported
//! can be imported again. Materials and forms do not fit into a row and are deliberately absent.

use kernel::Lang;

use crate::model::{ItemContent, Promise, TimeLimit};

/// A column of the item table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// 地方实施编码: by it an item is found again.
    LocalTaskCode,
    /// 地方基本编码.
    LocalCatalogCode,
    /// 基本编码, 12 characters.
    CatalogCode,
    /// 实施编码, 31 characters.
    TaskCode,
    /// 业务办理项编码, 33 characters.
    HandlingCode,
    /// 主项名称.
    MainItem,
    /// 事项名称.
    Name,
    /// 英文名称.
    EnglishName,
    /// 事项类型: name or two digits.
    ItemType,
    /// 行使层级: name or digit.
    Level,
    /// 行政区划代码, 6, 9 or 12 digits.
    Region,
    /// 部门: the short name that citizens know.
    Department,
    /// 实施主体: the full name; the department's name where empty.
    BodyName,
    /// 统一社会信用代码 of the implementing body.
    BodyUscc,
    /// 服务对象: names or digits, separated by 、 or ;.
    Targets,
    /// 办件类型: name or digit.
    CaseKind,
    /// 法定时限: a number.
    StatutoryAmount,
    /// 法定时限单位: 工作日, 自然日 or 小时.
    StatutoryUnit,
    /// 承诺时限: a number, or 即办.
    PromisedAmount,
    /// 承诺时限单位.
    PromisedUnit,
}

impl Column {
    /// All columns in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::LocalTaskCode,
        Self::LocalCatalogCode,
        Self::CatalogCode,
        Self::TaskCode,
        Self::HandlingCode,
        Self::MainItem,
        Self::Name,
        Self::EnglishName,
        Self::ItemType,
        Self::Level,
        Self::Region,
        Self::Department,
        Self::BodyName,
        Self::BodyUscc,
        Self::Targets,
        Self::CaseKind,
        Self::StatutoryAmount,
        Self::StatutoryUnit,
        Self::PromisedAmount,
        Self::PromisedUnit,
    ];

    /// Columns without which a table is not an item table.
    pub const NEEDED: &'static [Self] = &[Self::Name, Self::ItemType, Self::Department];

    /// The Chinese heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::LocalTaskCode => "地方实施编码",
            Self::LocalCatalogCode => "地方基本编码",
            Self::CatalogCode => "基本编码",
            Self::TaskCode => "实施编码",
            Self::HandlingCode => "业务办理项编码",
            Self::MainItem => "主项名称",
            Self::Name => "事项名称",
            Self::EnglishName => "英文名称",
            Self::ItemType => "事项类型",
            Self::Level => "行使层级",
            Self::Region => "行政区划代码",
            Self::Department => "部门",
            Self::BodyName => "实施主体",
            Self::BodyUscc => "统一社会信用代码",
            Self::Targets => "服务对象",
            Self::CaseKind => "办件类型",
            Self::StatutoryAmount => "法定时限",
            Self::StatutoryUnit => "法定时限单位",
            Self::PromisedAmount => "承诺时限",
            Self::PromisedUnit => "承诺时限单位",
        }
    }

    /// The English heading.
    pub const fn english(self) -> &'static str {
        match self {
            Self::LocalTaskCode => "local task code",
            Self::LocalCatalogCode => "local catalogue code",
            Self::CatalogCode => "catalogue code",
            Self::TaskCode => "task code",
            Self::HandlingCode => "handling code",
            Self::MainItem => "main item",
            Self::Name => "name",
            Self::EnglishName => "English name",
            Self::ItemType => "item type",
            Self::Level => "level",
            Self::Region => "region code",
            Self::Department => "department",
            Self::BodyName => "implementing body",
            Self::BodyUscc => "credit code",
            Self::Targets => "for",
            Self::CaseKind => "case kind",
            Self::StatutoryAmount => "statutory limit",
            Self::StatutoryUnit => "unit of the statutory limit",
            Self::PromisedAmount => "promised limit",
            Self::PromisedUnit => "unit of the promised limit",
        }
    }

    /// The heading in a language; both are read again.
    pub fn heading_in(self, lang: Lang) -> &'static str {
        lang.pick(self.heading(), self.english())
    }

    /// The headings of the public district list, beside our own.
    const fn alias(self) -> &'static [&'static str] {
        match self {
            Self::LocalTaskCode => &["item_code", "事项编码"],
            Self::LocalCatalogCode => &["base_code"],
            Self::MainItem => &["main_item", "主项"],
            Self::Name => &["item_name", "名称", "业务办理项名称"],
            Self::ItemType => &["task_type"],
            Self::Region => &["region_code", "区划代码"],
            Self::Department => &["department", "部门名称"],
            Self::BodyUscc => &["org_credit_code", "实施主体编码"],
            _ => &[],
        }
    }

    /// Recognises a heading.
    pub fn read(heading: &str) -> Option<Self> {
        let heading = heading
            .trim()
            .trim_start_matches('\u{feff}')
            .trim_end_matches('*');
        Self::ALL.iter().copied().find(|column| {
            [column.heading(), column.english()].contains(&heading)
                || column.alias().contains(&heading)
        })
    }

    /// The column that holds the part of a document a finding speaks of.
    pub fn of_place(place: &str) -> Option<Self> {
        Some(match place {
            "name" => Self::Name,
            "body/name" => Self::BodyName,
            "body/uscc" => Self::BodyUscc,
            "department" => Self::Department,
            "region" => Self::Region,
            "item_type" => Self::ItemType,
            "level" => Self::Level,
            "codes" | "codes/local_task_code" => Self::LocalTaskCode,
            "codes/local_catalog_code" => Self::LocalCatalogCode,
            "codes/catalog_code" => Self::CatalogCode,
            "codes/task_code" => Self::TaskCode,
            "codes/handling_code" => Self::HandlingCode,
            _ => return None,
        })
    }

    /// What an item has in this column.
    pub fn value(self, content: &ItemContent) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let codes = &content.codes;
        let statutory = content.statutory.as_ref().map(|law| law.limit);
        match self {
            Self::LocalTaskCode => text(&codes.local_task_code),
            Self::LocalCatalogCode => text(&codes.local_catalog_code),
            Self::CatalogCode => text(&codes.catalog_code),
            Self::TaskCode => text(&codes.task_code),
            Self::HandlingCode => text(&codes.handling_code),
            Self::MainItem => content
                .main_item
                .as_ref()
                .map(|t| t.zh.clone())
                .unwrap_or_default(),
            Self::Name => content.name.zh.clone(),
            Self::EnglishName => text(&content.name.en),
            Self::ItemType => content.item_type.zh().to_owned(),
            Self::Level => content
                .level
                .map(|level| level.zh())
                .unwrap_or_default()
                .to_owned(),
            Self::Region => content.region.clone(),
            Self::Department => content.department.clone(),
            Self::BodyName => content.body.name.zh.clone(),
            Self::BodyUscc => text(&content.body.uscc),
            Self::Targets => {
                let names: Vec<&str> = content.targets.iter().map(|target| target.zh()).collect();
                names.join("、")
            }
            Self::CaseKind => content
                .case_kind
                .map(|kind| kind.zh())
                .unwrap_or_default()
                .to_owned(),
            Self::StatutoryAmount => amount(statutory),
            Self::StatutoryUnit => unit(statutory),
            Self::PromisedAmount => match content.promised {
                Some(Promise::Instant) => "即办".to_owned(),
                Some(Promise::Within(limit)) => amount(Some(limit)),
                None => String::new(),
            },
            Self::PromisedUnit => match content.promised {
                Some(Promise::Within(limit)) => unit(Some(limit)),
                Some(Promise::Instant) | None => String::new(),
            },
        }
    }
}

fn amount(limit: Option<TimeLimit>) -> String {
    limit
        .map(|limit| limit.amount.to_string())
        .unwrap_or_default()
}

fn unit(limit: Option<TimeLimit>) -> String {
    limit
        .map(|limit| limit.unit.name("zh").trim_start_matches('个').to_owned())
        .unwrap_or_default()
}
