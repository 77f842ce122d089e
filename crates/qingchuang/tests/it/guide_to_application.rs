//! From the guide of an item into its application, through the doors: what was chosen is not asked
//! again, and every link of the last page leads to something that is there.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use intake::By;
use kernel::{Actor, Channel, PersonId};
use qingchuang::house::doors;
use tower::ServiceExt;
use web::session::{self, Subject};

use crate::town::{Town, towns};

const ITEM: &str = "public_place_hygiene_licence";

/// A citizen at a browser without scripts.
struct Visitor {
    router: Router,
    runtime: tokio::runtime::Runtime,
    cookie: String,
}

fn visitor(town: &Town, person: PersonId) -> Visitor {
    let app = town.hall.house.app(&town.hall.config).expect("its wording");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let policy = web::config::SessionPolicy::default();
    let subject = Subject::Citizen(person);
    let begin = move |tx: &mut db::Tx<'_>| session::begin(tx, subject, Channel::Web, &policy);
    let token = town.by(Actor::system(), begin).expect("a log-in");
    Visitor {
        router: web::serve::router(doors(&app)),
        runtime: runtime.expect("a runtime"),
        cookie: format!("qc_session={}", token.text()),
    }
}

impl Visitor {
    /// The status, where it leads, and the page.
    fn ask(&self, method: &str, path: &str, form: String) -> (StatusCode, String, String) {
        let peer: SocketAddr = "127.0.0.1:999".parse().expect("an address");
        let kind = "application/x-www-form-urlencoded";
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "hall.example")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, kind)
            .extension(ConnectInfo(peer))
            .body(Body::from(form))
            .expect("a request");
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await;
            let (parts, body) = answer.expect("an answer").into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await;
            let onward = parts.headers.get(header::LOCATION);
            let onward = onward.map_or("", |to| to.to_str().expect("an address"));
            let text = String::from_utf8_lossy(&bytes.expect("a body")).into_owned();
            (parts.status, onward.to_owned(), text)
        })
    }

    fn page(&self, path: &str) -> String {
        let (status, _, page) = self.ask("GET", path, String::new());
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }
}

/// The values of an attribute, in the order of the page.
fn attribute<'p>(page: &'p str, opening: &str) -> Vec<&'p str> {
    let all = page.split(opening).skip(1);
    all.map(|rest| rest.split('"').next().unwrap_or_default())
        .collect()
}

#[test]
fn what_was_chosen_on_the_guide_is_not_asked_again_and_can_be_changed() {
    for town in towns("guide", ITEM) {
        let who = town.applicant();
        let by = visitor(&town, who.id);
        let code = town.version.content.codes.key().expect("a code").to_owned();
        let picks = town.picks.iter();
        let picks: Vec<String> = picks.map(|(q, a)| format!("pick.{q}={a}")).collect();
        assert!(!picks.is_empty(), "the item asks");
        let guide = by.page(&format!("/items/{code}?{}", picks.join("&")));
        let apply = attribute(&guide, "href=\"").into_iter();
        let apply = apply.filter(|to| to.starts_with("/apply/"));
        let apply: BTreeSet<String> = apply.map(|to| to.replace("&#38;", "&")).collect();
        let carried = format!("/apply/{code}?{}", picks.join("&"));
        assert_eq!(apply, BTreeSet::from([carried.clone()]));
        let start = by.page(&carried);
        let csrf = attribute(&start, "name=\"csrf\" value=\"")[0];
        let once = attribute(&start, "name=\"idempotency_key\" value=\"")[0];
        for pick in town.picks.keys() {
            assert!(start.contains(&format!("name=\"pick.{pick}\"")), "{start}");
        }
        let form = format!(
            "csrf={csrf}&idempotency_key={once}&principal={}&{}",
            who.id,
            picks.join("&")
        );
        let (status, onward, said) = by.ask("POST", &format!("/apply/{code}"), form);
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert!(onward.ends_with("/materials"), "not asked again: {onward}");
        let me = By::Person(who.id);
        let drafts = town.db().read(|tx| intake::drafts(tx, &me));
        assert_eq!(drafts.expect("it can be read")[0].picks, town.picks);
        let materials = by.page(&onward);
        let back = onward.replace("/materials", "/questions");
        assert!(materials.contains(&format!("href=\"{back}\"")));
        let questions = by.page(&back);
        assert!(questions.contains("checked"), "they stand there to change");
        // An answer that the item does not know is asked like any other.
        let strange = by.page(&format!("/apply/{code}?pick.no=such"));
        assert!(!strange.contains("name=\"pick."), "{strange}");
    }
}

#[test]
fn every_link_of_the_last_page_leads_to_something_that_is_there() {
    for town in towns("check_links", ITEM) {
        let who = town.applicant();
        let by = visitor(&town, who.id);
        for without in [&[][..], &["site_plan"][..], &["no_such"][..]] {
            let draft = town.draft(&who, without);
            let base = format!("/apply/drafts/{draft}");
            let check = by.page(&format!("{base}/check"));
            let links = attribute(&check, "href=\"");
            let links: Vec<(&str, &str)> = links
                .into_iter()
                .filter(|to| to.starts_with(&base))
                .filter_map(|to| to.split_once('#'))
                .collect();
            assert!(links.iter().any(|(page, _)| page.ends_with("/form")));
            assert!(links.iter().any(|(page, _)| page.ends_with("/questions")));
            for (page, place) in links {
                let there = by.page(page);
                let found = there.matches(&format!("id=\"{place}\"")).count();
                assert_eq!(found, 1, "{page}#{place}");
            }
            // Every paper has its place, whether it takes more files or not.
            let files = by.page(&format!("{base}/files"));
            let scenario = town.version.content.scenario(&town.scenario);
            for line in &scenario.expect("it").materials {
                let place = format!("id=\"material.{}\"", line.material);
                assert_eq!(files.matches(&place).count(), 1, "{place}");
            }
        }
    }
}
