//! The catalogue desk: versions are drafted, edited, checked, published and withdrawn while
//! people apply; what was published never changes, and a case keeps what it began with.

use std::sync::Arc;

use anyhow::{Result, ensure};
use catalogue::ItemId;
use catalogue::check::{check, publishable};
use catalogue::model::{ItemContent, Promise, VersionStatus};
use kernel::{Actor, TypedId};

use super::model::{Item, Stage, Version};
use super::results::later;
use super::run::{Codes, Sim};

/// More new items than this would only make the year slow.
const ITEMS_MAX: usize = 22;

impl Sim {
    /// An item: often one that is not in force.
    fn some_item(&mut self) -> usize {
        let today = self.today();
        let closed: Vec<usize> = (0..self.model.items.len())
            .filter(|item| self.model.in_force(*item, today).is_none())
            .collect();
        let any = self.chance.below(self.model.items.len());
        match self.chance.percent(65) {
            true => self.chance.pick(&closed).copied().unwrap_or(any),
            false => any,
        }
    }

    pub fn edit_catalogue(&mut self) -> Result<()> {
        let place = self.some_item();
        match self.chance.below(100) {
            0..22 => self.draft_version(place),
            22..38 => self.edit_version(place),
            38..62 => self.check_version(place),
            62..88 => self.publish(place),
            88..94 => self.withdraw_item(place),
            _ => self.new_item(),
        }
    }

    fn latest(&self, place: usize) -> usize {
        self.model.items[place].versions.len()
    }

    /// The newest version mostly, an older one, or one that is not there.
    fn some_version(&mut self, place: usize) -> usize {
        let latest = self.latest(place);
        match self.chance.below(20) {
            0 => latest + 1,
            1..4 => 1 + self.chance.below(latest),
            _ => latest,
        }
    }

    /// A content that differs from the newest one: right, wrong, or with another code.
    fn changed(&mut self, place: usize) -> (ItemContent, bool, bool) {
        let versions = &self.model.items[place].versions;
        let newest = versions.last().expect("an item has a version");
        let right = versions.iter().rev().find(|one| one.is_right);
        let mut content = ItemContent::clone(&right.unwrap_or(newest).content);
        let count = u32::try_from(self.chance.below(4)).unwrap_or(0) + 1;
        if let Some(Promise::Within(limit)) = &mut content.promised {
            limit.amount = limit.amount.min(count + 2);
        }
        content.name.zh = format!(
            "{}（{count}）",
            content.name.zh.trim_end_matches(['（', '）'])
        );
        let is_wrong = self.chance.percent(15);
        if is_wrong && let Some(scenario) = content.scenarios.first_mut() {
            for one in scenario.materials.iter_mut().take(1) {
                one.material = "no_such_material".to_owned();
            }
        }
        let moves = self.chance.percent(6);
        if moves {
            content.codes.local_task_code = Some("511A0000000000".to_owned());
        }
        let is_right = publishable(&check(&content));
        (content, is_right, moves)
    }

    fn draft_version(&mut self, place: usize) -> Result<()> {
        let (content, is_right, moves) = self.changed(place);
        let item = &self.model.items[place];
        let open = item.versions.last().map(|version| version.stage);
        let mut no = Codes::new();
        if matches!(open, Some(Stage::Draft | Stage::Checked)) {
            no.push("catalogue.draft_open");
        }
        if moves {
            no.push("catalogue.code_stays");
        }
        let id = item.id;
        let kept = Arc::new(content);
        let sent = Arc::clone(&kept);
        let told = format!("{id}, right: {is_right}");
        let done = self.ask("draft item", Actor::system(), &told, &no, move |tx| {
            catalogue::draft(tx, id, &sent)
        })?;
        if let Some(number) = done {
            let versions = &mut self.model.items[place].versions;
            versions.push(drafted(kept, is_right));
            let count = versions.len();
            ensure!(
                usize::try_from(number)? == count,
                "version {number}, not {count}"
            );
        }
        self.check_item(place)
    }

    fn edit_version(&mut self, place: usize) -> Result<()> {
        let (content, is_right, moves) = self.changed(place);
        let number = self.some_version(place);
        let item = &self.model.items[place];
        let stage = item.versions.get(number - 1).map(|version| version.stage);
        let mut no = Codes::new();
        match stage {
            None => no.push("catalogue.no_such_version"),
            Some(Stage::Published | Stage::Withdrawn) => {
                no.push("catalogue.published_never_changes");
            }
            Some(Stage::Draft | Stage::Checked) => {}
        }
        if moves {
            no.push("catalogue.code_stays");
        }
        let id = item.id;
        let asked = u32::try_from(number)?;
        let kept = Arc::new(content);
        let sent = Arc::clone(&kept);
        let told = format!("{id} version {number}, right: {is_right}");
        let done = self.ask("edit item", Actor::system(), &told, &no, move |tx| {
            catalogue::edit(tx, id, asked, &sent)
        })?;
        if done.is_some() {
            let version = &mut self.model.items[place].versions[number - 1];
            if version.content != kept {
                *version = drafted(kept, is_right);
            }
        }
        self.check_item(place)
    }

