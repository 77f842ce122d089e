//! What operators do: from an empty folder to a county's hall that runs, and a late notice.

use std::path::Path;
use std::process::{Command, Output};

use kernel::{Actor, Clock};
use ledger::verify::{rebuild_compare, verify_deep};
use qingchuang::config::Config;
use qingchuang::house::{House, Mode, doors, tables};
use qingchuang::import::notice::{self, Said};
use serde_json::Value;

use crate::hall::halls;

/// Runs the program with words.
pub fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingchuang"))
        .args(words)
        .env("LC_ALL", "C")
        .output()
        .expect("the program was built for this test")
}

/// Runs a command with `--json` on a hall; answers its exit code and what it printed.
pub fn ask(data: &Path, words: &[&str]) -> (i32, Value) {
    let data = data.to_str().expect("the path is text");
    let all: Vec<&str> = words
        .iter()
        .copied()
        .chain(["--data", data, "--json"])
        .collect();
    let output = run(&all);
    let code = output.status.code().expect("the program ends by itself");
    let text = String::from_utf8(output.stdout).expect("output is text");
    let said = serde_json::from_str(&text).unwrap_or(Value::Null);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        code == 0 || !errors.is_empty() || said != Value::Null,
        "{words:?} says why"
    );
    (code, said)
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path.to_str().expect("the path is text").to_owned()
}

const ORGANS: &str = "统一社会信用代码,名称,简称,部门代码,行政区划代码,类别\n\
    11511602MB0000000Y,广安市广安区政务服务中心,政务服务中心,ZWZX,511602,政务服务中心\n\
    115113016823646795,广安市广安区行政审批局,行政审批局,D001,511602,部门\n";
const USERS: &str = "登录名,姓名,机关,岗位,角色\n\
    zhang,张三,ZWZX,综合受理窗口,窗口受理\n\
    li,李四,行政审批局,审查岗,审查\n\
    wang,王五,115113016823646795,审批决定岗,decider\n\
    zhao,赵六,ZWZX,统一出件窗口,出件\n\
    sun,孙七,政务服务中心,事项管理岗,事项管理\n";

#[test]
fn an_empty_folder_becomes_a_hall_with_administrators_organs_and_staff() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = folder.path().join("data");
    let organs = file(folder.path(), "organs.csv", ORGANS);
    let (code, said) = ask(&data, &["import", "organs", &organs]);
    assert_eq!((code, &said["imported"]), (0, &2.into()), "{said}");
    let (code, said) = ask(&data, &["import", "organs", &organs]);
    assert_eq!((code, &said["unchanged"]), (0, &2.into()), "{said}");

    let first = [
        "admin",
        "first",
        "--system",
        "xt=甲一",
        "--security",
        "aq=乙二",
        "--audit",
        "sj=丙三",
    ];
    let mut same = first;
    same[5] = "aq=甲一";
    assert_eq!(ask(&data, &same).0, 1, "three people");
    let (code, said) = ask(&data, &first);
    assert_eq!(code, 0, "{said}");
    assert_eq!(said["passwords"].as_array().map(Vec::len), Some(3));
    assert_eq!(ask(&data, &first).0, 1, "only once");

    let users = file(folder.path(), "users.csv", USERS);
    let secret = folder.path().join("passwords.txt");
    let secret = secret.to_str().expect("the path is text");
    let words = ["import", "users", &users, "--passwords", secret];
    let (code, said) = ask(&data, &words);
    assert_eq!((code, &said["imported"]), (0, &5.into()), "{said}");
    assert_eq!(
        said["passwords"],
        Value::Array(Vec::new()),
        "not on the screen"
    );
    let kept = std::fs::read_to_string(secret).expect("the passwords were written");
    assert_eq!(kept.lines().count(), 5);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(secret)
            .expect("it is there")
            .permissions();
        assert_eq!(mode.mode() & 0o077, 0, "nobody else reads it");
    }
    let (code, said) = ask(&data, &["import", "users", &users]);
    assert_eq!((code, &said["unchanged"]), (0, &5.into()), "{said}");

    let (code, said) = ask(&data, &["admin", "list"]);
    assert_eq!(code, 0);
    assert_eq!(said["officers"].as_array().map(Vec::len), Some(8));
    let (code, said) = ask(&data, &["admin", "reset-password", "zhang"]);
    assert_eq!(code, 0);
    assert_eq!(said["passwords"][0]["login"], "zhang");
    assert_eq!(ask(&data, &["admin", "reset-password", "nobody"]).0, 1);
    let (code, said) = ask(&data, &["admin", "unlock", "zhang"]);
    assert_eq!((code, &said["unlocked"]), (0, &false.into()));
    let (code, said) = ask(&data, &["ledger", "verify", "--deep"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn an_imported_item_is_published_by_its_editor_and_the_hall_serves_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = folder.path().join("data");
    let (_, said) = ask(&data, &["doctor"]);
    assert_eq!(said["findings"][0]["code"], "no_hall", "{said}");
    let organs = file(folder.path(), "organs.csv", ORGANS);
    assert_eq!(ask(&data, &["import", "organs", &organs]).0, 0);
    let users = file(folder.path(), "users.csv", USERS);
    assert_eq!(ask(&data, &["import", "users", &users]).0, 0);
    let item = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../catalogue/data/items/outdoor_advertising.json"
    );
    let (code, said) = ask(&data, &["import", "items", item]);
    assert_eq!((code, &said["imported"]), (0, &1.into()), "{said}");
    assert_eq!(said["rows"][0]["notes"][0]["code"], "cli.item_drafted");
    let key = said["rows"][0]["key"].as_str().expect("a code").to_owned();
    assert_eq!(
        codes_of(&data),
        ["no_public_address", "no_administrators", "no_items"]
    );

    let config = Config {
        data: data.clone(),
        ..Config::default()
    };
    let house = House::open(&config, Clock::real(), Mode::Write).expect("the hall opens");
    let editor = house
        .db
        .read(|tx| {
            let card = identity::officer_by_login(tx, "sun")?.expect("the editor is there");
            let all = identity::appointments(tx)?;
            let seat = all.into_iter().find(|one| one.officer == card.id);
            let post = identity::post(tx, seat.expect("a post").post)?;
            let web = kernel::Channel::Web;
            Ok(Actor::officer(card.id, post.id, post.organ, web))
        })
        .expect("the editor is read");
    house
        .db
        .write(house.db.cause(editor), move |tx| {
            let (item, _) = catalogue::newest_by_code(tx, &key)?.expect("the draft is there");
            catalogue::check_version(tx, item, 1)?;
            let today = tx.today();
            catalogue::publish(tx, item, 1, today).map(|_| ())
        })
        .expect("the item is published");
    catalogue::reindex(&house.db).expect("the index is made");
    qingchuang::jobs::seal_all(&house.db, 0).expect("lines are sealed");
    let app = house.app(&config).expect("the rim is made");
    let page = visit(web::serve::router(doors(&app)), "/items");
    assert!(page.contains("户外广告"), "{page}");
    drop((app, house));
    assert_eq!(codes_of(&data), ["no_public_address", "no_administrators"]);
    let first = [
        "admin",
        "first",
        "--system",
        "xt=甲一",
        "--security",
        "aq=乙二",
        "--audit",
        "sj=丙三",
    ];
    assert_eq!(ask(&data, &first).0, 0);
    assert_eq!(codes_of(&data), ["no_public_address"]);
}

