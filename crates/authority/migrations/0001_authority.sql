CREATE TABLE authority_table (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    organ BYTEA NOT NULL, number BIGINT NOT NULL, from_day TEXT, until_day TEXT,
    state TEXT NOT NULL, UNIQUE (organ, number)
);
CREATE INDEX authority_table_force ON authority_table (organ, from_day) WHERE from_day IS NOT NULL;
CREATE TABLE authority_post_grade (
    id BYTEA PRIMARY KEY, post BYTEA NOT NULL UNIQUE, grade TEXT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE TABLE authority_chief (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    organ BYTEA NOT NULL, officer BYTEA NOT NULL, until_day TEXT, state TEXT NOT NULL
);
CREATE INDEX authority_chief_organ ON authority_chief (organ, id);
CREATE TABLE authority_opinion (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL, case_id BYTEA NOT NULL,
    number BIGINT NOT NULL, state TEXT NOT NULL, UNIQUE (case_id, number)
);
CREATE TABLE authority_power (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    from_organ BYTEA NOT NULL, to_organ BYTEA NOT NULL,
    from_day TEXT NOT NULL, last_day TEXT, state TEXT NOT NULL
);
CREATE INDEX authority_power_to ON authority_power (to_organ, from_day);
CREATE INDEX authority_power_from ON authority_power (from_organ, from_day);
CREATE TABLE authority_sitting (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    organ BYTEA NOT NULL, on_day TEXT NOT NULL, progress TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX authority_sitting_organ ON authority_sitting (organ, id);
CREATE TABLE authority_agenda (
    sitting BYTEA NOT NULL, case_id BYTEA NOT NULL, outcome TEXT,
    PRIMARY KEY (sitting, case_id)
);
CREATE INDEX authority_agenda_case ON authority_agenda (case_id, sitting);
CREATE TABLE authority_handover (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    giver BYTEA NOT NULL, receiver BYTEA NOT NULL, progress TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX authority_handover_giver ON authority_handover (giver, id);
CREATE INDEX authority_handover_receiver ON authority_handover (receiver, id);
