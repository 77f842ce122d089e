//! `/track`: number and query code open the state and the way so far, without an account and
//! without personal data.

use askama::Template;
use axum::response::Response;
use kernel::{Fault, Problem};
use serde::Deserialize;
use web::parts::{Fact, Moment};
use web::{
    App, Bucket, Form, FormReader, Problems, Query, ReadForm, Reply, Shell, Visit, invalid, page,
    too_many,
};

use super::words;

#[derive(Deserialize)]
pub(super) struct Asked {
    number: Option<String>,
}

/// Number and query code as typed; spaces are forgiven.
pub(super) struct Key {
    number: String,
    code: String,
}

impl ReadForm for Key {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let plain = |text: String| text.chars().filter(|c| !c.is_whitespace()).collect();
        let (number, code) = (form.text("number", 40), form.text("code", 12));
        Some(Self {
            number: plain(number?),
            code: plain(code?),
        })
    }
}

struct Found {
    number: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    moments: Vec<Moment>,
    became: Option<crate::Standing>,
}

#[derive(Template)]
#[template(path = "intake/track.html")]
struct TrackPage {
    shell: Shell,
    number: String,
    code: String,
    problems: Problems,
    found: Option<Found>,
}

pub(super) async fn show(shell: Shell, Query(asked): Query<Asked>) -> Reply<Response> {
    let number = asked.number.unwrap_or_default().chars().take(40).collect();
    let (code, problems) = (String::new(), Problems::none());
    page(&TrackPage {
        shell,
        number,
        code,
        problems,
        found: None,
    })
}

pub(super) async fn find(app: App, visit: Visit, shell: Shell, form: Form<Key>) -> Reply<Response> {
    let number = form.fields.get("number").to_owned();
    let code = form.fields.get("code").to_owned();
    let found = match form.command {
        Err(fault) => Err(fault),
        // Six digits are guessed in time: attempts count like attempts to log in, by the number
        // and by the address.
        Ok(key) => {
            let of_number = format!("track:{}", key.number);
            let allowed = app
                .allow(Bucket::Login, &of_number)
                .and_then(|()| app.allow(Bucket::Login, &visit.client_key()));
            let lang = shell.clone();
            match allowed {
                Ok(()) => app.read(move |tx| look(tx, &lang, &key)).await,
                Err(fault) => Err(fault),
            }
        }
    };
    let mut again = TrackPage {
        shell,
        number,
        code,
        problems: Problems::none(),
        found: None,
    };
    let problem = match found {
        Ok(found) => {
            again.found = Some(found);
            again.code = String::new();
            return page(&again);
        }
        Err(Fault::TooMany { wait_seconds }) => {
            let problem = Problem::new("number", "fault.too_many");
            let problem = problem.with("wait_seconds", wait_seconds);
            again.problems = again.shell.problems(&[problem]);
            return too_many(&again, wait_seconds);
        }
        Err(Fault::NotFound { .. }) => vec![Problem::new("number", "intake.track_wrong")],
        Err(fault) => super::wrong_fields(fault)?,
    };
    again.problems = again.shell.problems(&problem);
    invalid(&again)
}

fn look(tx: &mut db::Tx<'_>, shell: &Shell, key: &Key) -> Result<Found, Fault> {
    let application = crate::track(tx, &key.number, &key.code)?;
    let version = crate::version_of(tx, &application)?;
    let (state, tone) = words::state(shell, application.status);
    let organ = identity::organ(tx, application.organ)?.name;
    let mut facts = vec![
        Fact::plain(shell.t("intake.item"), version.content.name.get(shell.lang)),
        Fact::plain(shell.t("intake.organ"), organ),
        Fact::plain(
            shell.t("intake.received_on"),
            application.received_on.to_string(),
        ),
    ];
    if application.status.waits_for_hall() {
        let by = application.tell_by.to_string();
        facts.push(Fact::plain(shell.t("intake.tell_by"), by));
    }
    let moments = crate::moments(tx, application.id)?;
    Ok(Found {
        number: application.number.to_string(),
        state: state.to_owned(),
        tone,
        facts,
        moments: words::timeline(tx, shell, moments, false)?,
        became: crate::onward::standing(tx, &application, shell)?,
    })
}
