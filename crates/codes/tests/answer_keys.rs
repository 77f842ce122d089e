//! The answer keys: every synthetic identifier, every real public body, every sample of the
//! standards, each with the reason that must be given.

use codes::*;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 23);

fn reason(kind: Kind, value: &str) -> Option<&'static str> {
    let verdict = check(kind, value, TODAY);
    assert_eq!(verdict.reason.is_some(), verdict.code.is_some());
    assert_eq!(verdict.reason_zh.is_some(), verdict.code.is_some());
    if verdict.valid { None } else { verdict.code }
}

fn expected_reasons(why: &str) -> &'static [&'static str] {
    match why {
        "check character" => &["check-digit"],
        "adjacent digits swapped" => &["check-digit", "date", "date-in-future"],
        "adjacent characters swapped" => &["check-digit", "character"],
        "month 13" | "29 February of a common year" => &["date"],
        "17 characters" | "19 characters" => &["length"],
        "letter O inside" => &["character"],
        why if why.ends_with("is not in the alphabet") => &["character"],
        other => panic!("a reason the tests do not know: {other}"),
    }
}

#[test]
fn all_892_synthetic_identifiers_get_the_answer_of_the_key() {
    let key: serde_json::Value = serde_json::from_str(include_str!("data/ids.json")).unwrap();
    let items = key["items"].as_array().unwrap();
    assert_eq!(items.len(), 892);
    for item in items {
        let value = item["value"].as_str().unwrap();
        let kind = match item["type"].as_str().unwrap() {
            "resident_id" => Kind::CitizenId,
            _ => Kind::Uscc,
        };
        let verdict = check(kind, value, TODAY);
        assert_eq!(
            verdict.valid,
            item["valid"].as_bool().unwrap(),
            "{value}: {verdict:?}"
        );
        if let Some(why) = item["why"].as_str() {
            let code = verdict.code.unwrap();
            assert!(
                expected_reasons(why).contains(&code),
                "{value}: {why}, answered {code}"
            );
        } else if kind == Kind::CitizenId {
            let id = CitizenId::parse(value, TODAY).unwrap();
            assert_eq!(id.birth_date().to_string(), item["birth"].as_str().unwrap());
            assert_eq!(id.sex() == Sex::Female, item["sex"] == "F", "{value}");
            let known = id.region().unwrap().standing() != Standing::Unlisted;
            assert_eq!(known, item["region_assigned"].as_bool().unwrap(), "{value}");
            assert_eq!(
                verdict.code,
                (!known).then_some("region-unlisted"),
                "{value}"
            );
        }
    }
}

#[test]
fn the_41_bodies_pass_and_the_provisional_one_is_kept_and_named() {
    let rows = include_str!("data/bodies.csv").lines().skip(1);
    let bodies: Vec<_> = rows.map(|row| row.split_once(',').unwrap()).collect();
    assert_eq!(bodies.len(), 41);
    for (code, fits) in bodies {
        let uscc = Uscc::parse(code).unwrap();
        assert_eq!(uscc.is_provisional(), fits == "false", "{code}");
        assert_eq!(uscc.to_string(), code);
        if fits == "true" {
            assert_eq!(uscc.inner_check(), InnerCheck::Fits, "{code}");
        } else {
            assert_eq!(check(Kind::Uscc, code, TODAY).code, Some("provisional"));
        }
    }
}

#[test]
fn credit_codes_of_the_standard_pass_and_wrong_ones_name_the_rule() {
    for good in [
        "11100000000013338W",
        "91350100M000100Y43",
        "11370800MB28559184",
        "91371002MA0000015H",
        "11371002MB00000273",
        "52430103MJ0000034F",
    ] {
        assert_eq!(reason(Kind::Uscc, good), None, "{good}");
    }
    assert_eq!(
        reason(Kind::Uscc, "91350100M000100Y44"),
        Some("check-digit")
    );
    assert_eq!(reason(Kind::Uscc, "91350100I000100Y43"), Some("character"));
    assert_eq!(
        reason(Kind::Uscc, "12110000400006687A"),
        Some("check-digit")
    );
    assert_eq!(reason(Kind::Uscc, "9135010０M000100Y4"), Some("length"));
    assert_eq!(reason(Kind::Uscc, ""), Some("empty"));
    assert_eq!(
        Uscc::parse("91350100m000100y43").unwrap().as_str(),
        "91350100M000100Y43"
    );
    let code = Uscc::parse("91350100M000100Y43").unwrap();
    assert_eq!(code.authority(), RegisteringAuthority::MarketRegulation);
    assert_eq!(code.organisation_code(), "M000100Y4");
    assert_eq!(code.region().unwrap().region().unwrap().name, "福州市");
}

