//! Days: bounds with a witness, promises, and simulated years.

use crate::{
    Finding, PlainOnly, Post, Profile, Spread, check, parse, procedures, promise, simulate, span,
};

use super::support::{codes, flows, read};

fn process(name: &str) -> crate::Process {
    let all = procedures::all().iter().chain(procedures::examples());
    let found = all
        .into_iter()
        .find(|procedure| procedure.name == name)
        .unwrap();
    parse(found.xml.as_bytes()).unwrap().main().unwrap().clone()
}

/// 42 steps in series took 281 working days; 38 steps in five modules take 28 (practices C10).
#[test]
fn the_building_project_falls_from_281_days_to_28() {
    for (name, steps, days) in [("construction_42", 42, 281), ("construction_38", 38, 28)] {
        let process = process(name);
        let tasks = process
            .nodes()
            .iter()
            .filter(|node| &*node.element == "userTask");
        assert_eq!(tasks.count(), steps, "{name}");
        let bound = span(&process);
        assert_eq!((bound.longest, bound.is_bounded()), (days, true), "{name}");
        let paper = simulate(&process, &Profile::on_paper(&process), 20, 7);
        assert_eq!(
            (paper.finished, paper.expected_days),
            (20, f64::from(days)),
            "{name}"
        );
        assert_eq!(
            (paper.p99_days, paper.overdue_share),
            (f64::from(days), 0.0)
        );
    }
    let real = |name| simulate(&process(name), &Profile::default(), 200, 7);
    let (before, after) = (real("construction_42"), real("construction_38"));
    assert!(
        after.expected_days * 4.0 < before.expected_days,
        "{before:?} {after:?}"
    );
}

#[test]
fn every_example_may_be_published_and_keeps_its_promise() {
    for example in procedures::examples() {
        let report = check(&parse(example.xml.as_bytes()).unwrap(), &PlainOnly);
        assert!(report.ok, "{}: {:?}", example.name, report.findings);
        assert_eq!(codes(&report), Vec::<&str>::new());
    }
}

#[test]
fn a_promise_shorter_than_the_longest_way_is_refused_with_that_way() {
    let process = process("construction_38");
    assert_eq!(promise(&process, 28), []);
    let [finding]: [Finding; 1] = promise(&process, 27).try_into().unwrap();
    assert_eq!(finding.code, "promise_too_short");
    assert_eq!(finding.trace.first().unwrap(), "start");
    assert_eq!(finding.trace.last().unwrap(), "end");
    let days: u16 = finding
        .trace
        .iter()
        .filter_map(|id| {
            process
                .node(process.find(id).unwrap())
                .unwrap()
                .task
                .limit_days
        })
        .sum();
    assert_eq!(days, 28, "the witness adds up");
}

#[test]
fn a_promise_over_a_task_without_limit_or_an_endless_return_is_refused() {
    let text = format!(
        r#"<startEvent id="s"/><userTask id="t" qc:limitDays="5"/><userTask id="u"/>
        <exclusiveGateway id="x" default="x_e"/><endEvent id="e"/>{}"#,
        flows("s>t t>u u>x x>t:again x>e")
    );
    let definitions = read(&text);
    let process = definitions.main().unwrap();
    let found = promise(process, 30);
    let said: Vec<_> = found.iter().map(|f| (f.code, f.element.as_str())).collect();
    assert_eq!(
        said,
        [("promise_unproved", "u"), ("promise_unproved", "x_t")]
    );
    let report = check(&definitions, &PlainOnly);
    let named = report
        .findings
        .iter()
        .find(|f| f.code == "unbounded_return")
        .unwrap();
    assert_eq!((named.element.as_str(), named.is_error()), ("x_t", false));
}

#[test]
fn an_escalation_out_of_the_round_answers_an_endless_return() {
    let text = format!(
        r#"<startEvent id="s"/><userTask id="t" qc:limitDays="5"/><userTask id="chief"/>
        <boundaryEvent id="up" attachedToRef="t" qc:workdays="5"><timerEventDefinition/>
        </boundaryEvent><exclusiveGateway id="x" default="x_e"/><endEvent id="e"/>
        <endEvent id="f"/>{}"#,
        flows("s>t t>x x>t:again x>e up>chief chief>f")
    );
    let report = check(&read(&text), &PlainOnly);
    assert!(
        !codes(&report).contains(&"unbounded_return"),
        "{:?}",
        report.findings
    );
}

