CREATE TABLE bundle (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    number TEXT NOT NULL UNIQUE, theme TEXT NOT NULL, theme_version BIGINT NOT NULL,
    project BYTEA, applicant BYTEA NOT NULL, agent BYTEA, lead BYTEA NOT NULL, hall BYTEA NOT NULL,
    join_rule TEXT NOT NULL, absence TEXT NOT NULL, status TEXT NOT NULL,
    limit_days BIGINT NOT NULL, handed_in_on TEXT NOT NULL, started_on TEXT,
    stops TEXT NOT NULL, parts TEXT NOT NULL, opinions TEXT NOT NULL, reminders TEXT NOT NULL,
    joint_check TEXT, concluded_on TEXT
);
CREATE INDEX bundle_applicant ON bundle (applicant, id);
CREATE INDEX bundle_agent ON bundle (agent, id) WHERE agent IS NOT NULL;
CREATE INDEX bundle_lead ON bundle (lead, id);
CREATE INDEX bundle_theme ON bundle (theme, concluded_on);
CREATE TABLE bundle_part (
    bundle_id BYTEA NOT NULL, part BIGINT NOT NULL, organ BYTEA NOT NULL, status TEXT NOT NULL,
    application BYTEA, case_id BYTEA,
    PRIMARY KEY (bundle_id, part)
);
CREATE INDEX bundle_part_application ON bundle_part (application) WHERE application IS NOT NULL;
CREATE INDEX bundle_part_case ON bundle_part (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX bundle_part_organ ON bundle_part (organ, bundle_id);
CREATE TABLE bundle_opinion (
    bundle_id BYTEA NOT NULL, number BIGINT NOT NULL, organ BYTEA NOT NULL, status TEXT NOT NULL,
    due TEXT NOT NULL,
    PRIMARY KEY (bundle_id, number)
);
CREATE INDEX bundle_opinion_organ ON bundle_opinion (organ, status, due);
CREATE TABLE project (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, applicant BYTEA NOT NULL, agent BYTEA,
    scheme TEXT NOT NULL, scheme_version BIGINT NOT NULL, hall BYTEA NOT NULL,
    is_key BOOLEAN NOT NULL, registered_on TEXT NOT NULL, wanted_on TEXT,
    stages TEXT NOT NULL, blockers TEXT NOT NULL, finished_on TEXT
);
CREATE INDEX project_applicant ON project (applicant, id);
CREATE INDEX project_key ON project (is_key, id);
CREATE TABLE bundle_draft (
    id BYTEA PRIMARY KEY, theme TEXT NOT NULL, project BYTEA, stage BIGINT,
    applicant BYTEA NOT NULL, agent BYTEA, owner BYTEA NOT NULL, pre_review BOOLEAN NOT NULL,
    chosen TEXT NOT NULL, answers BYTEA NOT NULL, papers TEXT NOT NULL,
    saved_at BIGINT NOT NULL, row_seal BYTEA NOT NULL
);
CREATE INDEX bundle_draft_owner ON bundle_draft (owner, id);
