//! The articles' tables: records, aliases, versions and the indices they are found by.

use rusqlite::params;

use super::SqliteStore;
use crate::dedup::bands;
use crate::outcome::Outcome;
use crate::record::Record;
use crate::store::articles::{
    ArticleMatch, KnownArticle, KnownArticles, NewArticle, match_article,
};
use crate::store::{Result, VisitRules};

/// The number of the next update. Without the condition, the whole table would be read for it.
pub(super) const NEXT_UPDATE: &str =
    "SELECT coalesce(max(update_number), 0) + 1 FROM article WHERE update_number IS NOT NULL";

/// Left to itself, `SQLite` would look at every article of the site.
pub(super) const SAME_ON_SITE: &str = "SELECT id FROM article INDEXED BY article_content
     WHERE content_hash = ?1 AND site = ?2 AND title = ?3 AND duplicate_of IS NULL";

impl KnownArticles for SqliteStore {
    fn at(&self, url: &str) -> Result<Option<KnownArticle>> {
        self.first(
            "SELECT id, content_hash, simhash FROM article WHERE url = ?1
             UNION ALL SELECT a.id, a.content_hash, a.simhash
               FROM alias JOIN article a ON a.id = alias.article_id WHERE alias.url = ?1",
            [url],
            |row| {
                Ok(KnownArticle {
                    id: row.get(0)?,
                    content_hash: row.get::<_, i64>(1)?.cast_unsigned(),
                    simhash: row.get::<_, i64>(2)?.cast_unsigned(),
                })
            },
        )
    }

    fn text(&self, article: i64) -> Result<String> {
        self.value("SELECT text FROM article WHERE id = ?1", [article])
    }

    fn same_story(&self, new: &NewArticle) -> Result<Option<i64>> {
        let story = params![new.content_hash.cast_signed(), new.site, new.title()];
        self.first(SAME_ON_SITE, story, |row| row.get(0))
    }

    fn first_with_body(&self, content_hash: u64) -> Result<Option<i64>> {
        self.first(
            "SELECT coalesce(duplicate_of, id) FROM article WHERE content_hash = ?1 ORDER BY id LIMIT 1",
            [content_hash.cast_signed()],
            |row| row.get(0),
        )
    }

    fn in_bands(&self, simhash: u64) -> Result<Vec<(i64, u64)>> {
        let in_band = "SELECT article_id, simhash FROM simhash_band WHERE band = ?1 AND key = ?2";
        let mut all = Vec::new();
        for (band, key) in (0_i64..).zip(bands(simhash)) {
            all.extend(self.all(in_band, [band, i64::from(key)], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
            })?);
        }
        Ok(all)
    }
}

