-- Blocks that repeat across a site's articles (see sitewide.rs).
CREATE TABLE sitewide_site (
  site TEXT PRIMARY KEY,
  pages INTEGER NOT NULL,                -- articles counted
  cleaned_to INTEGER NOT NULL DEFAULT 0  -- the newest article.id that was cleaned when a run ended
) WITHOUT ROWID;

CREATE TABLE sitewide_block (
  site TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,
  pages INTEGER NOT NULL,                -- articles with the block, counted since it was noted
  missed INTEGER NOT NULL,               -- most articles that can have had it before
  PRIMARY KEY (site, fingerprint)
) WITHOUT ROWID;
