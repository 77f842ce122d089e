//! Whether the one who acts may administer: the roles of the seat they act from, asked of
//! [`decide::may`]. The system itself (furnishing, imports) may all.

use db::Tx;
use kernel::{ActorKind, Fault};

use crate::decide::{self, Act};
use crate::store;

/// Lets the act pass when it is one of the actor's.
///
/// # Errors
/// [`decide::Refusal::NotYourAct`].
pub(crate) fn require(tx: &mut Tx<'_>, act: Act) -> Result<(), Fault> {
    if tx.actor().kind == ActorKind::System {
        return Ok(());
    }
    let seat = (tx.actor().as_officer(), tx.actor().post);
    let roles = match seat {
        (Some(officer), Some(post)) => {
            let today = tx.today();
            let seats = store::seats_on(tx, officer, today)?;
            let seat = seats.into_iter().find(|seat| seat.post == post);
            seat.map(|seat| seat.roles).unwrap_or_default()
        }
        _ => std::collections::BTreeSet::default(),
    };
    Ok(decide::may(act, &roles)?)
}
