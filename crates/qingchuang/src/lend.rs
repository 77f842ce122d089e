//! The things that rooms ask for and only the roof can lend.

use std::sync::Arc;

use certificate::{PublicAddress, SealKeys};
use db::Db;
use inbox::{Carrier, Gateways, HttpGateway, MailRelay};
use kernel::Fault;

use crate::config::Config;
use crate::house::Mode;
use crate::names::{Board, Items};
use crate::neighbours::Beneath;
use crate::onward::Above;

/// Lends them all.
///
/// # Errors
/// [`Fault::Unavailable`] when keys or files cannot be read.
pub fn all(db: &Db, config: &Config, mode: Mode) -> Result<(), Fault> {
    let organs = config.data.join("keys").join("organs");
    db.lend(Arc::new(case::Hall::new(Arc::new(Beneath))));
    db.lend(Arc::new(crate::deciding::matters()));
    db.lend(Arc::new(evaluation::Names(Arc::new(Items))));
    db.lend(Arc::new(procedure::Hall(Arc::new(crate::drawn::Around))));
    db.lend(Arc::new(procedure::Shelf::default()));
    db.lend(Arc::new(intake::Became(Arc::new(Above))));
    db.lend(Arc::new(analytics::names::Called(Box::new(Board))));
    db.lend(Arc::new(SealKeys::open(&organs)?));
    db.lend(Arc::new(identity::erasure::EveryRoom(Arc::new(
        crate::erasure::All,
    ))));
    db.lend(Arc::new(identity::FactorPolicy {
        administrators: config.administrators_need_codes,
    }));
    if let Some(address) = &config.public_address {
        db.lend(Arc::new(PublicAddress(address.clone())));
    }
    if mode == Mode::Write {
        db.lend(Arc::new(gateways(db, config)?));
    }
    // A verification must not stumble over what it is there to find.
    if mode == Mode::Write {
        catalogue::furnish(db)?;
    }
    Ok(())
}

/// The ways out of the house, as the settings name them.
fn gateways(db: &Db, config: &Config) -> Result<Gateways, Fault> {
    let wrong = |detail: String| Fault::Unavailable { detail };
    let mail: Option<Box<dyn Carrier>> = match &config.mail {
        Some(mail) => {
            let login = mail.login.clone().zip(mail.password.clone());
            let relay = MailRelay::new(&mail.relay, mail.port, &mail.from, login);
            Some(Box::new(relay.map_err(wrong)?))
        }
        None => None,
    };
    let sms: Option<Box<dyn Carrier>> = match &config.sms {
        Some(sms) => {
            let gateway = HttpGateway::new(&sms.gateway, &sms.body, sms.authorization.clone());
            Some(Box::new(gateway.map_err(wrong)?))
        }
        None => None,
    };
    let hall = match db.read(identity::hall) {
        Ok(hall) => hall.short_name,
        // An empty hall sends nothing yet; the name is read at every start.
        Err(Fault::NotFound { .. }) => "Qingchuang".to_owned(),
        Err(fault) => return Err(fault),
    };
    Ok(Gateways {
        mail,
        sms,
        origin: config.public_address.clone().unwrap_or_default(),
        hall,
    })
}
