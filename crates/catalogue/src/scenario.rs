//! From answers to a scenario 情形, and from a scenario to exactly one list of materials. Guide,
//! form, clerk's check-list and one-time notice all read that one list; there is no second one.

use crate::model::kind::Necessity;
use crate::model::{
    Fee, FormField, ItemContent, Material, MaterialReq, Next, Promise, Question, Scenario,
    StatutoryLimit,
};
use std::collections::BTreeMap;

/// Answers to the questions: question → option.
pub type Picks = BTreeMap<String, String>;

/// Before the name of a question in an address or a form: `?pick.place=own`.
pub const PICK: &str = "pick.";

/// The answers among the fields of an address or a form; what they are worth says [`reach`].
pub fn picks_among<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Picks {
    let picked = pairs.filter_map(|(name, option)| {
        let question = name.strip_prefix(PICK)?;
        Some((question.to_owned(), option.to_owned()))
    });
    picked.collect()
}

/// More paths than this through one tree are an error of the editor.
pub const PATHS_MAX: usize = 1_000;

/// Why no scenario is reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioFault {
    /// The answer is not among the options.
    #[error("question {question} has no option {option}")]
    NoSuchOption {
        /// The question.
        question: String,
        /// The answer given.
        option: String,
    },
    /// An option leads nowhere.
    #[error("{from} leads to {to}, which does not exist")]
    Dangling {
        /// Question and option.
        from: String,
        /// The name that is missing.
        to: String,
    },
    /// The questions go round in a circle.
    #[error("the questions go round in a circle at {question}")]
    Circle {
        /// A question on the circle.
        question: String,
    },
    /// There are too many ways through the questions.
    #[error("more than {PATHS_MAX} ways through the questions")]
    TooManyPaths,
    /// The item has no scenario, or several and no question.
    #[error("no question leads to the scenarios")]
    NoEntry,
    /// A scenario lists a material that the item does not have.
    #[error("scenario {scenario} lists {material}, which does not exist")]
    NoSuchMaterial {
        /// The scenario.
        scenario: String,
        /// The name that is missing.
        material: String,
    },
    /// No scenario of that name.
    #[error("no scenario {scenario}")]
    NoSuchScenario {
        /// The name.
        scenario: String,
    },
}

/// Where the answers so far lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Reached<'a> {
    /// This question comes next.
    Ask(&'a Question),
    /// The tree ends at this scenario.
    Scenario(Requirements<'a>),
}

/// Everything a scenario asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirements<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The one list of materials.
    pub materials: MaterialList<'a>,
    /// Fields that the scenario does not hide; conditions on answers are still open.
    pub fields: Vec<&'a FormField>,
    /// Fees due.
    pub fees: Vec<&'a Fee>,
    /// Statutory limit.
    pub statutory: Option<&'a StatutoryLimit>,
    /// Promised limit.
    pub promised: Option<Promise>,
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaterialLine<'a> {
    /// The material.
    pub material: &'a Material,
    /// How necessary it is here, and any note.
    pub requirement: &'a MaterialReq,
}

impl MaterialLine<'_> {
    /// Whether the applicant must hand it in here and now: it is required, and not made of the
    /// answers to the form.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.requirement.necessity == Necessity::Required && !self.material.from_form
    }
}

/// The exact list of materials of a scenario, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialList<'a> {
    lines: Vec<MaterialLine<'a>>,
}

/// A place for files in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadSlot<'a> {
    /// Identifier of the material.
    pub material: &'a str,
    /// Whether the application cannot be sent without it.
    pub required: bool,
    /// How many files at most.
    pub files_max: u32,
}

impl<'a> MaterialList<'a> {
    fn of(content: &'a ItemContent, scenario: &'a Scenario) -> Result<Self, ScenarioFault> {
        let lines = scenario.materials.iter().map(|requirement| {
            let material = content.material(&requirement.material).ok_or_else(|| {
                ScenarioFault::NoSuchMaterial {
                    scenario: scenario.id.clone(),
                    material: requirement.material.clone(),
                }
            })?;
            Ok(MaterialLine {
                material,
                requirement,
            })
        });
        Ok(Self {
            lines: lines.collect::<Result<_, _>>()?,
        })
    }

    /// The list as the guide prints it: every line.
    pub fn lines(&self) -> &[MaterialLine<'a>] {
        &self.lines
    }

