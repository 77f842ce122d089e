-- 窗口收件: a clerk took the bundle in for somebody who stood at the window.
ALTER TABLE bundle ADD COLUMN at_counter BOOLEAN NOT NULL DEFAULT FALSE;
