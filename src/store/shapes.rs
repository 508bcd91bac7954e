//! What a site's addresses turned out to be, by shape: a small statistic that grows with each page, so
//! that a site teaches how its articles' addresses look.

use rusqlite::{OptionalExtension, params};
use url::Url;

use super::{NewUrl, Store};
use crate::Error;
use crate::discover::{self, PatternStats, url_pattern};
use crate::frontier::Role;

impl Store {
    /// Takes note of what the page at an address of `site` was.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn learn_shape(&self, site: &str, url: &Url, is_article: bool) -> Result<(), Error> {
        let (articles, others) = if is_article { (1, 0) } else { (0, 1) };
        let learn = || {
            self.connection
                .prepare_cached(
                    "INSERT INTO shape (site, shape, articles, others) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (site, shape) DO UPDATE SET
                       articles = articles + excluded.articles, others = others + excluded.others",
                )?
                .execute(params![site, url_pattern(url), articles, others])
        };
        self.sql(learn())?;
        Ok(())
    }

    /// What the addresses of one shape on one site were.
    pub(super) fn statistic(&self, site: &str, url: &Url) -> rusqlite::Result<PatternStats> {
        let counts = self
            .connection
            .prepare_cached("SELECT articles, others FROM shape WHERE site = ?1 AND shape = ?2")?
            .query_row([site, &url_pattern(url)], |row| {
                Ok(PatternStats {
                    articles: row.get(0)?,
                    others: row.get(1)?,
                })
            })
            .optional()?;
        Ok(counts.unwrap_or_default())
    }

    /// The role of a new URL: what the evidence says; where that is only its looks, these and what
    /// the site's addresses of the same shape were. None when it is not worth a request.
    pub(super) fn role_by_experience(&self, new: &NewUrl) -> rusqlite::Result<Option<Role>> {
        let Some(looks) = new.looks else {
            return Ok(Some(new.role));
        };
        let Ok(url) = Url::parse(&new.url) else {
            return Ok(None);
        };
        let probability = self.statistic(&new.site, &url)?.probability(looks);
        Ok(discover::expected_role(&url, probability, new.listed))
    }
}
