CREATE TABLE timer (
    kind TEXT NOT NULL,
    record BYTEA NOT NULL,
    due_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL,
    PRIMARY KEY (kind, record)
);
CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE outbox (
    id BYTEA NOT NULL PRIMARY KEY,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE INDEX outbox_next ON outbox (next_at);

CREATE TABLE idempotency (
    key BYTEA NOT NULL PRIMARY KEY,
    asked BYTEA NOT NULL,
    answered_at BIGINT NOT NULL,
    reply TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE INDEX idempotency_age ON idempotency (answered_at);