    fn check_version(&mut self, place: usize) -> Result<()> {
        let number = self.some_version(place);
        let item = &self.model.items[place];
        let version = item.versions.get(number - 1);
        let mut no = Codes::new();
        match version.map(|version| (version.stage, version.is_right)) {
            None => no.push("not_found"),
            Some((Stage::Draft, false)) => no.push("catalogue.not_publishable"),
            Some((Stage::Published | Stage::Withdrawn, _)) => {
                no.push("catalogue.published_never_changes");
            }
            Some((Stage::Draft | Stage::Checked, _)) => {}
        }
        let (id, asked) = (item.id, u32::try_from(number)?);
        let told = format!("{id} version {number}");
        let done = self.ask("check item", Actor::system(), &told, &no, move |tx| {
            catalogue::check_version(tx, id, asked)
        })?;
        if done.is_some() {
            self.model.items[place].versions[number - 1].stage = Stage::Checked;
        }
        self.check_item(place)
    }

    fn publish(&mut self, place: usize) -> Result<()> {
        let number = self.some_version(place);
        let today = self.today();
        let effective = match self.chance.below(10) {
            0 => today.yesterday()?,
            1 => later(today, 10),
            _ => today,
        };
        let item = &self.model.items[place];
        let version = item.versions.get(number - 1);
        let mut no = Codes::new();
        match version.map(|version| version.stage) {
            None => no.push("not_found"),
            Some(Stage::Draft) => no.push("catalogue.not_checked"),
            Some(Stage::Published) if version.and_then(|one| one.effective) == Some(effective) => {}
            Some(Stage::Published | Stage::Withdrawn) => {
                no.push("catalogue.published_never_changes");
            }
            Some(Stage::Checked) if effective < today => {
                no.push("catalogue.effective_in_the_past");
            }
            Some(Stage::Checked) => {}
        }
        let (id, asked) = (item.id, u32::try_from(number)?);
        let told = format!("{id} version {number} from {effective}");
        let done = self.ask("publish", Actor::system(), &told, &no, move |tx| {
            catalogue::publish(tx, id, asked, effective).map(|_| ())
        })?;
        if done.is_some() {
            let version = &mut self.model.items[place].versions[number - 1];
            version.stage = Stage::Published;
            version.effective = Some(effective);
        }
        self.check_item(place)
    }

    fn withdraw_item(&mut self, place: usize) -> Result<()> {
        let item = &self.model.items[place];
        let published = |version: &Version| version.stage == Stage::Published;
        let no: Codes = match item.versions.iter().any(published) {
            true => vec![],
            false => vec!["catalogue.not_published"],
        };
        let id = item.id;
        let told = format!("{id}");
        let done = self.ask("withdraw item", Actor::system(), &told, &no, move |tx| {
            catalogue::withdraw(tx, id).map(|_| ())
        })?;
        if done.is_some() {
            let versions = self.model.items[place].versions.iter_mut();
            for version in versions.filter(|version| published(version)) {
                version.stage = Stage::Withdrawn;
            }
        }
        self.check_item(place)
    }

    /// A new item: with a code that is taken, without one, or with its own.
    fn new_item(&mut self) -> Result<()> {
        let place = self.chance.below(self.model.items.len());
        let first = &self.model.items[place].versions[0];
        let mut content = ItemContent::clone(&first.content);
        let mut no = Codes::new();
        let full = ITEMS_MAX <= self.model.items.len();
        match self.chance.below(3) {
            0 if !full => {
                let own = format!("511A99{:08}", self.steps);
                let body = content.body.uscc.clone().unwrap_or_default();
                content.codes.local_catalog_code = Some(own.clone());
                content.codes.local_task_code = Some(format!("{own}-511602000000-000-{body}-1-00"));
            }
            1 => {
                content.codes = catalogue::model::ItemCodes::default();
                no.push("item.code_missing");
            }
            _ => no.push("conflict"),
        }
        let is_right = publishable(&check(&content));
        let kept = Arc::new(content);
        let sent = Arc::clone(&kept);
        let done = self.ask("new item", Actor::system(), "", &no, move |tx| {
            catalogue::new_item(tx, &sent)
        })?;
        if let Some(id) = done {
            self.model.items.push(Item {
                id,
                versions: vec![drafted(kept, is_right)],
            });
            self.check_item(self.model.items.len() - 1)?;
        }
        Ok(())
    }

    pub fn check_item(&mut self, place: usize) -> Result<()> {
        let item = &self.model.items[place];
        let id: ItemId = item.id;
        let found = self.db.read(move |tx| catalogue::state(tx, id))?;
        let is = found.versions.iter().map(|one| {
            let stage = match one.status {
                VersionStatus::Draft => Stage::Draft,
                VersionStatus::Checked => Stage::Checked,
                VersionStatus::Published => Stage::Published,
                VersionStatus::Withdrawn => Stage::Withdrawn,
            };
            (stage, one.effective)
        });
        let should = item.versions.iter().map(|one| (one.stage, one.effective));
        ensure!(
            is.eq(should),
            "the versions of {} are other ones",
            id.uuid()
        );
        Ok(())
    }
}

fn drafted(content: Arc<ItemContent>, is_right: bool) -> Version {
    Version {
        content,
        is_right,
        stage: Stage::Draft,
        effective: None,
    }
}
