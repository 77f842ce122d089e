CREATE TABLE offence (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    party BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    status TEXT NOT NULL,
    found_on TEXT NOT NULL,
    handler BYTEA NOT NULL,
    facts TEXT NOT NULL,
    assessment TEXT,
    outcome TEXT,
    education TEXT,
    educated_on TEXT,
    decider BYTEA,
    decided_on TEXT,
    reason TEXT,
    due TEXT,
    finding TEXT
);
CREATE INDEX offence_party ON offence (party, entry, found_on);
CREATE INDEX offence_organ ON offence (organ, status, id);
