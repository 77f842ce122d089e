-- 代理事项: the item that a right is for; none for every matter of the principal. A right without a
-- row here opens nothing: those that were recorded before said nothing of their scope.
CREATE TABLE identity_agency_scope (
    agency BYTEA NOT NULL PRIMARY KEY,
    item BYTEA,
    row_seal BYTEA NOT NULL
);
