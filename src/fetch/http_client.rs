//! From the configuration to an HTTP client: time limits, headers, proxy and whom to trust.

use std::error::Error as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};
use url::Url;

use super::address_guard::GuardedResolver;
use super::decompress;
use crate::Error;
use crate::config::Config;

/// Seconds an idle connection is kept for the next request, which comes after the host's delay.
const POOL_IDLE: Duration = Duration::from_secs(5);

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
        let proxy = reqwest::Proxy::all(proxy.clone())
            .map_err(|error| Error::config("fetch.proxy", error.to_string()).caused_by(error))?;
        builder = builder.proxy(proxy);
    }
    if let Some(path) = &fetch.ca_file {
        builder = builder.tls_certs_merge(authorities(path)?);
    }
    // All other settings were looked at one by one.
    builder.build().map_err(|error| {
        let why = cause(&error);
        match &fetch.ca_file {
            Some(path) => no_authorities(path, &why),
            None => Error::config("fetch", why),
        }
        .caused_by(error)
    })
}

/// A time limit of the configuration's section `fetch`.
pub(super) fn seconds(name: &str, value: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(value).map_err(|error| {
        let message = format!("{value} is no number of seconds; give 0 or more");
        Error::config(format!("fetch.{name}"), message).caused_by(error)
    })
}

/// The headers of every request: who we are, and what a plain client sends.
/// Fails when a setting cannot stand in a header.
pub(crate) fn headers(config: &Config) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, config.crawl.user_agent_header()?);
    headers.insert(
        header::ACCEPT,
        HeaderValue::from_static("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"),
    );
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static(decompress::ACCEPTED),
    );
    headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("*"));
    if let Some(from) = config.fetch.sender_header()? {
        headers.insert(header::FROM, from);
    }
    Ok(headers)
}

/// The certificates of a PEM file.
fn authorities(path: &Path) -> Result<Vec<reqwest::Certificate>, Error> {
    let pem = std::fs::read(path)
        .map_err(|error| no_authorities(path, &error.to_string()).caused_by(error))?;
    let certificates = reqwest::Certificate::from_pem_bundle(&pem)
        .map_err(|error| no_authorities(path, &cause(&error)).caused_by(error))?;
    if certificates.is_empty() {
        return Err(no_authorities(path, "no certificate is in it"));
    }
    Ok(certificates)
}

fn no_authorities(path: &Path, why: &str) -> Error {
    let message = format!(
        "{}: {why}; give a file with certificates in PEM, each between BEGIN and END CERTIFICATE",
        path.display()
    );
    Error::config("fetch.ca_file", message)
}

/// What lies behind an error of the HTTP client, which itself only names the step that failed.
fn cause(error: &reqwest::Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
