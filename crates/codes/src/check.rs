//! One question for all kinds of code, as `qingchuang codes check` asks it: is this value good, and
//! if not, by which rule; if it is, is there something to know about it (a provisional credit code,
//! a region that was abolished).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    CaseNumber, CatalogCode, CitizenId, CodeError, EcertId, HandlingCode, InnerCheck, ItemCode,
    LocalItemCode, ProjectCode, QueryCode, RegionCode, RegionLevel, RegionTable, Standing,
    TaskCode, Uscc,
};

/// What a value claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 统一社会信用代码.
    Uscc,
    /// 公民身份号码.
    CitizenId,
    /// 行政区划代码.
    Region,
    /// 办件编号.
    CaseNumber,
    /// 电子证照标识.
    EcertId,
    /// 实施编码 (31), or with its handling item (33).
    TaskCode,
    /// 基本编码 (12).
    CatalogCode,
    /// 业务办理项编码 (33).
    HandlingCode,
    /// An item code of any generation, local ones included.
    ItemCode,
    /// 项目代码.
    ProjectCode,
    /// 查询码.
    QueryCode,
}

impl Kind {
    /// Every kind, in the order of the help text.
    pub const ALL: [Self; 11] = [
        Self::Uscc,
        Self::CitizenId,
        Self::Region,
        Self::CaseNumber,
        Self::EcertId,
        Self::TaskCode,
        Self::CatalogCode,
        Self::HandlingCode,
        Self::ItemCode,
        Self::ProjectCode,
        Self::QueryCode,
    ];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uscc => "uscc",
            Self::CitizenId => "citizen-id",
            Self::Region => "region",
            Self::CaseNumber => "case-no",
            Self::EcertId => "ecert-id",
            Self::TaskCode => "task-code",
            Self::CatalogCode => "catalog-code",
            Self::HandlingCode => "handling-code",
            Self::ItemCode => "item-code",
            Self::ProjectCode => "project-code",
            Self::QueryCode => "query-code",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word names no kind of code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown kind of code; one of uscc, citizen-id, region, case-no, ecert-id, task-code, \
     catalog-code, handling-code, item-code, project-code, query-code"
)]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or(UnknownKind)
    }
}

/// The answer about one value. `code` and the reasons are absent where there is nothing to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The value as it was given.
    pub value: String,
    /// Whether it passes.
    pub valid: bool,
    /// Stable code of the reason.
    pub code: Option<&'static str>,
    /// Why not, or what to know although it passes; English.
    pub reason: Option<String>,
    /// The same in Chinese.
    pub reason_zh: Option<String>,
}

struct Note {
    code: &'static str,
    en: String,
    zh: String,
}

/// Checks a value of a kind. Spaces around it are not part of it; nothing else is forgiven.
pub fn check(kind: Kind, value: &str, today: Date) -> Verdict {
    let trimmed = value.trim();
    let answer = match kind {
        Kind::Uscc => Uscc::parse(trimmed).map(|code| about_uscc(&code)),
        Kind::CitizenId => CitizenId::parse(trimmed, today).map(|id| about_citizen(&id)),
        Kind::Region => RegionCode::parse(trimmed).and_then(|code| about_region(&code)),
        Kind::CaseNumber => CaseNumber::parse(trimmed).map(|_| None),
        Kind::EcertId => EcertId::parse(trimmed).map(|_| None),
        Kind::TaskCode if trimmed.chars().count() == 33 => {
            HandlingCode::parse(trimmed).map(|code| about_body(code.as_str()))
        }
        Kind::TaskCode => task_code(trimmed),
        Kind::CatalogCode => CatalogCode::parse(trimmed).map(|_| None),
        Kind::HandlingCode => HandlingCode::parse(trimmed).map(|code| about_body(code.as_str())),
        Kind::ItemCode => ItemCode::parse(trimmed).map(|code| about_item(&code)),
        Kind::ProjectCode => ProjectCode::parse(trimmed).map(|_| None),
        Kind::QueryCode => QueryCode::parse(trimmed).map(|_| None),
    };
    let valid = answer.is_ok();
    let note = match answer {
        Ok(note) => note,
        Err(error) => Some(Note {
            code: error.code(),
            en: error.to_string(),
            zh: error.zh(),
        }),
    };
    let (code, reason, reason_zh) = match note {
        Some(note) => (Some(note.code), Some(note.en), Some(note.zh)),
        None => (None, None, None),
    };
    Verdict {
        value: value.to_owned(),
        valid,
        code,
        reason,
        reason_zh,
    }
}

