//! 岗位分离 with names: no person may have two of accept, review, decide and deliver in one case,
//! neither by a post, nor as a deputy, nor by delegation.
//!
//! Pure: takes who holds what, says who could do two of the four. Deliberately absent: where the
//! assignment comes from (identity), and the refusal while a case runs (case).

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::kind::Kind;
use crate::model::{Duty, NodeId, Process};

/// Who may act for which post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assignment {
    /// 岗位: who holds a post.
    pub posts: BTreeMap<String, BTreeSet<String>>,
    /// 代岗: who stands in for an officer; deputies of deputies count too.
    pub deputies: BTreeMap<String, BTreeSet<String>>,
    /// 委托: who was given the powers of a post.
    pub delegations: BTreeMap<String, BTreeSet<String>>,
    /// 受理岗位: the post that accepts before the process begins, where no task of it does.
    pub accepting: Option<String>,
}

/// How somebody came to a post.
type Reasons<'a> = BTreeMap<&'a str, String>;

impl Assignment {
    fn people(&self, post: &str) -> Reasons<'_> {
        let mut people: Reasons<'_> = BTreeMap::new();
        for officer in self.posts.get(post).into_iter().flatten() {
            people
                .entry(officer)
                .or_insert_with(|| format!("post {post}"));
        }
        for officer in self.delegations.get(post).into_iter().flatten() {
            people
                .entry(officer)
                .or_insert_with(|| format!("delegation of {post}"));
        }
        let mut open: Vec<&str> = people.keys().copied().collect();
        while let Some(officer) = open.pop() {
            for deputy in self.deputies.get(officer).into_iter().flatten() {
                if !people.contains_key(deputy.as_str()) {
                    people.insert(deputy, format!("deputy of {officer}, {post}"));
                    open.push(deputy);
                }
            }
        }
        people
    }
}

/// Whoever could have two of the four duties in one case, and posts that nobody holds.
pub fn separated(process: &Process, assignment: &Assignment) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_duty: BTreeMap<Duty, Vec<(NodeId, Reasons<'_>)>> = BTreeMap::new();
    for (id, node) in process.each() {
        let duty = node.task.duty.filter(|duty| duty.is_kept_apart());
        let (Kind::User, Some(duty), Some(post)) = (&node.kind, duty, &node.task.post) else {
            continue;
        };
        let people = assignment.people(post);
        if people.is_empty() {
            let zh = format!("岗位“{post}”没有人担任，“{node}”无人可办；请指定人员。");
            let en = format!("Nobody holds the post \"{post}\" of \"{node}\"; assign somebody.");
            let finding = Finding::error("nobody", &*node.id).says(zh, en);
            findings.push(finding.on_line(node.line));
        }
        by_duty.entry(duty).or_default().push((id, people));
    }
    if let (Some(post), Some(start)) = (&assignment.accepting, process.starts().first())
        && !by_duty.contains_key(&Duty::Accept)
    {
        let people = assignment.people(post);
        by_duty.insert(Duty::Accept, vec![(*start, people)]);
    }
    for (duty, tasks) in &by_duty {
        for (other, others) in
            by_duty.range((std::ops::Bound::Excluded(duty), std::ops::Bound::Unbounded))
        {
            findings.extend(overlaps(process, (*duty, tasks), (*other, others)));
        }
    }
    if let Some(finding) = too_few(process, &by_duty) {
        findings.push(finding);
    }
    findings
}

/// One finding for each person with two duties.
fn overlaps<'a>(
    process: &Process,
    (duty, tasks): (Duty, &[(NodeId, Reasons<'a>)]),
    (other, others): (Duty, &[(NodeId, Reasons<'a>)]),
) -> Vec<Finding> {
    let mut named: BTreeMap<&str, Finding> = BTreeMap::new();
    for (first, people) in tasks {
        for (second, more) in others {
            for (officer, reason) in people {
                let Some(again) = more.get(officer) else {
                    continue;
                };
                let (one, two) = (process.at(*first), process.at(*second));
                let (duty, other) = (duty.word(), other.word());
                let zh = format!(
                    "“{officer}”既可办“{one}”（{duty}，{reason}）又可办“{two}”（{other}，{again}）；\
                     请调整岗位、代岗或委托。"
                );
                let en = format!(
                    "\"{officer}\" could do both \"{one}\" ({duty}, {reason}) and \"{two}\" \
                     ({other}, {again}); change the post, the deputy or the delegation."
                );
                named.entry(officer).or_insert_with(|| {
                    Finding::error("one_person", &*two.id)
                        .says(zh, en)
                        .on_line(two.line)
                        .after(vec![one.id.to_string(), two.id.to_string()])
                });
            }
        }
    }
    named.into_values().collect()
}

/// Whether the duties can be given to different people at all (a matching of duties to people).
fn too_few(
    process: &Process,
    by_duty: &BTreeMap<Duty, Vec<(NodeId, Reasons<'_>)>>,
) -> Option<Finding> {
    let mut wanted: Vec<BTreeSet<&str>> = Vec::new();
    for tasks in by_duty.values() {
        let all = tasks.iter().flat_map(|(_, people)| people.keys().copied());
        wanted.push(all.collect());
    }
    let mut given: BTreeMap<&str, usize> = BTreeMap::new();
    let fits = (0..wanted.len()).all(|duty| {
        let mut tried = BTreeSet::new();
        place(duty, &wanted, &mut given, &mut tried)
    });
    let zh = "人员不足：受理、审查、决定、出件无法分给不同的人；请增加人员。";
    let en = "Too few people: accepting, reviewing, deciding and handing out cannot be given to \
              different people; assign more.";
    (!fits).then(|| Finding::error("too_few_people", process.id()).says(zh, en))
}

fn place<'a>(
    duty: usize,
    wanted: &[BTreeSet<&'a str>],
    given: &mut BTreeMap<&'a str, usize>,
    tried: &mut BTreeSet<&'a str>,
) -> bool {
    for officer in &wanted[duty] {
        if !tried.insert(officer) {
            continue;
        }
        let free = match given.get(officer).copied() {
            None => true,
            Some(holder) => place(holder, wanted, given, tried),
        };
        if free {
            given.insert(officer, duty);
            return true;
        }
    }
    false
}