#[test]
fn timers_sub_processes_and_instances_count_in_the_bound() {
    let text = format!(
        r#"<startEvent id="s"/><subProcess id="sub"><userTask id="a" qc:limitDays="3"/>
        <intermediateCatchEvent id="wait" qc:workdays="4"><timerEventDefinition/>
        </intermediateCatchEvent><sequenceFlow id="aw" sourceRef="a" targetRef="wait"/>
        </subProcess><userTask id="each" qc:limitDays="2"><multiInstanceLoopCharacteristics
        isSequential="true"><loopCardinality>3</loopCardinality>
        </multiInstanceLoopCharacteristics></userTask><userTask id="late"/>
        <boundaryEvent id="up" attachedToRef="late" qc:workdays="10"><timerEventDefinition/>
        </boundaryEvent><endEvent id="e"/><endEvent id="f"/>{}"#,
        flows("s>sub sub>each each>late late>e up>f")
    );
    let definitions = read(&text);
    let bound = span(definitions.main().unwrap());
    assert_eq!(bound.longest, 3 + 4 + 3 * 2 + 10);
    assert!(bound.is_bounded(), "{:?}", bound.unlimited);
}

#[test]
fn the_same_seed_gives_the_same_year_and_another_seed_another() {
    let process = process("joint_opinion");
    let year = |seed| simulate(&process, &Profile::default(), 300, seed);
    assert_eq!(year(1), year(1));
    assert_ne!(year(1).expected_days, year(2).expected_days);
    assert_eq!(year(1).finished, 300);
    assert!(year(1).p50_days <= year(1).p90_days && year(1).p90_days <= year(1).p99_days);
}

#[test]
fn too_few_officers_make_a_queue_and_overdue_cases() {
    let process = process("standard");
    let staffed = |staff| {
        let mut profile = Profile::default();
        let work = Spread::fixed(4.0);
        for task in ["review", "decide", "deliver"] {
            profile.work.insert(task.to_owned(), work.clone());
            profile.lying.insert(task.to_owned(), Spread::fixed(0.0));
        }
        for node in process.nodes() {
            if let Some(post) = &node.task.post {
                profile
                    .posts
                    .insert(post.to_string(), Post { staff, hours: 8.0 });
            }
        }
        profile.limit_days = Some(20);
        simulate(&process, &profile, 400, 3)
    };
    let (few, many) = (staffed(2), staffed(8));
    assert!(few.overdue_share > 0.3, "{few:?}");
    assert_eq!(many.overdue_share, 0.0, "{many:?}");
    let load = |found: &crate::Simulation| found.posts[0].utilisation;
    assert!(
        load(&few) > 0.9 && load(&few) <= 1.0 && load(&many) < 0.6,
        "{few:?} {many:?}"
    );
}

#[test]
fn whatever_is_executable_can_be_simulated() {
    let text = format!(
        r#"<startEvent id="s"/><inclusiveGateway id="split" default="split_c"/><userTask id="a"/>
        <userTask id="c"><multiInstanceLoopCharacteristics qc:collection="departments"/></userTask>
        <inclusiveGateway id="join"/><eventBasedGateway id="g"/>
        <intermediateCatchEvent id="m"><messageEventDefinition/></intermediateCatchEvent>
        <intermediateCatchEvent id="w" qc:workdays="2"><timerEventDefinition/>
        </intermediateCatchEvent><callActivity id="call" calledElement="x"/><endEvent id="e"/>
        <endEvent id="f"/>{}"#,
        flows("s>split split>a:big split>c a>join c>join join>g g>m g>w m>call call>e w>f")
    );
    let profile = Profile {
        limit_days: Some(5),
        ..Profile::default()
    };
    let definitions = read(&text.replace(
        "qc:collection=\"departments\"",
        "qc:collection=\"departments[item]\"",
    ));
    let found = simulate(definitions.main().unwrap(), &profile, 100, 5);
    assert_eq!(found.finished, 100, "{found:?}");
}

#[test]
fn durations_as_they_were_seen_are_drawn_between_what_was_seen() {
    let process = process("standard");
    // Done once in every case.
    let task = "deliver".to_owned();
    let days = |times: Vec<f64>| {
        let mut profile = Profile::on_paper(&process);
        for node in process.nodes() {
            let none = Spread::fixed(0.0);
            profile.lying.insert(node.id.to_string(), none);
        }
        profile.lying.insert(task.clone(), Spread::Seen(times));
        simulate(&process, &profile, 2_000, 3)
    };
    // Half of all took from one to two days, the other half from two to ten.
    let seen = days(vec![8.0, 16.0, 80.0]);
    assert!(
        seen.max_days <= 10.0 + 1e-6 && seen.p50_days > 1.0,
        "{seen:?}"
    );
    assert!((seen.p50_days - 2.0).abs() < 0.2, "{seen:?}");
    assert!((seen.expected_days - 3.75).abs() < 0.2, "{seen:?}");
    assert_eq!(days(vec![8.0]).max_days, 1.0);
    assert_eq!(days(Vec::new()).max_days, 0.0);
}
