//! What `export`, `status` and `search` ask of a store.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use crate::record::Record;
use crate::{Error, polite};

/// Which articles are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Stored at or after this time, in Unix milliseconds.
    pub since_ms: Option<i64>,
    /// Of this site, or of a host of it.
    pub site: Option<String>,
    /// Only what was stored or updated after this.
    pub after: Mark,
    /// Whether duplicates of an earlier article are wanted too.
    pub duplicates: bool,
}

/// How far a reader of the store came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The newest article's row.
    pub article: i64,
    /// The number of the newest update.
    pub update: i64,
}

impl Mark {
    /// What covers both.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            article: self.article.max(other.article),
            update: self.update.max(other.update),
        }
    }
}

/// An article out of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The article's row, and its newest update.
    pub mark: Mark,
    /// The address it is stored under.
    pub url: String,
    /// When it was stored, in Unix milliseconds.
    pub stored_ms: i64,
    /// The address of the article it duplicates.
    pub duplicate_of: Option<String>,
    /// Other addresses of the article.
    pub aliases: Vec<String>,
    /// The record.
    pub record: Record,
}

/// A hit of a search.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Found {
    /// The address it is stored under.
    pub url: String,
    /// The headline.
    pub title: String,
    /// As the record has it.
    pub published: Option<String>,
    /// The words in their surroundings, between `[` and `]`.
    pub snippet: String,
}

/// What a store holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// Articles, duplicates aside.
    pub articles: u64,
    /// Articles that duplicate an earlier one.
    pub duplicates: u64,
    /// Older versions of articles.
    pub versions: u64,
    /// Other addresses of articles.
    pub aliases: u64,
    /// URLs known.
    pub urls: u64,
    /// URLs due now.
    pub due: u64,
    /// When the next URL falls due, in Unix milliseconds.
    pub next_due_ms: Option<i64>,
    /// Last outcome of each URL tried, to their number.
    pub outcomes: BTreeMap<String, u64>,
    /// Runs so far.
    pub runs: u64,
    /// When the last run began, in Unix milliseconds.
    pub last_run_ms: Option<i64>,
    /// The last run's summary, where it ended cleanly.
    pub last_summary: Option<serde_json::Value>,
}

/// What a store holds of one host.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HostStatus {
    /// Host, with the port where it is not the scheme's own.
    pub host: String,
    /// URLs known.
    pub urls: u64,
    /// URLs due now.
    pub due: u64,
    /// URLs whose page is stored.
    pub stored: u64,
    /// URLs whose last try failed; what robots.txt forbids and guesses that lead nowhere are none.
    pub failing: u64,
    /// When the next URL falls due, in Unix milliseconds.
    pub next_due_ms: Option<i64>,
    /// What was asked of it, and its robots.txt; by scheme.
    pub politeness: Vec<polite::HostReport>,
}

const SITE: &str = "(?2 IS NULL OR a.site = ?2 OR a.url LIKE '%://' || ?2 || '/%')";

