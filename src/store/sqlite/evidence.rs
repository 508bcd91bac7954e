//! What speaks for and against stories at addresses, and the addresses that are not fetched.

use std::collections::HashMap;

use rusqlite::{Row, params};
use url::Url;

use super::SqliteStore;
use crate::discover::{AddressOdds, NamedBy, Naming, PatternStats, StoryOdds, url_pattern};
use crate::store::left_alone::{
    EvidenceRow, LEFT_ALONE, LeftAloneCount, MAX_NOTED, PastVisit, UrlHistory,
};
use crate::store::urls::identity;
use crate::store::{DueUrl, Result};

/// How many addresses were left alone while links were added, by site and reason: written once at the end.
#[derive(Debug, Default)]
pub(super) struct LeftAloneTally {
    of: HashMap<(String, &'static str), Tally>,
}

#[derive(Debug, Clone, Copy)]
struct Tally {
    noted_before: u64,
    noted: u64,
    more: u64,
}

impl SqliteStore {
    /// Whether an address that is left alone gets a row; counts it.
    pub(super) fn has_room(
        &self,
        site: &str,
        reason: &'static str,
        tally: &mut LeftAloneTally,
    ) -> Result<bool> {
        let key = (site.to_owned(), reason);
        let counted = match tally.of.get(&key).copied() {
            Some(counted) => counted,
            None => Tally {
                noted_before: self
                    .first(
                        "SELECT noted FROM left_alone WHERE site = ?1 AND reason = ?2",
                        [site, reason],
                        |row| row.get(0),
                    )?
                    .unwrap_or(0),
                noted: 0,
                more: 0,
            },
        };
        let has_room = counted.noted_before + counted.noted < MAX_NOTED;
        let now = Tally {
            noted: counted.noted + u64::from(has_room),
            more: counted.more + u64::from(!has_room),
            ..counted
        };
        tally.of.insert(key, now);
        Ok(has_room)
    }

    /// Writes down what was left alone.
    pub(super) fn keep_tally(&self, tally: LeftAloneTally) -> Result<()> {
        for ((site, reason), counted) in tally.of {
            self.run(
                "INSERT INTO left_alone (site, reason, noted, more) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (site, reason) DO UPDATE
                   SET noted = noted + excluded.noted, more = more + excluded.more",
                params![site, reason, counted.noted, counted.more],
            )?;
        }
        Ok(())
    }

    /// Keeps a mention of a URL, unless one of its kind said as much. `source` is the URL's number that it
    /// was found on.
    pub(super) fn keep_naming(
        &self,
        url: i64,
        source: Option<i64>,
        naming: &Naming,
        now_ms: i64,
    ) -> Result<()> {
        self.run(
            "INSERT INTO evidence (url_id, kind, source_id, at, weight, signs)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (url_id, kind) DO UPDATE SET source_id = excluded.source_id,
               at = excluded.at, weight = excluded.weight, signs = excluded.signs
               WHERE excluded.weight > weight",
            params![
                url,
                naming.by.name(),
                source,
                now_ms,
                naming.weight,
                naming.signs
            ],
        )
    }

