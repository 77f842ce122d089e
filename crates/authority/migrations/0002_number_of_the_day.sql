-- 当日第几次会议: two sittings of one day have an order.
ALTER TABLE authority_sitting ADD COLUMN number BIGINT NOT NULL DEFAULT 1;
CREATE INDEX authority_sitting_day ON authority_sitting (organ, on_day, number);
