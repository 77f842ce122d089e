CREATE TABLE scheme (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    organ BYTEA NOT NULL,
    item BYTEA,
    content TEXT NOT NULL,
    amount BIGINT,
    budget BIGINT,
    published_on TEXT NOT NULL,
    run_on TEXT,
    closed_on TEXT
);
CREATE UNIQUE INDEX scheme_code ON scheme (code);
CREATE TABLE offer (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    scheme BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    party BYTEA NOT NULL,
    period TEXT NOT NULL,
    status TEXT NOT NULL,
    amount BIGINT,
    ruling TEXT NOT NULL,
    matched_by BYTEA,
    offered_on TEXT NOT NULL,
    due TEXT,
    decided_by BYTEA,
    decided_on TEXT,
    reason TEXT,
    list BYTEA,
    paid_on TEXT,
    number TEXT,
    drawn BOOLEAN NOT NULL,
    finding TEXT
);
CREATE UNIQUE INDEX offer_once ON offer (scheme, party, period);
CREATE INDEX offer_party ON offer (party, id);
CREATE INDEX offer_scheme ON offer (scheme, status, id);
CREATE INDEX offer_list ON offer (list, id);
CREATE TABLE payment_list (
    id BYTEA PRIMARY KEY,
    revision BIGINT NOT NULL,
    scheme BYTEA NOT NULL,
    organ BYTEA NOT NULL,
    drawn_by BYTEA NOT NULL,
    drawn_on TEXT NOT NULL,
    count BIGINT NOT NULL,
    total BIGINT NOT NULL
);
CREATE INDEX payment_list_scheme ON payment_list (scheme, id);
