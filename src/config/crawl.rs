//! What a crawl's settings name: seeds, sites, dates and patterns, read and checked.

use std::collections::HashMap;

use url::Url;

use super::{Config, UrlPatterns};
use crate::record::time_ms;
use crate::{Error, address};

/// Whether the settings of a crawl make sense: its seeds, sites, dates and patterns.
pub(crate) fn check_crawl(config: &Config) -> Result<(), Error> {
    url_patterns(config)?;
    since_ms(config)?;
    for seed in &config.crawl.seeds {
        parse_seed(seed)?;
    }
    match config.crawl.sites.iter().find(|site| site.contains('/')) {
        Some(site) => Err(Error::Config {
            place: "crawl.sites".to_owned(),
            message: format!("{site:?} is no site; write it like news.example"),
        }),
        None => Ok(()),
    }
}

/// A seed as an address: the scheme may be left out.
pub(crate) fn parse_seed(seed: &str) -> Result<Url, Error> {
    let wrong = |why: String| Error::Config {
        place: "crawl.seeds".into(),
        message: format!(
            "{seed:?} is no address to crawl: {why}; write it like https://news.example"
        ),
    };
    let with_scheme = if seed.contains("://") {
        seed.to_owned()
    } else {
        format!("https://{seed}")
    };
    let url = Url::parse(&with_scheme).map_err(|e| wrong(e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("{} is neither http nor https", url.scheme())));
    }
    Ok(address::canonical(&url))
}

/// The patterns of each host that has settings of its own, compiled.
pub(crate) fn url_patterns(config: &Config) -> Result<HashMap<String, UrlPatterns>, Error> {
    let of_host = config.site.iter().map(|(host, site)| {
        let patterns = UrlPatterns::new(host, &site.include, &site.exclude)?;
        Ok((host.clone(), patterns))
    });
    of_host.collect()
}

/// `crawl.since` in Unix milliseconds.
pub(crate) fn since_ms(config: &Config) -> Result<Option<i64>, Error> {
    let Some(text) = &config.crawl.since else {
        return Ok(None);
    };
    let wrong = || Error::Config {
        place: "crawl.since".into(),
        message: format!("{text:?} is no date; write it like 2026-03-01"),
    };
    time_ms(text).map(Some).ok_or_else(wrong)
}
