//! The page that takes the six digits of an invitation. Attempts are counted: a code is short.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Problem};
use web::{
    App, Bucket, Form, FormReader, Problems, ReadForm, Reply, Shell, Visit, invalid, page,
    redirect, too_many,
};

#[derive(Template)]
#[template(path = "evaluation/code.html")]
struct CodePage {
    shell: Shell,
    code: String,
    problems: Problems,
}

/// The form that takes a code.
pub(crate) struct CodeForm(String);

impl ReadForm for CodeForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let typed = form.text("code", 20)?;
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Some(Self(digits))
        } else {
            form.problem(Problem::new("code", "evaluation.code_shape"))
        }
    }
}

pub(crate) async fn show_code_entry(shell: Shell) -> Reply<Response> {
    page(&CodePage {
        shell,
        code: String::new(),
        problems: Problems::none(),
    })
}

/// Attempts are counted: a code is short.
pub(crate) async fn enter_code(
    app: App,
    shell: Shell,
    visit: Visit,
    form: Form<CodeForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let found = match app.allow(Bucket::Login, &visit.client_key()).and(command) {
        Ok(CodeForm(digits)) => {
            app.read(move |tx| crate::token::redeem_code(tx, &digits))
                .await
        }
        Err(fault) => Err(fault),
    };
    let again = |problems: &[Problem]| CodePage {
        problems: shell.problems(problems),
        code: fields.get("code").to_owned(),
        shell: shell.clone(),
    };
    match found {
        Ok(token) => Ok(redirect(token.path()).into_response()),
        Err(Fault::NotFound { .. }) => {
            invalid(&again(&[Problem::new("code", "evaluation.code_unknown")]))
        }
        Err(Fault::TooMany { wait_seconds }) => {
            let problem = Problem::new("code", "fault.too_many");
            let problem = problem.with("wait_seconds", wait_seconds);
            too_many(&again(&[problem]), wait_seconds)
        }
        Err(Fault::Invalid(problems)) => invalid(&again(&problems)),
        Err(fault) => Err(fault.into()),
    }
}
