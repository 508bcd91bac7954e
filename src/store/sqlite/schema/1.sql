CREATE TABLE host (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,             -- host, with the port where it is not the scheme's own
  found_at INTEGER NOT NULL,
  ready_at INTEGER NOT NULL DEFAULT 0,   -- nothing is asked of the host before
  leased_by TEXT,                        -- the worker that holds the host's queue
  leased_until INTEGER NOT NULL DEFAULT 0,
  robots TEXT                            -- what politeness knows of the host, as JSON
);

CREATE TABLE url (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,              -- canonical form
  host_id INTEGER NOT NULL REFERENCES host(id),
  site TEXT NOT NULL,                    -- the site in whose name it is fetched
  role TEXT NOT NULL CHECK (role IN ('seed', 'section', 'feed', 'sitemap', 'article')),
  guessed INTEGER NOT NULL DEFAULT 0,    -- a customary place that need not exist
  depth INTEGER NOT NULL,                -- links from the seed
  priority REAL NOT NULL,
  hint TEXT,                             -- what the feed or sitemap said, as JSON
  found_at INTEGER NOT NULL,
  found_on INTEGER,                      -- url.id of the page with the link
  due_at INTEGER,                        -- null: never again
  tries INTEGER NOT NULL DEFAULT 0,      -- failures in a row
  fetched_at INTEGER,
  outcome TEXT,
  reason TEXT,
  etag TEXT,
  last_modified TEXT,
  content_hash INTEGER,
  interval_s INTEGER
);
CREATE INDEX url_due ON url (host_id, priority DESC) WHERE due_at IS NOT NULL;
CREATE INDEX url_site ON url (site, role);

CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  site TEXT NOT NULL,
  stored_at INTEGER NOT NULL,
  published TEXT,                        -- as the record has it
  published_at INTEGER,                  -- the same as a time, for ranges
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  record TEXT NOT NULL,                  -- JSON without `text`
  content_hash INTEGER NOT NULL,
  simhash INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  duplicate_of INTEGER REFERENCES article(id)
);
CREATE INDEX article_site ON article (site, stored_at);
CREATE INDEX article_stored ON article (stored_at);
CREATE INDEX article_content ON article (content_hash);

CREATE TABLE alias (
  url TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id)
) WITHOUT ROWID;
CREATE INDEX alias_article ON alias (article_id);

CREATE TABLE simhash_band (
  band INTEGER NOT NULL,
  key INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (band, key, article_id)
) WITHOUT ROWID;

CREATE TABLE version (
  article_id INTEGER NOT NULL REFERENCES article(id),
  number INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (article_id, number)
) WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  summary TEXT
);

CREATE TABLE fetch (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run(id),
  url_id INTEGER NOT NULL REFERENCES url(id),
  at INTEGER NOT NULL,
  status INTEGER,
  outcome TEXT NOT NULL,
  reason TEXT,
  requests INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  elapsed_ms INTEGER NOT NULL
);
CREATE INDEX fetch_url ON fetch (url_id);

CREATE TABLE export_mark (
  name TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL            -- the newest article handed over
) WITHOUT ROWID;

CREATE VIRTUAL TABLE article_fts USING fts5(
  title, text, content='article', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER article_ai AFTER INSERT ON article BEGIN
  INSERT INTO article_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER article_ad AFTER DELETE ON article BEGIN
  INSERT INTO article_fts(article_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER article_au AFTER UPDATE OF title, text ON article BEGIN
  INSERT INTO article_fts(article_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO article_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
