-- Candidates for near duplicates are judged by the index alone: an article's simhash stands behind its
-- text, which would have to be read for each of them.
ALTER TABLE simhash_band ADD COLUMN simhash INTEGER NOT NULL DEFAULT 0;
UPDATE simhash_band SET simhash = (SELECT simhash FROM article WHERE id = article_id);
