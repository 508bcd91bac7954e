//! One exchange with a server, bounded in time and size. Redirects are not followed here: for each,
//! robots.txt is asked and the delay of its host kept first (the room `polite`).

pub mod address_guard;
mod decompress;
mod file_signatures;
mod http_client;

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use reqwest::header::{self, HeaderMap};
use url::Url;

use crate::Error;
use crate::config::Config;
use crate::outcome::Outcome;
use decompress::{DecompressError, Decompressor, OverLimit};
pub(crate) use http_client::headers;

/// Sends requests; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    resolver: address_guard::GuardedResolver,
    has_proxy: bool,
    /// Whether a proxy resolves names, not we.
    proxy_resolves: bool,
    allow_private: bool,
    max_body_bytes: u64,
    first_byte_timeout: Duration,
    idle_timeout: Duration,
    total_timeout: Duration,
}

/// What the store knows about an address from an earlier fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` it came with.
    pub etag: Option<String>,
    /// The `Last-Modified` it came with.
    pub last_modified: Option<String>,
}

impl Validators {
    /// The headers that make a request conditional on them.
    pub(crate) fn headers(&self) -> HeaderMap {
        let both = [
            (header::IF_NONE_MATCH, &self.etag),
            (header::IF_MODIFIED_SINCE, &self.last_modified),
        ];
        both.into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?.parse().ok()?)))
            .collect()
    }
}

/// A response whose body was read.
#[derive(Debug, Clone)]
pub(crate) struct FetchResponse {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body, unpacked.
    pub(crate) body: Vec<u8>,
    /// Bytes of the body as they were sent.
    pub(crate) received_bytes: u64,
    /// From the request to the response's head.
    pub(crate) latency: Duration,
    /// From the request to the end of the body.
    pub(crate) took: Duration,
    /// The network address that answered; none behind a proxy.
    pub(crate) peer: Option<IpAddr>,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FetchFailure {
    /// The outcome to record.
    pub(crate) outcome: Outcome,
    /// What happened, for people.
    pub(crate) reason: String,
}

impl FetchFailure {
    /// A failure with its reason.
    pub(crate) fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            reason: reason.into(),
        }
    }
}

