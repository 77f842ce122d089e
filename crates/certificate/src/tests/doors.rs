//! Through the doors: who may read a document, and what verification answers.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;
use web::session::{self, Subject, Token};
use web::{AppConfig, Citizen, Directory, Officer, Seat, Words};

use super::*;

/// Officers carry their organ in their id; everybody may log in.
struct People {
    organs: [OrganId; 2],
    decider_post: PostId,
}

/// The officer who decides for the department.
const DECIDER: usize = 5;
/// Keeps catalogue and machine, at the hall.
const KEEPER: usize = 6;

const STRANGE_ORGAN: u128 = 9;

impl Directory for People {
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    fn officer(&self, _tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<Officer>, Fault> {
        let number = usize::try_from(id.uuid().as_u128()).unwrap();
        let strange = OrganId::from_uuid(Uuid::from_u128(STRANGE_ORGAN));
        let decider = Seat {
            post: self.decider_post,
            post_name: "审批岗".to_owned(),
            organ: self.organs[1],
            organ_name: "机关".to_owned(),
            roles: [Role::Decider].into(),
            deputizing: None,
        };
        let seat = Seat {
            post: PostId::from_uuid(Uuid::from_u128(10)),
            post_name: "岗".to_owned(),
            organ: match number {
                KEEPER => self.organs[0],
                _ => self.organs.get(number).copied().unwrap_or(strange),
            },
            organ_name: "机关".to_owned(),
            roles: match number {
                KEEPER => [Role::CatalogueEditor, Role::SystemAdmin].into(),
                _ => [Role::CatalogueEditor, Role::ExitClerk].into(),
            },
            deputizing: None,
        };
        let seat = if number == DECIDER { decider } else { seat };
        let name = "李审".to_owned();
        Ok(Some(Officer {
            id,
            name,
            seats: vec![seat],
            active: 0,
            channel: Channel::Web,
        }))
    }

    fn citizen(&self, _tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Citizen>, Fault> {
        Ok(Some(Citizen {
            id,
            name: "王小清".to_owned(),
            channel: Channel::Web,
        }))
    }
}

struct Hall {
    house: House,
    app: App,
    router: Router,
}

fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

impl Hall {
    fn new() -> Self {
        let house = apart(house);
        let mut config = AppConfig::new([9; 32]);
        config.scratch = house.folder.path().to_owned();
        let words = Words::new(&[("certificate", MESSAGES)]).unwrap();
        let (department, decider) = (house.department, Role::Decider);
        let post = apart(|| {
            house
                .db
                .read(move |tx| identity::post_for(tx, department, decider))
        });
        let people = People {
            organs: [house.hall, department],
            decider_post: post.unwrap().unwrap(),
        };
        let app = App::new(house.db.clone(), config, words, Arc::new(people));
        let router = web::serve::router(doors(app.clone()));
        Self { house, app, router }
    }

    fn log_in(&self, subject: Subject) -> Token {
        let policy = self.app.config().sessions;
        let db = self.house.db.clone();
        let begin = move |tx: &mut Tx<'_>| session::begin(tx, subject, Channel::Web, &policy);
        apart(|| db.write(db.cause(Actor::system()), begin)).unwrap()
    }

    fn officer(&self, number: u128) -> Token {
        self.log_in(Subject::Officer(OfficerId::from_uuid(Uuid::from_u128(
            number,
        ))))
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .unwrap()
            .to_vec();
        (
            parts.status,
            String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        )
    }

    fn ask(&self, method: &str, path: &str, by: Option<&Token>) -> axum::http::request::Builder {
        let peer: SocketAddr = "127.0.0.1:999".parse().unwrap();
        let request = Request::builder().method(method).uri(path);
        let request = request
            .header(header::HOST, "hall.example")
            .extension(ConnectInfo(peer));
        match by {
            Some(token) => {
                request.header(header::AUTHORIZATION, format!("Bearer {}", token.text()))
            }
            None => request,
        }
    }

    async fn get(&self, path: &str, by: Option<&Token>) -> (StatusCode, String, Vec<u8>) {
        self.send(self.ask("GET", path, by).body(Body::empty()).unwrap())
            .await
    }

    async fn post_file(&self, by: &Token, bytes: &[u8]) -> (StatusCode, String) {
        let mut body = b"--B\r\nContent-Disposition: form-data; name=\"file\"; \
            filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
            .to_vec();
        body.extend(bytes);
        body.extend(b"\r\n--B--\r\n");
        let request = self
            .ask("POST", "/certificates/verify", Some(by))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
        let (status, text, _) = self.send(request.body(Body::from(body)).unwrap()).await;
        (status, text)
    }
}

#[tokio::test]
async fn a_document_is_read_by_holder_agent_organ_and_hall_and_hidden_from_others() {
    let hall = Hall::new();
    let house = &hall.house;
    let (notice, certificate) = apart(|| {
        (
            house.withdrawal("不再经营"),
            house.issue(house.new_certificate()).unwrap().id,
        )
    });
    let holder = hall.log_in(Subject::Citizen(house.company));
    let stranger = hall.log_in(Subject::Citizen(house.citizen));
    let (front, own, other) = (hall.officer(0), hall.officer(1), hall.officer(2));
    let keeper = hall.officer(KEEPER as u128);
    for path in [
        format!("/notices/{notice}.pdf"),
        format!("/certificates/{certificate}.pdf"),
    ] {
        for by in [&holder, &front, &own] {
            let (status, _, bytes) = hall.get(&path, Some(by)).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(bytes.starts_with(b"%PDF-"));
        }
        // Whoever keeps catalogue or machine in the same organ has no business with it.
        for by in [&stranger, &other, &keeper] {
            assert_eq!(
                hall.get(&path, Some(by)).await.0,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        let (status, ..) = hall.get(&path, None).await;
        assert!(status == StatusCode::SEE_OTHER || status == StatusCode::UNAUTHORIZED);
    }
    for none in [
        "/notices/x.pdf",
        "/notices/notice_1",
        "/certificates/cert_0.pdf",
    ] {
        assert_eq!(
            hall.get(none, Some(&holder)).await.0,
            StatusCode::NOT_FOUND,
            "{none}"
        );
    }
}

/// A newcomer who held a power for one matter read every notice of the principal.
#[tokio::test]
async fn an_agent_reads_the_papers_of_the_matter_of_the_power_and_no_others() {
    let hall = Hall::new();
    let house = &hall.house;
    let [ours, other] = [1, 2].map(Uuid::from_u128);
    let sample = document::Standard::find("withdrawal")
        .unwrap()
        .sample_data();
    let [seen, hidden, of_none] = [Some(ours), Some(other), None].map(|item| {
        apart(|| {
            house
                .draw_of(item, NoticeKind::Withdrawal, sample.clone())
                .unwrap()
        })
    });
    let [licence, strange] = [ours, other].map(|item| {
        let new = NewCertificate {
            item,
            ..house.new_certificate()
        };
        apart(|| house.issue(new).unwrap())
    });
    let (principal, agent) = (house.company, house.citizen);
    let give = move |tx: &mut Tx<'_>| {
        let (scope, days) = (identity::AgencyScope::Item(ours), (tx.today(), None));
        identity::authorize(tx, principal, agent, None, scope, days)
    };
    apart(|| house.write(give)).unwrap();
    let by = hall.log_in(Subject::Citizen(agent));
    for (path, answer) in [
        (format!("/notices/{seen}.pdf"), StatusCode::OK),
        (format!("/notices/{hidden}.pdf"), StatusCode::NOT_FOUND),
        (format!("/notices/{of_none}.pdf"), StatusCode::NOT_FOUND),
        (format!("/certificates/{}.pdf", licence.id), StatusCode::OK),
        (
            format!("/certificates/{}.pdf", strange.id),
            StatusCode::NOT_FOUND,
        ),
        (
            format!("/certificates/{}/proof.json", strange.id),
            StatusCode::NOT_FOUND,
        ),
    ] {
        assert_eq!(hall.get(&path, Some(&by)).await.0, answer, "{path}");
    }
    let (_, page, _) = hall.get("/my/certificates", Some(&by)).await;
    let (own, others) = (licence.number.as_str(), strange.number.as_str());
    assert!(page.contains(own) && !page.contains(others), "{page}");
}

#[tokio::test]
async fn a_decider_suspends_at_the_desk_and_the_ways_out_are_flows_of_their_own() {
    let hall = Hall::new();
    let house = &hall.house;
    let issued = apart(|| house.issue(house.new_certificate()).unwrap());
    let page = format!("/desk/certificates/{}", issued.id);
    let decider = hall.officer(5);
    let (status, list, _) = hall.get("/desk/certificates", Some(&decider)).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    assert!(list.contains(&page) && list.contains("云澄县晴川美容美发有限公司"));
    let (status, shown, _) = hall.get(&page, Some(&decider)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    let way_out = format!("/desk/exits/new?certificate={}", issued.id);
    assert!(shown.contains(&way_out) && shown.contains("行政处罚法第九条第（三）项"));
    let post = async |by: &Token, act: &str, form: &'static str| {
        let request = hall
            .ask("POST", &format!("{page}/{act}"), Some(by))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        hall.send(request.body(Body::from(form)).unwrap()).await
    };
    let suspended = "suspend_ground=penalty&suspend_until=2026-12-01&suspend_reason=x";
    let editor = hall.officer(1);
    let refused = post(&editor, "suspend", suspended).await.0;
    assert_eq!(refused, StatusCode::FORBIDDEN);
    let empty = "suspend_ground=&suspend_until=&suspend_reason=";
    let (status, shown, _) = post(&decider, "suspend", empty).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{shown}");
    let done = post(&decider, "suspend", suspended).await.0;
    assert_eq!(done, StatusCode::SEE_OTHER);
    let public = format!("/certificates/verify/{}", issued.ecert_id);
    let (_, shown, _) = hall.get(&public, None).await;
    assert!(shown.contains("已暂扣"), "{shown}");
    assert_eq!(post(&decider, "lift", "").await.0, StatusCode::SEE_OTHER);
    for gone in ["revoke", "cancel"] {
        assert_eq!(post(&decider, gone, "").await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_decider_changes_a_certificate_and_a_stale_form_comes_back_as_typed() {
    let hall = Hall::new();
    let house = &hall.house;
    let issued = apart(|| house.issue(house.new_certificate()).unwrap());
    let page = format!("/desk/certificates/{}/change", issued.id);
    let decider = hall.officer(5);
    let (status, shown, _) = hall.get(&page, Some(&decider)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    assert!(
        shown.contains("name=\"value.0\"") && shown.contains("证号不变"),
        "{shown}"
    );
    let revision = shown.split_once("name=\"revision\" value=\"").unwrap().1;
    let revision = revision.split('"').next().unwrap().to_owned();
    let post = async |revision: &str| {
        let lines = (0..8)
            .map(|at| format!("&value.{at}=x"))
            .collect::<String>();
        let form = format!("revision={revision}&scope=typed&change_reason=x{lines}");
        let request = hall
            .ask("POST", &page, Some(&decider))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        hall.send(request.body(Body::from(form)).unwrap()).await
    };
    let (status, shown, _) = post("0").await;
    assert_eq!(status, StatusCode::CONFLICT, "{shown}");
    assert!(shown.contains(">typed</textarea>"), "{shown}");
    assert_eq!(post(&revision).await.0, StatusCode::SEE_OTHER);
    let public = format!("/certificates/verify/{}", issued.ecert_id);
    let (_, shown, _) = hall.get(&public, None).await;
    assert!(
        shown.contains("已变更") && shown.contains("现行证照"),
        "{shown}"
    );
    let (_, after, _) = hall.get(&page, Some(&decider)).await;
    assert!(after.contains("只有有效的证照可以变更"), "{after}");
}

#[tokio::test]
async fn a_holder_sees_their_certificates_warned_of_the_end_and_nobody_elses() {
    let hall = Hall::new();
    let house = &hall.house;
    let issued = apart(|| {
        let soon = NewCertificate {
            valid_until: Some(day("2027-01-31")),
            ..house.new_certificate()
        };
        let issued = house.issue(soon).unwrap();
        house.write(ledger::sealer::seal_lines).unwrap();
        issued
    });
    let holder = hall.log_in(Subject::Citizen(house.company));
    let (status, page, _) = hall.get("/my/certificates", Some(&holder)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains(issued.number.as_str()));
    assert!(
        page.contains("还有 69 天到期") && page.contains("2027-01-01"),
        "{page}"
    );
    let proof = format!("/certificates/{}/proof.json", issued.id);
    assert!(page.contains(&proof));
    let (status, text, _) = hall.get(&proof, Some(&holder)).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let stranger = hall.log_in(Subject::Citizen(house.citizen));
    let (_, page, _) = hall.get("/my/certificates", Some(&stranger)).await;
    assert!(page.contains("还没有证照"));
    assert_eq!(
        hall.get(&proof, Some(&stranger)).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn verification_answers_everybody_and_explains_a_wrong_check_digit() {
    let hall = Hall::new();
    let house = &hall.house;
    let issued = apart(|| house.issue(house.new_certificate()).unwrap());
    let id = issued.ecert_id.to_string();
    let (status, page, _) = hall.get(&format!("/certificates/verify/{id}"), None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("有效") && page.contains("公共场所卫生许可证"),
        "{page}"
    );
    let (status, reply, _) = hall.get(&format!("/api/v1/certificates/{id}"), None).await;
    assert_eq!(status, StatusCode::OK);
    let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(
        (reply["state"].as_str(), reply["ecert_id"].as_str()),
        (Some("valid"), Some(&*id))
    );
    let foreign = "1.2.156.3005.2.11100000MB03271699022.11370800MB28559184.0000000016.001.J";
    let (status, reply, _) = hall
        .get(&format!("/api/v1/certificates/{foreign}"), None)
        .await;
    assert!(
        status == StatusCode::OK && reply.contains("\"state\":\"unknown\""),
        "{reply}"
    );
    let (status, page, _) = hall
        .get(&format!("/certificates/verify/{foreign}"), None)
        .await;
    assert!(status == StatusCode::OK && page.contains("查无此证"));
    let wrong = foreign.replace(".J", ".K");
    for path in [
        format!("/certificates/verify/{wrong}"),
        format!("/certificates/verify?ecert_id={wrong}"),
        format!("/api/v1/certificates/{wrong}"),
    ] {
        let (status, page, _) = hall.get(&path, None).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(page.contains("MOD 37,36"), "{path}: {page}");
    }
    let right = hall
        .get(&format!("/certificates/verify?ecert_id={id}"), None)
        .await;
    assert_eq!(right.0, StatusCode::SEE_OTHER);
    assert_eq!(
        hall.get("/certificates/verify", None).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_uploaded_file_is_judged_on_the_same_page() {
    let hall = Hall::new();
    let house = &hall.house;
    let bytes = apart(|| pdf_of(&house.db, house.withdrawal("不再经营")).unwrap());
    let by = hall.log_in(Subject::Citizen(house.citizen));
    let (status, page) = hall.post_file(&by, &bytes).await;
    assert!(
        status == StatusCode::OK && page.contains("真实有效"),
        "{status} {page}"
    );
    let mut changed = bytes.clone();
    changed[200] ^= 1;
    let (_, page) = hall.post_file(&by, &changed).await;
    assert!(page.contains("文件已被改动"), "{page}");
    let (_, page) = hall.post_file(&by, b"hello").await;
    assert!(page.contains("没有电子签章"), "{page}");
    let (status, _) = hall.post_file(&by, b"").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_editor_sees_the_templates_and_is_told_where_a_text_is_wrong() {
    let hall = Hall::new();
    let editor = hall.officer(1);
    let path = "/desk/catalogue/templates";
    let (status, page, _) = hall.get(path, Some(&editor)).await;
    assert!(
        status == StatusCode::OK && page.contains("收件回执"),
        "{page}"
    );
    let receipt = format!("{path}/receipt");
    let (status, page, _) = hall.get(&receipt, Some(&editor)).await;
    assert!(
        status == StatusCode::OK && page.contains("query_code"),
        "{page}"
    );
    let citizen = hall.log_in(Subject::Citizen(hall.house.citizen));
    assert_eq!(
        hall.get(path, Some(&citizen)).await.0,
        StatusCode::NOT_FOUND
    );
    let request = hall
        .ask("POST", &receipt, Some(&editor))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from("act=save&source=%23need(");
    let (status, page, _) = hall.send(request.body(body).unwrap()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert!(page.contains("第 1 行"), "{page}");
    assert_eq!(
        hall.get(&format!("{path}/nothing"), Some(&editor)).await.0,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn the_description_names_the_door_that_there_is() {
    let described = openapi();
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(
        paths.keys().collect::<Vec<_>>(),
        ["/api/v1/certificates/{ecert_id}"]
    );
    assert!(described["schemas"]["CertificateStanding"]["properties"]["state"].is_object());
}
