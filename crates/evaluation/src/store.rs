//! All SQL of the room: how a rating lies in its table, and what pages and reports read.

use db::{Row, SealedTable, Tx, Value, params};
use jiff::Timestamp;
use kernel::{Fault, OfficerId, OrganId, PersonId, ToValue, TypedId};
use ledger::{Commitment, Stored, Table, TextId};
use seal::Digest32;
use uuid::Uuid;

use crate::model::{
    Aspect, Given, Grade, Rating, RatingId, RatingStatus, Service, Subject, Supplement,
};
use crate::summary::Summary;

/// The codes for typing in place of a link: passing state.
pub(crate) const CODES: SealedTable = SealedTable {
    name: "rating_code",
    keys: &["code"],
    columns: &["rating", "token", "ends_at"],
};

const COLUMNS: &[&str] = &[
    "subject_kind",
    "subject",
    "item",
    "item_version",
    "organ",
    "officer",
    "person",
    "tag_set",
    "invited_on",
    "expires_on",
    "token",
    "status",
    "grade",
    "is_default",
    "is_bad",
    "rated_on",
    "tags",
    "words",
    "channel",
    "named",
    "more_grade",
    "more_words",
    "more_on",
];

impl Stored for Rating {
    const TABLE: Table = Table {
        name: "rating",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let Service {
            subject,
            item,
            version,
            organ,
            officer,
            person,
            tag_set,
        } = &self.service;
        let given = self.given.as_ref();
        let tags = given.map_or(&[][..], |given| &given.tags).iter();
        let tags: Vec<&str> = tags.map(|tag| tag.as_str()).collect();
        vec![
            Value::Text(subject.kind().into()),
            raw(subject.uuid()),
            raw(*item),
            version.to_value(),
            organ.to_value(),
            officer.to_value(),
            person.to_value(),
            tag_set.to_value(),
            self.invited_on.to_value(),
            self.expires_on.to_value(),
            self.token
                .as_ref()
                .map_or(Value::Null, |token| token.0.to_value()),
            self.status.to_value(),
            own(self.grade().to_value()),
            Value::Bool(self.status == RatingStatus::Defaulted),
            Value::Bool(self.is_bad()),
            own(self.rated_on().to_value()),
            Value::Text(tags.join(" ").into()),
            words(given.and_then(|given| given.text)),
            given.map_or(Value::Null, |given| given.channel.to_value()),
            given.map_or(Value::Null, |given| given.by.to_value()),
            own(self.supplement.and_then(|more| more.grade).to_value()),
            words(self.supplement.and_then(|more| more.text)),
            own(self.supplement.map(|more| more.on).to_value()),
        ]
    }

    fn from_row(id: RatingId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let status: RatingStatus = row.get(first + 11)?;
        let rated_on: Option<jiff::civil::Date> = row.get(first + 15)?;
        let answered = matches!(status, RatingStatus::Rated | RatingStatus::Supplemented);
        let given = if answered {
            Some(given(row, first)?)
        } else {
            None
        };
        let supplement = match row.get(first + 22)? {
            Some(on) => Some(Supplement {
                grade: row.get(first + 20)?,
                text: commitment(row, first + 21)?,
                on,
            }),
            None => None,
        };
        let token: Option<[u8; 32]> = row.get(first + 10)?;
        Ok(Self {
            id,
            service: service(row, first)?,
            invited_on: row.get(first + 8)?,
            expires_on: row.get(first + 9)?,
            token: token.map(Digest32),
            status,
            given,
            supplement,
            defaulted_on: rated_on.filter(|_| status == RatingStatus::Defaulted),
        })
    }
}

fn service(row: &Row<'_>, first: usize) -> Result<Service, Fault> {
    let kind: String = row.get(first)?;
    let subject = Subject::of(&kind, uuid_at(row, first + 1)?);
    Ok(Service {
        subject: subject.ok_or_else(|| Fault::broken("a rating of nothing known"))?,
        item: uuid_at(row, first + 2)?,
        version: row.get(first + 3)?,
        organ: row.get(first + 4)?,
        officer: row.get(first + 5)?,
        person: row.get(first + 6)?,
        tag_set: row.get(first + 7)?,
    })
}

fn given(row: &Row<'_>, first: usize) -> Result<Given, Fault> {
    let tags: String = row.get(first + 16)?;
    let tags: Result<Vec<Aspect>, _> = tags.split_whitespace().map(str::parse).collect();
    Ok(Given {
        grade: row.get(first + 12)?,
        tags: tags.map_err(Fault::broken)?,
        text: commitment(row, first + 17)?,
        channel: row.get(first + 18)?,
        by: row.get(first + 19)?,
        on: row.get(first + 15)?,
    })
}

/// A commitment in one column: the id of the text, then its digest.
fn words(text: Option<Commitment>) -> Value<'static> {
    text.map_or(Value::Null, |text| {
        let mut bytes = text.text.uuid().as_bytes().to_vec();
        bytes.extend(text.digest.0);
        Value::Bytes(bytes.into())
    })
}

fn commitment(row: &Row<'_>, at: usize) -> Result<Option<Commitment>, Fault> {
    let Some(bytes) = row.get::<Option<[u8; 48]>>(at)? else {
        return Ok(None);
    };
    let (mut text, mut digest) = ([0; 16], [0; 32]);
    text.copy_from_slice(&bytes[..16]);
    digest.copy_from_slice(&bytes[16..]);
    Ok(Some(Commitment {
        text: TextId::from_uuid(Uuid::from_bytes(text)),
        digest: Digest32(digest),
    }))
}

