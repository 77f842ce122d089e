-- The item whose matter a notice belongs to: an agent with a power for one matter reads no others.
ALTER TABLE notice ADD COLUMN item BYTEA;
