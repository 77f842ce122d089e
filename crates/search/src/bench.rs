//! Measures indexing and questions over made-up items, for `qingchuang bench search`.
//!
//! The items are put together from words of real item names by counting, so every run measures
//! the same index. Deliberately absent: a verdict; the caller knows the limit.

use std::time::{Duration, Instant};

use crate::{Doc, Facets, Fault, Filter, Index};

/// What one measurement found.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Things in the index.
    pub docs: usize,
    /// Time to index them all.
    pub index_time: Duration,
    /// Questions asked, one after the other.
    pub questions: usize,
    /// Half of the questions were answered within this time.
    pub p50: Duration,
    /// All but one in a hundred were answered within this time.
    pub p99: Duration,
}

/// Indexes so many made-up items in memory and asks so many questions of every sort.
pub fn measure(docs: usize, questions: usize) -> Result<Measured, Fault> {
    let index = Index::in_memory()?;
    let start = Instant::now();
    index.replace_all((0..docs).map(made_up))?;
    let index_time = start.elapsed();
    let mut times = Vec::with_capacity(questions);
    for (question, _) in QUESTIONS.iter().cycle().zip(0..questions) {
        let start = Instant::now();
        index.search(question, &Filter::default(), 20, 0)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).or(times.last());
    let (p50, p99) = (at(50), at(99));
    Ok(Measured {
        docs,
        index_time,
        questions,
        p50: p50.copied().unwrap_or_default(),
        p99: p99.copied().unwrap_or_default(),
    })
}

const QUESTIONS: &[&str] = &[
    "食品经营许可",
    "营业执照",
    "养老备案",
    "spjy",
    "shipinjingying",
    "shi pin jing ying",
    "我要开饭店",
    "社会保险变更",
    "许可",
    "登记",
    "gsdj",
    "医疗机构执业登记注销",
    "身份证丢了怎么办",
    "permit",
    "xuke",
    "道路运输 经营",
    "sp",
    "shipingjinying",
];

const THINGS: &[&str] = &[
    "食品",
    "药品",
    "医疗器械",
    "道路运输",
    "出租汽车",
    "建筑工程",
    "劳务派遣",
    "民办学校",
    "养老机构",
    "社会团体",
    "林木种子",
    "农药",
    "兽药",
    "烟草专卖",
    "营业性演出",
    "出版物",
    "印刷",
    "旅馆业",
    "危险化学品",
    "特种设备",
    "取水",
    "排污",
    "燃气",
    "不动产",
    "社会保险",
    "住房公积金",
    "机动车",
    "医疗机构",
    "幼儿园",
    "动物防疫",
];
const DEEDS: &[&str] = &[
    "经营", "生产", "设立", "运营", "使用", "批发", "零售", "检验", "储存", "施工", "执业", "从业",
];
const OUTCOMES: &[&str] = &[
    "许可",
    "备案",
    "登记",
    "审批",
    "核准",
    "变更",
    "注销",
    "延续",
    "补办",
    "年检",
    "资格认定",
];
const PLACES: &[&str] = &["市级", "县级", "区级", "乡镇", "园区", "自贸区", "新区"];

/// The item with this number: another number, another name.
pub(crate) fn made_up(number: usize) -> Doc {
    let pick = |list: &[&'static str], step: usize| list[number / step % list.len()];
    let (thing, deed) = (pick(THINGS, 1), pick(DEEDS, 30));
    let (outcome, place) = (pick(OUTCOMES, 360), pick(PLACES, 3_960));
    Doc {
        id: format!("item_{number}"),
        title: format!("{thing}{deed}{outcome}（{place}第{number}号）"),
        title_en: format!("Permit no. {number}"),
        body: format!(
            "办理{thing}{deed}{outcome}，申请人应当提交申请书、身份证明和场所证明；\
             {place}主管部门自受理之日起二十个工作日内作出决定。"
        ),
        synonyms: vec![format!("{thing}证")],
        facets: Facets {
            organ: format!("organ_{}", number % 34),
            topics: vec![thing.to_owned()],
            kind: outcome.to_owned(),
        },
    }
}
