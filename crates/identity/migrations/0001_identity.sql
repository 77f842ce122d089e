CREATE TABLE identity_organ (
    id BYTEA NOT NULL PRIMARY KEY,
    uscc TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    dept4 TEXT NOT NULL,
    region6 TEXT NOT NULL,
    kind TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_organ_uscc ON identity_organ (uscc);
CREATE UNIQUE INDEX identity_organ_dept4 ON identity_organ (dept4);
CREATE UNIQUE INDEX identity_organ_hall ON identity_organ (kind) WHERE kind = 'hall';

CREATE TABLE identity_post (
    id BYTEA NOT NULL PRIMARY KEY,
    organ BYTEA NOT NULL,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_post_name ON identity_post (organ, name);

CREATE TABLE identity_officer (
    id BYTEA NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    name BYTEA NOT NULL,
    state TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_officer_login ON identity_officer (login);

CREATE TABLE identity_appointment (
    id BYTEA NOT NULL PRIMARY KEY,
    officer BYTEA NOT NULL,
    post BYTEA NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT,
    row_seal BYTEA NOT NULL
);
CREATE INDEX identity_appointment_officer ON identity_appointment (officer);
CREATE INDEX identity_appointment_post ON identity_appointment (post);

CREATE TABLE identity_deputy (
    id BYTEA NOT NULL PRIMARY KEY,
    post BYTEA NOT NULL,
    holder BYTEA NOT NULL,
    deputy BYTEA NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT,
    row_seal BYTEA NOT NULL
);
CREATE INDEX identity_deputy_deputy ON identity_deputy (deputy);

CREATE TABLE identity_person (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    number_mark BYTEA NOT NULL,
    body BYTEA NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_person_number ON identity_person (number_mark);

CREATE TABLE identity_agency (
    id BYTEA NOT NULL PRIMARY KEY,
    principal BYTEA NOT NULL,
    agent BYTEA NOT NULL,
    power_file BYTEA,
    power_digest BYTEA,
    from_day TEXT NOT NULL,
    until_day TEXT,
    row_seal BYTEA NOT NULL
);
CREATE INDEX identity_agency_agent ON identity_agency (agent);
CREATE INDEX identity_agency_principal ON identity_agency (principal);

CREATE TABLE identity_account (
    id BYTEA NOT NULL PRIMARY KEY,
    login_mark BYTEA NOT NULL,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    password TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_account_login ON identity_account (login_mark);
CREATE UNIQUE INDEX identity_account_subject ON identity_account (kind, subject);

CREATE TABLE identity_failure (
    login_mark BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
