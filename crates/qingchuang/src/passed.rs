//! What another matter of the same bundle issues for an application 结果共享, as the front desk and
//! the reviewer read it: with the standing that the register gives it today.
//!
//! Deliberately absent: who may see the application; the pages that ask have looked.

use certificate::CertificateState;
use db::Tx;
use intake::ApplicationId;
use kernel::{Fault, Lang, TypedId};
use project::PassedOn;
use web::parts::Link;

/// Where a certificate is looked up by hand.
const VERIFY: &str = "/certificates/verify";

/// One line for each material that is handed on, with the way to where it is verified.
///
/// # Errors
/// As [`Tx::query`].
pub fn links(tx: &mut Tx<'_>, application: ApplicationId, lang: Lang) -> Result<Vec<Link>, Fault> {
    let passed = project::passed_to(tx, application, lang)?;
    Ok(passed.iter().map(|one| link(one, lang)).collect())
}

/// The same as documents of a case.
///
/// # Errors
/// As [`Tx::query`].
pub fn documents(
    tx: &mut Tx<'_>,
    case: &case::Case,
    lang: Lang,
) -> Result<Vec<case::Document>, Fault> {
    let application = ApplicationId::from_uuid(case.application);
    let links = links(tx, application, lang)?.into_iter();
    let document = |link: Link| case::Document {
        title: link.label,
        number: String::new(),
        href: link.href,
    };
    Ok(links.map(document).collect())
}

fn link(one: &PassedOn, lang: Lang) -> Link {
    let (material, item) = (&one.material, &one.item);
    match one.certificate() {
        Some(known) => {
            let state = state(known.state, lang);
            let label = lang.pick(
                format!("{material}（由“{item}”转交，{state}） {}", known.number),
                format!(
                    "{material} (handed on from “{item}”, {state}) {}",
                    known.number
                ),
            );
            Link::to(format!("{VERIFY}/{}", known.ecert_id), label)
        }
        None => {
            let label = match one.is_lost() {
                true => lang.pick(
                    format!("{material}：“{item}”未获准予，不会转交"),
                    format!("{material}: will not come, “{item}” was not granted"),
                ),
                false => lang.pick(
                    format!("{material}：待“{item}”办结后转交"),
                    format!("{material}: awaited from “{item}”"),
                ),
            };
            Link::to(VERIFY, label)
        }
    }
}

fn state(state: CertificateState, lang: Lang) -> &'static str {
    match state {
        CertificateState::Valid => lang.pick("核验有效", "verified, valid"),
        CertificateState::Changed => lang.pick("已变更", "replaced"),
        CertificateState::Revoked => lang.pick("已撤销", "revoked"),
        CertificateState::Cancelled => lang.pick("已注销", "cancelled"),
        CertificateState::Expired => lang.pick("已过期", "expired"),
        CertificateState::Withdrawn => lang.pick("已撤回", "withdrawn"),
        CertificateState::PenaltyRevoked => lang.pick("已吊销", "revoked by a penalty"),
        CertificateState::Suspended => lang.pick("已暂扣", "suspended"),
    }
}