impl SqliteStore {
    /// Stores an article that the URL of that number led to. It is found by its words when the
    /// transaction ends.
    pub(super) fn record_article(
        &mut self,
        mut new: NewArticle,
        visited: i64,
        rules: VisitRules,
        now_ms: i64,
    ) -> Result<Outcome> {
        // A page that was joined to its story and is visited again by itself must not take the story's place.
        let is_joined = "SELECT EXISTS (SELECT 1 FROM url JOIN alias ON alias.url = url.url
             WHERE url.id = ?1 AND url.outcome = 'further_page')";
        if self.value(is_joined, [visited])? {
            return Ok(Outcome::FurtherPage);
        }
        if rules.sitewide {
            let site = new.site.clone();
            self.with_site(&site, |counts| counts.clean_new(&mut new))?;
        }
        let found = match_article(&new, rules.near_duplicates, self)?;
        let outcome = found.outcome();
        let (article, mut aliases) = match found {
            ArticleMatch::Unchanged { article } => (article, Vec::new()),
            ArticleMatch::NewVersion { of } => {
                self.replace(&of, &new, now_ms)?;
                (of.id, Vec::new())
            }
            ArticleMatch::Alias { of, addresses } => (of, addresses),
            ArticleMatch::New {
                address,
                alias,
                copy_of,
            } => {
                let article = self.insert(address, &new, copy_of, now_ms)?;
                (article, alias.into_iter().collect())
            }
        };
        aliases.extend(new.pages.iter().map(String::as_str));
        for alias in aliases {
            let add = "INSERT OR IGNORE INTO alias (url, article_id) VALUES (?1, ?2)";
            self.run(add, params![alias, article])?;
        }
        for page in &new.pages {
            self.subsume(page, article)?;
        }
        if rules.sitewide && outcome == Outcome::Stored {
            self.with_site(&new.site, |counts| counts.learn(&new.fingerprints, article))?;
        }
        // None of the article's other addresses is to be fetched for it again; the one that was fetched
        // gets a state of its own.
        self.run(
            "UPDATE url SET due_at = NULL, waiting = 0, fetched_at = ?2, outcome = 'duplicate'
             WHERE id <> ?3 AND fetched_at IS NULL AND role IN ('article', 'section') AND url IN
               (SELECT url FROM article WHERE id = ?1 UNION ALL SELECT url FROM alias WHERE article_id = ?1)",
            [article, now_ms, visited],
        )?;
        Ok(outcome)
    }

    /// Makes an article that was stored before it was known as a page of another one a copy of that.
    fn subsume(&self, page: &str, story: i64) -> Result<()> {
        let own =
            "SELECT id, simhash FROM article WHERE url = ?1 AND id <> ?2 AND duplicate_of IS NULL";
        let own: Option<(i64, i64)> = self.first(own, params![page, story], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        let Some((own, simhash)) = own else {
            return Ok(());
        };
        let copy = "UPDATE article SET duplicate_of = ?2 WHERE id = ?1 OR duplicate_of = ?1";
        self.run(copy, [own, story])?;
        self.forget_bands(own, simhash.cast_unsigned()).map(|_| ())
    }

    fn insert(
        &self,
        address: &str,
        new: &NewArticle,
        copy_of: Option<i64>,
        now_ms: i64,
    ) -> Result<i64> {
        let (text, json) = split(&new.record);
        let id = self.value(
            "INSERT INTO article (url, site, stored_at, published, published_at, title, text, record,
               content_hash, simhash, duplicate_of)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
            params![
                address, new.site, now_ms, new.record.published, new.published_ms, new.title(),
                text, json, new.content_hash.cast_signed(), new.simhash.cast_signed(), copy_of
            ],
        )?;
        if copy_of.is_none() {
            self.index_bands(id, new.simhash)?;
        }
        Ok(id)
    }

    /// Writes a new version of a stored article.
    fn replace(&self, known: &KnownArticle, new: &NewArticle, now_ms: i64) -> Result<()> {
        self.index_text()?;
        self.run(
            "INSERT INTO version (article_id, number, stored_at, title, text, record)
             SELECT id, version, stored_at, title, text, record FROM article WHERE id = ?1",
            [known.id],
        )?;
        let number: i64 = self.value(NEXT_UPDATE, [])?;
        let (text, json) = split(&new.record);
        self.run(
            "UPDATE article SET title = ?2, text = ?3, record = ?4, content_hash = ?5, simhash = ?6,
               version = version + 1, stored_at = ?7, update_number = ?8 WHERE id = ?1",
            params![
                known.id, new.title(), text, json, new.content_hash.cast_signed(),
                new.simhash.cast_signed(), now_ms, number
            ],
        )?;
        self.forget_bands(known.id, known.simhash)?;
        self.index_bands(known.id, new.simhash)
    }

    /// Puts the articles that are new into the index of the full text. In one statement: each that
    /// writes more than one row makes a part of the index of what came before, and parts are dear.
    pub(super) fn index_text(&self) -> Result<()> {
        self.run(
            "INSERT INTO article_fts (rowid, title, text) SELECT id, title, text FROM article
             WHERE id > (SELECT coalesce(max(id), 0) FROM article_fts_docsize)",
            [],
        )
    }

    pub(super) fn index_bands(&self, article: i64, simhash: u64) -> Result<()> {
        for (band, key) in (0_i64..).zip(bands(simhash)) {
            self.run(
                "INSERT OR IGNORE INTO simhash_band (band, key, article_id, simhash) VALUES (?1, ?2, ?3, ?4)",
                params![band, key, article, simhash.cast_signed()],
            )?;
        }
        Ok(())
    }

    /// Takes an article out of the index; `simhash` is the one that it was indexed by. Returns whether
    /// it was there.
    pub(super) fn forget_bands(&self, article: i64, simhash: u64) -> Result<bool> {
        let mut was_there = false;
        for (band, key) in (0_i64..).zip(bands(simhash)) {
            self.run(
                "DELETE FROM simhash_band WHERE band = ?1 AND key = ?2 AND article_id = ?3",
                params![band, key, article],
            )?;
            was_there |= self.connection.changes() > 0;
        }
        Ok(was_there)
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
