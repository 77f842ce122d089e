-- 事项 and where each of its versions stands: what the ledger's lines make of them.
CREATE TABLE item (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    versions TEXT NOT NULL
);
CREATE TABLE item_version (
    item BYTEA NOT NULL,
    number BIGINT NOT NULL,
    status TEXT NOT NULL,
    digest BYTEA NOT NULL,
    effective TEXT,
    withdrawn_on TEXT,
    PRIMARY KEY (item, number)
);
CREATE INDEX item_version_in_force ON item_version (status, item, effective, number);
-- 实施清单: the content of each version, bound to the ledger by the digest of its text. The
-- other columns repeat what lists are sorted and narrowed by.
CREATE TABLE item_content (
    item BYTEA NOT NULL,
    number BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    topics TEXT NOT NULL,
    full_item BIGINT NOT NULL,
    content TEXT NOT NULL,
    row_seal BYTEA NOT NULL,
    PRIMARY KEY (item, number)
);
CREATE INDEX item_content_by_rank ON item_content (full_item, code);
-- The code by which a table names an item: one item a code, for ever.
CREATE TABLE item_key (
    code TEXT PRIMARY KEY,
    item BYTEA NOT NULL,
    row_seal BYTEA NOT NULL
);
-- The other codes of items; some are shared.
CREATE TABLE item_code (
    code TEXT NOT NULL,
    item BYTEA NOT NULL,
    number BIGINT NOT NULL,
    row_seal BYTEA NOT NULL,
    PRIMARY KEY (code, item)
);
