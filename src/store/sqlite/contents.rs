//! The queries of `export`, `search` and `status`.

use std::ops::ControlFlow;

use rusqlite::types::Type;
use rusqlite::{Row, params};

use super::SqliteStore;
use crate::record::Record;
use crate::store::{
    ArticleFilter, ExportMark, HostStatus, Result, SearchHit, StoreStatus, StoredArticle,
};

const SITE: &str = "(?2 IS NULL OR a.site = ?2 OR a.url LIKE '%://' || ?2 || '/%')";

impl SqliteStore {
    pub(super) fn read_articles(
        &self,
        filter: &ArticleFilter,
        each: &mut dyn FnMut(StoredArticle) -> ControlFlow<()>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT a.id, a.url, a.stored_at, d.url, a.record, a.text, a.update_number FROM article a
             LEFT JOIN article d ON d.id = a.duplicate_of
             WHERE (a.id > ?1 OR a.update_number > ?5) AND {SITE} AND (?3 IS NULL OR a.stored_at >= ?3)
               AND (?4 OR a.duplicate_of IS NULL) ORDER BY a.id"
        ))?;
        let mut aliases = self
            .connection
            .prepare("SELECT url FROM alias WHERE article_id = ?1 ORDER BY url")?;
        let ExportMark { article, update } = filter.after;
        let ArticleFilter {
            site,
            since_ms,
            duplicates,
            ..
        } = filter;
        let mut rows = statement.query(params![article, site, since_ms, duplicates, update])?;
        while let Some(row) = rows.next()? {
            let mut article = stored_article(row)?;
            let of_article = aliases.query_map([article.mark.article], |row| row.get(0))?;
            article.aliases = of_article.collect::<rusqlite::Result<_>>()?;
            if each(article).is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn find(
        &self,
        query: &str,
        filter: &ArticleFilter,
        limit: usize,
    ) -> Result<Vec<SearchHit>> {
        let ArticleFilter {
            site,
            since_ms,
            duplicates,
            ..
        } = filter;
        self.all(
            &format!(
                "SELECT a.url, a.title, a.published, snippet(article_fts, -1, '[', ']', '…', 24)
                 FROM article_fts JOIN article a ON a.id = article_fts.rowid
                 WHERE article_fts MATCH ?1 AND {SITE}
                   AND (?3 IS NULL OR coalesce(a.published_at, a.stored_at) >= ?3)
                   AND (?4 OR a.duplicate_of IS NULL)
                 ORDER BY bm25(article_fts, 4.0, 1.0) LIMIT ?5"
            ),
            params![match_expression(query), site, since_ms, duplicates, limit],
            |row| {
                Ok(SearchHit {
                    url: row.get(0)?,
                    title: row.get(1)?,
                    published: row.get(2)?,
                    snippet: row.get(3)?,
                })
            },
        )
    }

    pub(super) fn read_status(&self, now_ms: i64) -> Result<StoreStatus> {
        let count = |of: &str| self.value(&format!("SELECT count(*) FROM {of}"), []);
        let outcomes = self.all(
            "SELECT outcome, count(*) FROM url WHERE outcome <> 'left_alone' GROUP BY outcome",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let last = "SELECT started_at, summary FROM run ORDER BY id DESC LIMIT 1";
        let last: Option<(i64, Option<String>)> =
            self.first(last, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(StoreStatus {
            articles: count("article WHERE duplicate_of IS NULL")?,
            duplicates: count("article WHERE duplicate_of IS NOT NULL")?,
            versions: count("version")?,
            aliases: count("alias")?,
            urls: count("url WHERE outcome IS NOT 'left_alone'")?,
            left_alone: count("url WHERE outcome = 'left_alone'")?,
            due: self.value("SELECT count(*) FROM url WHERE due_at <= ?1", [now_ms])?,
            next_due_ms: self.value("SELECT min(due_at) FROM url", [])?,
            outcomes: outcomes.into_iter().collect(),
            runs: count("run")?,
            last_run_ms: last.as_ref().map(|(at, _)| *at),
            last_summary: last
                .and_then(|(_, json)| json)
                .and_then(|json| serde_json::from_str(&json).ok()),
        })
    }

    pub(super) fn read_host_status(&self, now_ms: i64) -> Result<Vec<HostStatus>> {
        self.all(
            "SELECT h.name, count(*), count(*) FILTER (WHERE u.due_at <= ?1),
               count(*) FILTER (WHERE u.outcome IN ('stored', 'updated', 'duplicate')),
               count(*) FILTER (WHERE u.tries > 0 AND NOT u.guessed
                 AND u.outcome NOT IN ('robots_denied', 'stored', 'updated', 'duplicate', 'unchanged')),
               min(u.due_at), h.robots
             FROM host h JOIN url u ON u.host_id = h.id AND u.outcome IS NOT 'left_alone' GROUP BY h.id ORDER BY h.name",
            [now_ms],
            |row| {
                Ok(HostStatus {
                    host: row.get(0)?,
                    urls: row.get(1)?,
                    due: row.get(2)?,
                    stored: row.get(3)?,
                    failing: row.get(4)?,
                    next_due_ms: row.get(5)?,
                    memory: row.get(6)?,
                })
            },
        )
    }
}

fn stored_article(row: &Row<'_>) -> rusqlite::Result<StoredArticle> {
    let json: String = row.get(4)?;
    let mut record: Record = serde_json::from_str(&json)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, Box::new(e)))?;
    record.text = row.get(5)?;
    // The page may have been fetched from another address of the article.
    let url: String = row.get(1)?;
    record.url = Some(url.clone());
    Ok(StoredArticle {
        mark: ExportMark {
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
