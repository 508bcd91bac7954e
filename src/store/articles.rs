//! Records: kept once, under one address, with the others as aliases.

use rusqlite::{OptionalExtension, params};

use super::Store;
use crate::Error;
use crate::dedup::{are_near, bands};
use crate::outcome::Outcome;
use crate::record::Record;

/// A page that is an article, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewArticle {
    /// Canonical form of the address it was fetched from, after redirects.
    pub url: String,
    /// Canonical form of the address the page names as its own, where that is on the same site.
    pub canonical: Option<String>,
    /// The site it belongs to.
    pub site: String,
    /// The record.
    pub record: Record,
    /// Hash of the body, white space aside.
    pub content_hash: u64,
    /// Simhash of the body.
    pub simhash: u64,
    /// `record.published` as a time, in Unix milliseconds.
    pub published_ms: Option<i64>,
    /// What of the page may turn out to repeat across its site ([`crate::sitewide::fingerprints`]).
    pub fingerprints: Vec<u64>,
}

/// What became of an article in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The article's row.
    pub id: i64,
    /// [`Outcome::Stored`], [`Outcome::Updated`], [`Outcome::Unchanged`] or [`Outcome::Duplicate`].
    pub outcome: Outcome,
}

/// The number of the next update. Without the condition, the whole table would be read for it.
pub(super) const NEXT_UPDATE: &str =
    "SELECT coalesce(max(update_number), 0) + 1 FROM article WHERE update_number IS NOT NULL";

/// Left to itself, `SQLite` would look at every article of the site.
pub(super) const SAME_ON_SITE: &str = "SELECT id FROM article INDEXED BY article_content
     WHERE content_hash = ?1 AND site = ?2 AND title = ?3 AND duplicate_of IS NULL";

/// What is known of a stored article.
struct Known {
    id: i64,
    content_hash: u64,
    simhash: u64,
}

impl Known {
    fn is_like(&self, new: &NewArticle) -> bool {
        self.content_hash == new.content_hash || are_near(self.simhash, new.simhash)
    }
}

