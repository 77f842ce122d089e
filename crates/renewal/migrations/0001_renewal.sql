CREATE TABLE renewal (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    certificate BYTEA NOT NULL,
    holder BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    item BYTEA NOT NULL,
    status TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    until TEXT NOT NULL,
    begun_on TEXT NOT NULL,
    asked_on TEXT,
    statement TEXT,
    reviewed_by BYTEA,
    reviewed_for BYTEA,
    agreed BOOLEAN,
    opinion TEXT,
    decided_by BYTEA,
    decided_on TEXT,
    reason TEXT,
    say_no_by TEXT,
    check_days BIGINT,
    check_due TEXT,
    overdue_since TEXT,
    checker BYTEA,
    finding TEXT
);
CREATE UNIQUE INDEX renewal_certificate ON renewal (certificate);
CREATE INDEX renewal_organ ON renewal (organ, status, expires_on, id);
CREATE INDEX renewal_holder ON renewal (holder, id);