fn task_code(value: &str) -> Result<Option<Note>, CodeError> {
    match TaskCode::parse(value) {
        Ok(code) => Ok(about_body(code.as_str())),
        Err(_) if is_local(value) => Err(CodeError::Shape {
            en: "this is the local code of an item (parts with hyphens), not the national \
                 31-character one; check it with --kind item-code",
            zh: "这是地方实施编码（带连字符），不是国家的 31 位实施编码；请用 --kind item-code 校验",
        }),
        Err(CodeError::Length { found, .. }) => Err(CodeError::Length {
            found,
            expected: "31 or 33",
        }),
        Err(error) => Err(error),
    }
}

/// Whether it is a local code of an item, which guides show where there is no national one.
fn is_local(value: &str) -> bool {
    LocalItemCode::parse(value).is_ok_and(|code| 3 < code.parts().count())
}

fn about_uscc(code: &Uscc) -> Option<Note> {
    if code.is_provisional() {
        return Some(Note {
            code: "provisional",
            en: "provisional code: kept, its check digit is not tested".to_owned(),
            zh: "临时代码：予以保留，不校验末位".to_owned(),
        });
    }
    match code.inner_check() {
        InnerCheck::Differs { expected } => Some(Note {
            code: "inner-check",
            en: format!(
                "the check digit is right, but the organisation code inside should end in \
                 '{expected}' (GB 11714)"
            ),
            zh: format!("校验码正确，但其中的组织机构代码末位应为“{expected}”（GB 11714）"),
        }),
        InnerCheck::Fits | InnerCheck::NotApplicable => None,
    }
}

fn about_citizen(id: &CitizenId) -> Option<Note> {
    let standing = id
        .region()
        .map_or(Standing::Unlisted, |region| region.standing());
    match standing {
        Standing::Current => None,
        Standing::Abolished => Some(Note {
            code: "region-abolished",
            en: "the check digit is right; the region has been abolished since".to_owned(),
            zh: "校验码正确；所含行政区划代码现已撤销".to_owned(),
        }),
        Standing::Unlisted => Some(Note {
            code: "region-unlisted",
            en: "the check digit is right; the region is in no table we hold".to_owned(),
            zh: "校验码正确；所含行政区划代码不在现有代码表中".to_owned(),
        }),
    }
}

fn about_region(code: &RegionCode) -> Result<Option<Note>, CodeError> {
    let table = RegionTable::built_in();
    let name = table.full_name(code).unwrap_or_default();
    match table.standing(code) {
        Standing::Unlisted => Err(CodeError::UnknownRegion {
            code: code.shortest().to_owned(),
        }),
        Standing::Abolished => Ok(Some(Note {
            code: "abolished",
            en: format!("abolished region, kept for old cases: {name}"),
            zh: format!("已撤销的区划，旧办件仍可使用：{name}"),
        })),
        Standing::Current if code.level() == RegionLevel::Village => Ok(Some(Note {
            code: "village-unlisted",
            en: format!("the township is known ({name}); villages are in no table we hold"),
            zh: format!("所属乡镇街道存在（{name}）；村级代码不在现有代码表中"),
        })),
        Standing::Current => Ok(None),
    }
}

fn about_body(task: &str) -> Option<Note> {
    Uscc::parse(crate::scan::part(task, 0, 18))
        .ok()
        .and_then(|body| about_uscc(&body))
}

fn about_item(code: &ItemCode) -> Option<Note> {
    match code {
        ItemCode::Catalog(_) => None,
        ItemCode::Task(_) | ItemCode::Handling(_) => about_body(code.as_str()),
        ItemCode::Local(_) => Some(Note {
            code: "local",
            en: "a local form, kept as it is: not a national code of 12, 31 or 33".to_owned(),
            zh: "地方编码，原样保留：不是 12、31 或 33 位的国家编码".to_owned(),
        }),
    }
}