/// What the doctor finds, but for what depends on the machine and the day.
fn codes_of(data: &Path) -> Vec<String> {
    let (code, said) = ask(data, &["doctor"]);
    let ok = said["ok"].as_bool().expect("it says whether all is good");
    assert_eq!(code == 0, ok);
    let all = said["findings"].as_array().expect("findings").iter();
    let codes = all.map(|one| one["code"].as_str().expect("a code").to_owned());
    let of_machine = [
        "disk_full",
        "disk_unknown",
        "calendar_provisional",
        "calendar_ends",
    ];
    let mut codes: Vec<String> = codes
        .filter(|code| !of_machine.contains(&code.as_str()))
        .collect();
    codes.sort_by_key(|code| code != "no_public_address");
    codes
}

fn visit(router: axum::Router, path: &str) -> String {
    use axum::extract::ConnectInfo;
    use tower::ServiceExt;
    let peer = std::net::SocketAddr::from(([127, 0, 0, 1], 4711));
    let request = axum::http::Request::get(path)
        .extension(ConnectInfo(peer))
        .body(axum::body::Body::empty())
        .expect("a request is made");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime is made");
    runtime.block_on(async move {
        let response = router.oneshot(request).await.expect("it answers");
        assert_eq!(response.status(), axum::http::StatusCode::OK);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        String::from_utf8_lossy(&body.expect("it has a body")).into_owned()
    })
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = folder.path().join("data");
    let organs = file(folder.path(), "organs.csv", ORGANS);
    assert_eq!(ask(&data, &["import", "organs", &organs]).0, 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = data.join("keys/data.key");
        let open = |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode));
        open(0o644).expect("rights are set");
        assert!(codes_of(&data).contains(&"keys_open".to_owned()));
        open(0o600).expect("rights are set");
        assert!(!codes_of(&data).contains(&"keys_open".to_owned()));
    }
    let url = "postgres://postgres@127.0.0.1:1/none";
    let (code, said) = ask(&data, &["doctor", "--database", url]);
    let found = said["findings"].as_array().expect("findings");
    let unreachable = found.iter().find(|one| one["code"] == "store_unreachable");
    assert_eq!(code, 1);
    assert!(
        unreachable.is_some_and(|one| one["todo"].is_string()),
        "{said}"
    );
    std::fs::remove_dir_all(data.join("keys")).expect("keys are lost");
    assert_eq!(codes_of(&data), ["no_keys"]);
}

