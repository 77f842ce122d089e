//! Letters on both stores, and gateways against servers of this process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use db::{Db, Options, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Fault, PersonId};
use ledger::{FileStore, Vault};
use seal::Suite;

use crate::gateway::filled;
use crate::*;

struct House {
    db: Db,
    citizen: PersonId,
    _folder: tempfile::TempDir,
}

fn furnished(db: Db, vault: Arc<Vault>, folder: tempfile::TempDir) -> House {
    let files = FileStore::open(&folder.path().join("files"), vault.clone()).unwrap();
    db.lend(Arc::new(files));
    db.lend(vault);
    let rooms = [
        ledger::MIGRATIONS,
        web::MIGRATIONS,
        identity::MIGRATIONS,
        crate::MIGRATIONS,
    ];
    db::migrate::run(&db, db.cause(Actor::system()), &rooms).unwrap();
    let add = |tx: &mut Tx<'_>| {
        let person = identity::NewPerson {
            kind: identity::PersonKind::Natural,
            name: "王小清".to_owned(),
            identity_number: "11010519491231002X".to_owned(),
            phone: "13800138000".to_owned(),
            account: None,
        };
        identity::person_at_counter(tx, &person)
    };
    let citizen = db.write(db.cause(Actor::system()), add).unwrap();
    House {
        db,
        citizen,
        _folder: folder,
    }
}

fn houses(name: &str) -> Vec<House> {
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let made = || {
        let (clock, folder) = (Clock::virtual_at(start, 3), tempfile::tempdir().unwrap());
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
        (clock, folder, vault)
    };
    let (clock, folder, vault) = made();
    let db = Db::sqlite(folder.path(), Options::new(clock, vault.row_key)).unwrap();
    let mut all = vec![furnished(db, vault, folder)];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("inbox_{name}"));
        let (clock, folder, vault) = made();
        let db = Db::postgres(&url, Options::new(clock, vault.row_key)).unwrap();
        all.push(furnished(db, vault, folder));
    }
    all
}

impl House {
    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db.clock().advance(SignedDuration::from_secs(1));
        self.db.write(self.db.cause(Actor::system()), work)
    }

    fn letter(&self, cause: &str) -> NewLetter {
        NewLetter {
            cause: cause.to_owned(),
            kind: LetterKind::Granted,
            to: Owner::Citizen(self.citizen),
            number: "N00001".to_owned(),
            href: "/my/cases/case_1".to_owned(),
            at: self.db.clock().now(),
        }
    }

    fn tell(&self, cause: &str) -> bool {
        let new = self.letter(cause);
        self.write(move |tx| write(tx, &new)).unwrap()
    }

    fn lend(&self, mail: Option<Box<dyn Carrier>>, sms: Option<Box<dyn Carrier>>) {
        self.db.lend(Arc::new(Gateways {
            mail,
            sms,
            origin: "https://hall.example".to_owned(),
            hall: "云澄县政务服务中心".to_owned(),
        }));
    }

    fn mine(&self) -> Vec<Letter> {
        let me = Owner::Citizen(self.citizen);
        self.db.read(move |tx| letters(tx, me, None, 50)).unwrap()
    }

    fn states(&self) -> Vec<(Channel, DispatchState, u32)> {
        let letter = self.mine()[0].id;
        let found = self.db.read(move |tx| dispatches(tx, letter)).unwrap();
        let state = |one: Dispatch| (one.channel, one.state, one.attempts);
        found.into_iter().map(state).collect()
    }

    fn findings(&self) -> Vec<String> {
        while self.write(ledger::sealer::seal_lines).unwrap() == ledger::sealer::BATCH_MAX {}
        let mut rooms = identity::tables();
        rooms.extend(tables());
        rooms.push(ledger::audit::Audited::Sealed(&web::session::SESSIONS));
        let report = self
            .db
            .read(move |tx| ledger::verify::verify_deep(tx, &rooms));
        let found = report.unwrap().findings.into_iter();
        found
            .map(|one| format!("{} {}", one.code, one.place))
            .collect()
    }
}

