//! The rows of what one part issues for another: at the desk and for the applicant.

use db::Tx;
use kernel::Fault;
use web::Shell;

use crate::model::{Bundle, PartStatus};
use crate::passed::{PassedOn, passed_in};
use crate::view;

/// A material that another part issues, as a row.
pub(super) struct PassedRow {
    pub(super) material: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) number: String,
    pub(super) href: String,
}

/// The rows of a bundle.
pub(super) fn passed_rows(
    tx: &mut Tx<'_>,
    shell: &Shell,
    bundle: &Bundle,
) -> Result<Vec<PassedRow>, Fault> {
    let mut rows = Vec::new();
    for one in passed_in(tx, bundle, shell.language())? {
        let to = match bundle.part(one.to) {
            Some(part) => view::item_name(tx, part, shell.language())?,
            None => String::new(),
        };
        rows.push(row(shell, one, to));
    }
    Ok(rows)
}

fn row(shell: &Shell, one: PassedOn, to: String) -> PassedRow {
    let (state, tone) = match (one.certificate(), one.status) {
        (Some(known), _) => {
            let said = shell.say(&format!("certificate.state_{}", known.state), &[]);
            let valid = known.state == certificate::CertificateState::Valid;
            (said, if valid { "green" } else { "red" })
        }
        (None, PartStatus::Granted) => (shell.t("project.passed_none").to_owned(), "yellow"),
        (None, _) if one.is_lost() => (shell.t("project.passed_lost").to_owned(), "red"),
        (None, _) => (shell.t("project.passed_awaited").to_owned(), ""),
    };
    let known = one.certificate();
    PassedRow {
        number: known.map_or_else(String::new, |known| known.number.to_string()),
        href: known.map_or_else(String::new, |known| {
            format!("/certificates/verify/{}", known.ecert_id)
        }),
        material: one.material,
        from: one.item,
        to,
        state,
        tone,
    }
}
