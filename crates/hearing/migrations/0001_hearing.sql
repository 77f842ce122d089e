CREATE TABLE hearing (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    party BYTEA NOT NULL,
    status TEXT NOT NULL,
    offered_on TEXT,
    ask_by TEXT,
    asked_on TEXT,
    hold_by TEXT,
    day TEXT,
    minute BIGINT,
    place TEXT,
    presider BYTEA,
    closed_for TEXT,
    recusal TEXT,
    recusal_open BOOLEAN NOT NULL,
    late_since TEXT,
    minutes TEXT,
    held_on TEXT,
    signed_on TEXT,
    refused_to_sign BOOLEAN NOT NULL,
    closed_on TEXT
);
CREATE INDEX hearing_subject ON hearing (subject, id);
CREATE UNIQUE INDEX hearing_open ON hearing (subject) WHERE closed_on IS NULL;
CREATE INDEX hearing_organ ON hearing (organ, status, id);
CREATE INDEX hearing_party ON hearing (party, id);
CREATE INDEX hearing_public ON hearing (day, id) WHERE status = 'scheduled' AND closed_for IS NULL;
