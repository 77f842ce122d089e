//! Neighbours that make no papers and know no names: the bench measures the case room alone.

use case::{Case, Document, Holder, Neighbours, Paper, Role, Special};
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, Lang, OfficerId, OrganId, PersonId};

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