/// A carrier that keeps what it takes, or fails as it is told.
#[derive(Clone, Default)]
struct Stub {
    taken: Arc<Mutex<Vec<Parcel>>>,
    wrong: Arc<Mutex<Option<WrongGateway>>>,
}

impl Stub {
    fn fail(&self, wrong: Option<WrongGateway>) {
        *self.wrong.lock().unwrap() = wrong;
    }

    fn taken(&self) -> Vec<Parcel> {
        self.taken.lock().unwrap().clone()
    }
}

impl Carrier for Stub {
    fn carry(&self, parcel: &Parcel) -> Result<(), WrongGateway> {
        if let Some(wrong) = *self.wrong.lock().unwrap() {
            return Err(wrong);
        }
        self.taken.lock().unwrap().push(parcel.clone());
        Ok(())
    }
}

const DOWN: WrongGateway = WrongGateway {
    code: "unreachable",
    for_good: false,
};

#[test]
fn the_same_news_makes_one_letter_however_often_it_comes() {
    for house in houses("once") {
        assert!(house.tell("application_1 3"));
        assert!(!house.tell("application_1 3"));
        assert!(house.tell("application_1 4"));
        let mine = house.mine();
        assert_eq!(mine.len(), 2);
        assert!(mine[0].written_at > mine[1].written_at, "newest first");
        let older = Some((mine[0].written_at, mine[0].id));
        let me = Owner::Citizen(house.citizen);
        let rest = house.db.read(move |tx| letters(tx, me, older, 50)).unwrap();
        assert_eq!(rest, mine[1..]);
        house.write(move |tx| read_all(tx, me)).unwrap();
        assert!(house.mine().iter().all(|letter| letter.read_at.is_some()));
        assert_eq!(house.states(), [], "in-site only without a gateway");
        assert_eq!(send_pending(&house.db, 10), Ok(0));
        assert_eq!(house.findings(), Vec::<String>::new());
    }
}

#[test]
fn a_letter_goes_out_where_its_owner_wants_it_and_nowhere_else() {
    for house in houses("wanted") {
        let (mail, sms) = (Stub::default(), Stub::default());
        house.lend(Some(Box::new(mail.clone())), Some(Box::new(sms.clone())));
        house.tell("1");
        assert_eq!(house.states(), [(Channel::Sms, DispatchState::Waiting, 0)]);
        assert_eq!(send_pending(&house.db, 10), Ok(1));
        let taken = sms.taken();
        assert_eq!(taken[0].to, "13800138000");
        assert!(
            taken[0].text.contains("N00001") && taken[0].text.contains("https://hall.example/my/")
        );
        assert!(!taken[0].text.contains("王小清"), "no name in an SMS");
        let me = Owner::Citizen(house.citizen);
        let wish = move |tx: &mut Tx<'_>| set_address(tx, me, " wang@example.cn ", false);
        house.write(wish).unwrap();
        house.tell("2");
        assert_eq!(house.states(), [(Channel::Mail, DispatchState::Waiting, 0)]);
        assert_eq!(send_pending(&house.db, 10), Ok(1));
        assert_eq!(house.states(), [(Channel::Mail, DispatchState::Sent, 1)]);
        assert_eq!(mail.taken()[0].to, "wang@example.cn");
        assert_eq!(sms.taken().len(), 1);
        let sql = "SELECT mail FROM inbox_address";
        let kept = house
            .db
            .read(move |tx| tx.query_one(sql, &[], |row| row.get::<Vec<u8>>(0)));
        let kept = kept.unwrap().unwrap();
        assert!(
            !kept.windows(4).any(|part| part == b"wang"),
            "it lies encrypted"
        );
        let wrong = house.write(move |tx| set_address(tx, me, "no address", true));
        assert_eq!(wrong, Err(Fault::invalid("mail", "inbox.mail_form")));
        let old = NewLetter {
            at: house.db.clock().now() - SignedDuration::from_hours(25),
            ..house.letter("3")
        };
        house.write(move |tx| write(tx, &old)).unwrap();
        assert_eq!(
            send_pending(&house.db, 10),
            Ok(0),
            "old news stays in the inbox"
        );
        assert_eq!(house.findings(), Vec::<String>::new());
        let person = house.citizen;
        house.write(move |tx| erase(tx, person)).unwrap();
        assert_eq!(house.mine(), []);
        assert_eq!(house.findings(), Vec::<String>::new());
    }
}

