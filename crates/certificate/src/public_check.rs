//! Is this certificate true: by its identifier, or by the file that somebody was given.
//!
//! Open to everybody, so it says only what stands on the certificate's face, with the name of a
//! human holder masked (个人信息保护法 6, 51). Deliberately absent: who asked, and why.

use codes::{CodeError, EcertId};
use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, OrganId};
use ledger::Vault;
use seal::Suite;

use crate::keys::SealKeys;
use crate::model::{Certificate, CertificateField, CertificateState, Notice};
use crate::{render, store};

/// What a stranger may know of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCard {
    /// Its e-certificate identifier.
    pub ecert_id: String,
    /// Where it stands today.
    pub state: CertificateState,
    /// Since when.
    pub state_since: Date,
    /// On what article it was revoked or cancelled.
    pub article: Option<&'static str>,
    /// Its name; none when its text was erased.
    pub name: Option<String>,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub organ: String,
    /// Who holds it, masked; none when its text was erased.
    pub holder: Option<String>,
    /// What it permits; empty where its name says all.
    pub scope: String,
    /// The lines of its face that concern nobody's private life.
    pub lines: Vec<CertificateField>,
    /// When it was issued.
    pub issued_on: Date,
    /// Its first day.
    pub valid_from: Date,
    /// Its last day; none for long-term.
    pub valid_until: Option<Date>,
    /// The identifier of the certificate in its place.
    pub successor: Option<String>,
}

/// What an identifier led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// This hall issued it.
    Known(Box<PublicCard>),
    /// Well formed, and not of this hall.
    Unknown(EcertId),
    /// No identifier at all.
    Wrong(CodeError),
}

/// Looks a certificate up by its identifier.
///
/// # Errors
/// As [`Tx::query`].
pub fn check(tx: &mut Tx<'_>, typed: &str) -> Result<Checked, Fault> {
    let id = match EcertId::parse(typed.trim()) {
        Ok(id) => id,
        Err(error) => return Ok(Checked::Wrong(error)),
    };
    match store::by_ecert_id(tx, &id)? {
        Some(found) => Ok(Checked::Known(Box::new(card(tx, &found)?))),
        None => Ok(Checked::Unknown(id)),
    }
}

fn card(tx: &mut Tx<'_>, found: &Certificate) -> Result<PublicCard, Fault> {
    let text = crate::text_of(tx, found)?;
    let successor = match found.successor {
        Some(id) => Some(ledger::lifecycle::load_versioned::<Certificate>(tx, id)?.record),
        None => None,
    };
    let state = found.state_on(tx.today());
    let late_end = found.valid_until.and_then(|last| last.tomorrow().ok());
    let state_since = match state {
        CertificateState::Expired => late_end.unwrap_or(found.state_since),
        CertificateState::Valid if found.state == CertificateState::Suspended => found
            .suspended_until
            .and_then(|last| last.tomorrow().ok())
            .unwrap_or(found.state_since),
        _ => found.state_since,
    };
    Ok(PublicCard {
        ecert_id: found.ecert_id.to_string(),
        state,
        state_since,
        article: match state {
            CertificateState::Revoked => found.revoked_for.map(|ground| ground.article()),
            CertificateState::Cancelled => found.cancelled_for.map(|ground| ground.article()),
            CertificateState::Withdrawn => found.withdrawn_for.map(|ground| ground.article()),
            CertificateState::PenaltyRevoked => found.penalty_for.map(|ground| ground.article()),
            CertificateState::Suspended => found.suspended_for.map(|ground| ground.article()),
            _ => None,
        },
        number: found.number.to_string(),
        organ: identity::organ(tx, found.organ)?.name,
        holder: text.as_ref().map(|text| {
            if text.holder_is_natural {
                masked(&text.holder_name)
            } else {
                text.holder_name.clone()
            }
        }),
        scope: text
            .as_ref()
            .map_or_else(String::new, |text| text.scope.clone()),
        lines: text.as_ref().map_or_else(Vec::new, |text| {
            let all = text.fields.iter();
            all.filter(|line| line.public).cloned().collect()
        }),
        name: text.map(|text| text.name),
        issued_on: found.issued_on,
        valid_from: found.valid_from,
        valid_until: found.valid_until,
        successor: successor.map(|next| next.ecert_id.to_string()),
    })
}