impl Client {
    /// A client with the limits of `config`. Fails when the User-Agent, a time limit, the proxy or the trusted authorities of the configuration
    /// cannot be used.
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let proxy = config.fetch.proxy_url()?;
        let proxy_name = proxy.as_ref().and_then(|proxy| proxy.host_str());
        let resolver = address_guard::GuardedResolver::new(
            config.fetch.allow_private_addresses,
            proxy_name.map(str::to_owned),
        );
        Self::with(config, proxy.as_ref(), resolver)
    }

    fn with(
        config: &Config,
        proxy: Option<&Url>,
        resolver: address_guard::GuardedResolver,
    ) -> Result<Self, Error> {
        let fetch = &config.fetch;
        let http = http_client::client(config, proxy, resolver.clone())?;
        Ok(Self {
            http,
            resolver,
            has_proxy: proxy.is_some(),
            // Only with this kind of proxy do we resolve names ourselves.
            proxy_resolves: proxy.is_some_and(|proxy| proxy.scheme() != "socks5"),
            allow_private: fetch.allow_private_addresses,
            max_body_bytes: fetch.max_body_bytes,
            first_byte_timeout: http_client::seconds(
                "first_byte_timeout_s",
                fetch.first_byte_timeout_s,
            )?,
            idle_timeout: http_client::seconds("idle_timeout_s", fetch.idle_timeout_s)?,
            total_timeout: http_client::seconds("total_timeout_s", fetch.total_timeout_s)?,
        })
    }

    /// Sends a request and reads the response. With `cut_bytes`, only so many bytes of the body are read; a
    /// body longer than the configured limit is a failure otherwise.
    pub(crate) async fn get(
        &self,
        url: &Url,
        known: &Validators,
        cut_bytes: Option<u64>,
    ) -> Result<FetchResponse, FetchFailure> {
        self.check(url)?;
        let limit = BodyLimit {
            max_bytes: cut_bytes.unwrap_or(self.max_body_bytes),
            cut: cut_bytes.is_some(),
        };
        let exchange = self.exchange(url, known, limit);
        let outcome = Outcome::TimeoutTotal;
        within(self.total_timeout, exchange, outcome, "not done after").await?
    }

    /// The network address that a request for `url` would go to first; none when a proxy decides. Fails
    /// for a name that does not resolve, or only to addresses that are not asked.
    pub(crate) async fn address_of(&self, url: &Url) -> Result<Option<IpAddr>, FetchFailure> {
        self.check(url)?;
        match url.host() {
            _ if self.proxy_resolves => Ok(None),
            Some(url::Host::Ipv4(address)) => Ok(Some(address.into())),
            Some(url::Host::Ipv6(address)) => Ok(Some(address.into())),
            Some(url::Host::Domain(name)) => match self.resolver.addresses(name).await {
                Ok(addresses) => Ok(addresses.first().map(std::net::SocketAddr::ip)),
                Err(error) if error.is::<address_guard::RefusedName>() => Err(FetchFailure::new(
                    Outcome::RefusedAddress,
                    error.to_string(),
                )),
                Err(error) => Err(FetchFailure::new(Outcome::Dns, format!("{name}: {error}"))),
            },
            None => Ok(None),
        }
    }

    /// Whether the address may be asked, as far as the address alone tells.
    fn check(&self, url: &Url) -> Result<(), FetchFailure> {
        if !matches!(url.scheme(), "http" | "https") {
            let reason = format!("{} is neither http nor https", url.scheme());
            return Err(FetchFailure::new(Outcome::RefusedScheme, reason));
        }
        if !self.allow_private && !address_guard::allows_literal(url) {
            let reason = "a loopback or private address; --allow-private lets gleaner fetch it";
            return Err(FetchFailure::new(Outcome::RefusedAddress, reason));
        }
        Ok(())
    }

    async fn exchange(
        &self,
        url: &Url,
        known: &Validators,
        limit: BodyLimit,
    ) -> Result<FetchResponse, FetchFailure> {
        let request = self.http.get(url.clone()).headers(known.headers());
        let started = Instant::now();
        let outcome = Outcome::TimeoutFirstByte;
        let sent = request.send();
        let response = within(self.first_byte_timeout, sent, outcome, "no answer within")
            .await?
            .map_err(|error| failure_of(&error))?;
        let latency = started.elapsed();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let peer = response.remote_addr().filter(|_| !self.has_proxy);
        let (body, received_bytes) = self.body(response, limit).await?;
        Ok(FetchResponse {
            status,
            headers,
            body,
            received_bytes,
            latency,
            took: started.elapsed(),
            peer: peer.map(|peer| peer.ip()),
        })
    }

    /// Reads a body. Returns it unpacked, and how many bytes were sent.
    async fn body(
        &self,
        response: reqwest::Response,
        limit: BodyLimit,
    ) -> Result<(Vec<u8>, u64), FetchFailure> {
        let announced = response.content_length();
        let is_longer_than = |max_bytes| announced.is_some_and(|length| length > max_bytes);
        if !limit.cut && is_longer_than(limit.max_bytes.max(decompress::MAX_SITEMAP_BYTES)) {
            return Err(too_large(limit));
        }
        let kind = response.headers().get(header::CONTENT_TYPE).cloned();
        let encoding = response.headers().get(header::CONTENT_ENCODING);
        let mut decompressor = Decompressor::new(encoding, limit.max_bytes, !limit.cut);
        let mut sniffed = limit.cut;
        let mut stream = response.bytes_stream();
        loop {
            let next = stream.next();
            let outcome = Outcome::TimeoutIdle;
            let chunk = within(self.idle_timeout, next, outcome, "the body stalled for").await?;
            let ended = chunk.is_none();
            let progress = match chunk {
                Some(chunk) => decompressor.push(&chunk.map_err(|error| failure_of(&error))?),
                None => decompressor.finish(),
            };
            if !sniffed && (ended || decompressor.len() >= file_signatures::BYTES as u64) {
                sniffed = true;
                if let Some(what) =
                    decompressor.inspect(|body| file_signatures::binary_kind(body, kind.as_ref()))
                {
                    return Err(FetchFailure::new(Outcome::NotHtml, what));
                }
                if is_longer_than(limit.max_bytes)
                    && !decompressor.inspect(file_signatures::is_sitemap)
                {
                    return Err(too_large(limit));
                }
            }
            let received = decompressor.packed_bytes();
            match progress {
                Err(DecompressError::OverLimit(_)) if limit.cut => {
                    return Ok((decompressor.into_body(), received));
                }
                Err(DecompressError::OverLimit(OverLimit::TooLarge)) => {
                    return Err(too_large(limit));
                }
                Err(DecompressError::OverLimit(OverLimit::Bomb)) => {
                    let reason = format!(
                        "{received} bytes unpack to more than {}",
                        decompressor.len()
                    );
                    return Err(FetchFailure::new(Outcome::Bomb, reason));
                }
                Err(DecompressError::Malformed(error)) => {
                    let reason = format!("the body is not packed as its header says: {error}");
                    return Err(FetchFailure::new(Outcome::Protocol, reason));
                }
                Ok(()) if ended => return Ok((decompressor.into_body(), received)),
                Ok(()) => {}
            }
        }
    }
}

