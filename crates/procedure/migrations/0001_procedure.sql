-- 流程与决策表 and where each of their versions stands: what the ledger's lines make of them.
CREATE TABLE procedure_record (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    copied_from TEXT,
    versions TEXT NOT NULL
);
CREATE UNIQUE INDEX procedure_record_name ON procedure_record (name);
-- The file of each version, bound to the ledger by its digest; labels repeat what lists show.
CREATE TABLE procedure_file (
    id BYTEA NOT NULL,
    number BIGINT NOT NULL,
    label TEXT NOT NULL,
    label_en TEXT NOT NULL,
    file TEXT NOT NULL,
    row_seal BYTEA NOT NULL,
    PRIMARY KEY (id, number)
);
