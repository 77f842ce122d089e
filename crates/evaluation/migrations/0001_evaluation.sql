CREATE TABLE rating (
    id BYTEA PRIMARY KEY, revision BIGINT NOT NULL,
    subject_kind TEXT NOT NULL, subject BYTEA NOT NULL UNIQUE,
    item BYTEA NOT NULL, item_version BIGINT NOT NULL,
    organ BYTEA NOT NULL, officer BYTEA, person BYTEA, tag_set TEXT NOT NULL,
    invited_on TEXT NOT NULL, expires_on TEXT NOT NULL, token BYTEA UNIQUE,
    status TEXT NOT NULL, grade TEXT, is_default BOOLEAN NOT NULL, is_bad BOOLEAN NOT NULL,
    rated_on TEXT, tags TEXT NOT NULL, words BYTEA, channel TEXT, named BYTEA,
    more_grade TEXT, more_words BYTEA, more_on TEXT
);
CREATE INDEX rating_item ON rating (item, status, grade);
CREATE INDEX rating_organ ON rating (organ, id);
CREATE INDEX rating_bad ON rating (id) WHERE is_bad;
CREATE INDEX rating_person ON rating (person, id) WHERE person IS NOT NULL;
CREATE TABLE rating_code (
    code BYTEA PRIMARY KEY, rating BYTEA NOT NULL, token BYTEA NOT NULL,
    ends_at BIGINT NOT NULL, row_seal BYTEA NOT NULL
);
CREATE INDEX rating_code_rating ON rating_code (rating);
CREATE INDEX rating_code_ends_at ON rating_code (ends_at);
CREATE VIEW evaluation_view_board AS
    SELECT id, organ, item, item_version, officer, grade, is_default, is_bad, channel, rated_on
    FROM rating WHERE grade IS NOT NULL;
