//! The modes of an item as the guide tells them: which, for what, on which ground, on what terms.

use web::Shell;

use crate::model::kind::ModeKind;
use crate::model::{ItemContent, Mode};
use crate::view::text;

/// One mode, ready to be read.
pub(super) struct ModeView {
    pub(super) name: &'static str,
    pub(super) terms: String,
    pub(super) materials: Vec<String>,
    pub(super) fields: Vec<String>,
    pub(super) days: Vec<String>,
    pub(super) basis: String,
}

pub(super) fn views(shell: &Shell, content: &ItemContent) -> Vec<ModeView> {
    let modes = content.modes.iter();
    modes.map(|mode| view(shell, content, mode)).collect()
}

fn view(shell: &Shell, content: &ItemContent, mode: &Mode) -> ModeView {
    let material = |id: &String| content.material(id).map(|one| text(shell, &one.name));
    let field = |name: &String| content.field(name).map(|one| text(shell, &one.label));
    let say = |key, days: u32| shell.say(key, &[("days", days.to_string())]);
    let make_up = mode.make_up_workdays.map(|days| match mode.kind {
        ModeKind::Promise => say("catalogue.mode.retract_days", days),
        ModeKind::Tolerant | ModeKind::Tacit => say("catalogue.mode.make_up_days", days),
    });
    let check = mode.check_workdays;
    let check = check.map(|days| say("catalogue.mode.check_days", days));
    ModeView {
        name: mode.kind.name(shell.lang),
        terms: text(shell, &mode.terms),
        materials: mode.materials.iter().filter_map(material).collect(),
        fields: mode.fields.iter().filter_map(field).collect(),
        days: make_up.into_iter().chain(check).collect(),
        basis: mode.basis.citation(),
    }
}