#[test]
fn a_refused_row_says_where_and_why_and_leaves_no_trace() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = folder.path().join("data");
    let wrong = ORGANS.replace("115113016823646795", "115113016823646794");
    let organs = file(folder.path(), "organs.csv", &wrong);
    let (code, said) = ask(&data, &["import", "organs", &organs]);
    assert_eq!((code, &said["refused"]), (1, &1.into()), "{said}");
    assert_eq!(said["rows"][0]["row"], 3);
    assert_eq!(said["rows"][0]["notes"][0]["code"], "identity.wrong_number");
    let users = "login,person,organ,post,roles\n\
        a1,甲,NONE,窗口,intake_clerk\n\
        a2,乙,ZWZX,窗口,wizard\n\
        a3,丙,ZWZX,管理,system_admin\n\
        a4,丁,ZWZX,,intake_clerk\n";
    let users = file(folder.path(), "users.csv", users);
    let (code, said) = ask(&data, &["import", "users", &users]);
    assert_eq!((code, &said["refused"]), (1, &4.into()), "{said}");
    let codes: Vec<&Value> = (0..4)
        .map(|row| &said["rows"][row]["notes"][0]["code"])
        .collect();
    assert_eq!(
        codes,
        [
            "cli.organ_unknown",
            "cli.role_unknown",
            "cli.administrators_not_by_list",
            "field.required"
        ]
    );
    let (_, said) = ask(&data, &["admin", "list"]);
    assert_eq!(said["officers"], Value::Array(Vec::new()));
    let gone = folder.path().join("none");
    assert_eq!(ask(&gone, &["admin", "list"]).0, 1);
    assert!(!gone.exists(), "nothing was made");
}

#[test]
fn a_late_notice_dates_running_cases_again_and_says_so() {
    let start = "2026-11-30T00:00:00Z".parse().expect("an instant");
    for hall in halls("late_notice", || Clock::virtual_at(start, 7)) {
        let db = &hall.house.db;
        let first = jiff::civil::date(2026, 11, 30);
        qingchuang::seed::live_days(db, first, 2).expect("days are lived");
        let notice = "date,type,name\n2027-01-01,holiday,元旦\n";
        let shorter: String = (1..=11)
            .map(|day| format!("2026-12-{:02},holiday,演练\n", day + 6))
            .collect();
        let text = format!("{notice}{shorter}");
        let said = Said {
            amendment: true,
            ..Said::default()
        };
        let done = notice::import(db, &text, &said).expect("the notice is taken");
        assert_eq!(done.notice.year, 2026);
        assert!(!done.moved.is_empty(), "running cases were dated again");
        for moved in &done.moved {
            let dates = |dues: case::Dues| (dues.promised, dues.statutory);
            assert!(dates(moved.before) < dates(moved.now), "{moved:?}");
        }
        let again = notice::import(db, &text, &said).expect("the notice is known");
        assert_eq!(again.taken, operations::Taken::Known);
        assert!(again.moved.is_empty());
        let number = done.moved[0].number.to_string();
        let lines = db
            .read(|tx| {
                let id = case::find_by_number(tx, &number)?.expect("the case is there");
                ledger::lines_of(tx, id)
            })
            .expect("lines are read");
        assert_eq!(lines.last().map(|line| line.kind.as_str()), Some("redated"));
        qingchuang::jobs::seal_all(db, 0).expect("lines are sealed");
        let report = db
            .read(|tx| verify_deep(tx, &tables()))
            .expect("it is verified");
        assert!(report.ok, "{:?}", report.findings);
        let report = db
            .read(|tx| rebuild_compare(tx, &tables()))
            .expect("it is compared");
        assert!(report.ok, "{:?}", report.findings);
    }
}

/// A furnished hall of some lived days in a folder, closed again.
pub fn lived(folder: &Path) -> std::path::PathBuf {
    let data = folder.join("data");
    let config = Config {
        data: data.clone(),
        ..Config::default()
    };
    let start = "2026-11-16T00:00:00Z".parse().expect("an instant");
    let clock = Clock::virtual_at(start, 7);
    let house = House::open(&config, clock, Mode::Write).expect("a new hall opens");
    let first = jiff::civil::date(2026, 11, 16);
    qingchuang::seed::live_days(&house.db, first, 2).expect("days are lived");
    qingchuang::jobs::seal_all(&house.db, 0).expect("lines are sealed");
    data
}