/// A person's name with its middle hidden: 王*, 王*清, 欧**娜.
#[must_use]
pub fn masked(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let last = letters.len().saturating_sub(1);
    let shown = |at: usize| (at == 0 && 0 < last) || (1 < last && at == last);
    let mask = |(at, letter): (usize, &char)| if shown(at) { *letter } else { '*' };
    letters.iter().enumerate().map(mask).collect()
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileVerdict {
    /// No signature, or no PDF.
    Unsigned,
    /// Signed, and changed or added to afterwards.
    Altered,
    /// Signed, by somebody who is not of this hall.
    Foreign {
        /// Whom the enclosed certificate names; nobody has checked that.
        claimed: Option<String>,
    },
    /// Signed by an organ of this hall, and not the file that is in force.
    NotInForce(Signing),
    /// A notice of this hall, as it was made.
    Notice {
        /// Who signed and when.
        signing: Signing,
        /// Its kind, as a word.
        kind: crate::NoticeKind,
        /// Its number.
        number: String,
        /// Its date.
        on: Date,
    },
    /// A certificate of this hall, as it was made; where it stands is on the card.
    Certificate {
        /// Who signed and when.
        signing: Signing,
        /// The certificate.
        card: Box<PublicCard>,
    },
}

/// Who signed a file and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// The organ, by its present name.
    pub organ: String,
    /// The time that the signature states.
    pub at: Timestamp,
}

/// Checks a file: signature, digest, certificate, and whether the hall made exactly this file.
///
/// # Errors
/// As [`Tx::query`]; whatever is wrong with the file is a verdict.
pub fn check_file(tx: &mut Tx<'_>, bytes: &[u8]) -> Result<FileVerdict, Fault> {
    let Some(signed) = document::extract(bytes) else {
        return Ok(FileVerdict::Unsigned);
    };
    let digest = seal::hash(Suite::ShangMi, &signed.covered);
    let signer = match seal::cms::verify_detached(&signed.cms, &digest) {
        Ok(signer) if signed.covers_whole_file => signer,
        _ => return Ok(FileVerdict::Altered),
    };
    let own = &signer.certificate;
    let owner = tx.thing::<SealKeys>()?.owner_of(own)?;
    let Some(organ) = owner.filter(|_| own.verify_issued_by(own, signer.time).is_ok()) else {
        return Ok(FileVerdict::Foreign {
            claimed: own.organ(),
        });
    };
    made_by(tx, bytes, organ, signer.time)
}

fn made_by(
    tx: &mut Tx<'_>,
    bytes: &[u8],
    organ: OrganId,
    at: Timestamp,
) -> Result<FileVerdict, Fault> {
    let signing = Signing {
        organ: identity::organ(tx, organ)?.name,
        at,
    };
    let mark = render::mark_of(&*tx.thing::<Vault>()?, bytes);
    if let Some(found) = store::by_mark::<Certificate>(tx, &mark)? {
        let card = Box::new(card(tx, &found)?);
        return Ok(FileVerdict::Certificate { signing, card });
    }
    Ok(match store::by_mark::<Notice>(tx, &mark)? {
        Some(found) => FileVerdict::Notice {
            signing,
            kind: found.kind,
            number: found.number.to_string(),
            on: found.on,
        },
        None => FileVerdict::NotInForce(signing),
    })
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_persons_name_is_never_shown_whole() {
        let cases = [
            ("王", "*"),
            ("王清", "王*"),
            ("王小清", "王*清"),
            ("欧阳娜娜", "欧**娜"),
        ];
        for (name, shown) in cases {
            assert_eq!(masked(name), shown);
        }
    }
}
