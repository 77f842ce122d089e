-- 个人信息删除请求: who asked, how it ended, and how much was erased.
CREATE TABLE identity_erasure (
    id BYTEA NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    person BYTEA NOT NULL,
    status TEXT NOT NULL,
    asked_on TEXT NOT NULL,
    ended_on TEXT,
    in_the_way BIGINT NOT NULL,
    free_on TEXT,
    matters BIGINT NOT NULL,
    texts BIGINT NOT NULL,
    files BIGINT NOT NULL,
    drafts BIGINT NOT NULL,
    letters BIGINT NOT NULL
);
CREATE INDEX identity_erasure_person ON identity_erasure (person, id);
CREATE INDEX identity_erasure_status ON identity_erasure (status, id);
