CREATE TABLE session (
    token_digest BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    post BYTEA,
    channel TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE INDEX session_subject ON session (kind, subject, began_at);
CREATE INDEX session_end ON session (ends_at);