    /// Keeps what was decided by, as it is now: the pattern's pages, or the page itself.
    pub(super) fn keep_evidence(
        &self,
        url: i64,
        kind: &str,
        weight: f32,
        signs: &str,
        now_ms: i64,
    ) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO evidence (url_id, kind, at, weight, signs)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![url, kind, now_ms, weight, signs],
        )
    }

    /// Who named a URL, and what each says.
    pub(super) fn namings(&self, url: i64) -> Result<Vec<(NamedBy, f32)>> {
        let rows = "SELECT kind, weight FROM evidence WHERE url_id = ?1";
        let rows = self.all(rows, [url], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?))
        })?;
        let named = rows
            .into_iter()
            .filter_map(|(kind, weight)| Some((NamedBy::named(&kind)?, weight)));
        Ok(named.collect())
    }

    /// What speaks for a story at a URL that is about to be fetched.
    pub(super) fn odds(&self, due: &DueUrl) -> Result<StoryOdds> {
        let Ok(url) = Url::parse(&due.url) else {
            return Ok(StoryOdds::default());
        };
        let pattern = self.pattern_stats(&due.site, &url_pattern(&url))?;
        Ok(StoryOdds {
            address: AddressOdds::of(&url).odds,
            pattern: pattern.log_odds(),
            ..StoryOdds::of_namings(self.namings(due.id)?)
        })
    }

    pub(super) fn read_left_alone(&self) -> Result<Vec<LeftAloneCount>> {
        let all = "SELECT site, reason, noted, more FROM left_alone ORDER BY site, reason";
        self.all(all, [], left_alone_count)
    }

    /// What is known of an address in canonical form.
    pub(super) fn read_history(&self, address: &str) -> Result<UrlHistory> {
        let row = self.first(
            "SELECT u.id, u.site, u.role, u.found_at, f.url, u.due_at, u.outcome, u.reason
             FROM url u LEFT JOIN url f ON f.id = u.found_on WHERE u.url = ?1",
            [address],
            |row| {
                let history = UrlHistory {
                    is_known: true,
                    site: row.get(1)?,
                    role: row.get(2)?,
                    found_ms: row.get(3)?,
                    found_on: row.get(4)?,
                    due_ms: row.get(5)?,
                    outcome: row.get(6)?,
                    reason: row.get(7)?,
                    ..UrlHistory::default()
                };
                Ok((row.get::<_, i64>(0)?, history))
            },
        )?;
        let (id, mut history) = row.map_or((None, UrlHistory::default()), |(id, history)| {
            (Some(id), history)
        });
        address.clone_into(&mut history.url);
        history.article = self.first(
            "SELECT url FROM article WHERE url = ?1 UNION ALL
             SELECT a.url FROM alias JOIN article a ON a.id = alias.article_id WHERE alias.url = ?1",
            [address],
            |row| row.get(0),
        )?;
        history.twin = self.first(
            "SELECT url FROM url WHERE identity = ?1 AND url <> ?2",
            params![identity(address).cast_signed(), address],
            |row| row.get(0),
        )?;
        if let Some(id) = id {
            self.read_evidence(id, &mut history)?;
        } else {
            let all = self.read_left_alone()?;
            history.full = all.into_iter().filter(|count| count.more > 0).collect();
        }
        self.weigh(&mut history)?;
        Ok(history)
    }

    fn read_evidence(&self, id: i64, history: &mut UrlHistory) -> Result<()> {
        history.evidence = self.all(
            "SELECT e.kind, u.url, e.at, e.weight, e.signs FROM evidence e
             LEFT JOIN url u ON u.id = e.source_id WHERE e.url_id = ?1 ORDER BY e.at, e.kind",
            [id],
            |row| {
                Ok(EvidenceRow {
                    kind: row.get(0)?,
                    source: row.get(1)?,
                    at_ms: row.get(2)?,
                    weight: row.get(3)?,
                    signs: row.get(4)?,
                })
            },
        )?;
        history.visits = self.all(
            "SELECT at, status, outcome, reason FROM fetch WHERE url_id = ?1 ORDER BY id",
            [id],
            |row| {
                Ok(PastVisit {
                    at_ms: row.get(0)?,
                    status: row.get(1)?,
                    outcome: row.get(2)?,
                    reason: row.get(3)?,
                })
            },
        )?;
        Ok(())
    }

    /// Adds up the evidence of a history: the pattern as it was decided by, or else as it is now.
    fn weigh(&self, history: &mut UrlHistory) -> Result<()> {
        let Ok(url) = Url::parse(&history.url) else {
            return Ok(());
        };
        let address = AddressOdds::of(&url);
        history.pattern = url_pattern(&url);
        history.pattern_pages = self.pattern_stats(&history.site, &history.pattern)?;
        let of = |kind: &str| {
            let mut rows = history.evidence.iter();
            rows.find(|row| row.kind == kind).map(|row| row.weight)
        };
        let is_decided = history.outcome.is_some();
        let named = history.evidence.iter();
        let named = named.filter_map(|row| Some((NamedBy::named(&row.kind)?, row.weight)));
        history.odds = StoryOdds {
            address: address.odds,
            pattern: match of("pattern") {
                Some(weight) => weight,
                None if is_decided => 0.0,
                None => history.pattern_pages.log_odds(),
            },
            page: of("page").unwrap_or(0.0),
            ..StoryOdds::of_namings(named)
        };
        history.address = address.why;
        Ok(())
    }

    /// How many addresses of a pattern on a site were articles.
    pub(super) fn pattern_stats(&self, site: &str, pattern: &str) -> Result<PatternStats> {
        let counts = "SELECT articles, others FROM shape WHERE site = ?1 AND shape = ?2";
        let counts = self.first(counts, [site, pattern], |row| {
            let (articles, others) = (row.get(0)?, row.get(1)?);
            Ok(PatternStats { articles, others })
        });
        counts.map(Option::unwrap_or_default)
    }

    /// Counts a page whose address has that pattern.
    pub(super) fn learn_pattern(&self, site: &str, pattern: &str, is_article: bool) -> Result<()> {
        self.run(
            "INSERT INTO shape (site, shape, articles, others) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (site, shape) DO UPDATE SET
               articles = articles + excluded.articles, others = others + excluded.others",
            params![site, pattern, is_article, !is_article],
        )
    }

    /// Makes a URL one that is not fetched.
    pub(super) fn set_left_alone(&self, url: i64, reason: &str) -> Result<()> {
        self.run(
            "UPDATE url SET due_at = NULL, waiting = 0, outcome = ?2, reason = ?3, identity = NULL
             WHERE id = ?1",
            params![url, LEFT_ALONE, reason],
        )
    }
}

fn left_alone_count(row: &Row<'_>) -> rusqlite::Result<LeftAloneCount> {
    Ok(LeftAloneCount {
        site: row.get(0)?,
        reason: row.get(1)?,
        noted: row.get(2)?,
        more: row.get(3)?,
    })
}
