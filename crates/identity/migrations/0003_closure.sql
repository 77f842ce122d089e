CREATE TABLE identity_closure (
    id BYTEA NOT NULL PRIMARY KEY,
    what TEXT NOT NULL,
    subject BYTEA NOT NULL,
    on_day TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_closure_subject ON identity_closure (what, subject);
