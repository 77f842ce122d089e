CREATE TABLE inbox_letter (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner BYTEA NOT NULL,
    number TEXT NOT NULL,
    href TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    read_at BIGINT,
    row_seal BYTEA NOT NULL
);
CREATE INDEX inbox_letter_owner ON inbox_letter (owner_kind, owner, written_at);

CREATE TABLE inbox_dispatch (
    letter BYTEA NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT,
    tried_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL,
    PRIMARY KEY (letter, channel)
);
CREATE INDEX inbox_dispatch_state ON inbox_dispatch (state, tried_at);

CREATE TABLE inbox_address (
    id BYTEA NOT NULL PRIMARY KEY,
    owner_kind TEXT NOT NULL,
    owner BYTEA NOT NULL,
    mail BYTEA,
    sms BOOLEAN NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX inbox_address_owner ON inbox_address (owner_kind, owner);

CREATE TABLE inbox_progress (
    name TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
