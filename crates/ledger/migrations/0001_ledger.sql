CREATE TABLE ledger_line (
    record BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    record_kind TEXT NOT NULL,
    kind TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    person BYTEA,
    post BYTEA,
    organ BYTEA,
    deputizing BYTEA,
    channel TEXT NOT NULL,
    command BYTEA NOT NULL,
    data BYTEA NOT NULL,
    position BIGINT,
    PRIMARY KEY (record, revision)
);
CREATE UNIQUE INDEX ledger_line_position ON ledger_line (position) WHERE position IS NOT NULL;
CREATE INDEX ledger_line_unsealed ON ledger_line (at) WHERE position IS NULL;

CREATE TABLE ledger_tile (
    level BIGINT NOT NULL,
    place BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, place)
);

CREATE TABLE ledger_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    note TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);

CREATE TABLE kept_text (
    id BYTEA NOT NULL PRIMARY KEY,
    record BYTEA NOT NULL,
    person BYTEA,
    salt BYTEA NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX kept_text_person ON kept_text (person) WHERE person IS NOT NULL;
CREATE INDEX kept_text_record ON kept_text (record);

CREATE TABLE kept_file (
    id BYTEA NOT NULL PRIMARY KEY,
    record BYTEA NOT NULL,
    person BYTEA,
    salt BYTEA NOT NULL,
    address BYTEA NOT NULL,
    size BIGINT NOT NULL,
    media TEXT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX kept_file_person ON kept_file (person) WHERE person IS NOT NULL;
CREATE INDEX kept_file_record ON kept_file (record);
CREATE INDEX kept_file_address ON kept_file (address);

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
