CREATE TABLE application (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    query_code TEXT NOT NULL,
    item BYTEA NOT NULL,
    version BIGINT NOT NULL,
    scenario BIGINT NOT NULL,
    applicant BYTEA NOT NULL,
    agent BYTEA,
    channel TEXT NOT NULL,
    hall BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    status TEXT NOT NULL,
    received_on TEXT NOT NULL,
    tell_by TEXT NOT NULL,
    answer_by TEXT NOT NULL,
    answers TEXT NOT NULL,
    documents TEXT NOT NULL,
    notice TEXT,
    corrected_on TEXT,
    settled TEXT
);
CREATE INDEX application_desk ON application (hall, status, answer_by, id);
CREATE INDEX application_applicant ON application (applicant, id);
CREATE INDEX application_agent ON application (agent, id);
CREATE TABLE application_draft (
    id BYTEA PRIMARY KEY,
    item BYTEA NOT NULL,
    applicant BYTEA NOT NULL,
    agent BYTEA,
    hall BYTEA,
    clerk BYTEA,
    channel TEXT NOT NULL,
    picks TEXT NOT NULL,
    answers BYTEA NOT NULL,
    saved_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE INDEX application_draft_applicant ON application_draft (applicant, id);
CREATE INDEX application_draft_agent ON application_draft (agent, id);
CREATE INDEX application_draft_hall ON application_draft (hall, id);
CREATE TABLE application_upload (
    id BYTEA PRIMARY KEY,
    owner BYTEA NOT NULL,
    draft BYTEA,
    material TEXT,
    address BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    size BIGINT NOT NULL,
    media TEXT NOT NULL,
    name BYTEA NOT NULL,
    sent_at BIGINT NOT NULL,
    row_seal BYTEA NOT NULL
);
CREATE INDEX application_upload_draft ON application_upload (draft, id);
CREATE INDEX application_upload_owner ON application_upload (owner, id);
