//! Log-ins kept by both stores.

use jiff::SignedDuration;

use super::*;

/// A store of each kind. PostgreSQL gets a schema of its own.
fn stores(name: &str) -> Vec<(Db, Option<tempfile::TempDir>)> {
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let options = || Options::new(kernel::Clock::virtual_at(start, 5), [7; 32]);
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![(Db::sqlite(folder.path(), options()).unwrap(), Some(folder))];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let schema = format!("web_{name}_{}", std::process::id());
        let plain = Db::postgres(&url, options()).unwrap();
        let sql = format!("CREATE SCHEMA {schema}");
        let create = move |tx: &mut Tx<'_>| tx.execute(&sql, &[]);
        plain.write(plain.cause(Actor::system()), create).unwrap();
        let joint = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{joint}options=-csearch_path%3D{schema}");
        all.push((Db::postgres(&url, options()).unwrap(), None));
    }
    for (db, _) in &all {
        migrate::run(db, db.cause(Actor::system()), &[session::MIGRATIONS]).unwrap();
    }
    all
}

#[test]
fn a_log_in_is_found_moved_and_ended_on_both_stores() {
    let policy = crate::config::SessionPolicy::default();
    for (db, _folder) in stores("moved") {
        let who = Subject::Officer(OfficerId::from_uuid(uuid(REVIEWER)));
        let begin = move |tx: &mut Tx<'_>| session::begin(tx, who, Channel::Counter, &policy);
        let token = db.write(db.cause(Actor::system()), begin).unwrap();
        let find = || {
            let text = token.text().to_owned();
            let digest = session::digest_of(&text).unwrap();
            db.read(move |tx| {
                let found = session::find(tx, &digest)?;
                Ok(found.filter(|session| tx.now() < session.idle_end(&policy)))
            })
            .unwrap()
        };
        let found = find().unwrap();
        assert_eq!(
            (found.subject, found.post, found.channel),
            (who, None, Channel::Counter)
        );
        let post = PostId::from_uuid(uuid(11));
        let session = found.clone();
        let choose = move |tx: &mut Tx<'_>| session::choose_seat(tx, &session, post);
        db.write(db.cause(Actor::system()), choose).unwrap();
        assert_eq!(find().unwrap().post, Some(post));
        let broken = db.read(|tx| session::SESSIONS.check(tx)).unwrap();
        assert_eq!(broken, vec![]);
        let end_all = move |tx: &mut Tx<'_>| session::end_all(tx, who);
        assert_eq!(db.write(db.cause(Actor::system()), end_all), Ok(1));
        assert_eq!(find(), None);
        let choose = move |tx: &mut Tx<'_>| session::choose_seat(tx, &found, post);
        let gone = db.write(db.cause(Actor::system()), choose);
        assert_eq!(gone, Err(Fault::NotFound { what: "session" }));
    }
}

#[test]
fn what_has_ended_is_swept_away_and_what_has_not_stays() {
    let policy = crate::config::SessionPolicy::default();
    for (db, _folder) in stores("swept") {
        let who = Subject::Citizen(PersonId::from_uuid(uuid(CITIZEN)));
        let begin = move |tx: &mut Tx<'_>| session::begin(tx, who, Channel::Web, &policy);
        db.write(db.cause(Actor::system()), begin).unwrap();
        db.clock().advance(SignedDuration::from_hours(7));
        db.write(db.cause(Actor::system()), begin).unwrap();
        db.clock().advance(SignedDuration::from_hours(6));
        assert_eq!(db.write(db.cause(Actor::system()), session::sweep), Ok(1));
        assert_eq!(db.read(|tx| session::list(tx, who)).unwrap().len(), 1);
    }
}
