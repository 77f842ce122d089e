CREATE TABLE power_of_attorney (
    id BYTEA NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    agency BYTEA NOT NULL,
    principal BYTEA NOT NULL,
    agent BYTEA NOT NULL,
    item BYTEA,
    hall BYTEA NOT NULL,
    seen_by BYTEA NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    paper TEXT NOT NULL,
    scope TEXT NOT NULL,
    ended_on TEXT
);
CREATE UNIQUE INDEX power_of_attorney_agency ON power_of_attorney (agency);
CREATE INDEX power_of_attorney_agent ON power_of_attorney (agent, principal, id);
CREATE INDEX power_of_attorney_principal ON power_of_attorney (principal, id);