#[test]
fn a_failing_gateway_is_tried_ever_later_and_the_doctor_hears_of_it() {
    for house in houses("failing") {
        let sms = Stub::default();
        sms.fail(Some(DOWN));
        house.lend(None, Some(Box::new(sms.clone())));
        house.tell("1");
        assert_eq!(send_pending(&house.db, 10), Ok(1));
        assert_eq!(house.states(), [(Channel::Sms, DispatchState::Failing, 1)]);
        assert_eq!(send_pending(&house.db, 10), Ok(0), "not before its time");
        let found = house.db.read(finding).unwrap();
        assert_eq!(found, [(Channel::Sms, 1, "unreachable".to_owned())]);
        house.db.clock().advance(SignedDuration::from_secs(6));
        assert_eq!(send_pending(&house.db, 10), Ok(1));
        house.db.clock().advance(SignedDuration::from_secs(6));
        assert_eq!(send_pending(&house.db, 10), Ok(0), "each wait is longer");
        sms.fail(None);
        house.db.clock().advance(SignedDuration::from_secs(6));
        assert_eq!(send_pending(&house.db, 10), Ok(1));
        assert_eq!(house.states(), [(Channel::Sms, DispatchState::Sent, 3)]);
        assert_eq!(house.db.read(finding).unwrap(), []);
        house.tell("2");
        sms.fail(Some(WrongGateway {
            code: "rejected",
            for_good: true,
        }));
        assert_eq!(send_pending(&house.db, 10), Ok(1));
        assert_eq!(house.states(), [(Channel::Sms, DispatchState::GivenUp, 1)]);
        assert_eq!(house.db.read(finding).unwrap(), []);
        assert_eq!(house.findings(), Vec::<String>::new());
    }
}

fn parcel() -> Parcel {
    Parcel {
        id: "letter_01jz".to_owned(),
        to: "wang@example.cn".to_owned(),
        subject: "【云澄】准予许可 N1".to_owned(),
        text: "您的申请已准予许可。\n.一行以点开头\n".to_owned(),
    }
}

/// A mail server that takes one mail and answers what it got.
fn mail_server(answer_to_rcpt: &'static str) -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        serve_mail(&stream, answer_to_rcpt)
    });
    (port, served)
}

fn serve_mail(mut stream: &TcpStream, answer_to_rcpt: &str) -> String {
    let mut got = String::new();
    let mut lines = BufReader::new(stream);
    stream.write_all(b"220 relay.example ESMTP\r\n").unwrap();
    let mut in_data = false;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return got;
        }
        got.push_str(&line);
        let answer = match line.trim_end() {
            "." if in_data => {
                in_data = false;
                "250 taken"
            }
            _ if in_data => continue,
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            other if other.starts_with("RCPT") => answer_to_rcpt,
            _ => "250 ok",
        };
        if stream
            .write_all(format!("{answer}\r\n").as_bytes())
            .is_err()
        {
            return got;
        }
    }
}

#[test]
fn a_mail_goes_to_a_real_relay_with_a_stable_id() {
    let (port, served) = mail_server("250 ok");
    let relay = MailRelay::new("127.0.0.1", port, "hall@hall.example", None).unwrap();
    assert_eq!(relay.carry(&parcel()), Ok(()));
    drop(relay);
    let got = served.join().unwrap();
    assert!(got.contains("MAIL FROM:<hall@hall.example>"), "{got}");
    assert!(got.contains("RCPT TO:<wang@example.cn>"), "{got}");
    assert!(
        got.contains("Message-ID: <letter_01jz@hall.example>"),
        "{got}"
    );
    assert!(got.contains("Subject: =?utf-8?b?"), "{got}");
}

