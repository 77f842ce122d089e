ALTER TABLE certificate ADD COLUMN withdrawn_for TEXT;
ALTER TABLE certificate ADD COLUMN penalty_for TEXT;
CREATE INDEX certificate_ending ON certificate (valid_until, id) WHERE state = 'valid';