/// The result of `work`, or a failure that says `what` and the limit when it takes longer.
async fn within<T>(
    limit: Duration,
    work: impl Future<Output = T>,
    outcome: Outcome,
    what: &str,
) -> Result<T, FetchFailure> {
    let reason = || format!("{what} {} s", limit.as_secs_f64());
    let result = tokio::time::timeout(limit, work).await;
    result.map_err(|_| FetchFailure::new(outcome, reason()))
}

/// Locks, whether or not a thread panicked while it held the lock: nothing that is guarded so can be left
/// half written.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How much of a body is read, and what happens with a longer one.
#[derive(Debug, Clone, Copy)]
struct BodyLimit {
    max_bytes: u64,
    /// Whether a longer body is cut; otherwise it is a failure.
    cut: bool,
}

fn too_large(limit: BodyLimit) -> FetchFailure {
    let max_bytes = limit.max_bytes;
    let reason = format!("larger than fetch.max_body_bytes, {max_bytes} bytes");
    FetchFailure::new(Outcome::TooLarge, reason)
}

/// What became of a request that failed, by the error's causes.
fn failure_of(error: &reqwest::Error) -> FetchFailure {
    let mut causes = Vec::new();
    let (mut refused, mut malformed, mut broken) = (false, false, false);
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(inner) = cause {
        refused |= inner.is::<address_guard::RefusedName>();
        if let Some(http) = inner.downcast_ref::<hyper::Error>() {
            malformed |= http.is_parse();
            broken |= !http.is_parse();
        }
        causes.push(inner.to_string());
        cause = inner.source();
    }
    let text = causes.join(": ");
    let lower = text.to_ascii_lowercase();
    let tls = ["certificate", "tls", "handshake", "invalidcontenttype"];
    let outcome = if refused {
        Outcome::RefusedAddress
    } else if error.is_connect() && error.is_timeout() {
        Outcome::TimeoutConnect
    } else if error.is_timeout() {
        Outcome::TimeoutIdle
    } else if lower.contains("dns error") {
        Outcome::Dns
    } else if error.is_connect() && tls.iter().any(|word| lower.contains(word)) {
        Outcome::Tls
    } else if malformed || (error.is_decode() && !broken) {
        Outcome::Protocol
    } else {
        Outcome::Connection
    };
    let is_unexplained = text.is_empty();
    FetchFailure::new(
        outcome,
        if is_unexplained {
            error.to_string()
        } else {
            text
        },
    )
}

#[cfg(test)]
mod tests;