#[test]
fn a_relay_that_rejects_for_good_is_told_from_one_that_cannot_now_and_one_that_is_not_there() {
    let cases = [("550 no such user", "rejected"), ("451 later", "refused")];
    for (answer, code) in cases {
        let (port, served) = mail_server(answer);
        let relay = MailRelay::new("127.0.0.1", port, "hall@hall.example", None).unwrap();
        let wrong = relay.carry(&parcel()).unwrap_err();
        assert_eq!((wrong.code, wrong.for_good), (code, code == "rejected"));
        drop(relay);
        served.join().unwrap();
    }
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = gone.local_addr().unwrap().port();
    drop(gone);
    let relay = MailRelay::new("127.0.0.1", port, "hall@hall.example", None).unwrap();
    assert_eq!(relay.carry(&parcel()), Err(DOWN));
    assert!(MailRelay::new("127.0.0.1", 25, "no address", None).is_err());
}

/// A gateway that answers one request with a status, and answers what it got.
fn http_server(status: &'static str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/send", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let (mut got, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            let lower = line.to_ascii_lowercase();
            if let Some(count) = lower.strip_prefix("content-length:") {
                length = count.trim().parse().unwrap();
            }
            got.push_str(&line);
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        lines.read_exact(&mut body).unwrap();
        got.push_str(&String::from_utf8(body).unwrap());
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
        got
    });
    (address, served)
}

const BODY: &str = r#"{"mobile":"{phone}","content":"{text}","extno":"{id}"}"#;

#[test]
fn an_sms_is_one_request_in_the_shape_that_the_gateway_asks_for() {
    let (address, served) = http_server("200 OK");
    let gateway = HttpGateway::new(&address, BODY, Some("Bearer x".to_owned())).unwrap();
    let sms = Parcel {
        to: "13800138000".to_owned(),
        text: "说\"好\"\n{id}".to_owned(),
        ..parcel()
    };
    assert_eq!(gateway.carry(&sms), Ok(()));
    let got = served.join().unwrap();
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /send") && head.contains("authorization: bearer x"));
    assert!(head.contains("idempotency-key: letter_01jz"));
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["mobile"], "13800138000");
    assert_eq!(body["content"], "说\"好\"\n{id}");
    assert_eq!(body["extno"], "letter_01jz");
    for (status, wrong) in [
        ("400 Bad Request", "rejected"),
        ("401 Unauthorized", "refused"),
        ("503 Service Unavailable", "refused"),
    ] {
        let (address, served) = http_server(status);
        let gateway = HttpGateway::new(&address, BODY, None).unwrap();
        assert_eq!(gateway.carry(&sms).unwrap_err().code, wrong, "{status}");
        served.join().unwrap();
    }
}

#[test]
fn settings_that_cannot_work_are_refused_with_words() {
    for (address, body) in [
        ("https://sms.example/send", BODY),
        ("sms.example", BODY),
        ("http://sms.example/send", "{phone}"),
    ] {
        assert!(
            HttpGateway::new(address, body, None).is_err(),
            "{address} {body}"
        );
    }
    assert_eq!(
        filled("{\"a\":\"{text}\"}", "text", "\"\\"),
        "{\"a\":\"\\\"\\\\\"}"
    );
}

#[test]
fn every_word_has_a_wording_in_both_languages() {
    let words = web::Words::new(&[(ROOM, MESSAGES)]).unwrap();
    for kind in LetterKind::ALL {
        for key in ["kind", "text"] {
            assert!(words.holds(&format!("inbox.{key}_{kind}")), "{key} {kind}");
        }
    }
    for state in DispatchState::ALL {
        assert!(words.holds(&format!("inbox.state_{state}")));
    }
    for channel in Channel::ALL {
        assert!(words.holds(&format!("inbox.channel_{channel}")));
    }
    for code in ["unreachable", "refused", "rejected"] {
        assert!(words.holds(&format!("inbox.error_{code}")));
    }
}
