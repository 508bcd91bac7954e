-- When a source brought something new last: one that did within a day is asked more often.
ALTER TABLE url ADD COLUMN news_at INTEGER;
