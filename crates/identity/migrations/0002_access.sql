CREATE TABLE identity_handed_out (
    account BYTEA NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);

CREATE TABLE identity_factor (
    id BYTEA NOT NULL PRIMARY KEY,
    account BYTEA NOT NULL,
    secret BYTEA NOT NULL,
    state TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX identity_factor_account ON identity_factor (account);

CREATE TABLE identity_code_used (
    factor BYTEA NOT NULL PRIMARY KEY,
    step BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);

CREATE TABLE identity_recovery_code (
    mark BYTEA NOT NULL PRIMARY KEY,
    factor BYTEA NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE INDEX identity_recovery_code_factor ON identity_recovery_code (factor);
