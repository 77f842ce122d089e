-- What waits to be filed, and what was filed, each read by a seek.
CREATE INDEX case_record_to_file ON case_record (id)
    WHERE closed_on IS NOT NULL AND status <> 'archived';
CREATE INDEX case_record_filed ON case_record (id) WHERE status = 'archived';
