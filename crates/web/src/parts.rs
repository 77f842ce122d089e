//! What the page parts (`templates/parts/*.html`) read: one small struct per list a part prints.
//! A room may pass its own struct with the same field names instead. Deliberately absent: any
//! rule, any lookup, any wording; all texts arrive ready in the reader's language.

/// One line of the error summary 错误提示; `field` is the id of the control it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// The name, and so the id, of the control.
    pub field: String,
    /// What the control is called on the page, or empty where the text says it.
    pub label: String,
    /// The page on which the control stands, or empty for this one.
    pub page: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// One choice 选项 of radios, checkboxes or a select.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second, quieter line, or empty.
    pub hint: String,
    /// Whether it is chosen already.
    pub chosen: bool,
}

impl Choice {
    /// Choices from pairs of value and label, the one equal to `chosen` marked.
    pub fn list<V, L>(pairs: impl IntoIterator<Item = (V, L)>, chosen: &str) -> Vec<Self>
    where
        V: Into<String>,
        L: Into<String>,
    {
        let choice = |(value, label): (V, L)| {
            let value = value.into();
            let chosen = value == chosen;
            Self {
                value,
                label: label.into(),
                hint: String::new(),
                chosen,
            }
        };
        pairs.into_iter().map(choice).collect()
    }
}

/// A page that leads here 导航 (breadcrumb), or a tab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
    /// Whether it is the page shown.
    pub current: bool,
}

impl Link {
    /// A link to another page.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            current: false,
        }
    }

    /// Tabs 分类 of a list: the link of each word, the one that is shown marked.
    pub fn tabs<W: PartialEq>(
        words: impl IntoIterator<Item = W>,
        shown: &W,
        link: impl Fn(&W) -> Self,
    ) -> Vec<Self> {
        let tab = |word: W| Self {
            current: word == *shown,
            ..link(&word)
        };
        words.into_iter().map(tab).collect()
    }
}

/// A row of the summary list 摘要.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// The name of the value.
    pub label: String,
    /// The value.
    pub text: String,
    /// Where it can be changed or seen, or empty.
    pub href: String,
    /// The words of that link.
    pub action: String,
}

impl Fact {
    /// A row without a link.
    pub fn plain(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
            ..Self::default()
        }
    }
}

/// A row of the task list 待办步骤.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// Where to do it, or empty while it cannot be done.
    pub href: String,
    /// What is to be done.
    pub label: String,
    /// A second line, or empty.
    pub hint: String,
    /// How far it is, in words.
    pub state: String,
    /// The tag's tone: empty, `blue`, `green`, `yellow` or `red`.
    pub tone: String,
}

/// A moment of a case's history 办理过程.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    /// When, ready to be read.
    pub time: String,
    /// What happened.
    pub title: String,
    /// Who did it, or empty.
    pub who: String,
    /// More, or empty.
    pub detail: String,
    /// A document or proof, or empty.
    pub href: String,
    /// The words of that link.
    pub link: String,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Progress {
    /// Finished.
    Done,
    /// Being done.
    Now,
    /// Still to come.
    #[default]
    Next,
}

/// A step 步骤 of the way through a form or a case; `state` is `done`, `now` or `next`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Its state, as the style sheet names it.
    pub state: &'static str,
}

impl Step {
    /// The steps of a way, of which number `now` (from zero) is being done.
    pub fn way<L: Into<String>>(labels: impl IntoIterator<Item = L>, now: usize) -> Vec<Self> {
        let step = |(at, label): (usize, L)| {
            let progress = match at.cmp(&now) {
                std::cmp::Ordering::Less => Progress::Done,
                std::cmp::Ordering::Equal => Progress::Now,
                std::cmp::Ordering::Greater => Progress::Next,
            };
            Self::new(label, progress)
        };
        labels.into_iter().enumerate().map(step).collect()
    }

    /// One step.
    pub fn new(label: impl Into<String>, progress: Progress) -> Self {
        let state = match progress {
            Progress::Done => "done",
            Progress::Now => "now",
            Progress::Next => "next",
        };
        Self {
            label: label.into(),
            state,
        }
    }
}

/// A stage 环节 of a way that is read from top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub label: String,
    /// Its state, as the style sheet names it.
    pub state: &'static str,
    /// Its state in words.
    pub word: String,
    /// With whom, since when or by when; or empty.
    pub detail: String,
}

/// A card 卡片 that is a link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tile {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
    /// A second line, or empty.
    pub text: String,
}

/// A key figure 指标.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// The number, ready to be read.
    pub value: String,
    /// Its unit, or empty.
    pub unit: String,
    /// What to compare it with, or empty.
    pub note: String,
    /// Where the rows behind it are, or empty.
    pub href: String,
}

/// A bar 条 of a chart that is a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The number, ready to be read.
    pub value: String,
    /// Its length, 0 to 100.
    pub percent: u8,
    /// Empty, or a lamp's colour.
    pub tone: String,
    /// Where the rows behind it are, or empty.
    pub href: String,
}

impl Bar {
    /// The length of a bar, so that the greatest value is full and a small one can still be seen.
    pub fn percent_of(value: u64, greatest: u64) -> u8 {
        if value == 0 || greatest == 0 {
            return 0;
        }
        let percent = u128::from(value) * 100 / u128::from(greatest);
        u8::try_from(percent.clamp(1, 100)).unwrap_or(100)
    }
}
