CREATE TABLE notice (
    id BYTEA NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    about BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    person BYTEA NOT NULL,
    drawn_on TEXT NOT NULL,
    data_text BYTEA NOT NULL,
    data_digest BYTEA NOT NULL,
    file_state TEXT NOT NULL,
    file_id BYTEA,
    file_digest BYTEA,
    mark BYTEA,
    failure TEXT,
    failure_text BYTEA,
    failure_digest BYTEA
);
CREATE INDEX notice_about ON notice (about, id);
CREATE INDEX notice_mark ON notice (mark) WHERE mark IS NOT NULL;
CREATE INDEX notice_failed ON notice (id) WHERE file_state = 'failed';
CREATE UNIQUE INDEX notice_number ON notice (organ, number);

CREATE TABLE certificate (
    id BYTEA NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    ecert_id TEXT NOT NULL,
    number TEXT NOT NULL,
    holder BYTEA NOT NULL,
    about BYTEA NOT NULL,
    item BYTEA NOT NULL,
    item_version BIGINT NOT NULL,
    organ BYTEA NOT NULL,
    issued_on TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    text_id BYTEA NOT NULL,
    text_digest BYTEA NOT NULL,
    state TEXT NOT NULL,
    state_since TEXT NOT NULL,
    successor BYTEA,
    revoked_for TEXT,
    cancelled_for TEXT,
    reason_text BYTEA,
    reason_digest BYTEA,
    file_state TEXT NOT NULL,
    file_id BYTEA,
    file_digest BYTEA,
    mark BYTEA,
    failure TEXT,
    failure_text BYTEA,
    failure_digest BYTEA
);
CREATE UNIQUE INDEX certificate_ecert_id ON certificate (ecert_id);
CREATE INDEX certificate_about ON certificate (about, id);
CREATE INDEX certificate_holder ON certificate (holder, state, id);
CREATE INDEX certificate_mark ON certificate (mark) WHERE mark IS NOT NULL;
CREATE INDEX certificate_failed ON certificate (id) WHERE file_state = 'failed';

CREATE TABLE office_template (
    id BYTEA NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX office_template_name ON office_template (name);