fn own(value: Value<'_>) -> Value<'static> {
    value.into_owned()
}

fn raw(id: Uuid) -> Value<'static> {
    Value::Bytes(id.as_bytes().to_vec().into())
}

fn uuid_at(row: &Row<'_>, at: usize) -> Result<Uuid, Fault> {
    Ok(Uuid::from_bytes(row.get(at)?))
}

/// The rating of a service, if it was asked for.
pub(crate) fn of_subject(tx: &mut Tx<'_>, subject: Subject) -> Result<Option<RatingId>, Fault> {
    let sql = "SELECT id FROM rating WHERE subject = $1";
    tx.query_one(sql, &[raw(subject.uuid())], |row| row.get(0))
}

/// The rating that a link leads to.
pub(crate) fn of_token(tx: &mut Tx<'_>, token: &Digest32) -> Result<Option<RatingId>, Fault> {
    let sql = "SELECT id FROM rating WHERE token = $1";
    tx.query_one(sql, params![token.0], |row| row.get(0))
}

/// How the ratings of an item stand.
pub(crate) fn summary(tx: &mut Tx<'_>, item: Uuid) -> Result<Summary, Fault> {
    let sql = "SELECT status, grade, COUNT(*) FROM rating WHERE item = $1 GROUP BY status, grade";
    let mut summary = Summary::default();
    tx.each(sql, &[raw(item)], |row| {
        summary.add(row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(())
    })?;
    Ok(summary)
}

/// Whose ratings may be seen: rights are part of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of one organ.
    Organ(OrganId),
    /// Those of the whole hall.
    Hall,
}

/// Which ratings a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one item.
    pub item: Option<Uuid>,
    /// With one grade.
    pub grade: Option<Grade>,
    /// At one point of their life.
    pub status: Option<RatingStatus>,
    /// Bad ones only.
    pub bad: bool,
}

/// The ratings within reach, the newest invitation first, after a rating.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    filter: &Filter,
    after: Option<RatingId>,
    most: usize,
) -> Result<Vec<Rating>, Fault> {
    let mut wanted: Vec<String> = Vec::new();
    let mut values: Vec<Value<'_>> = Vec::new();
    let mut and = |test: &str, value: Value<'static>| {
        values.push(value);
        wanted.push(format!("{test} ${}", values.len()));
    };
    if let Reach::Organ(organ) = reach {
        and("organ =", own(organ.to_value()));
    }
    if let Some(item) = filter.item {
        and("item =", raw(item));
    }
    if let Some(grade) = filter.grade {
        and("grade =", own(grade.to_value()));
    }
    if let Some(status) = filter.status {
        and("status =", own(status.to_value()));
    }
    if let Some(after) = after {
        and("id <", own(after.to_value()));
    }
    if filter.bad {
        wanted.push("is_bad".to_owned());
    }
    values.push(Value::Int(i64::try_from(most).map_err(Fault::broken)?));
    let tests = if wanted.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", wanted.join(" AND "))
    };
    // All pieces of this text are constants of the program.
    let sql = format!(
        "SELECT id, {} FROM rating{tests} ORDER BY id DESC LIMIT ${}",
        COLUMNS.join(", "),
        values.len()
    );
    tx.query(&sql, &values, |row| Rating::from_row(row.get(0)?, row, 1))
}

/// What a person was asked to rate, the newest first.
pub(crate) fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<RatingId>,
    most: usize,
) -> Result<Vec<Rating>, Fault> {
    let sql = format!(
        "SELECT id, {} FROM rating WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        COLUMNS.join(", ")
    );
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let newest: RatingId = kernel::TypedId::from_uuid(Uuid::max());
    let after = after.unwrap_or(newest);
    tx.query(&sql, params![person, after, most], |row| {
        Rating::from_row(row.get(0)?, row, 1)
    })
}

/// A code for typing: the token under it and when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptCode {
    pub(crate) token: Vec<u8>,
    pub(crate) ends_at: Timestamp,
}

/// The code with this finder.
pub(crate) fn code(tx: &mut Tx<'_>, finder: &[u8; 32]) -> Result<Option<KeptCode>, Fault> {
    CODES.get(tx, params![*finder], |row| {
        Ok(KeptCode {
            token: row.get(2)?,
            ends_at: row.get(3)?,
        })
    })
}

/// The finder of the code of a rating that an officer asked for, with the locked token.
pub(crate) fn code_of_officer(
    tx: &mut Tx<'_>,
    rating: RatingId,
    officer: OfficerId,
) -> Result<Option<[u8; 32]>, Fault> {
    let sql = "SELECT rating_code.code FROM rating_code JOIN rating \
               ON rating.id = rating_code.rating \
               WHERE rating.id = $1 AND rating.officer = $2";
    tx.query_one(sql, params![rating, officer], |row| row.get(0))
}

/// Forgets the codes that have ended.
pub(crate) fn forget_ended_codes(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Fault> {
    tx.execute("DELETE FROM rating_code WHERE ends_at < $1", params![now])
}

/// Forgets the codes of a rating.
pub(crate) fn forget_codes(tx: &mut Tx<'_>, rating: RatingId) -> Result<u64, Fault> {
    tx.execute("DELETE FROM rating_code WHERE rating = $1", params![rating])
}
