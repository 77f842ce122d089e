//! HallDirectory: tells the rim who is who on every request.

use db::Tx;
use kernel::{Channel, Fault, OfficerId, PersonId};
use web::{Citizen, Directory, Officer};

use crate::model::OfficerState;
use crate::store;

/// Who may log in now, and from which seats: own posts first, then those stood in at (AB角).
#[derive(Debug, Clone, Copy, Default)]
pub struct HallDirectory;

impl Directory for HallDirectory {
    fn tables(&self) -> &'static [&'static str] {
        crate::KEPT
    }

    fn officer(&self, tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<Officer>, Fault> {
        let card = store::find_officer(tx, id)?;
        let Some(card) = card.filter(|card| card.state == OfficerState::Active) else {
            return Ok(None);
        };
        let today = tx.today();
        Ok(Some(Officer {
            id,
            name: card.name,
            seats: store::seats_on(tx, id, today)?,
            active: 0,
            channel: Channel::Web,
        }))
    }

    fn citizen(&self, tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Citizen>, Fault> {
        let card = store::find_person(tx, id)?;
        Ok(card.map(|card| Citizen {
            id,
            name: card.name,
            channel: Channel::Web,
        }))
    }
}
