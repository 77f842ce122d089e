//! Where an accepted application is now, asked by intake of the rooms above: its case, and what of
//! it can be rated or fetched.
//!
//! Deliberately absent: wording of its own beyond the two links; the case room says how it stands.

use certificate::CertificateState;
use db::Tx;
use evaluation::{RatingStatus, Subject};
use intake::{Application, Onward, OpenedCase, Standing, Together};
use kernel::{Fault, PersonId, TypedId};
use web::Shell;
use web::parts::Link;

/// How many bundles a person's list looks through.
const BUNDLES_MAX: usize = 20;

/// The rooms above intake.
pub struct Above;

impl Onward for Above {
    fn standing(
        &self,
        tx: &mut Tx<'_>,
        application: &Application,
        shell: &Shell,
    ) -> Result<Option<Standing>, Fault> {
        let Some(brief) = case::brief(tx, application.number.as_ref(), shell)? else {
            return Ok(None);
        };
        let mut links = Vec::new();
        for one in certificate::certificates_of(tx, brief.id.uuid())? {
            if one.state == CertificateState::Valid {
                let href = format!("/certificates/{}.pdf", one.id);
                links.push(Link::to(href, shell.t("house.to_certificate")));
            }
        }
        let today = tx.today();
        let rating = evaluation::of_subject(tx, Subject::Case(brief.id.uuid()))?;
        let waits = |one: &evaluation::Rating| {
            one.status == RatingStatus::Invited && today <= one.expires_on
        };
        if rating.as_ref().is_some_and(waits) {
            let href = format!("/my/cases/{}/rating", brief.id);
            links.push(Link::to(href, shell.t("house.to_rating")));
        }
        Ok(Some(Standing {
            href: format!("/my/cases/{}", brief.id),
            state: brief.state,
            tone: brief.tone,
            with_whom: brief.with_whom,
            due: brief.due,
            shade: brief.shade,
            left: brief.left,
            links,
        }))
    }

    fn case_of(
        &self,
        tx: &mut Tx<'_>,
        application: &Application,
    ) -> Result<Option<OpenedCase>, Fault> {
        let found = case::find_by_number(tx, application.number.as_ref())?;
        Ok(found.map(|id| OpenedCase {
            id: id.to_string(),
            number: application.number.clone(),
        }))
    }

    fn together(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        shell: &Shell,
    ) -> Result<Vec<Together>, Fault> {
        let mut found = Vec::new();
        for bundle in project::bundles_of(tx, person, None, BUNDLES_MAX)? {
            if bundle.status.is_over() {
                continue;
            }
            let brief = project::brief(tx, &bundle, shell)?;
            found.push(Together {
                href: format!("/my/bundles/{}", bundle.id),
                title: brief.title,
                number: bundle.number.to_string(),
                state: brief.state,
                tone: brief.tone,
                parts: brief.parts,
            });
        }
        Ok(found)
    }

    fn passed(
        &self,
        tx: &mut Tx<'_>,
        application: &Application,
        shell: &Shell,
    ) -> Result<Vec<Link>, Fault> {
        crate::passed::links(tx, application.id, shell.language())
    }

    fn held(&self, tx: &mut Tx<'_>, application: &Application) -> Result<Vec<u16>, Fault> {
        project::held_for(tx, application.id)
    }
}
