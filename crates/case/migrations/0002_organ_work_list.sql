-- The work list of a whole organ, least time left first, read by a seek.
CREATE INDEX case_task_organ ON case_task (organ, case_due, case_id, task);
