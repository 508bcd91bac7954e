-- Updates are counted, so that `export --follow` hands over an article's new version, too.
ALTER TABLE article ADD COLUMN update_number INTEGER;
UPDATE article SET update_number = updated.number FROM
  (SELECT id, row_number() OVER (ORDER BY stored_at, id) AS number FROM article WHERE version > 1) AS updated
  WHERE updated.id = article.id;
CREATE UNIQUE INDEX article_update ON article(update_number) WHERE update_number IS NOT NULL;
ALTER TABLE export_mark ADD COLUMN update_number INTEGER NOT NULL DEFAULT 0;
