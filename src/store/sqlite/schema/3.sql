-- Twins of an address (https, www, AMP) share a number; what a site's addresses were is counted.
ALTER TABLE url ADD COLUMN identity INTEGER; -- hash of address::identity; null in older rows
CREATE INDEX url_identity ON url (identity) WHERE identity IS NOT NULL;

CREATE TABLE shape (
  site TEXT NOT NULL,
  shape TEXT NOT NULL,                   -- discover::shape of an address
  articles INTEGER NOT NULL,             -- pages of that shape that were articles
  others INTEGER NOT NULL,               -- and that were not
  PRIMARY KEY (site, shape)
) WITHOUT ROWID;
