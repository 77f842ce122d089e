-- The item whose matter is heard: an agent with a power for one matter sees no others.
ALTER TABLE hearing ADD COLUMN item BYTEA;