    /// The list as the form shows it: one place for files a line.
    pub fn upload_slots(&self) -> Vec<UploadSlot<'a>> {
        self.lines
            .iter()
            .map(|line| UploadSlot {
                material: &line.material.id,
                required: line.is_due(),
                files_max: line.material.files_max(),
            })
            .collect()
    }

    /// The list as the clerk ticks it off: every line, with what makes it acceptable.
    pub fn check_list(&self) -> Vec<(&'a str, Option<&'a str>)> {
        let standard =
            |line: &MaterialLine<'a>| line.material.acceptance_standard.as_ref().map(|t| &*t.zh);
        self.lines
            .iter()
            .map(|line| (&*line.material.id, standard(line)))
            .collect()
    }

    /// What is missing when `present` are there: the body of the one-time notice 一次性告知
    /// (行政许可法 32). Optional materials are never missing.
    pub fn missing(&self, present: &[&str]) -> Vec<MaterialLine<'a>> {
        self.lines
            .iter()
            .filter(|line| line.requirement.necessity != Necessity::Optional)
            .filter(|line| !present.contains(&line.material.id.as_str()))
            .copied()
            .collect()
    }

    /// Whether everything missing may follow later 容缺受理.
    pub fn tolerable_without(&self, present: &[&str]) -> bool {
        let missing = self.missing(present);
        missing
            .iter()
            .all(|line| line.requirement.necessity == Necessity::Tolerable)
    }

    /// Whether a material may be asked for at all (行政许可法 31).
    pub fn allows(&self, material: &str) -> bool {
        self.lines.iter().any(|line| line.material.id == material)
    }
}

/// Follows the answers through the questions.
pub fn reach<'a>(content: &'a ItemContent, picks: &Picks) -> Result<Reached<'a>, ScenarioFault> {
    let Some(mut question) = content.questions.first() else {
        return match content.scenarios.as_slice() {
            [only] => Ok(Reached::Scenario(requirements_of(content, only)?)),
            _ => Err(ScenarioFault::NoEntry),
        };
    };
    for _ in 0..=content.questions.len() {
        let Some(option) = picks.get(&question.id) else {
            return Ok(Reached::Ask(question));
        };
        let choice = question
            .options
            .iter()
            .find(|choice| choice.id == *option)
            .ok_or_else(|| ScenarioFault::NoSuchOption {
                question: question.id.clone(),
                option: option.clone(),
            })?;
        match step(content, question, &choice.id, &choice.then)? {
            Stop::Question(next) => question = next,
            Stop::Scenario(scenario) => {
                return Ok(Reached::Scenario(requirements_of(content, scenario)?));
            }
        }
    }
    Err(ScenarioFault::Circle {
        question: question.id.clone(),
    })
}

/// Everything the scenario `id` asks for.
pub fn requirements<'a>(
    content: &'a ItemContent,
    id: &str,
) -> Result<Requirements<'a>, ScenarioFault> {
    let scenario = content
        .scenario(id)
        .ok_or_else(|| ScenarioFault::NoSuchScenario {
            scenario: id.to_owned(),
        })?;
    requirements_of(content, scenario)
}

/// Every way through the questions with the scenario it ends in.
pub fn paths(content: &ItemContent) -> Result<Vec<(Picks, &Scenario)>, ScenarioFault> {
    let Some(first) = content.questions.first() else {
        return match content.scenarios.as_slice() {
            [only] => Ok(vec![(Picks::new(), only)]),
            _ => Err(ScenarioFault::NoEntry),
        };
    };
    let mut found = Vec::new();
    let mut open = vec![(Picks::new(), first)];
    while let Some((picks, question)) = open.pop() {
        if picks.contains_key(&question.id) {
            return Err(ScenarioFault::Circle {
                question: question.id.clone(),
            });
        }
        for choice in question.options.iter().rev() {
            let mut picks = picks.clone();
            picks.insert(question.id.clone(), choice.id.clone());
            match step(content, question, &choice.id, &choice.then)? {
                Stop::Question(next) => open.push((picks, next)),
                Stop::Scenario(scenario) => found.push((picks, scenario)),
            }
            if PATHS_MAX < found.len() + open.len() {
                return Err(ScenarioFault::TooManyPaths);
            }
        }
    }
    Ok(found)
}

enum Stop<'a> {
    Question(&'a Question),
    Scenario(&'a Scenario),
}

fn step<'a>(
    content: &'a ItemContent,
    question: &Question,
    option: &str,
    next: &Next,
) -> Result<Stop<'a>, ScenarioFault> {
    let dangling = |to: &str| ScenarioFault::Dangling {
        from: format!("{}.{option}", question.id),
        to: to.to_owned(),
    };
    match next {
        Next::Question(id) => content
            .questions
            .iter()
            .find(|question| question.id == *id)
            .map(Stop::Question)
            .ok_or_else(|| dangling(id)),
        Next::Scenario(id) => content
            .scenario(id)
            .map(Stop::Scenario)
            .ok_or_else(|| dangling(id)),
    }
}

fn requirements_of<'a>(
    content: &'a ItemContent,
    scenario: &'a Scenario,
) -> Result<Requirements<'a>, ScenarioFault> {
    let here = |ids: &[String]| ids.is_empty() || ids.contains(&scenario.id);
    Ok(Requirements {
        scenario,
        materials: MaterialList::of(content, scenario)?,
        fields: content
            .fields
            .iter()
            .filter(|field| {
                field
                    .visible_if
                    .as_ref()
                    .is_none_or(|when| here(&when.scenarios))
            })
            .collect(),
        fees: content
            .fees
            .iter()
            .filter(|fee| here(&fee.scenarios))
            .collect(),
        statutory: scenario.statutory.as_ref().or(content.statutory.as_ref()),
        promised: scenario.promised.or(content.promised),
    })
}
