//! The things that rooms ask for and only the roof can lend.

use std::sync::Arc;

use certificate::{PublicAddress, SealKeys};
use db::Db;
use kernel::Fault;

use crate::config::Config;
use crate::house::Mode;
use crate::neighbours::{Beneath, Board, Items};

/// Lends them all.
///
/// # Errors
/// [`Fault::Unavailable`] when keys or files cannot be read.
pub fn all(db: &Db, config: &Config, mode: Mode) -> Result<(), Fault> {
    let organs = config.data.join("keys").join("organs");
    db.lend(Arc::new(case::Hall::new(Arc::new(Beneath))));
    db.lend(Arc::new(evaluation::Names(Arc::new(Items))));
    db.lend(Arc::new(analytics::names::Called(Box::new(Board))));
    db.lend(Arc::new(SealKeys::open(&organs)?));
    db.lend(Arc::new(identity::FactorPolicy {
        administrators: config.administrators_need_codes,
    }));
    if let Some(address) = &config.public_address {
        db.lend(Arc::new(PublicAddress(address.clone())));
    }
    // A verification must not stumble over what it is there to find.
    if mode == Mode::Write {
        catalogue::furnish(db)?;
    }
    Ok(())
}
