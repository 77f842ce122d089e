//! From the XML of one element to what it does: tasks, gateways, events, repetition.

use roxmltree::Node as Xml;

use crate::compile::Builder;
use crate::condition::Condition;
use crate::delay;
use crate::finding::Finding;
use crate::kind::{Count, Delay, Kind, Repeat, Thrown, Trigger};
use crate::model::NAMESPACE;
use crate::parse::{BPMN, is_bpmn};

impl Builder<'_, '_> {
    /// What an element does, and how often its timer fires.
    pub(crate) fn kind(&mut self, xml: Xml<'_, '_>, element: &str, id: &str) -> (Kind, u16) {
        let kind = match element {
            "userTask" | "manualTask" | "task" => Kind::User,
            "serviceTask" | "sendTask" | "businessRuleTask" => self.service(xml, id),
            "scriptTask" if xml.has_attribute((NAMESPACE, "effect")) => self.service(xml, id),
            "receiveTask" => Kind::Catch(Trigger::Message(self.shared.message(xml, xml))),
            "exclusiveGateway" => Kind::Exclusive,
            "parallelGateway" => Kind::Parallel,
            "inclusiveGateway" => Kind::Inclusive,
            "eventBasedGateway" if xml.attribute("instantiate") != Some("true") => Kind::EventBased,
            "subProcess" if xml.attribute("triggeredByEvent") == Some("true") => Kind::EventSub,
            "subProcess" => Kind::Sub,
            "callActivity" => self.outside_call(xml, id),
            "startEvent"
            | "endEvent"
            | "intermediateCatchEvent"
            | "intermediateThrowEvent"
            | "boundaryEvent" => return self.event(xml, element, id),
            other => Kind::Foreign(other.into()),
        };
        (kind, 1)
    }

    fn outside_call(&mut self, xml: Xml<'_, '_>, id: &str) -> Kind {
        let called = xml.attribute((NAMESPACE, "process"));
        let called = called.or_else(|| xml.attribute("calledElement"));
        let called = called.unwrap_or_default().trim();
        if let Some(global) = self.shared.globals.get(called) {
            return Kind::Foreign((*global).into());
        }
        if called.is_empty() {
            let zh = "调用活动没有写明调用哪个流程；请填写 calledElement。";
            let en = "The call activity names no process; set calledElement.";
            self.says(xml, Finding::error("no_called_process", id).says(zh, en));
        }
        Kind::Call(called.into())
    }

    fn service(&mut self, xml: Xml<'_, '_>, id: &str) -> Kind {
        let own = xml.attribute((NAMESPACE, "effect"));
        if let Some(effect) = own.filter(|text| !text.is_empty()) {
            return Kind::Service(effect.into());
        }
        if let Some(job) = job(xml) {
            return Kind::Service(job.into());
        }
        if let Some(operation) = self.shared.operation(xml) {
            return Kind::Service(operation.into());
        }
        let zh = "服务任务没有写明要执行的动作；请填写 qc:effect。";
        let en = "The service task names no effect; set qc:effect.";
        self.says(xml, Finding::error("no_effect", id).says(zh, en));
        Kind::Service(Box::from(""))
    }

    fn event(&mut self, xml: Xml<'_, '_>, element: &str, id: &str) -> (Kind, u16) {
        let definitions: Vec<Xml<'_, '_>> = xml
            .children()
            .filter(|child| child.is_element() && child.tag_name().namespace() == Some(BPMN))
            .filter(|child| child.tag_name().name().ends_with("EventDefinition"))
            .collect();
        let referred = xml
            .children()
            .any(|child| is_bpmn(child, "eventDefinitionRef"));
        match definitions.as_slice() {
            [] if referred => (Kind::Foreign("eventDefinitionRef".into()), 1),
            [] => (plain(element), 1),
            [one] if is_bpmn(*one, "timerEventDefinition") => self.timer(xml, *one, element, id),
            [one] => (self.triggered(xml, *one, element, id), 1),
            _ => (Kind::Foreign("multipleEventDefinition".into()), 1),
        }
    }

    fn timer(
        &mut self,
        xml: Xml<'_, '_>,
        timer: Xml<'_, '_>,
        element: &str,
        id: &str,
    ) -> (Kind, u16) {
        let Some((delay, times)) = self.delay(xml, timer, id) else {
            return (Kind::Foreign("timerEventDefinition".into()), 1);
        };
        (catching(xml, element, Trigger::Timer(delay)), times)
    }