#[test]
fn citizen_ids_of_the_standard_pass_and_wrong_ones_name_the_rule() {
    for good in [
        "11010519491231002X",
        "440524188001010014",
        "371002190001010014",
    ] {
        assert_eq!(reason(Kind::CitizenId, good), None, "{good}");
    }
    assert_eq!(
        reason(Kind::CitizenId, "110105194912310021"),
        Some("check-digit")
    );
    assert_eq!(reason(Kind::CitizenId, "110101200102290015"), Some("date"));
    assert_eq!(reason(Kind::CitizenId, "11010519491331002X"), Some("date"));
    assert_eq!(
        reason(Kind::CitizenId, "1101051949123100X2"),
        Some("character")
    );
    assert_eq!(
        CitizenId::parse("11010519491231002x", TODAY)
            .unwrap()
            .as_str()
            .len(),
        18
    );
    let verdict = check(Kind::CitizenId, "110105194912310021", TODAY);
    assert!(verdict.reason.unwrap().starts_with("check digit"));
    assert!(verdict.reason_zh.unwrap().starts_with("校验码"));
}

#[test]
fn a_birth_date_after_today_is_refused_and_on_the_day_itself_is_not() {
    let id = "11010519491231002X";
    let before = CitizenId::parse(id, date(1949, 12, 30));
    assert_eq!(before, Err(CodeError::DateInFuture { from: 7, to: 14 }));
    assert!(CitizenId::parse(id, date(1949, 12, 31)).is_ok());
}

#[test]
fn age_counts_full_years() {
    let id = CitizenId::parse("11010519491231002X", TODAY).unwrap();
    assert_eq!(id.age_on(date(1967, 12, 30)), 17);
    assert_eq!(id.age_on(date(1967, 12, 31)), 18);
    assert_eq!(id.sex(), Sex::Female);
}

#[test]
fn a_citizen_id_never_shows_itself_in_a_log() {
    let id = CitizenId::parse("11010519491231002X", TODAY).unwrap();
    assert_eq!(format!("{id:?}"), "CitizenId(110***********002X)");
    let stored = serde_json::to_string(&id).unwrap();
    assert_eq!(stored, "\"11010519491231002X\"");
    assert_eq!(serde_json::from_str::<CitizenId>(&stored).unwrap(), id);
}

#[test]
fn regions_of_the_practice_places_resolve() {
    for (code, name) in [
        ("370600", "山东省烟台市"),
        ("371002", "山东省威海市环翠区"),
        ("371002000000", "山东省威海市环翠区"),
        ("371002001", "山东省威海市环翠区环翠楼街道"),
        ("430528", "湖南省邵阳市新宁县"),
        ("433130", "湖南省湘西土家族苗族自治州龙山县"),
        ("422827", "湖北省恩施土家族苗族自治州来凤县"),
        ("110101", "北京市东城区"),
        ("429004", "湖北省仙桃市"),
    ] {
        let code = RegionCode::parse(code).unwrap();
        let table = RegionTable::built_in();
        assert_eq!(table.full_name(&code).as_deref(), Some(name));
        assert_eq!(table.standing(&code), Standing::Current);
    }
    for code in [
        "370200",
        "370612",
        "430103",
        "430481",
        "430203",
        "430321",
        "430523",
        "430682",
        "430611",
        "430724",
        "430822",
        "430902",
        "431023",
        "431102",
        "431129",
        "431128",
        "431228",
        "431382",
        "710000",
        "810000",
        "820000",
        "511602000000",
    ] {
        assert_eq!(reason(Kind::Region, code), None, "{code}");
    }
}

