CREATE TABLE operations_notice (
    id BYTEA NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    version TEXT NOT NULL,
    body TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX operations_notice_number ON operations_notice (number);
CREATE UNIQUE INDEX operations_notice_version ON operations_notice (version);

CREATE TABLE operations_region_list (
    id BYTEA NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    version TEXT NOT NULL,
    digest BYTEA NOT NULL,
    body TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX operations_region_list_number ON operations_region_list (number);
CREATE UNIQUE INDEX operations_region_list_version ON operations_region_list (version);

CREATE TABLE operations_export (
    id BYTEA NOT NULL PRIMARY KEY,
    what TEXT NOT NULL,
    operator TEXT NOT NULL,
    purpose BYTEA NOT NULL,
    row_count BIGINT NOT NULL,
    at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
