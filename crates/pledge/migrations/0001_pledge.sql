CREATE TABLE pledge (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    application BYTEA NOT NULL,
    number TEXT,
    item BYTEA NOT NULL,
    version BIGINT NOT NULL,
    applicant BYTEA NOT NULL,
    signer BYTEA,
    witness BYTEA,
    organ BYTEA NOT NULL,
    materials TEXT NOT NULL,
    fields TEXT NOT NULL,
    owed TEXT NOT NULL,
    words TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    make_up_days BIGINT,
    check_days BIGINT,
    due TEXT,
    overdue_since TEXT,
    decider BYTEA,
    checker BYTEA,
    finding TEXT,
    closed_on TEXT
);
CREATE UNIQUE INDEX pledge_application ON pledge (application, kind);
CREATE INDEX pledge_applicant ON pledge (applicant, id);
CREATE INDEX pledge_open ON pledge (organ, due, id) WHERE closed_on IS NULL;
