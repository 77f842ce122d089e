//! Notices and their files: numbers, typesetting, seals, failures.

use super::*;
use crate::public_check::check_file;

fn verdict(house: &House, bytes: &[u8]) -> FileVerdict {
    let bytes = bytes.to_vec();
    house.db.read(|tx| check_file(tx, &bytes)).unwrap()
}

#[test]
fn numbers_run_by_organ_kind_and_year_and_a_refusal_leaves_no_gap() {
    for house in houses("numbers") {
        let number = |id| {
            house
                .db
                .read(|tx| notice(tx, id))
                .unwrap()
                .number
                .to_string()
        };
        let draw = |kind| house.draw(kind, json!({})).unwrap();
        let first = draw(NoticeKind::Acceptance);
        assert_eq!(number(first), "云审批受〔2026〕第 000001 号");
        let refused = house
            .draw(NoticeKind::Acceptance, json!("no object"))
            .unwrap_err();
        assert!(matches!(refused, Fault::Invalid(_)), "{refused}");
        assert_eq!(
            number(draw(NoticeKind::Acceptance)),
            "云审批受〔2026〕第 000002 号"
        );
        assert_eq!(
            number(draw(NoticeKind::Receipt)),
            "云审批收〔2026〕第 000001 号"
        );
        house
            .db
            .clock()
            .advance(SignedDuration::from_hours(24 * 60));
        assert_eq!(
            number(draw(NoticeKind::Acceptance)),
            "云审批受〔2027〕第 000001 号"
        );
        let all = house.db.read(|tx| notices_of(tx, MATTER)).unwrap();
        assert_eq!((all.len(), all[0].id), (4, first));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_notice_is_sealed_after_the_commit_and_recognised_by_its_file() {
    for house in houses("sealed") {
        let id = house.withdrawal("经营场所拟另行选址");
        assert_eq!(
            house.db.read(|tx| notice(tx, id)).unwrap().print.state,
            FileState::Pending
        );
        assert_eq!(house.press(), 1);
        assert_eq!(house.press(), 0, "a document is made once");
        let made = house.db.read(|tx| notice(tx, id)).unwrap();
        assert_eq!(made.print.state, FileState::Ready);
        let bytes = pdf_of(&house.db, id).unwrap();
        let FileVerdict::Notice {
            signing,
            kind,
            number,
            ..
        } = verdict(&house, &bytes)
        else {
            panic!("{:?}", verdict(&house, &bytes));
        };
        assert_eq!(signing.organ, "云澄县行政审批服务局");
        assert_eq!(
            (kind, number),
            (NoticeKind::Withdrawal, made.number.to_string())
        );
        let mut changed = bytes.clone();
        changed[100] ^= 1;
        assert_eq!(verdict(&house, &changed), FileVerdict::Altered);
        let longer = [bytes.as_slice(), b"\n%added"].concat();
        assert_eq!(verdict(&house, &longer), FileVerdict::Altered);
        for stranger in [
            &b""[..],
            b"%PDF-1.7 nothing",
            b"/ByteRange [0 1 2 3]",
            &[0xff; 64],
        ] {
            assert_eq!(verdict(&house, stranger), FileVerdict::Unsigned);
        }
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_reader_who_does_not_wait_gets_the_same_file_as_everybody_after() {
    for house in houses("demand") {
        let id = house.withdrawal("不再经营");
        let first = pdf_of(&house.db, id).unwrap();
        house.db.clock().advance(SignedDuration::from_hours(1));
        assert_eq!(house.press(), 1, "the message is taken out, the file stays");
        assert_eq!(pdf_of(&house.db, id).unwrap(), first);
    }
}

#[test]
fn a_missing_character_is_noted_once_and_never_printed_as_a_box() {
    for house in houses("glyph") {
        let id = house.withdrawal("字\u{10ffff}缺");
        assert_eq!(house.press(), 1);
        assert_eq!(house.press(), 0, "what cannot succeed is not tried again");
        let failed = house.db.read(|tx| notice(tx, id)).unwrap();
        assert_eq!(failed.print.failure, Some(FailureCode::MissingGlyph));
        let detail = failed.print.failure_detail.unwrap();
        let detail = house
            .db
            .read(|tx| ledger::read_text(tx, &detail))
            .unwrap()
            .unwrap();
        assert!(detail.contains('\u{10ffff}'), "{detail}");
        let refused = pdf_of(&house.db, id).unwrap_err();
        assert_eq!(refused.refusal(), Some("certificate.not_printable"));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_document_that_failed_is_made_after_the_template_was_mended() {
    for house in houses("mended") {
        // The data lack a field that the standard template needs.
        let id = house
            .draw(NoticeKind::Withdrawal, json!({ "item": "卫生许可" }))
            .unwrap();
        house.press();
        let failed = house.db.read(|tx| notice(tx, id)).unwrap();
        assert_eq!(failed.print.failure, Some(FailureCode::Template));
        let source = "#import \"/parts.typ\": *\n#set document(title: need(\"number\"))\n\
                      #set text(font: body-face, lang: \"zh\")\n#need(\"item\")：#need(\"number\")";
        let own = check_template(house.db.clock().now(), "withdrawal", source).unwrap();
        house.write(move |tx| save_template(tx, &own)).unwrap();
        house.write(move |tx| render_again(tx, id)).unwrap();
        assert_eq!(house.press(), 1);
        assert_eq!(
            house.db.read(|tx| notice(tx, id)).unwrap().print.state,
            FileState::Ready
        );
        let again = house.write(move |tx| render_again(tx, id)).unwrap_err();
        assert_eq!(again.refusal(), Some("certificate.nothing_failed"));
        house.write(|tx| reset_template(tx, "withdrawal")).unwrap();
        let lines = house.db.read(template::templates).unwrap();
        assert!(lines.iter().all(|line| !line.is_own));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_template_that_does_not_render_its_sample_is_refused_by_line_and_column() {
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    let source = "#import \"/parts.typ\": *\n\n  #need(\"no_such_field\")";
    let Err(Fault::Invalid(problems)) = check_template(now, "receipt", source) else {
        panic!("it must be refused");
    };
    assert_eq!(problems[0].code, "certificate.template_wrong");
    let said = |name| {
        let found = problems[0].params.iter().find(|(known, _)| *known == name);
        found.unwrap().1.clone()
    };
    assert_eq!(
        (said("line"), said("column")),
        ("3".to_owned(), "4".to_owned())
    );
    assert!(said("reason").contains("no_such_field"));
    let unknown = check_template(now, "no_such_template", "x");
    assert_eq!(unknown, Err(Fault::NotFound { what: "template" }));
}

#[test]
fn an_erased_text_is_not_printed() {
    for house in houses("erased") {
        let id = house
            .draw(NoticeKind::Withdrawal, sample(NoticeKind::Withdrawal))
            .unwrap();
        let person = house.company;
        house
            .write(move |tx| ledger::forget_person(tx, person))
            .unwrap();
        house.press();
        let failed = house.db.read(|tx| notice(tx, id)).unwrap();
        assert_eq!(failed.print.failure, Some(FailureCode::Erased));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn whatever_is_changed_behind_the_program_is_found_and_named() {
    let changes = [
        ("UPDATE notice SET kind = 'receipt'", "notice"),
        (
            "UPDATE notice SET number = 'x' WHERE mark IS NOT NULL",
            "notice",
        ),
        (
            "UPDATE notice SET mark = NULL WHERE mark IS NOT NULL",
            "notice",
        ),
        ("DELETE FROM notice WHERE mark IS NOT NULL", "notice"),
        ("UPDATE certificate SET valid_until = NULL", "certificate"),
        ("UPDATE certificate SET state = 'revoked'", "certificate"),
        ("UPDATE office_template SET source = 'x'", "office_template"),
        ("DELETE FROM office_template", "office_template"),
    ];
    for (number, (sql, named)) in changes.into_iter().enumerate() {
        for house in houses(&format!("tamper{number}")) {
            let id = house.draw(NoticeKind::Acceptance, json!({})).unwrap();
            house.issue(house.new_certificate()).unwrap();
            house.write(move |tx| plant(tx, id)).unwrap();
            assert_eq!(house.findings(), vec![]);
            assert!(
                1 <= house.write(move |tx| tx.execute(sql, &[])).unwrap(),
                "{sql}"
            );
            let findings = house.findings();
            let is_named = findings.iter().any(|one| one.place.starts_with(named));
            assert!(is_named, "{sql}: {findings:?}");
        }
    }
}

/// A file and a template without the typesetter, which takes its time.
fn plant(tx: &mut Tx<'_>, id: NoticeId) -> Result<(), Fault> {
    let stored = tx.thing::<FileStore>()?.put(tx.clock(), b"%PDF")?;
    let file = ledger::keep_file(tx, id, None, &stored, "application/pdf", "a.pdf")?;
    let mark = render::mark_of(&*tx.thing::<Vault>()?, b"%PDF");
    render::report(
        tx,
        id.into(),
        crate::decide::PrintCommand::Done { file, mark },
    )?;
    let template: TemplateId = tx.new_id();
    let values = db::params![template, "receipt", "#[]"];
    ledger::edited(tx, &crate::store::TEMPLATES, template, values, &["source"])
}
