-- What speaks for and against a story at an address, in log-odds: the strongest of each kind.
CREATE TABLE evidence (
  url_id INTEGER NOT NULL REFERENCES url(id),
  kind TEXT NOT NULL,                    -- who named it: setting, feed, news_sitemap, sitemap, link; and, as
                                         -- they were when it was decided about: pattern, page
  source_id INTEGER,                     -- url.id of the feed, sitemap or page
  at INTEGER NOT NULL,
  weight REAL NOT NULL,
  signs TEXT NOT NULL,                   -- what was seen, in words
  PRIMARY KEY (url_id, kind)
) WITHOUT ROWID;

-- Addresses that are not fetched have a row of `url` with the outcome 'left_alone' and the reason, as many
-- of a site and reason as store::left_alone says; more are counted only.
CREATE TABLE left_alone (
  site TEXT NOT NULL,
  reason TEXT NOT NULL,
  noted INTEGER NOT NULL,                -- rows of `url` there were
  more INTEGER NOT NULL,                 -- mentions of addresses without a row
  PRIMARY KEY (site, reason)
) WITHOUT ROWID;

-- What an older store takes for an article's was named by a feed or by links of weight.
INSERT INTO evidence (url_id, kind, source_id, at, weight, signs)
  SELECT id, CASE WHEN hint IS NULL THEN 'link' ELSE 'feed' END, found_on, found_at,
    CASE WHEN hint IS NULL THEN 2.0 ELSE 10.0 END, 'by an earlier version'
  FROM url WHERE role = 'article';
