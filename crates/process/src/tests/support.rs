//! Short words for the stories: build a process from a few lines, run it, name what happened.

use crate::{
    Conditions, Data, Definitions, Effect, Input, Marking, PlainOnly, Process, Step, StepRefusal,
    Token,
};

/// A BPMN file around these elements of one process.
pub fn file(elements: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:qc="https://qingchuang.gov.example/bpmn" targetNamespace="t">
<message id="m1" name="withdrawal"/><signal id="g1" name="law changed"/>
<error id="e1" errorCode="lost"/><escalation id="x1" escalationCode="chief"/>
<process id="p" isExecutable="true">{elements}</process></definitions>"#
    )
}

/// `a>b` drawn as a flow `a_b`; `a>b:expression` with a condition.
pub fn flows(list: &str) -> String {
    let one = |text: &str| {
        let (ends, condition) = text.split_once(':').unwrap_or((text, ""));
        let (from, to) = ends.split_once('>').unwrap();
        let inner = match condition {
            "" => String::new(),
            text => format!("<conditionExpression>{text}</conditionExpression>"),
        };
        format!(
            r#"<sequenceFlow id="{from}_{to}" sourceRef="{from}" targetRef="{to}">
            {inner}</sequenceFlow>"#
        )
    };
    list.split_whitespace()
        .map(|part| one(&part.replace('~', " ")))
        .collect()
}

pub fn read(elements: &str) -> Definitions {
    crate::parse(file(elements).as_bytes()).unwrap()
}

/// One case of a process: remembers where it stands.
pub struct Story {
    pub process: Process,
    pub marking: Marking,
    pub effects: Vec<Effect>,
    pub data: Data,
}

impl Story {
    pub fn of(definitions: &Definitions) -> Self {
        let process = definitions.main().unwrap().clone();
        let data = Data::new();
        let first = crate::start(&process, None, &data, &PlainOnly).unwrap();
        Self {
            process,
            marking: first.marking,
            effects: first.effects,
            data,
        }
    }

    pub fn try_input(&self, input: Input<'_>) -> Result<Step, StepRefusal> {
        self.try_with(input, &PlainOnly)
    }

    pub fn try_with(
        &self,
        input: Input<'_>,
        conditions: &dyn Conditions,
    ) -> Result<Step, StepRefusal> {
        // Through the text each time, as a case in the database goes.
        let marking: Marking = self.marking.to_string().parse().unwrap();
        assert_eq!(marking, self.marking);
        crate::step(&self.process, &marking, input, &self.data, conditions)
    }

    pub fn input(&mut self, input: Input<'_>) -> &mut Self {
        let step = self.try_input(input).unwrap();
        self.marking = step.marking;
        self.effects = step.effects;
        self
    }

    pub fn token(&self, id: &str) -> Token {
        Token::on(self.process.find(id).unwrap())
    }

    pub fn complete(&mut self, id: &str, outcome: &str) -> &mut Self {
        let outcome = (!outcome.is_empty()).then_some(outcome);
        let token = self.token(id);
        self.input(Input::Complete { token, outcome })
    }

    pub fn serve(&mut self, id: &str) -> &mut Self {
        let token = self.token(id);
        self.input(Input::ServiceDone {
            token,
            outcome: None,
        })
    }

    pub fn fire(&mut self, id: &str) -> &mut Self {
        let node = self.process.find(id).unwrap();
        self.input(Input::TimerFired {
            token: Token::on(node),
        })
    }

    pub fn at(&self) -> Vec<&str> {
        self.marking
            .tokens()
            .map(|token| self.name(token))
            .collect()
    }

    pub fn name(&self, token: Token) -> &str {
        &self.process.node(token.node()).unwrap().id
    }

    pub fn id(&self, effect: &Effect) -> String {
        let node = |node: &crate::NodeId| self.process.node(*node).unwrap().id.to_string();
        match effect {
            Effect::OpenTask { token, node: at } => match token.instance().last() {
                Some(number) => format!("open {} {number}", node(at)),
                None => format!("open {}", node(at)),
            },
            Effect::CloseTask { token, why } => format!("close {} {why:?}", self.name(*token)),
            Effect::CallService { node: at, .. } => {
                format!("call {}", self.process.effect(*at).unwrap())
            }
            Effect::Send { node: at } => format!("send {}", node(at)),
            Effect::CallProcess { node: at, .. } => format!("process {}", node(at)),
            Effect::CancelCall { token } => format!("uncall {}", self.name(*token)),
            Effect::Signal { node: at } => format!("signal {}", node(at)),
            Effect::SetTimer { node: at, .. } => format!("timer {}", node(at)),
            Effect::CancelTimer { node: at, .. } => format!("untimer {}", node(at)),
            Effect::Ended { node: at, last } => {
                format!("{} {}", if *last { "over" } else { "end" }, node(at))
            }
        }
    }

    pub fn said(&self) -> Vec<String> {
        self.effects.iter().map(|effect| self.id(effect)).collect()
    }
}

pub fn codes(report: &crate::Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code).collect()
}

/// Takes every expression, and says yes to it.
pub struct AnyFeel;

impl Conditions for AnyFeel {
    fn holds(&self, _: &str, _: &crate::Vars<'_>) -> Result<bool, crate::ConditionFault> {
        Ok(true)
    }

    fn check(&self, _: &str) -> Result<(), crate::ConditionFault> {
        Ok(())
    }
}
