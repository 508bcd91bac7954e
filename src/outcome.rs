//! What became of a URL: every URL that is tried has exactly one outcome, in the store and in the summary,
//! so that none disappears silently.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What became of one URL in one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Fetched, and a new record stored.
    Stored,
    /// Fetched again, and the record has a new version.
    Updated,
    /// Fetched; a feed, sitemap or section page that leads to articles.
    Discovered,
    /// The server said 304, or the content is what is stored already.
    Unchanged,
    /// Fetched; the body is that of an article stored before.
    Duplicate,
    /// Fetched; a further page of a story, whose text is in the record of the first one.
    FurtherPage,
    /// Fetched; the page is no article.
    NotArticle,
    /// Fetched, but the page says that there is no story, or no more, or the server leads to the front page.
    SoftNotFound,
    /// Fetched; the page asks for consent and shows nothing else.
    ConsentWall,
    /// Fetched; the page asks for a subscription and shows nothing else.
    Paywall,
    /// Fetched; the page asks for a password and shows nothing else.
    LoginWall,
    /// Fetched; a page that checks for robots stands in its stead.
    BotCheck,
    /// robots.txt forbids the address.
    RobotsDenied,
    /// robots.txt could not be read (RFC 9309, 2.3.1.4), so nothing may be fetched.
    RobotsUnreachable,
    /// The page says that it must not be stored (`noindex`, a text-and-data-mining reservation).
    OptedOut,
    /// The host is, or resolves to, a private or otherwise refused address.
    RefusedAddress,
    /// The scheme is neither http nor https.
    RefusedScheme,
    /// The body is larger than the limit.
    TooLarge,
    /// The body unpacks to an implausible multiple of what was sent.
    Bomb,
    /// Neither HTML nor a feed or sitemap.
    NotHtml,
    /// No connection in time.
    TimeoutConnect,
    /// No response head in time.
    TimeoutFirstByte,
    /// The body stalled.
    TimeoutIdle,
    /// The whole exchange took too long.
    TimeoutTotal,
    /// The TLS handshake failed.
    Tls,
    /// The host's name does not resolve.
    Dns,
    /// The connection failed or broke.
    Connection,
    /// The response is not HTTP as it should be (headers, Content-Length, encoding).
    Protocol,
    /// 404 or 410.
    NotFound,
    /// 401, 402, 403, 407, 451.
    Forbidden,
    /// 429, or 503 with Retry-After.
    RateLimited,
    /// Another 4xx.
    ClientError,
    /// 5xx.
    ServerError,
    /// A redirect without a usable target.
    BadRedirect,
    /// A redirect that comes back to itself, or more redirects than allowed.
    RedirectLoop,
    /// The bytes are no text in any encoding.
    Decode,
    /// The extractor failed on the page; a bug worth reporting.
    ExtractFailed,
}

impl Outcome {
    /// Whether the try failed in a way that a later try may mend.
    pub(crate) fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RobotsUnreachable
                | Self::TimeoutConnect
                | Self::TimeoutFirstByte
                | Self::TimeoutIdle
                | Self::TimeoutTotal
                | Self::Dns
                | Self::Connection
                | Self::RateLimited
                | Self::ServerError
                | Self::BotCheck
        )
    }
}

/// The name in the store, the summary and the logs: the one that `serde` gives the variant.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
