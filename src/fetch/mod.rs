//! One exchange with a server, bounded in time and size. Redirects are not followed here: each
//! hop has to pass robots.txt, the pace of its host and the address guard first (see
//! [`crate::polite`]).

pub mod guard;

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use reqwest::header::{self, HeaderMap};
use url::Url;

use crate::Error;
use crate::config::Config;
use crate::outcome::Outcome;

/// Unpacked bytes per byte sent from which a body is a bomb; HTML packs 20:1 at most in practice.
const MAX_INFLATION: u64 = 200;

/// Unpacked bytes below which the ratio says nothing.
const INFLATION_FLOOR_BYTES: u64 = 1024 * 1024;

/// Sends requests; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
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

/// A response whose body was read.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// From the request to the response's head.
    pub latency: Duration,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The outcome to record.
    pub outcome: Outcome,
    /// What happened, for people.
    pub reason: String,
}

impl Failure {
    /// A failure with its reason.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            reason: reason.into(),
        }
    }
}

/// The User-Agent header: what the configuration says, or name, version and contact.
#[must_use]
pub fn user_agent(config: &Config) -> String {
    match (&config.crawl.user_agent, &config.crawl.contact) {
        (Some(whole), _) => whole.clone(),
        (None, Some(contact)) => format!("gleaner/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        (None, None) => format!("gleaner/{}", env!("CARGO_PKG_VERSION")),
    }
}

impl Client {
    /// A client with the limits of `config`.
    ///
    /// # Errors
    /// When the User-Agent or a time limit of the configuration cannot be used.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let fetch = &config.fetch;
        let seconds = |name: &str, value: f64| {
            Duration::try_from_secs_f64(value).map_err(|_| Error::Config {
                place: format!("fetch.{name}"),
                message: format!("{value} is no number of seconds; give 0 or more"),
            })
        };
        let http = reqwest::Client::builder()
            .user_agent(user_agent(config))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(seconds("connect_timeout_s", fetch.connect_timeout_s)?)
            .pool_max_idle_per_host(1)
            .dns_resolver(Arc::new(guard::GuardedResolver {
                allow_private: fetch.allow_private_addresses,
            }))
            .no_proxy()
            .build()
            .map_err(|error| Error::Config {
                place: "crawl.user_agent".to_owned(),
                message: error.to_string(),
            })?;
        Ok(Self {
            http,
            allow_private: fetch.allow_private_addresses,
            max_body_bytes: fetch.max_body_bytes,
            first_byte_timeout: seconds("first_byte_timeout_s", fetch.first_byte_timeout_s)?,
            idle_timeout: seconds("idle_timeout_s", fetch.idle_timeout_s)?,
            total_timeout: seconds("total_timeout_s", fetch.total_timeout_s)?,
        })
    }

    /// Asks for one address and reads the answer.
    ///
    /// # Errors
    /// Everything that keeps a response from being read whole, as the outcome to record.
    pub async fn get(&self, url: &Url, known: &Validators) -> Result<Response, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            let reason = format!("{} is neither http nor https", url.scheme());
            return Err(Failure::new(Outcome::RefusedScheme, reason));
        }
        if !self.allow_private && !guard::allows_literal(url) {
            let reason = "a loopback or private address; --allow-private lets gleaner fetch it";
            return Err(Failure::new(Outcome::RefusedAddress, reason));
        }
        match tokio::time::timeout(self.total_timeout, self.exchange(url, known)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::new(
                Outcome::TimeoutTotal,
                format!("not done after {} s", self.total_timeout.as_secs_f64()),
            )),
        }
    }

    async fn exchange(&self, url: &Url, known: &Validators) -> Result<Response, Failure> {
        let mut request = self.http.get(url.clone()).header(
            header::ACCEPT,
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
        );
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        let started = Instant::now();
        let response = tokio::time::timeout(self.first_byte_timeout, request.send())
            .await
            .map_err(|_| {
                let limit = self.first_byte_timeout.as_secs_f64();
                Failure::new(
                    Outcome::TimeoutFirstByte,
                    format!("no answer within {limit} s"),
                )
            })?
            .map_err(|error| failure_of(&error))?;
        let latency = started.elapsed();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = self.body(response).await?;
        Ok(Response {
            status,
            headers,
            body,
            latency,
        })
    }

    async fn body(&self, response: reqwest::Response) -> Result<Vec<u8>, Failure> {
        // reqwest takes the length off compressed responses; the header is what was announced.
        let announced = response.content_length();
        if announced.is_some_and(|length| length > self.max_body_bytes) {
            return Err(self.too_large());
        }
        let sent_bytes = response
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<u64>().ok());
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        loop {
            let chunk = tokio::time::timeout(self.idle_timeout, stream.next())
                .await
                .map_err(|_| {
                    let limit = self.idle_timeout.as_secs_f64();
                    Failure::new(
                        Outcome::TimeoutIdle,
                        format!("the body stalled for {limit} s"),
                    )
                })?;
            let Some(chunk) = chunk else { return Ok(body) };
            body.extend_from_slice(&chunk.map_err(|error| failure_of(&error))?);
            let length = body.len() as u64;
            if length > self.max_body_bytes {
                return Err(self.too_large());
            }
            if length > INFLATION_FLOOR_BYTES
                && sent_bytes.is_some_and(|sent| length > sent.saturating_mul(MAX_INFLATION))
            {
                return Err(Failure::new(
                    Outcome::Bomb,
                    format!("{length} bytes came out of far fewer that were sent"),
                ));
            }
        }
    }

    fn too_large(&self) -> Failure {
        Failure::new(
            Outcome::TooLarge,
            format!(
                "larger than fetch.max_body_bytes, {} bytes",
                self.max_body_bytes
            ),
        )
    }
}

/// Finds out from an error's causes what it was.
fn failure_of(error: &reqwest::Error) -> Failure {
    let mut causes = Vec::new();
    let mut refused = false;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(inner) = cause {
        refused |= inner.is::<guard::Refused>();
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
    } else if error.is_decode() || lower.contains("invalid http") || lower.contains("parse") {
        Outcome::Protocol
    } else {
        Outcome::Connection
    };
    let reason = if text.is_empty() {
        error.to_string()
    } else {
        text
    };
    Failure::new(outcome, reason)
}
