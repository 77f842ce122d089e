//! Pages of the room: a handler reads, calls one use case, and shows. The form pages are the same
//! for a person at home and for a clerk who writes for a visitor.

mod answer;
mod apply;
mod counter;
mod desk;
mod fields;
mod files;
mod my;
mod promise;
mod send;
mod start;
mod track;
mod visitors;
mod words;

use kernel::Fault;
use web::{Access, App, Doors, Failure, FormReader, ReadForm, Reply, Role, Visitor};

use crate::model::By;

pub use fields::{FieldView, facts as answer_facts, views as field_views};
pub use files::{Arrived, FileView, MaterialView, SentFiles, keep_all, material_view, store_all};
pub use visitors::{Visitors, VisitorsView, visitor_field};
pub use words::moment_key;

/// The front desk.
const DESK: Access = Access::Officer(Role::IntakeClerk);

pub(crate) fn doors(app: App) -> Doors {
    let doors = Doors::new(crate::ROOM, app);
    desk_doors(my_doors(apply_doors(doors)))
}

/// Writing an application, at home or for a visitor.
fn apply_doors(doors: Doors) -> Doors {
    doors
        .get("/apply/{code}", Access::SignedIn, start::show_start)
        .post("/apply/{code}", Access::SignedIn, start::start)
        .get(
            "/apply/drafts/{id}/questions",
            Access::SignedIn,
            apply::show_questions,
        )
        .post(
            "/apply/drafts/{id}/questions",
            Access::SignedIn,
            apply::save_questions,
        )
        .get(
            "/apply/drafts/{id}/materials",
            Access::SignedIn,
            apply::show_materials,
        )
        .get(
            "/apply/drafts/{id}/form",
            Access::SignedIn,
            apply::show_form,
        )
        .post(
            "/apply/drafts/{id}/form",
            Access::SignedIn,
            apply::save_form,
        )
        .get(
            "/apply/drafts/{id}/files",
            Access::SignedIn,
            files::show_files,
        )
        .post(
            "/apply/drafts/{id}/files",
            Access::SignedIn,
            files::add_files,
        )
        .post(
            "/apply/drafts/{id}/files/{file}/remove",
            Access::SignedIn,
            files::remove_file,
        )
        .get(
            "/apply/drafts/{id}/check",
            Access::SignedIn,
            send::show_check,
        )
        .get(
            "/apply/drafts/{id}/pledges",
            Access::SignedIn,
            promise::show_pledges,
        )
        .post(
            "/apply/drafts/{id}/pledges",
            Access::SignedIn,
            promise::sign,
        )
        .post("/apply/drafts/{id}/submit", Access::SignedIn, send::submit)
        .post(
            "/apply/drafts/{id}/drop",
            Access::SignedIn,
            send::drop_draft,
        )
}

/// What an applicant sees of it, with an account or with number and code.
fn my_doors(doors: Doors) -> Doors {
    doors
        .get("/my", Access::SignedIn, my::show_list)
        .post("/my/powers/{id}/end", Access::Citizen, my::end_power)
        .get("/my/applications/{id}", Access::Citizen, my::show)
        .get(
            "/my/applications/{id}/files/{file}",
            Access::Citizen,
            my::download,
        )
        .get(
            "/my/applications/{id}/correct",
            Access::Citizen,
            my::show_correct,
        )
        .post(
            "/my/applications/{id}/correct",
            Access::Citizen,
            my::correct,
        )
        .get(
            "/my/applications/{id}/make_up",
            Access::Citizen,
            promise::show_make_up,
        )
        .post(
            "/my/applications/{id}/make_up",
            Access::Citizen,
            promise::make_up,
        )
        .post(
            "/my/applications/{id}/withdraw",
            Access::Citizen,
            my::withdraw,
        )
        .get("/track", Access::Public, track::show)
        .post("/track", Access::Public, track::find)
}

/// What the front desk does with it.
fn desk_doors(doors: Doors) -> Doors {
    doors
        .get("/desk/intake", DESK, desk::show_queue)
        .get("/desk/intake/new", DESK, counter::show_new)
        .post("/desk/intake/new", DESK, counter::add_new)
        .get("/desk/intake/powers/{id}", DESK, counter::download_power)
        .get("/desk/intake/{id}", DESK, answer::show)
        .get("/desk/intake/{id}/files/{file}", DESK, answer::download)
        .post("/desk/intake/{id}/accept", DESK, answer::accept)
        .post("/desk/intake/{id}/notice", DESK, answer::give_notice)
        .post("/desk/intake/{id}/spot", DESK, answer::correct_on_the_spot)
        .post("/desk/intake/{id}/not_required", DESK, answer::not_required)
        .post("/desk/intake/{id}/not_accepted", DESK, answer::not_accepted)
        .post("/desk/intake/{id}/lapse", DESK, answer::lapse)
        .get("/desk/intake/{id}/make_up", DESK, promise::show_make_up)
        .post("/desk/intake/{id}/make_up", DESK, promise::make_up)
}

/// Who stands at the door.
pub(crate) fn who(visitor: &Visitor) -> Reply<By> {
    By::visitor(visitor).ok_or_else(Failure::unauthenticated)
}

/// A form whose fields are only known once the item is: the texts are read from what was typed.
pub(crate) struct Posted;

impl ReadForm for Posted {
    fn read(_form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self)
    }
}

/// Wrong fields are shown beside the form; every other fault has its page in the rim.
pub(crate) fn wrong_fields(fault: Fault) -> Reply<Vec<kernel::Problem>> {
    match fault {
        Fault::Invalid(problems) => Ok(problems),
        other => Err(other.into()),
    }
}
