-- 人工办理: the applicant wants people to handle it, where a decision table might.
ALTER TABLE application ADD COLUMN by_hand BOOLEAN NOT NULL DEFAULT FALSE;
