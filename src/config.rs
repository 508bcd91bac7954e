//! Every setting: its name, default, unit and bounds.
//!
//! The same names are keys of `gleaner.toml`, environment variables (`GLEANER_SECTION__KEY`) and,
//! where there is one, command-line flags; flags win over the environment, the environment over the
//! file, the file over the defaults below.

mod bounds;
mod load;
mod url_filter;
mod values;

pub use load::{Flag, Loaded, Setting, SettingSource, load};
pub(crate) use url_filter::UrlFilter;
pub(crate) use values::parse_seed;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::body::SiteRules;

/// A settings file with every key, its default, unit and meaning.
pub const EXAMPLE: &str = include_str!("../config/gleaner.toml");

/// All settings of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What to crawl and how far.
    pub crawl: CrawlConfig,
    /// How gently sites are treated.
    pub politeness: PolitenessConfig,
    /// What pages say about being stored, and what follows.
    pub optout: OptOutConfig,
    /// Limits of one exchange with a server.
    pub fetch: FetchConfig,
    /// Where records go.
    pub store: StoreConfig,
    /// How bodies are found.
    pub extract: ExtractConfig,
    /// Exceptions for single hosts, by host name.
    pub site: BTreeMap<String, SiteConfig>,
}

/// `[crawl]`: what to crawl and how far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CrawlConfig {
    /// Addresses of sites, feeds or sitemaps.
    pub seeds: Vec<String>,
    /// A URL or e-mail address at which webmasters reach whoever runs the crawl.
    pub contact: Option<String>,
    /// The whole User-Agent header; made from name, version and contact when absent.
    pub user_agent: Option<String>,
    /// Pages fetched in one run, 0 for no limit.
    pub max_pages: u64,
    /// Links followed from a seed to a page.
    pub max_depth: u32,
    /// Seconds after which a run ends by itself, 0 for no limit.
    pub time_limit_s: u64,
    /// On a first run, articles dated more days back are left alone; 0 takes all.
    pub since_days: u32,
    /// Articles dated before this date are left alone; replaces `since_days`.
    pub since: Option<String>,
    /// Only these sites of the store are worked on; all when empty.
    pub sites: Vec<String>,
    /// Which feeds, sitemaps and section pages are asked although they are not due.
    pub refresh: Refresh,
    /// Whether articles are fetched again after 1, 6 and 24 hours, and their versions kept.
    pub track_changes: bool,
    /// Whether a nearly equal body counts as a duplicate.
    pub near_duplicates: bool,
}

/// Which sources are asked although they are not due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refresh {
    /// None.
    #[default]
    Due,
    /// The seeds.
    Seeds,
    /// Seeds, feeds, sitemaps and section pages.
    All,
}

impl Default for CrawlConfig {
    fn default() -> Self {
        Self {
            seeds: Vec::new(),
            contact: None,
            user_agent: None,
            max_pages: 0,
            max_depth: 3,
            time_limit_s: 0,
            since_days: 30,
            since: None,
            sites: Vec::new(),
            refresh: Refresh::Due,
            track_changes: false,
            near_duplicates: true,
        }
    }
}

/// `[politeness]`: how gently sites are treated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolitenessConfig {
    /// Least time between two requests to one host, in seconds.
    pub min_delay_s: f64,
    /// Most time a slow host's own latency can stretch the delay to, in seconds.
    pub max_delay_s: f64,
    /// The delay is at least this many times the host's last response time.
    pub latency_factor: f64,
    /// A robots.txt `Crawl-delay` counts up to this many seconds.
    pub crawl_delay_cap_s: f64,
    /// Connections open to one host at a time.
    pub connections_per_host: u32,
    /// Least time between two requests to one network address, over all hosts at that address, in
    /// seconds; `min_delay_s` when absent.
    pub address_delay_s: Option<f64>,
    /// Pages fetched of one host in one run, 0 for no limit; replaced by a site's own `max_pages`.
    pub max_pages_per_host: u64,
}

impl Default for PolitenessConfig {
    fn default() -> Self {
        Self {
            min_delay_s: 1.0,
            max_delay_s: 30.0,
            latency_factor: 5.0,
            crawl_delay_cap_s: 60.0,
            connections_per_host: 1,
            address_delay_s: None,
            max_pages_per_host: 0,
        }
    }
}

/// What follows when a page asks not to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOutAction {
    /// Nothing.
    Ignore,
    /// The record is kept, but no raw copy of the page.
    NoCopy,
    /// The page is not stored; its outcome and the reason are.
    Drop,
}

