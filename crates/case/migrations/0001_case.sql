CREATE TABLE case_record (
    id BYTEA NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    number TEXT NOT NULL,
    application BYTEA NOT NULL,
    item BYTEA NOT NULL,
    version BIGINT NOT NULL,
    procedure TEXT NOT NULL,
    result TEXT,
    applicant BYTEA NOT NULL,
    agent BYTEA,
    organ BYTEA NOT NULL,
    hall BYTEA NOT NULL,
    consulted TEXT NOT NULL,
    status TEXT NOT NULL,
    verdict TEXT,
    marking TEXT NOT NULL,
    tasks TEXT NOT NULL,
    hands TEXT NOT NULL,
    statutory_count BIGINT NOT NULL,
    statutory_unit TEXT NOT NULL,
    promised_count BIGINT NOT NULL,
    promised_unit TEXT NOT NULL,
    started_at TEXT NOT NULL,
    pauses TEXT NOT NULL,
    extension_days BIGINT,
    extended_on TEXT,
    promised_due TEXT,
    statutory_due TEXT,
    delivery_due TEXT,
    opened_on TEXT NOT NULL,
    decided_on TEXT,
    closed_on TEXT
);
CREATE UNIQUE INDEX case_record_number ON case_record (number);
CREATE INDEX case_record_applicant ON case_record (applicant, id);
CREATE INDEX case_record_open ON case_record (organ, item, promised_due) WHERE closed_on IS NULL;

CREATE TABLE case_task (
    case_id BYTEA NOT NULL,
    task BIGINT NOT NULL,
    organ BYTEA NOT NULL,
    role TEXT NOT NULL,
    duty TEXT NOT NULL,
    held_by BYTEA,
    opened_on TEXT NOT NULL,
    task_due TEXT,
    case_due TEXT NOT NULL,
    PRIMARY KEY (case_id, task)
);
CREATE INDEX case_task_post ON case_task (organ, role, case_due, case_id, task);
CREATE INDEX case_task_mine ON case_task (held_by, case_due, case_id, task)
    WHERE held_by IS NOT NULL;

CREATE VIEW case_view_board AS
SELECT id, number, application, item, version, organ, hall, status, verdict,
       statutory_count, statutory_unit, promised_count, promised_unit,
       promised_due, statutory_due, delivery_due, opened_on, decided_on, closed_on
FROM case_record;
