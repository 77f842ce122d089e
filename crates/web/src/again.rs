//! A form that comes back: filled in, with what is wrong beside each field, with the rule that said
//! no, or with what somebody else changed meanwhile.
//!
//! Deliberately absent: faults that a form cannot mend; those have the problem page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Fault;

use askama::Template;

use crate::fault::{Failure, Reply};
use crate::page::{Problems, Redirect, Shell, page};
use crate::parts;

/// The field in which a form says which revision of the record it was made from.
pub const REVISION_FIELD: &str = "revision";

/// Where a problem leads that belongs to no field.
const WHOLE_PAGE: &str = "main";

/// Why a form comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    status: StatusCode,
    /// What is wrong, for the summary and beside the fields.
    pub problems: Problems,
    /// Whether somebody else changed the record since the page was made.
    pub stale: bool,
}

impl Again {
    /// Reads a fault; `field_of` names the field that the code of a refusal is about.
    ///
    /// # Errors
    /// Every fault that no form can mend.
    pub fn of(
        fault: Fault,
        shell: &Shell,
        field_of: impl Fn(&str) -> Option<&'static str>,
    ) -> Result<Self, Failure> {
        match fault {
            Fault::Invalid(problems) => Ok(Self {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                problems: shell.problems(&problems),
                stale: false,
            }),
            Fault::Refused(refused) => {
                let said = shell.say(refused.code, &refused.params);
                let todo = shell.todo(refused.code, &refused.params);
                let rule = refused.statute.map(|rule| format!("（{rule}）"));
                let sentences = [said, rule.unwrap_or_default(), "。".to_owned(), todo];
                let field = field_of(refused.code).unwrap_or(WHOLE_PAGE);
                Ok(Self::one(field, joined(shell, &sentences), false))
            }
            Fault::Conflict { .. } => {
                let text = shell.t("part.stale").to_owned();
                Ok(Self::one(WHOLE_PAGE, text, true))
            }
            other => Err(other.into()),
        }
    }

    fn one(field: &str, text: String, stale: bool) -> Self {
        let problem = parts::Problem {
            field: field.to_owned(),
            text,
            ..parts::Problem::default()
        };
        Self {
            status: StatusCode::CONFLICT,
            problems: Problems::all(vec![problem]),
            stale,
        }
    }

    /// Shows the form: 422 for fields, 409 for rules and for what changed meanwhile.
    ///
    /// # Errors
    /// 500 when the template cannot be rendered.
    pub fn show(status: StatusCode, template: &impl Template) -> Reply<Response> {
        let mut response = page(template)?;
        *response.status_mut() = status;
        Ok(response)
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

/// Ends what a form asked for: onward, or the form again with what stood in the way. `field_of`
/// names the field that the code of a refusal is about; `form` makes the page once more.
///
/// # Errors
/// Every fault that no form can mend, and whatever `form` answers.
pub async fn answer_form<P: Template>(
    done: Result<Redirect, Fault>,
    shell: &Shell,
    field_of: impl Fn(&str) -> Option<&'static str>,
    form: impl AsyncFnOnce(Again) -> Reply<P>,
) -> Reply<Response> {
    match done {
        Ok(onward) => Ok(onward.into_response()),
        Err(fault) => {
            let again = Again::of(fault, shell, field_of)?;
            let status = again.status();
            Again::show(status, &form(again).await?)
        }
    }
}

/// What is wrong, by which rule, and what to do, as one text in the page's punctuation.
fn joined(shell: &Shell, [said, rule, stop, todo]: &[String; 4]) -> String {
    match shell.language() {
        kernel::Lang::Zh => format!("{said}{rule}{stop}{todo}"),
        kernel::Lang::En => {
            let rule = rule.replace('（', " (").replace('）', ")");
            format!("{said}{rule}. {todo}")
        }
    }
}