impl Store {
    /// Stores an article. One whose address is known already is compared with what is stored, and
    /// replaces it when it differs (the old version is kept). A body that is known under another
    /// address of the same article becomes an alias; one that is known from another article is
    /// stored with a pointer to the first. `near` says whether nearly equal bodies count. It is found
    /// by its words when the [transaction](Store::transaction) ends.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn put_article(&self, new: &NewArticle, now_ms: i64, near: bool) -> Result<Placed, Error> {
        self.sql(self.place(new, now_ms, near))
    }

    fn place(&self, new: &NewArticle, now_ms: i64, near: bool) -> rusqlite::Result<Placed> {
        if let Some(known) = self.article_at(&new.url)? {
            return self.replace(&known, new, now_ms);
        }
        let address = new.canonical.as_ref().unwrap_or(&new.url);
        if let Some(known) = self.article_at(address)? {
            // A page may name a wrong address as its own; then it is an article by itself.
            if known.is_like(new) {
                self.add_alias(&new.url, known.id)?;
                return Ok(Placed {
                    id: known.id,
                    outcome: Outcome::Duplicate,
                });
            }
            return self.insert(&new.url, new, now_ms, near);
        }
        if let Some(same) = self.same_on_site(new)? {
            for address in [Some(&new.url), new.canonical.as_ref()]
                .into_iter()
                .flatten()
            {
                self.add_alias(address, same)?;
            }
            return Ok(Placed {
                id: same,
                outcome: Outcome::Duplicate,
            });
        }
        let placed = self.insert(address, new, now_ms, near)?;
        if *address != new.url {
            self.add_alias(&new.url, placed.id)?;
        }
        Ok(placed)
    }

    fn article_at(&self, url: &str) -> rusqlite::Result<Option<Known>> {
        self.connection
            .prepare_cached(
                "SELECT id, content_hash, simhash FROM article WHERE url = ?1
                 UNION ALL SELECT a.id, a.content_hash, a.simhash
                   FROM alias JOIN article a ON a.id = alias.article_id WHERE alias.url = ?1",
            )?
            .query_row([url], |row| {
                Ok(Known {
                    id: row.get(0)?,
                    content_hash: row.get::<_, i64>(1)?.cast_unsigned(),
                    simhash: row.get::<_, i64>(2)?.cast_unsigned(),
                })
            })
            .optional()
    }

    /// The article of the same site with the same headline and words: another address of it.
    fn same_on_site(&self, new: &NewArticle) -> rusqlite::Result<Option<i64>> {
        self.connection
            .prepare_cached(SAME_ON_SITE)?
            .query_row(
                params![
                    new.content_hash.cast_signed(),
                    new.site,
                    new.record.title.as_deref().unwrap_or_default()
                ],
                |row| row.get(0),
            )
            .optional()
    }

    fn add_alias(&self, url: &str, article: i64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO alias (url, article_id) VALUES (?1, ?2)")?
            .execute(params![url, article])?;
        Ok(())
    }

    fn insert(
        &self,
        address: &str,
        new: &NewArticle,
        now_ms: i64,
        near: bool,
    ) -> rusqlite::Result<Placed> {
        let first = self.first_like(new, near)?;
        let (text, json) = split(&new.record);
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO article (url, site, stored_at, published, published_at, title, text, record,
                   content_hash, simhash, duplicate_of)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
            )?
            .query_row(
                params![
                    address, new.site, now_ms, new.record.published, new.published_ms,
                    new.record.title.as_deref().unwrap_or_default(), text, json,
                    new.content_hash.cast_signed(), new.simhash.cast_signed(), first
                ],
                |row| row.get(0),
            )?;
        if first.is_none() {
            self.index_bands(id, new.simhash)?;
        }
        let outcome = if first.is_some() {
            Outcome::Duplicate
        } else {
            Outcome::Stored
        };
        Ok(Placed { id, outcome })
    }

    /// Writes a new version of a stored article, unless nothing changed.
    fn replace(&self, known: &Known, new: &NewArticle, now_ms: i64) -> rusqlite::Result<Placed> {
        if known.content_hash == new.content_hash {
            return Ok(Placed {
                id: known.id,
                outcome: Outcome::Unchanged,
            });
        }
        self.index_text()?;
        self.connection.execute(
            "INSERT INTO version (article_id, number, stored_at, title, text, record)
             SELECT id, version, stored_at, title, text, record FROM article WHERE id = ?1",
            [known.id],
        )?;
        let number: i64 = self
            .connection
            .query_row(NEXT_UPDATE, [], |row| row.get(0))?;
        let (text, json) = split(&new.record);
        self.connection.execute(
            "UPDATE article SET title = ?2, text = ?3, record = ?4, content_hash = ?5, simhash = ?6,
               version = version + 1, stored_at = ?7, update_number = ?8 WHERE id = ?1",
            params![
                known.id, new.record.title.as_deref().unwrap_or_default(), text, json,
                new.content_hash.cast_signed(), new.simhash.cast_signed(), now_ms,
                number
            ],
        )?;
        self.forget_bands(known.id, known.simhash)?;
        self.index_bands(known.id, new.simhash)?;
        Ok(Placed {
            id: known.id,
            outcome: Outcome::Updated,
        })
    }

    /// The first article with the same body, or with nearly the same.
    fn first_like(&self, new: &NewArticle, also_near: bool) -> rusqlite::Result<Option<i64>> {
        let exact = self
            .connection
            .prepare_cached(
                "SELECT coalesce(duplicate_of, id) FROM article WHERE content_hash = ?1 ORDER BY id LIMIT 1",
            )?
            .query_row([new.content_hash.cast_signed()], |row| row.get(0))
            .optional()?;
        if exact.is_some() || !also_near {
            return Ok(exact);
        }
        let mut in_band = self.connection.prepare_cached(
            "SELECT article_id, simhash FROM simhash_band WHERE band = ?1 AND key = ?2",
        )?;
        let mut first: Option<i64> = None;
        for (band, key) in (0_i64..).zip(bands(new.simhash)) {
            let mut rows = in_band.query([band, i64::from(key)])?;
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                if are_near(row.get::<_, i64>(1)?.cast_unsigned(), new.simhash) {
                    first = Some(first.map_or(id, |best| best.min(id)));
                }
            }
        }
        Ok(first)
    }

    /// Puts the articles that are new into the index of the full text. In one statement: each that
    /// writes more than one row makes a part of the index of what came before, and parts are dear.
    pub(super) fn index_text(&self) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO article_fts (rowid, title, text) SELECT id, title, text FROM article
                 WHERE id > (SELECT coalesce(max(id), 0) FROM article_fts_docsize)",
            )?
            .execute([])?;
        Ok(())
    }

    pub(super) fn index_bands(&self, article: i64, simhash: u64) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT OR IGNORE INTO simhash_band (band, key, article_id, simhash) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (band, key) in (0_i64..).zip(bands(simhash)) {
            insert.execute(params![band, key, article, simhash.cast_signed()])?;
        }
        Ok(())
    }

    /// Takes an article out of the index; `simhash` is the one that it was indexed by. Returns whether
    /// it was there.
    pub(super) fn forget_bands(&self, article: i64, simhash: u64) -> rusqlite::Result<bool> {
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM simhash_band WHERE band = ?1 AND key = ?2 AND article_id = ?3",
        )?;
        let mut was_there = false;
        for (band, key) in (0_i64..).zip(bands(simhash)) {
            was_there |= delete.execute(params![band, key, article])? > 0;
        }
        Ok(was_there)
    }

    /// Marks the other addresses of a stored article as done, so that none of them is fetched for it
    /// again. `visited` is the row of the one that was fetched, which is
    /// [settled](Store::settle) by itself.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn finish_addresses(&self, article: i64, visited: i64, now_ms: i64) -> Result<(), Error> {
        self.sql(
            self.connection
                .prepare_cached(
                    "UPDATE url SET due_at = NULL, waiting = 0, fetched_at = ?2, outcome = 'duplicate'
                     WHERE id <> ?3 AND fetched_at IS NULL AND role = 'article' AND url IN
                       (SELECT url FROM article WHERE id = ?1 UNION ALL SELECT url FROM alias WHERE article_id = ?1)",
                )
                .and_then(|mut finish| finish.execute([article, now_ms, visited])),
        )?;
        Ok(())
    }
}

/// The record's text, which has a column of its own, and the rest as JSON.
pub(super) fn split(record: &Record) -> (&str, String) {
    let rest = Record {
        text: String::new(),
        ..record.clone()
    };
    (
        &record.text,
        serde_json::to_string(&rest).unwrap_or_default(),
    )
}
