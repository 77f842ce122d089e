//! Materials 材料 of an item. Which scenario needs which material stands in `scenario.rs`.

use super::kind::{MaterialForm, MaterialSource, MaterialType, Necessity};
use super::{LegalBasis, Text};
use serde::{Deserialize, Serialize};

/// A document that may be asked for. What is not listed may not be asked for (行政许可法 31).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Identifier within the item, in lower case ASCII.
    pub id: String,
    /// Name 材料名称; a catch-all such as 其他材料 is not a name.
    pub name: Text,
    /// Original or copy 材料类型.
    pub material_type: MaterialType,
    /// Paper or electronic 材料形式.
    pub form: MaterialForm,
    /// Number of originals 原件份数.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub original_count: u32,
    /// Number of copies 复印件份数.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub copy_count: u32,
    /// Paper size 纸张规格.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper_size: Option<String>,
    /// The hall makes it of the answers to the form 由表单生成, so that nobody hands it in
    /// (国务院关于在线政务服务的若干规定 8: electronic is as good as paper).
    #[serde(default, skip_serializing_if = "is_false")]
    pub from_form: bool,
    /// Where it comes from 来源渠道.
    pub source: MaterialSource,
    /// Note on the source 来源渠道说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_note: Option<Text>,
    /// Organ that issues it, when it comes from the government.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuing_body: Option<Text>,
    /// Kind of certificate the hall itself may look up instead of asking for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_kind: Option<String>,
    /// Name of the blank form 空白表格 to be filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank_form: Option<Text>,
    /// Name of the filled-in sample 示例样表.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Text>,
    /// How to fill it in 填报须知.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filling_note: Option<Text>,
    /// When it is accepted 受理标准.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance_standard: Option<Text>,
    /// Article that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<LegalBasis>,
    /// File kinds accepted online; the content decides, not the name of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_kinds: Vec<FileKind>,
    /// Largest number of files for this material; none means one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_max: Option<u32>,
}

impl Material {
    /// Largest number of files an applicant may hand in for this material.
    pub fn files_max(&self) -> u32 {
        self.files_max.unwrap_or(1)
    }

    /// Originals and copies in words, such as 原件1份、复印件2份.
    pub fn counts(&self, language: &str) -> String {
        let english = language.starts_with("en");
        let mut parts = Vec::new();
        match (self.original_count, english) {
            (0, _) => {}
            (count, false) => parts.push(format!("原件{count}份")),
            (count, true) => parts.push(format!("{count} original")),
        }
        match (self.copy_count, english) {
            (0, _) => {}
            (count, false) => parts.push(format!("复印件{count}份")),
            (count, true) => parts.push(format!("{count} copy")),
        }
        parts.join(if english { ", " } else { "、" })
    }
}

/// File kinds a material may be handed in as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// JPEG picture.
    Jpg,
    /// PNG picture.
    Png,
    /// OFD 版式文件 (GB/T 33190).
    Ofd,
    /// Word document.
    Docx,
    /// Excel workbook.
    Xlsx,
    /// DWG drawing.
    Dwg,
}

impl FileKind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Dwg => "image/vnd.dwg",
        }
    }

    /// The ending of file names.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Ofd => "ofd",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Dwg => "dwg",
        }
    }
}

/// One line of a scenario's material list: a material and how necessary it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialReq {
    /// Identifier of the material.
    pub material: String,
    /// Necessity 材料必要性 in this scenario.
    pub necessity: Necessity,
    /// When the material may be left away or follow later, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}
