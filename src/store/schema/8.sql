-- Updates are counted, so that `export --follow` hands over an article's new version, too.
ALTER TABLE article ADD COLUMN update_number INTEGER;
UPDATE article SET update_number =
  (SELECT count(*) FROM article b WHERE b.version > 1 AND (b.stored_at, b.id) <= (article.stored_at, article.id))
  WHERE version > 1;
CREATE UNIQUE INDEX article_update ON article(update_number) WHERE update_number IS NOT NULL;
ALTER TABLE export_mark ADD COLUMN update_number INTEGER NOT NULL DEFAULT 0;