#[test]
fn what_is_exported_can_be_imported_and_holds_nobody_unless_asked_for() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = lived(folder.path());
    let to = |name: &str| {
        let path = folder.path().join(name);
        path.to_str().expect("the path is text").to_owned()
    };
    for format in ["csv", "xlsx", "json"] {
        let path = to(&format!("items.{format}"));
        let words = ["export", "items", "--format", format, "--output", &path];
        let (code, said) = ask(&data, &words);
        assert_eq!((code, &said["items"]), (0, &15.into()), "{said}");
        let (code, said) = ask(&data, &["import", "items", &path]);
        assert_eq!(
            (code, &said["unchanged"]),
            (0, &15.into()),
            "{format} {said}"
        );
    }
    let path = to("cases.json");
    let words = ["export", "cases", "--format", "json", "--output", &path];
    let (code, said) = ask(&data, &words);
    assert_eq!(code, 0, "{said}");
    let text = std::fs::read_to_string(&path).expect("the file is there");
    let cases: Value = serde_json::from_str(&text).expect("it is JSON");
    let count = cases.as_array().map(Vec::len).expect("it is a list");
    assert!(3 < count, "{count} cases");
    assert_eq!(said["cases"], count);
    assert!(!text.contains("identity_number"));

    let secret = to("persons.csv");
    let words = [
        "export",
        "cases",
        "--with-personal-data",
        "--output",
        &secret,
    ];
    assert_eq!(ask(&data, &words).0, 2, "without a purpose");
    let words = [&words[..], &["--purpose", "年度审计"]].concat();
    assert_eq!(ask(&data, &words).0, 0);
    let text = std::fs::read_to_string(&secret).expect("the file is there");
    assert_eq!(text.lines().count(), count + 1);
    assert!(text.contains("identity number"), "{text}");

    let log = to("log.xes");
    let (code, said) = ask(&data, &["export", "xes", "--output", &log]);
    assert_eq!((code, &said["traces"]), (0, &count.into()), "{said}");
    let text = std::fs::read_to_string(&log).expect("the file is there");
    assert!(!text.contains("officer_"), "no officer by their id");
    for code in [
        "value=\"case.",
        "value=\"application.",
        "value=\"intake_clerk",
    ] {
        assert!(!text.contains(code), "names, not codes: {code}");
    }
    let xes = roxmltree::Document::parse(&text).expect("it is XML");
    let events = xes
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.xes-standard.org/", "event")));
    assert_eq!(said["events"], events.count());
    assert_eq!(ask(&data, &["export", "ocds"]).0, 2);
    let (code, said) = ask(&data, &["ledger", "verify", "--deep"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_due_date_is_derived_line_by_line_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let data = lived(folder.path());
    let path = folder.path().join("cases.json");
    let path = path.to_str().expect("the path is text");
    let words = ["export", "cases", "--format", "json", "--output", path];
    assert_eq!(ask(&data, &words).0, 0);
    let text = std::fs::read_to_string(path).expect("the file is there");
    let cases: Value = serde_json::from_str(&text).expect("it is JSON");
    for case in cases.as_array().expect("it is a list").iter().step_by(5) {
        let number = case["number"].as_str().expect("a number");
        let (code, said) = ask(&data, &["calendar", "explain", number]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(said["statutory_due"], case["statutory_due"]);
        let steps = said["lines"].as_array().expect("lines");
        let of = |step: &str| steps.iter().any(|line| line["step"] == step);
        assert!(
            of("start") && of("rule") && of("result") && of("calendar"),
            "{said}"
        );
    }
    assert_eq!(ask(&data, &["calendar", "explain", "none"]).0, 1);
}

#[test]
fn beyond_the_known_calendar_the_hall_refuses_by_name_until_a_year_is_imported() {
    let start = "2027-12-26T00:00:00Z".parse().expect("an instant");
    let first = jiff::civil::date(2027, 12, 27);
    for hall in halls("calendar_ends", || Clock::virtual_at(start, 7)) {
        let fault = qingchuang::seed::live_days(&hall.house.db, first, 2);
        let refused = fault.expect_err("no limit can be told").refusal();
        assert_eq!(refused, Some("intake.calendar_ends"));
    }
    for hall in halls("calendar_goes_on", || Clock::virtual_at(start, 7)) {
        let db = &hall.house.db;
        let said = Said {
            provisional: true,
            ..Said::default()
        };
        let text = "2028-01-01,holiday,元旦\n";
        notice::import(db, text, &said).expect("a provisional year is taken");
        qingchuang::seed::live_days(db, first, 2).expect("the hall goes on");
        let told = db.read(|tx| {
            let id = case::case_ids(tx, None, 1)?[0];
            let case = case::case(tx, id)?;
            case::explain(tx, &case, kernel::Lang::En)
        });
        let last = told.expect("it is derived").pop().expect("it has lines");
        assert!(last.text.contains("provisional"), "{}", last.text);
    }
}
