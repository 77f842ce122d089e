-- 按规则准予: by which mode a decision table granted it; none where people decided.
ALTER TABLE case_record ADD COLUMN ruled TEXT;
CREATE INDEX case_record_ruled ON case_record (organ, check_due, id) WHERE ruled IS NOT NULL;