#[test]
fn regions_that_are_none_name_the_rule() {
    assert_eq!(reason(Kind::Region, "990000"), Some("unknown-region"));
    assert_eq!(reason(Kind::Region, "37100"), Some("length"));
    assert_eq!(reason(Kind::Region, "371002001ABC"), Some("character"));
    assert_eq!(reason(Kind::Region, "000001"), Some("shape"));
    assert_eq!(reason(Kind::Region, "371002000001"), Some("shape"));
    assert_eq!(reason(Kind::Region, "371002999"), Some("unknown-region"));
}

#[test]
fn abolished_counties_still_resolve_and_say_so() {
    for code in ["330103", "350427", "431121", "654223"] {
        let verdict = check(Kind::Region, code, TODAY);
        assert!(verdict.valid);
        assert_eq!(verdict.code, Some("abolished"), "{code}");
    }
    let code = RegionCode::parse("330103").unwrap();
    assert_eq!(code.region().unwrap().name, "下城区");
}

#[test]
fn a_village_stands_as_its_township_does() {
    let village = RegionCode::parse("371002001003").unwrap();
    assert_eq!(village.level(), RegionLevel::Village);
    assert_eq!(village.parent().unwrap().as_str(), "371002001");
    assert_eq!(village.standing(), Standing::Current);
    assert_eq!(
        check(Kind::Region, "371002001003", TODAY).code,
        Some("village-unlisted")
    );
}

#[test]
fn a_region_contains_what_lies_below_it() {
    let region = |code| RegionCode::parse(code).unwrap();
    assert!(region("370000").contains(&region("371002001")));
    assert!(region("371000").contains(&region("371002000000")));
    assert!(region("371002").contains(&region("371002")));
    assert!(!region("371002").contains(&region("371000")));
    assert!(!region("371002").contains(&region("371003001")));
}

#[test]
fn rows_of_a_hall_win_over_the_embedded_lists() {
    let code = RegionCode::parse("371099").unwrap();
    let row = RegionRow {
        name: "试验区".to_owned(),
        abolished: false,
    };
    let table = RegionTable::built_in().with_rows("hall-1", [(code.clone(), row)]);
    assert_eq!(
        table.full_name(&code).as_deref(),
        Some("山东省威海市试验区")
    );
    assert_eq!(RegionTable::built_in().standing(&code), Standing::Unlisted);
    assert_eq!(table.version(), "hall-1");
}

#[test]
fn every_embedded_row_is_found_by_its_code() {
    let mut found = 0;
    for list in [
        include_str!("../data/gbt2260_mca_2021.csv"),
        include_str!("../data/nbs_2023.csv"),
        include_str!("../data/towns_nbs_2023.csv"),
    ] {
        for row in list.lines().skip(1) {
            let code = RegionCode::parse(row.split(',').next().unwrap()).unwrap();
            assert!(code.region().is_some(), "{row}");
            found += 1;
        }
    }
    assert_eq!(
        found,
        3243 + 3351 + 41352,
        "rows that a binary search cannot reach"
    );
    assert_eq!(RegionTable::embedded_sizes(), (3351, 41352));
}

#[test]
fn item_codes_come_apart_into_their_parts() {
    let task = TaskCode::parse("11370800MB285591843370117002011").unwrap();
    assert_eq!(task.body(), "11370800MB28559184");
    assert_eq!(task.level(), "3");
    let catalog = CatalogCode::parse(task.catalog()).unwrap();
    let parts = (catalog.source(), catalog.item_type(), catalog.department());
    assert_eq!(parts, ("37", "01", "17"));
    assert_eq!(
        (catalog.main_item(), catalog.sub_item()),
        ("002", Some("011"))
    );
    let body = Uscc::parse(task.body()).unwrap();
    assert_eq!(TaskCode::from_parts(&body, 3, &catalog).unwrap(), task);
    let handling = HandlingCode::parse("11370883MB2857374H437309800900101").unwrap();
    assert_eq!((handling.task().len(), handling.sequence()), (31, "01"));
    assert!(HandlingCode::parse("113708000043121241337201705400101").is_ok());
    assert_eq!(CatalogCode::parse("370117002000").unwrap().sub_item(), None);
}

