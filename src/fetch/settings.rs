//! From the configuration to an HTTP client: time limits, headers, proxy and whom to trust.

use std::error::Error as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};
use url::Url;

use super::guard::GuardedResolver;
use super::unpack;
use crate::Error;
use crate::config::Config;

/// Seconds an idle connection is kept for the next request, which comes after the host's delay.
const POOL_IDLE: Duration = Duration::from_secs(5);

/// The User-Agent header: what the configuration says, or name, version and contact.
#[must_use]
pub fn user_agent(config: &Config) -> String {
    match (&config.crawl.user_agent, &config.crawl.contact) {
        (Some(whole), _) => whole.clone(),
        (None, Some(contact)) => format!("gleaner/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        (None, None) => format!("gleaner/{}", env!("CARGO_PKG_VERSION")),
    }
}

/// The HTTP client that these settings ask for.
pub(super) fn client(
    config: &Config,
    proxy: Option<&Url>,
    resolver: GuardedResolver,
) -> Result<reqwest::Client, Error> {
    let fetch = &config.fetch;
    let mut builder = reqwest::Client::builder()
        .default_headers(headers(config)?)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(seconds("connect_timeout_s", fetch.connect_timeout_s)?)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(POOL_IDLE)
        .dns_resolver(Arc::new(resolver))
        .no_proxy();
    if let Some(proxy) = proxy {
        let proxy = reqwest::Proxy::all(proxy.clone()).map_err(|error| Error::Config {
            place: "fetch.proxy".to_owned(),
            message: error.to_string(),
        })?;
        builder = builder.proxy(proxy);
    }
    if let Some(path) = &fetch.ca_file {
        builder = builder.tls_certs_merge(authorities(path)?);
    }
    // All other settings were looked at one by one.
    builder.build().map_err(|error| match &fetch.ca_file {
        Some(path) => no_authorities(path, &cause(&error)),
        None => Error::Config {
            place: "fetch".to_owned(),
            message: cause(&error),
        },
    })
}

/// A time limit of the configuration's section `fetch`.
pub(super) fn seconds(name: &str, value: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(value).map_err(|_| Error::Config {
        place: format!("fetch.{name}"),
        message: format!("{value} is no number of seconds; give 0 or more"),
    })
}

fn header_value(place: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|error| Error::Config {
        place: place.to_owned(),
        message: format!("{text:?} cannot stand in a header: {error}"),
    })
}

/// The headers of every request: who we are, and what a plain client sends.
///
/// # Errors
/// When a setting cannot stand in a header.
pub fn headers(config: &Config) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let place = match config.crawl.user_agent {
        Some(_) => "crawl.user_agent",
        None => "crawl.contact",
    };
    let user_agent = header_value(place, &user_agent(config))?;
    headers.insert(header::USER_AGENT, user_agent);
    headers.insert(
        header::ACCEPT,
        HeaderValue::from_static("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"),
    );
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static(unpack::ACCEPTED),
    );
    headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("*"));
    if let Some(from) = &config.fetch.from {
        headers.insert(header::FROM, header_value("fetch.from", from)?);
    }
    Ok(headers)
}

/// The certificates of a PEM file.
fn authorities(path: &Path) -> Result<Vec<reqwest::Certificate>, Error> {
    let wrong = |why: &str| no_authorities(path, why);
    let pem = std::fs::read(path).map_err(|error| wrong(&error.to_string()))?;
    let certificates =
        reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| wrong(&cause(&error)))?;
    if certificates.is_empty() {
        return Err(wrong("no certificate is in it"));
    }
    Ok(certificates)
}

fn no_authorities(path: &Path, why: &str) -> Error {
    Error::Config {
        place: "fetch.ca_file".to_owned(),
        message: format!(
            "{}: {why}; give a file with certificates in PEM, each between BEGIN and END CERTIFICATE",
            path.display()
        ),
    }
}

/// Whether the values can be used, as far as that can be told without a look at files.
pub(crate) fn check(config: &Config) -> Result<(), Error> {
    headers(config)?;
    config.fetch.proxy.as_deref().map(proxy_url).transpose()?;
    Ok(())
}

/// A proxy's address.
pub(super) fn proxy_url(text: &str) -> Result<Url, Error> {
    let wrong = |why: &str| Error::Config {
        place: "fetch.proxy".to_owned(),
        message: format!(
            "{text:?} is no proxy: {why}; write it like http://127.0.0.1:3128 or socks5://127.0.0.1:9050"
        ),
    };
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(wrong("it is none of http, https, socks5 and socks5h"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it names no host"));
    }
    Ok(url)
}

/// What lies behind an error of the HTTP client, which itself only names the step that failed.
fn cause(error: &reqwest::Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
