ALTER TABLE case_record ADD COLUMN priority BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE case_record ADD COLUMN tacit BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE case_record ADD COLUMN check_due TEXT;
CREATE INDEX case_record_tacit ON case_record (organ, check_due, id) WHERE tacit;
