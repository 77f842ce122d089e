//! Neighbours that make no papers and know no names: the bench measures the case room alone.

use std::sync::Arc;

use case::{Case, Document, Holder, Neighbours, Paper, Role, Special};
use db::{News, Tx};
use kernel::uuid::Uuid;
use kernel::{Clock, Fault, Lang, OfficerId, OrganId, PersonId};
use ledger::Happened;

use crate::config::Config;
use crate::house::{House, Manner, Mode};

/// A house in which the case room has no neighbours, and in which nothing follows from a case.
pub(super) fn house(config: &Config) -> anyhow::Result<House> {
    let manner = Manner {
        follow,
        ..Manner::default()
    };
    let house = House::open_with(config, Clock::real(), Mode::Write, manner)?;
    house.db.lend(Arc::new(case::Hall::new(Arc::new(Silent))));
    Ok(house)
}

/// An accepted application becomes a case; nothing else follows.
fn follow(tx: &mut Tx<'_>, news: &News) -> Result<(), Fault> {
    match news.downcast_ref::<Happened<intake::Application>>() {
        Some(happened) => match happened.event {
            intake::Event::Accepted { .. } => crate::flow::open_case(tx, happened.id).map(|_| ()),
            _ => Ok(()),
        },
        None => Ok(()),
    }
}

/// Says nothing.
pub(super) struct Silent;

impl Neighbours for Silent {
    fn officer_name(&self, _: &mut Tx<'_>, _: OfficerId) -> Result<String, Fault> {
        Ok(String::new())
    }

    fn organ_name(&self, _: &mut Tx<'_>, _: OrganId) -> Result<String, Fault> {
        Ok(String::new())
    }

    fn person_name(&self, _: &mut Tx<'_>, _: PersonId) -> Result<String, Fault> {
        Ok(String::new())
    }

    fn holders(&self, _: &mut Tx<'_>, _: OrganId, _: Role) -> Result<Vec<Holder>, Fault> {
        Ok(Vec::new())
    }

    fn special_procedures(&self, _: &mut Tx<'_>, _: Uuid, _: u32) -> Result<Vec<Special>, Fault> {
        Ok(Vec::new())
    }

    fn conditions(&self, _: &mut Tx<'_>, _: &Case) -> Result<case::Conditions, Fault> {
        Ok(case::Conditions::default())
    }

    fn authority(
        &self,
        _: &mut Tx<'_>,
        _: &Case,
        _: &case::Judged,
    ) -> Result<case::Authority, Fault> {
        Ok(case::Authority::default())
    }

    fn binds(&self, _: &mut Tx<'_>, _: OrganId) -> Result<bool, Fault> {
        Ok(false)
    }

    fn authority_told(
        &self,
        _: &mut Tx<'_>,
        _: &Case,
        _: Lang,
    ) -> Result<Vec<(String, String)>, Fault> {
        Ok(Vec::new())
    }

    fn delegated(&self, _: &mut Tx<'_>, _: OrganId) -> Result<Vec<case::Delegated>, Fault> {
        Ok(Vec::new())
    }

    fn item_of_code(&self, _: &mut Tx<'_>, _: &str) -> Result<Option<Uuid>, Fault> {
        Ok(None)
    }

    fn departments(&self, _: &mut Tx<'_>) -> Result<Vec<(OrganId, String)>, Fault> {
        Ok(Vec::new())
    }

    fn item_name(&self, _: &mut Tx<'_>, _: Uuid, _: u32, _: Lang) -> Result<String, Fault> {
        Ok(String::new())
    }

    fn limit_articles(&self, _: &mut Tx<'_>, _: Uuid, _: u32) -> Result<[String; 2], Fault> {
        Ok([String::new(), String::new()])
    }

    fn make_paper(&self, _: &mut Tx<'_>, _: &Case, _: Paper) -> Result<(), Fault> {
        Ok(())
    }

    fn records(&self, _: &mut Tx<'_>, _: &Case) -> Result<Vec<Uuid>, Fault> {
        Ok(Vec::new())
    }

    fn documents(&self, _: &mut Tx<'_>, _: &Case, _: Lang) -> Result<Vec<Document>, Fault> {
        Ok(Vec::new())
    }
}
