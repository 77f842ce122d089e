//! Results as they are passed 结果共享: for each material that another part issues, the certificate
//! with its standing today, or why there is none.
//!
//! Deliberately absent: what is passed to whom, which was fixed when the bundle was handed in
//! (`handed`); a copy of the certificate: the register is asked each time, so that nobody decides
//! by a paper that was revoked meanwhile.

use certificate::{Certificate, CertificateState};
use db::Tx;
use intake::ApplicationId;
use kernel::{Fault, Lang, TypedId};

use crate::handle::bundle;
use crate::model::{Bundle, PartStatus};
use crate::store;

/// A material that another part of the bundle issues, as it stands today.
#[derive(Debug, Clone, PartialEq)]
pub struct PassedOn {
    /// The number of the part that needs it.
    pub to: u16,
    /// The material's name.
    pub material: String,
    /// The number of the part that issues it.
    pub from: u16,
    /// The name of the item that issues it.
    pub item: String,
    /// How that part stands.
    pub status: PartStatus,
    /// The certificates that it issued, the newest last; none while it has not been granted.
    pub certificates: Vec<Certificate>,
}

impl PassedOn {
    /// The certificate that counts: the one that stands, else the last one.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        let mut all = self.certificates.iter();
        let valid = all.find(|one| one.state == CertificateState::Valid);
        valid.or(self.certificates.last())
    }

    /// Whether nothing will come: the part that should issue it ended without.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.status.is_over() && self.status != PartStatus::Granted
    }
}

/// What is passed between the parts of a bundle.
///
/// # Errors
/// As [`Tx::query`].
pub fn passed_in(tx: &mut Tx<'_>, bundle: &Bundle, lang: Lang) -> Result<Vec<PassedOn>, Fault> {
    let mut all = Vec::new();
    for (to, part) in (0..).zip(&bundle.parts) {
        for one in &part.plan.handed {
            let Some(issuer) = bundle.part(one.from) else {
                continue;
            };
            let version = catalogue::version(tx, part.plan.item, part.plan.version)?;
            let material = version.content.materials.get(usize::from(one.material));
            let material = material.map_or("", |known| known.name.get(lang.as_str()));
            all.push(PassedOn {
                to,
                material: material.to_owned(),
                from: one.from,
                item: crate::view::item_name(tx, issuer, lang)?,
                status: issuer.status,
                certificates: match issuer.case {
                    Some(case) => certificate::certificates_of(tx, case.uuid())?,
                    None => Vec::new(),
                },
            });
        }
    }
    Ok(all)
}

/// What other parts of its bundle pass to an application; nothing for one that stands alone.
///
/// # Errors
/// As [`Tx::query`].
pub fn passed_to(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    lang: Lang,
) -> Result<Vec<PassedOn>, Fault> {
    let Some((id, number)) = store::bundle_of_application(tx, application.uuid())? else {
        return Ok(Vec::new());
    };
    let bundle = bundle(tx, id)?;
    let mut all = passed_in(tx, &bundle, lang)?;
    all.retain(|one| one.to == number);
    Ok(all)
}

/// The materials of an application that other parts of its bundle issue, by position.
///
/// # Errors
/// As [`Tx::query`].
pub fn held_for(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<u16>, Fault> {
    let Some((id, number)) = store::bundle_of_application(tx, application.uuid())? else {
        return Ok(Vec::new());
    };
    let bundle = bundle(tx, id)?;
    let handed = bundle.part(number).map(|part| &part.plan.handed);
    let handed = handed.into_iter().flatten();
    Ok(handed.map(|one| one.material).collect())
}
