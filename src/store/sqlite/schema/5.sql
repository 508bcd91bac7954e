-- A host's queue: what waits in it is found by priority, what falls due later by its time.
ALTER TABLE url ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0; -- 1: due, and in its host's queue
DROP INDEX url_due;
CREATE INDEX url_waiting ON url (host_id, priority DESC) WHERE waiting = 1;
CREATE INDEX url_later ON url (due_at) WHERE waiting = 0 AND due_at IS NOT NULL;

-- Indices that no query uses, or only half.
DROP INDEX url_site;
DROP INDEX fetch_url;
DROP INDEX article_stored;
DROP INDEX article_site;
CREATE INDEX article_site ON article (site);

-- The newest article.id when it was last found out that something repeats across the site.
ALTER TABLE sitewide_site ADD COLUMN learned_at INTEGER NOT NULL DEFAULT 0;
UPDATE sitewide_site SET learned_at = (SELECT coalesce(max(id), 0) FROM article);
