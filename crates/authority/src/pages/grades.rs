//! The grades of posts 审批层级: who decides how high, and the form of the security administrator.

use axum::response::Response;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, PostId};
use web::parts::Choice;
use web::{FormReader, Officer, ReadForm, Reply, Role, Shell};

use super::tables::{HERE, tables_sheet};
use super::{Sent, organ_name, words};
use crate::model::Grade;
use crate::sheet::{Cell, FormView, Grid, Input, Kind, Part, Sheet};
use crate::use_cases::grade;

pub(crate) fn list(
    tx: &mut Tx<'_>,
    by: &Officer,
    shell: &Shell,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    sheet.push(Part::Heading(shell.t("authority.grades_title").to_owned()));
    sheet.push(Part::Words(shell.t("authority.grades_text").to_owned()));
    let (mut rows, mut posts) = (Vec::new(), Vec::new());
    for (organ, graded) in grade::graded_posts(tx)? {
        let organ = organ_name(tx, organ)?;
        for (post, grade) in graded {
            posts.push((post.id.to_string(), format!("{organ} {}", post.name)));
            rows.push(vec![
                Cell::plain(post.name),
                Cell::plain(organ.clone()),
                Cell::plain(words(shell, "grade", grade)),
            ]);
        }
    }
    let head = ["post", "organ", "grade"];
    sheet.push(Part::Grid(Grid {
        caption: shell.t("authority.grades_title").to_owned(),
        head: head.map(|key| words(shell, "col", key)).into(),
        rows,
    }));
    if by.has(Role::SecurityAdmin) {
        let form = FormView::new("grade", format!("{HERE}/grades"), shell.t("authority.set"))
            .titled(shell.t("authority.grade_set"), false)
            .with(
                Input::new(Kind::Select, "post", shell.t("authority.col_post"))
                    .of(Choice::list(posts, "")),
            )
            .with(
                Input::new(Kind::Select, "grade", shell.t("authority.col_grade"))
                    .of(choices(shell, &POST_GRADES)),
            );
        sheet.form(form);
    }
    Ok(())
}

/// The grades that belong to posts; chief approval officers are named one by one.
const POST_GRADES: [Grade; 4] = [
    Grade::Handler,
    Grade::SectionHead,
    Grade::DeputyDirector,
    Grade::Director,
];

pub(crate) fn choices(shell: &Shell, grades: &[Grade]) -> Vec<Choice> {
    let pairs = grades
        .iter()
        .map(|one| (one.as_str(), words(shell, "grade", *one)));
    Choice::list(pairs, "")
}

/// Which post, and how high it decides.
pub(crate) struct PostGrade {
    post: PostId,
    grade: Grade,
}

impl ReadForm for PostGrade {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (post, grade) = (form.id("post"), form.word::<Grade>("grade"));
        if grade == Some(Grade::ChiefOfficer) {
            return form.problem(kernel::Problem::new("grade", "field.choice"));
        }
        Some(Self {
            post: post?,
            grade: grade?,
        })
    }
}

pub(crate) async fn set_grade(sent: Sent<PostGrade>) -> Reply<Response> {
    let work = |tx: &mut Tx<'_>, _: &Officer, new: &PostGrade| {
        grade::set_grade(tx, new.post, new.grade)?;
        Ok(HERE.to_owned())
    };
    sent.then(Uuid::nil(), "authority.noted", tables_sheet, work)
        .await
}