    fn triggered(
        &mut self,
        xml: Xml<'_, '_>,
        definition: Xml<'_, '_>,
        element: &str,
        id: &str,
    ) -> Kind {
        let shared = self.shared;
        let name = definition.tag_name().name();
        let foreign = || Kind::Foreign(format!("{element}/{name}").into());
        if matches!(element, "endEvent" | "intermediateThrowEvent") {
            let thrown = match name {
                "messageEventDefinition" => Thrown::Message(shared.message(xml, definition)),
                "signalEventDefinition" => Thrown::Signal(shared.signal(xml, definition)),
                "escalationEventDefinition" => {
                    Thrown::Escalation(shared.escalation(definition).unwrap_or_default())
                }
                "errorEventDefinition" if element == "endEvent" => {
                    Thrown::Error(shared.error(definition).unwrap_or_default())
                }
                "compensateEventDefinition" => {
                    Thrown::Compensation(definition.attribute("activityRef").map(Box::from))
                }
                "terminateEventDefinition" if element == "endEvent" => return Kind::Terminate,
                "linkEventDefinition" if element != "endEvent" => return Kind::Milestone,
                _ => return foreign(),
            };
            return if element == "endEvent" {
                Kind::ThrowEnd(thrown)
            } else {
                Kind::Throw(thrown)
            };
        }
        let trigger = match name {
            "messageEventDefinition" => Trigger::Message(shared.message(xml, definition)),
            "signalEventDefinition" => Trigger::Signal(shared.signal(xml, definition)),
            "conditionalEventDefinition" => match self.awaited(xml, definition, id) {
                Some(condition) => Trigger::Condition(condition),
                None => return foreign(),
            },
            "errorEventDefinition" if can_catch(xml, element) => {
                Trigger::Error(shared.error(definition))
            }
            "escalationEventDefinition" if can_catch(xml, element) => {
                Trigger::Escalation(shared.escalation(definition))
            }
            "compensateEventDefinition" if element == "boundaryEvent" => Trigger::Compensation,
            "linkEventDefinition" if element == "intermediateCatchEvent" => {
                return Kind::Milestone;
            }
            _ => return foreign(),
        };
        catching(xml, element, trigger)
    }

    fn awaited(
        &mut self,
        xml: Xml<'_, '_>,
        definition: Xml<'_, '_>,
        id: &str,
    ) -> Option<Condition> {
        let written = definition
            .children()
            .find(|child| is_bpmn(*child, "condition"));
        let condition = Condition::read(written.and_then(|node| node.text()).unwrap_or_default());
        if condition == Condition::Always {
            let zh = "条件事件没有写条件；请填写 FEEL 条件。";
            let en = "The conditional event has no condition; write one in FEEL.";
            self.says(xml, Finding::error("no_condition", id).says(zh, en));
            return None;
        }
        Some(condition)
    }

    /// How long a timer waits and how often it fires.
    fn delay(&mut self, xml: Xml<'_, '_>, timer: Xml<'_, '_>, id: &str) -> Option<(Delay, u16)> {
        let own = |name: &str| {
            let both = [xml, timer];
            both.iter()
                .find_map(|node| node.attribute((NAMESPACE, name)))
        };
        let written = |name: &str| {
            let child = timer.children().find(|child| is_bpmn(*child, name));
            child
                .and_then(|node| node.text())
                .unwrap_or_default()
                .trim()
        };
        let times = own("times").map_or(Some(1), |times| times.trim().parse().ok());
        let delay = match own("workdays") {
            Some(days) => days.trim().parse().ok().map(Delay::WorkingDays).zip(times),
            None if written("timeCycle").is_empty() => {
                delay::duration(written("timeDuration")).zip(times)
            }
            None => delay::cycle(written("timeCycle")),
        };
        if delay.is_none() {
            let zh = "定时器没有可用的时长；请写 qc:workdays、timeDuration（如 P5D）或 \
                      timeCycle（如 R3/P1D）。";
            let en = "The timer has no usable length; set qc:workdays, timeDuration (P5D) or \
                      timeCycle (R3/P1D).";
            self.says(xml, Finding::error("timer", id).says(zh, en));
        }
        delay
    }

    /// Multi-instance and loop characteristics of an activity.
    pub(crate) fn repeat(&mut self, xml: Xml<'_, '_>, id: &str) -> Option<Repeat> {
        let child = |name: &str| xml.children().find(|child| is_bpmn(*child, name));
        if let Some(many) = child("multiInstanceLoopCharacteristics") {
            return self.each(xml, many, id);
        }
        let again = child("standardLoopCharacteristics")?;
        let condition = Condition::read(text(again, "loopCondition"));
        let condition = (condition != Condition::Always).then_some(condition);
        let at_most = again
            .attribute("loopMaximum")
            .and_then(|times| times.parse().ok());
        if condition.is_none() && at_most.is_none() {
            let zh = "循环活动没有循环条件也没有次数上限；请填写其一。";
            let en = "The loop has neither a condition nor a maximum; give it one of them.";
            self.says(xml, Finding::error("endless_loop", id).says(zh, en));
        }
        Some(Repeat::While {
            condition,
            before: again.attribute("testBefore") == Some("true"),
            at_most,
        })
    }

