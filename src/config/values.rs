//! Settings that are texts of a certain form (seeds, dates, patterns, headers, a proxy): read where they
//! are used, and also when they are loaded, so that a wrong one is reported at once.

use std::collections::HashMap;

use reqwest::header::HeaderValue;
use url::Url;

use super::{Config, CrawlConfig, FetchConfig, UrlFilter};
use crate::Error;
use crate::address::canonical;
use crate::record::time_ms;

impl Config {
    /// Fails when a setting that is a text of a certain form cannot be read. Files are not looked at.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.url_filters()?;
        self.crawl.since_ms()?;
        for seed in &self.crawl.seeds {
            parse_seed(seed)?;
        }
        if let Some(site) = self.crawl.sites.iter().find(|site| site.contains('/')) {
            let message = format!("{site:?} is no site; write it like news.example");
            return Err(Error::config("crawl.sites", message));
        }
        self.crawl.user_agent_header()?;
        self.fetch.sender_header()?;
        self.fetch.proxy_url()?;
        Ok(())
    }

    /// The `include` and `exclude` patterns of each host that has a section.
    pub(crate) fn url_filters(&self) -> Result<HashMap<String, UrlFilter>, Error> {
        let mut filters = HashMap::new();
        for (host, site) in &self.site {
            let filter = UrlFilter::new(host, &site.include, &site.exclude)?;
            filters.insert(host.clone(), filter);
        }
        Ok(filters)
    }
}

impl CrawlConfig {
    /// `since` in Unix milliseconds.
    pub(crate) fn since_ms(&self) -> Result<Option<i64>, Error> {
        let read = |text: &String| {
            let message = format!("{text:?} is no date; write it like 2026-03-01");
            time_ms(text).ok_or_else(|| Error::config("crawl.since", message))
        };
        self.since.as_ref().map(read).transpose()
    }

    /// The User-Agent: what the settings say, or name, version and contact.
    pub(crate) fn user_agent(&self) -> String {
        let ours = concat!("gleaner/", env!("CARGO_PKG_VERSION"));
        match (&self.user_agent, &self.contact) {
            (Some(whole), _) => whole.clone(),
            (None, Some(contact)) => format!("{ours} (+{contact})"),
            (None, None) => ours.to_owned(),
        }
    }

    /// The User-Agent as a header.
    pub(crate) fn user_agent_header(&self) -> Result<HeaderValue, Error> {
        let place = match self.user_agent {
            Some(_) => "crawl.user_agent",
            None => "crawl.contact",
        };
        header_value(place, &self.user_agent())
    }
}

impl FetchConfig {
    /// The `From` header, if there is to be one.
    pub(crate) fn sender_header(&self) -> Result<Option<HeaderValue>, Error> {
        let from = self.from.as_deref();
        from.map(|from| header_value("fetch.from", from))
            .transpose()
    }

    /// The proxy's address, if there is one.
    pub(crate) fn proxy_url(&self) -> Result<Option<Url>, Error> {
        let Some(text) = &self.proxy else {
            return Ok(None);
        };
        let wrong = |why: &str| {
            let message = format!(
                "{text:?} is no proxy: {why}; write it like http://127.0.0.1:3128 or socks5://127.0.0.1:9050"
            );
            Error::config("fetch.proxy", message)
        };
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()).caused_by(error))?;
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
            return Err(wrong("it is none of http, https, socks5 and socks5h"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("it names no host"));
        }
        Ok(Some(url))
    }
}

/// A seed as an address: the scheme may be left out.
pub(crate) fn parse_seed(seed: &str) -> Result<Url, Error> {
    let wrong = |why: &str| {
        let message =
            format!("{seed:?} is no address to crawl: {why}; write it like https://news.example");
        Error::config("crawl.seeds", message)
    };
    let with_scheme = if seed.contains("://") {
        seed.to_owned()
    } else {
        format!("https://{seed}")
    };
    let url = Url::parse(&with_scheme).map_err(|e| wrong(&e.to_string()).caused_by(e))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(&format!(
            "{} is neither http nor https",
            url.scheme()
        )));
    }
    Ok(canonical(&url))
}

fn header_value(place: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|error| {
        let message = format!("{text:?} cannot stand in a header: {error}");
        Error::config(place, message).caused_by(error)
    })
}