/// `[optout]`: what pages say about being stored, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptOutConfig {
    /// `noindex` and `none` in `X-Robots-Tag` or a robots meta element.
    pub noindex: OptOutAction,
    /// `noarchive` and `nocache`.
    pub noarchive: OptOutAction,
    /// `unavailable_after` with a date that has passed.
    pub unavailable_after: OptOutAction,
    /// A reservation of text and data mining, by header, meta element or `tdmrep.json`.
    pub tdm_reservation: OptOutAction,
    /// `noai`.
    pub noai: OptOutAction,
    /// Whether `nofollow` and `none` keep a page's links from being followed.
    pub nofollow: bool,
}

impl Default for OptOutConfig {
    fn default() -> Self {
        Self {
            noindex: OptOutAction::Drop,
            noarchive: OptOutAction::NoCopy,
            unavailable_after: OptOutAction::Drop,
            tdm_reservation: OptOutAction::Drop,
            noai: OptOutAction::Drop,
            nofollow: true,
        }
    }
}

/// `[fetch]`: limits of one exchange with a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FetchConfig {
    /// Whether loopback and private addresses may be fetched.
    pub allow_private_addresses: bool,
    /// Most bytes of one body after decompression.
    pub max_body_bytes: u64,
    /// Seconds to open a connection, TLS included.
    pub connect_timeout_s: f64,
    /// Seconds from the request to the response's head.
    pub first_byte_timeout_s: f64,
    /// Seconds without any new byte of a body.
    pub idle_timeout_s: f64,
    /// Seconds for the whole exchange.
    pub total_timeout_s: f64,
    /// Redirects followed from one address.
    pub max_redirects: u32,
    /// Exchanges under way at a time, over all hosts.
    pub concurrency: usize,
    /// A proxy for every request, `http://`, `https://`, `socks5://` or `socks5h://`; none when
    /// absent. Proxies named in the environment are not used.
    pub proxy: Option<String>,
    /// An e-mail address for the `From` header (RFC 9110, 10.1.2); no such header when absent.
    pub from: Option<String>,
    /// A PEM file with certificates of authorities that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            allow_private_addresses: false,
            max_body_bytes: 10 * 1024 * 1024,
            connect_timeout_s: 10.0,
            first_byte_timeout_s: 30.0,
            idle_timeout_s: 15.0,
            total_timeout_s: 120.0,
            max_redirects: 10,
            concurrency: 64,
            proxy: None,
            from: None,
            ca_file: None,
        }
    }
}

/// `[store]`: where records go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// The store's file.
    pub path: PathBuf,
    /// The folder for raw copies of articles' pages, as WARC archives; none are kept when absent.
    pub warc: Option<PathBuf>,
    /// Bytes from which an archive of raw copies is closed and a new one is begun.
    pub warc_max_bytes: u64,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            path: PathBuf::from("gleaner.db"),
            warc: None,
            warc_max_bytes: 1_000_000_000,
        }
    }
}

/// `[extract]`: how bodies are found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExtractConfig {
    /// Whether blocks that repeat across one site's pages are removed.
    pub sitewide: bool,
    /// BCP 47 tag to assume; detected when absent.
    pub language: Option<String>,
    /// Pages extracted at a time, 0 for one a core.
    pub jobs: usize,
}

impl Default for ExtractConfig {
    fn default() -> Self {
        Self {
            sitewide: true,
            language: None,
            jobs: 0,
        }
    }
}

/// `[site."HOST"]`: exceptions for one host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// Least time between two requests, in seconds.
    pub min_delay_s: Option<f64>,
    /// Pages fetched in one run, in place of `max_pages_per_host`; 0 for no limit.
    pub max_pages: Option<u64>,
    /// Regular expressions; only addresses that match one are articles.
    pub include: Vec<String>,
    /// Regular expressions; addresses that match one are left alone.
    pub exclude: Vec<String>,
    /// CSS selector of the element that holds the body.
    pub body: Option<String>,
    /// CSS selectors of elements to leave out.
    pub remove: Vec<String>,
    /// Who allowed crawling against robots.txt, and when; without it robots.txt rules.
    pub permission: Option<String>,
}

impl SiteConfig {
    /// What the host's section says about where the body is.
    #[must_use]
    pub fn rules(&self) -> SiteRules {
        SiteRules {
            body: self.body.clone(),
            remove: self.remove.clone(),
        }
    }
}