    fn each(&mut self, xml: Xml<'_, '_>, many: Xml<'_, '_>, id: &str) -> Option<Repeat> {
        let written = text(many, "loopCardinality");
        let written = written.strip_prefix('=').unwrap_or(written).trim();
        let own = |name: &str| {
            let both = [xml, many];
            both.iter()
                .find_map(|node| node.attribute((NAMESPACE, name)))
        };
        let list = own("collection")
            .or_else(|| collection(many))
            .unwrap_or_default();
        let list = list.trim().trim_start_matches('=').trim();
        let list = list
            .strip_prefix("${")
            .and_then(|inner| inner.strip_suffix('}'))
            .unwrap_or(list);
        let count = match (written.parse(), written, list) {
            (Ok(number), ..) => Count::Fixed(number),
            (_, "", "") => {
                let input = text(many, "loopDataInputRef");
                if input.is_empty() {
                    let zh = "多实例没有写明次数或集合；请填写 loopCardinality 或 qc:collection。";
                    let en = "The instances have neither a number nor a list; set \
                              loopCardinality or qc:collection.";
                    self.says(xml, Finding::error("no_instances", id).says(zh, en));
                }
                Count::Expression(input.into())
            }
            (_, "", list) => Count::Expression(list.into()),
            (_, written, _) => Count::Expression(written.into()),
        };
        let until = Condition::read(text(many, "completionCondition"));
        Some(Repeat::Each {
            count,
            sequential: many.attribute("isSequential") == Some("true"),
            until: (until != Condition::Always).then_some(until),
        })
    }
}

/// The list that another maker's attributes name (`camunda:collection`, `inputCollection`).
fn collection<'a>(many: Xml<'a, '_>) -> Option<&'a str> {
    let known = |node: Xml<'a, '_>| {
        let mut attributes = node.attributes();
        let found = attributes.find(|attribute| {
            attribute.namespace() != Some(NAMESPACE)
                && matches!(attribute.name(), "collection" | "inputCollection")
        });
        found.map(|attribute| attribute.value())
    };
    many.descendants().find_map(known)
}

/// What another maker's file calls (`zeebe:taskDefinition type`, `camunda:topic`).
fn job<'a>(xml: Xml<'a, '_>) -> Option<&'a str> {
    let own = |name: &'static str| {
        let mut attributes = xml.attributes();
        let found = attributes.find(|attribute| {
            attribute.name() == name && attribute.namespace().is_some_and(|space| space != BPMN)
        });
        found.map(|attribute| attribute.value())
    };
    let inside = xml
        .children()
        .filter(|child| is_bpmn(*child, "extensionElements"));
    let mut inside = inside.flat_map(|holder| holder.children());
    let defined = inside.find(|child| child.tag_name().name() == "taskDefinition");
    let defined = defined
        .and_then(|task| task.attribute("type"))
        .or_else(|| own("topic"));
    defined.filter(|name| !name.is_empty())
}

fn text<'a>(holder: Xml<'a, '_>, name: &str) -> &'a str {
    let child = holder.children().find(|child| is_bpmn(*child, name));
    child
        .and_then(|node| node.text())
        .unwrap_or_default()
        .trim()
}

fn plain(element: &str) -> Kind {
    match element {
        "startEvent" => Kind::Start,
        "endEvent" => Kind::End,
        "intermediateThrowEvent" => Kind::Milestone,
        other => Kind::Foreign(other.into()),
    }
}

fn catching(xml: Xml<'_, '_>, element: &str, trigger: Trigger) -> Kind {
    let always = matches!(trigger, Trigger::Error(_));
    match element {
        "startEvent" => Kind::StartOn {
            interrupting: always || xml.attribute("isInterrupting") != Some("false"),
            trigger,
        },
        "intermediateCatchEvent" => Kind::Catch(trigger),
        "boundaryEvent" => Kind::Boundary {
            interrupting: always
                || trigger != Trigger::Compensation
                    && xml.attribute("cancelActivity") != Some("false"),
            trigger,
        },
        other => Kind::Foreign(other.into()),
    }
}

/// Errors and escalations come from inside: only a border or an event sub-process takes them.
fn can_catch(xml: Xml<'_, '_>, element: &str) -> bool {
    let around = xml.parent_element();
    let event_sub = around.is_some_and(|sub| sub.attribute("triggeredByEvent") == Some("true"));
    element == "boundaryEvent" || (element == "startEvent" && event_sub)
}