impl Store {
    /// Hands each article of the filter to `each`, in the order they were stored.
    ///
    /// # Errors
    ///
    /// [`Error::Store`], or what `each` returns, which ends the walk.
    pub fn articles<E: From<Error>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Exported) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.sql(self.connection.prepare(&format!(
            "SELECT a.id, a.url, a.stored_at, d.url, a.record, a.text, a.update_number FROM article a
             LEFT JOIN article d ON d.id = a.duplicate_of
             WHERE (a.id > ?1 OR a.update_number > ?5) AND {SITE} AND (?3 IS NULL OR a.stored_at >= ?3)
               AND (?4 OR a.duplicate_of IS NULL) ORDER BY a.id"
        )))?;
        let mut rows = self.sql(statement.query(params![
            filter.after.article,
            filter.site,
            filter.since_ms,
            filter.duplicates,
            filter.after.update
        ]))?;
        while let Some(row) = self.sql(rows.next())? {
            let mut article = self.sql(exported(row))?;
            article.aliases = self.sql(self.aliases(article.mark.article))?;
            each(article)?;
        }
        Ok(())
    }

    fn aliases(&self, article: i64) -> rusqlite::Result<Vec<String>> {
        self.connection
            .prepare_cached("SELECT url FROM alias WHERE article_id = ?1 ORDER BY url")?
            .query_map([article], |row| row.get(0))?
            .collect()
    }

    /// How far the reader `name` came; nowhere for a new reader.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn export_mark(&self, name: &str) -> Result<Mark, Error> {
        let mark = self.sql(
            self.connection
                .query_row(
                    "SELECT article_id, update_number FROM export_mark WHERE name = ?1",
                    [name],
                    |row| {
                        Ok(Mark {
                            article: row.get(0)?,
                            update: row.get(1)?,
                        })
                    },
                )
                .optional(),
        )?;
        Ok(mark.unwrap_or_default())
    }

    /// Remembers what was handed over to the reader `name`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn set_export_mark(&self, name: &str, mark: Mark) -> Result<(), Error> {
        self.sql(self.connection.execute(
            "INSERT INTO export_mark (name, article_id, update_number) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE
               SET article_id = excluded.article_id, update_number = excluded.update_number",
            params![name, mark.article, mark.update],
        ))?;
        Ok(())
    }

    /// Articles with all of the words of `query` in title or text, best first (BM25, the title
    /// counting four times). A quoted phrase is searched as a phrase.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn search(&self, query: &str, filter: &Filter, limit: usize) -> Result<Vec<Found>, Error> {
        let find = || -> rusqlite::Result<Vec<Found>> {
            self.connection
                .prepare(&format!(
                    "SELECT a.url, a.title, a.published, snippet(article_fts, -1, '[', ']', '…', 24)
                     FROM article_fts JOIN article a ON a.id = article_fts.rowid
                     WHERE article_fts MATCH ?1 AND {SITE}
                       AND (?3 IS NULL OR coalesce(a.published_at, a.stored_at) >= ?3)
                       AND (?4 OR a.duplicate_of IS NULL)
                     ORDER BY bm25(article_fts, 4.0, 1.0) LIMIT ?5"
                ))?
                .query_map(
                    params![
                        match_expression(query),
                        filter.site,
                        filter.since_ms,
                        filter.duplicates,
                        limit
                    ],
                    |row| {
                        Ok(Found {
                            url: row.get(0)?,
                            title: row.get(1)?,
                            published: row.get(2)?,
                            snippet: row.get(3)?,
                        })
                    },
                )?
                .collect()
        };
        self.sql(find())
    }

    /// What the store holds, seen at `now_ms`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn status(&self, now_ms: i64) -> Result<Status, Error> {
        let status = || -> rusqlite::Result<Status> {
            let count = |sql: &str| {
                self.connection
                    .query_row(sql, [], |row| row.get::<_, u64>(0))
            };
            let outcomes = self
                .connection
                .prepare(
                    "SELECT outcome, count(*) FROM url WHERE outcome IS NOT NULL GROUP BY outcome",
                )?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let last: Option<(i64, Option<String>)> = self
                .connection
                .query_row(
                    "SELECT started_at, summary FROM run ORDER BY id DESC LIMIT 1",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            Ok(Status {
                articles: count("SELECT count(*) FROM article WHERE duplicate_of IS NULL")?,
                duplicates: count("SELECT count(*) FROM article WHERE duplicate_of IS NOT NULL")?,
                versions: count("SELECT count(*) FROM version")?,
                aliases: count("SELECT count(*) FROM alias")?,
                urls: count("SELECT count(*) FROM url")?,
                due: self.connection.query_row(
                    "SELECT count(*) FROM url WHERE due_at <= ?1",
                    [now_ms],
                    |row| row.get(0),
                )?,
                next_due_ms: self.connection.query_row(
                    "SELECT min(due_at) FROM url",
                    [],
                    |row| row.get(0),
                )?,
                outcomes,
                runs: count("SELECT count(*) FROM run")?,
                last_run_ms: last.as_ref().map(|(at, _)| *at),
                last_summary: last
                    .and_then(|(_, json)| json)
                    .and_then(|json| serde_json::from_str(&json).ok()),
            })
        };
        self.sql(status())
    }

    /// What the store holds of each host, seen at `now_ms`, by name.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn host_status(&self, now_ms: i64) -> Result<Vec<HostStatus>, Error> {
        let hosts = || -> rusqlite::Result<Vec<HostStatus>> {
            self.connection
                .prepare(
                    "SELECT h.name, count(*), count(*) FILTER (WHERE u.due_at <= ?1),
                       count(*) FILTER (WHERE u.outcome IN ('stored', 'updated', 'duplicate')),
                       count(*) FILTER (WHERE u.tries > 0 AND NOT u.guessed AND u.outcome <> 'robots_denied'),
                       min(u.due_at), h.robots
                     FROM host h JOIN url u ON u.host_id = h.id GROUP BY h.id ORDER BY h.name",
                )?
                .query_map([now_ms], |row| {
                    Ok(HostStatus {
                        host: row.get(0)?,
                        urls: row.get(1)?,
                        due: row.get(2)?,
                        stored: row.get(3)?,
                        failing: row.get(4)?,
                        next_due_ms: row.get(5)?,
                        politeness: row
                            .get::<_, Option<String>>(6)?
                            .map(|memory| polite::host_reports(&memory, now_ms))
                            .unwrap_or_default(),
                    })
                })?
                .collect()
        };
        self.sql(hosts())
    }
}

fn exported(row: &Row<'_>) -> rusqlite::Result<Exported> {
    let json: String = row.get(4)?;
    let mut record: Record = serde_json::from_str(&json).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, Box::new(e))
    })?;
    record.text = row.get(5)?;
    // The page may have been fetched from another address of the article.
    let url: String = row.get(1)?;
    record.url = Some(url.clone());
    Ok(Exported {
        mark: Mark {
            article: row.get(0)?,
            update: row.get::<_, Option<i64>>(6)?.unwrap_or(0),
        },
        url,
        stored_ms: row.get(2)?,
        duplicate_of: row.get(3)?,
        aliases: Vec::new(),
        record,
    })
}

/// Words as FTS5 strings, so that no character in them is an operator.
fn match_expression(query: &str) -> String {
    let mut terms = Vec::new();
    for (part, text) in query.split('"').enumerate() {
        if part % 2 == 1 {
            terms.push(format!("\"{text}\""));
        } else {
            terms.extend(text.split_whitespace().map(|word| format!("\"{word}\"")));
        }
    }
    terms.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_words_and_phrases_never_operators() {
        assert_eq!(match_expression("rain OR"), "\"rain\" \"OR\"");
        assert_eq!(match_expression("\"dry days\" a*"), "\"dry days\" \"a*\"");
    }
}