#[test]
fn a_task_code_is_refused_by_the_part_that_is_wrong() {
    let wrong = |value| reason(Kind::TaskCode, value);
    assert_eq!(wrong("11370800MB285591843370117002011"), None);
    assert_eq!(wrong("11370883MB2857374H437309800900101"), None);
    assert_eq!(
        wrong("11370800MB285591853370117002011"),
        Some("check-digit")
    );
    assert_eq!(wrong("11370800MB285591848370117002011"), Some("shape"));
    assert_eq!(wrong("11370800MB28559184337011700201A"), Some("character"));
    assert_eq!(wrong("11370800MB28559184337011700201"), Some("length"));
}

#[test]
fn codes_of_other_generations_are_kept_as_they_came() {
    for code in include_str!("data/local_item_codes.txt").lines() {
        let item = ItemCode::parse(code).unwrap();
        assert!(matches!(item, ItemCode::Local(_)), "{code}");
        assert_eq!(item.to_string(), code);
        assert_eq!(check(Kind::ItemCode, code, TODAY).code, Some("local"));
    }
    assert!(matches!(
        ItemCode::parse("370117002011").unwrap(),
        ItemCode::Catalog(_)
    ));
    assert!(matches!(
        ItemCode::parse("XK00012000").unwrap(),
        ItemCode::Local(_)
    ));
    assert!(ItemCode::parse("---").is_err());
    assert!(ItemCode::parse("事项一").is_err());
}

#[test]
fn e_certificate_identifiers_of_the_samples_get_the_right_answer() {
    let good = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";
    for value in [
        good,
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "1.2.156.3005.2.11100000MB03271699022.11370800MB28559184.0000000016.001.J",
    ] {
        assert_eq!(reason(Kind::EcertId, value), None, "{value}");
    }
    let wrong = |value: String| reason(Kind::EcertId, &value);
    assert_eq!(wrong(good.replace(".U", ".V")), Some("check-digit"));
    assert_eq!(wrong(good.replace(".001.", ".01.")), Some("length"));
    assert_eq!(wrong(good.replace("W011.", "W01.")), Some("length"));
    assert_eq!(wrong(good.replace("1.2.156", "1.2.157")), Some("shape"));
    assert_eq!(wrong(good.replace(".U", "")), Some("shape"));
    let id = EcertId::parse(good).unwrap();
    assert_eq!((id.serial(), id.version()), ("20230000403", 1));
    let issuer = id.issuer_uscc().unwrap();
    assert_eq!(
        EcertId::new(id.kind(), &issuer, id.serial(), 1).unwrap(),
        id
    );
    assert!(EcertId::new("证照", &issuer, "1", 1).is_err());
}

#[test]
fn a_case_number_is_made_and_read_back() {
    let region = RegionCode::parse("371002").unwrap();
    let number = CaseNumber::new(&region, date(2026, 9, 30), "A001", 42).unwrap();
    assert_eq!(number.as_str().len(), 25);
    assert!(mod37_36::verifies(number.as_str()));
    assert_eq!(
        (number.region(), number.department(), number.serial()),
        ("371002", "A001", 42)
    );
    assert_eq!(number.day(), date(2026, 9, 30));
    assert!(CaseNumber::new(&region, date(2026, 9, 30), "A001", 1_000_000).is_err());
    let wrong = number.as_str().replace("20260930", "20260931");
    assert_eq!(reason(Kind::CaseNumber, &wrong), Some("date"));
}

#[test]
fn project_and_query_codes_have_their_shape() {
    assert_eq!(reason(Kind::ProjectCode, "2020-370600-47-03-000001"), None);
    assert_eq!(
        reason(Kind::ProjectCode, "2020370600-47-03-0000001"),
        Some("character")
    );
    assert_eq!(
        reason(Kind::ProjectCode, "2020-370600-47-03-00001"),
        Some("length")
    );
    assert_eq!(reason(Kind::QueryCode, "012345"), None);
    assert_eq!(reason(Kind::QueryCode, "12345"), Some("length"));
    assert_eq!(QueryCode::from_random(7_000_042).as_str(), "000042");
}

#[test]
fn every_kind_is_found_by_its_own_word() {
    for kind in Kind::ALL {
        assert_eq!(kind.word().parse::<Kind>(), Ok(kind));
    }
    assert!("passport".parse::<Kind>().is_err());
}
