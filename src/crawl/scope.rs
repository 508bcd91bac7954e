//! Which links a run follows, and under which terms.

use std::collections::HashMap;

use regex::RegexSet;
use url::Url;

use crate::Error;
use crate::address;
use crate::config::Config;
use crate::extract::Hints;
use crate::frontier::Role;
use crate::frontier::priority::priority;
use crate::store::{Due, NewUrl};

const DAY_MS: i64 = 24 * 3600 * 1000;

/// A link or entry, as evidence for a URL.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    pub(super) url: Url,
    pub(super) role: Role,
    pub(super) guessed: bool,
    /// How sure the evidence is, 0 to 1.
    pub(super) score: f64,
    pub(super) hints: Hints,
    /// RFC 3339, where the feed or sitemap gives it.
    pub(super) modified: Option<String>,
}

/// The limits of a run.
#[derive(Debug)]
pub(super) struct Scope {
    max_depth: u32,
    since_ms: Option<i64>,
    since_days: u32,
    rules: HashMap<String, Rules>,
}

#[derive(Debug)]
struct Rules {
    include: RegexSet,
    exclude: RegexSet,
}

impl Scope {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        let mut rules = HashMap::new();
        for (host, site) in &config.site {
            let set = |key: &str, patterns: &[String]| {
                RegexSet::new(patterns).map_err(|e| Error::Config {
                    place: format!("site.\"{host}\".{key}"),
                    message: e.to_string(),
                })
            };
            rules.insert(
                host.clone(),
                Rules {
                    include: set("include", &site.include)?,
                    exclude: set("exclude", &site.exclude)?,
                },
            );
        }
        let since_ms = config.crawl.since.as_deref().map(parse_since).transpose()?;
        Ok(Self {
            max_depth: config.crawl.max_depth,
            since_ms,
            since_days: config.crawl.since_days,
            rules,
        })
    }

    /// What to know of a lead found on the page of `from` (which stands at `base` and was first
    /// heard of at `from.found_ms`); none when it is left alone.
    pub(super) fn admit(&self, lead: &Lead, from: &Due, base: &Url, now_ms: i64) -> Option<NewUrl> {
        if !matches!(lead.url.scheme(), "http" | "https") {
            return None;
        }
        let url = address::canonical(&lead.url);
        let site = site_of(&url);
        let home = if from.role == Role::Seed {
            site_of(base)
        } else {
            from.site.clone()
        };
        let is_abroad = site != home;
        let is_entry = matches!(from.role, Role::Feed) || lead.hints != Hints::default();
        // A page speaks for its own site; feeds may stand, and lead, elsewhere.
        if is_abroad && !(lead.role == Role::Feed || (lead.role == Role::Article && is_entry)) {
            return None;
        }
        // Sitemaps and feeds are as near as the page that names them.
        let step = u32::from(!matches!(lead.role, Role::Feed | Role::Sitemap));
        let depth = if is_abroad && lead.role == Role::Article {
            self.max_depth
        } else {
            from.depth + step
        };
        if depth > self.max_depth || self.is_excluded(&url, lead.role) {
            return None;
        }
        let published = lead.hints.published.as_deref().and_then(time_ms);
        let modified = lead.modified.as_deref().and_then(time_ms);
        let dated = published.or(modified);
        let cutoff = self.cutoff_ms(from.found_ms);
        if !matches!(lead.role, Role::Feed | Role::Section)
            && let (Some(dated), Some(cutoff)) = (dated, cutoff)
            && dated < cutoff
        {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "hours, for a ranking")]
        let age_h = dated.map(|at| (now_ms - at) as f64 / 3_600_000.0);
        Some(NewUrl {
            host: address::host_key(&url),
            site: if is_abroad && lead.role == Role::Article {
                site
            } else {
                home
            },
            role: lead.role,
            guessed: lead.guessed,
            depth,
            priority: priority(lead.role, depth, lead.score, age_h),
            hints: (lead.hints != Hints::default()).then(|| lead.hints.clone()),
            modified_ms: modified,
            url: url.into(),
        })
    }

    /// The date before which articles are left alone: the one given, or `since_days` before the
    /// site was first heard of.
    pub(super) fn cutoff_ms(&self, found_ms: i64) -> Option<i64> {
        self.since_ms.or_else(|| {
            (self.since_days > 0).then(|| found_ms - i64::from(self.since_days) * DAY_MS)
        })
    }

    fn is_excluded(&self, url: &Url, role: Role) -> bool {
        let Some(rules) = self.rules.get(url.host_str().unwrap_or_default()) else {
            return false;
        };
        rules.exclude.is_match(url.as_str())
            || (role == Role::Article
                && !rules.include.is_empty()
                && !rules.include.is_match(url.as_str()))
    }
}

/// The site a URL belongs to: its registrable domain, or its host where it has none.
pub(super) fn site_of(url: &Url) -> String {
    let domain = address::registrable_domain(url)
        .or_else(|| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    match url.port() {
        Some(port) => format!("{domain}:{port}"),
        None => domain,
    }
}

/// A date or a time with offset, in Unix milliseconds; a date alone is its first moment in UTC.
#[must_use]
pub fn time_ms(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let start = date.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some(start.timestamp().as_millisecond())
}

fn parse_since(text: &str) -> Result<i64, Error> {
    time_ms(text).ok_or_else(|| Error::Config {
        place: "crawl.since".into(),
        message: format!("{text:?} is no date; write it like 2026-03-01"),
    })
}
