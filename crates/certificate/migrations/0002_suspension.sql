ALTER TABLE certificate ADD COLUMN suspended_for TEXT;
ALTER TABLE certificate ADD COLUMN suspended_until TEXT;
CREATE INDEX certificate_organ ON certificate (organ, id);
CREATE INDEX certificate_number ON certificate (number);
