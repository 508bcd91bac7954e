//! Which links a run follows, with which site, depth and priority.

use std::collections::HashMap;

use url::Url;

use crate::article::Hints;
use crate::config::{Config, UrlFilter};
use crate::discover::{DiscoveredUrl, Naming, well_known};
use crate::frontier::Role;
use crate::frontier::priority::priority;
use crate::record::time_ms;
use crate::store::{DueUrl, NewUrl};
use crate::{Error, address};

const DAY_MS: i64 = 24 * 3600 * 1000;

/// The limits of a run.
#[derive(Debug)]
pub(super) struct Scope {
    max_depth: u32,
    since_ms: Option<i64>,
    since_days: u32,
    /// By host.
    filters: HashMap<String, UrlFilter>,
}

impl Scope {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            max_depth: config.crawl.max_depth,
            since_ms: config.crawl.since_ms()?,
            since_days: config.crawl.since_days,
            filters: config.url_filters()?,
        })
    }

    /// The URL to add to the frontier for a candidate that was found on the page of `from`, fetched from
    /// `base` after redirects; with a reason where it is left alone. None for what is no address of the web.
    pub(super) fn admit(
        &self,
        found: &DiscoveredUrl,
        from: &DueUrl,
        base: &Url,
        now_ms: i64,
    ) -> Option<NewUrl> {
        let url = &found.url;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let filter = self.filters.get(url.host_str().unwrap_or_default());
        let is_included = filter.is_some_and(|filter| filter.is_included(url));
        let is_page = matches!(found.role, Role::Article | Role::Section);
        let (role, naming) = if is_page && is_included {
            (Role::Article, Some(Naming::setting()))
        } else {
            (found.role, found.naming.clone())
        };
        // A seed may redirect to the site that is meant.
        let own_site = if from.role == Role::Seed {
            site_of(base)
        } else {
            from.site.clone()
        };
        let hints = hints(found);
        // For a link to the same host the list of public suffixes need not be asked.
        let is_same_host = url.host() == base.host() && url.port() == base.port();
        let site = if is_same_host && site_is(base, &own_site) {
            own_site.clone()
        } else {
            site_of(url)
        };
        let leaves_site = site != own_site;
        let is_entry = from.role == Role::Feed || hints.is_some();
        // Sitemaps and feeds have the depth of the page that names them.
        let step = u32::from(!matches!(role, Role::Feed | Role::Sitemap));
        let depth = if leaves_site && role == Role::Article {
            self.max_depth
        } else {
            from.depth + step
        };
        let modified = found.modified.as_deref().and_then(time_ms);
        let published = found.published.as_deref().and_then(time_ms);
        let dated = published.or(modified).or_else(|| path_date_ms(url));
        let cutoff = self.cutoff_ms(from.found_ms);
        let is_old = !matches!(role, Role::Feed | Role::Section)
            && matches!((dated, cutoff), (Some(dated), Some(cutoff)) if dated < cutoff);
        let refused = |filter: &UrlFilter| {
            !filter.may_visit(url) || (role == Role::Article && !filter.may_be_article(url))
        };
        let left_alone = if filter.is_some_and(refused) {
            Some("left out by the site's include or exclude setting")
        } else if leaves_site && !(role == Role::Feed || (role == Role::Article && is_entry)) {
            // Links to other sites are followed to feeds only, and from feeds to their articles.
            Some("another site's")
        } else if depth > self.max_depth {
            Some("more links from the seed than max_depth")
        } else if is_old {
            Some("older than since")
        } else {
            found.not_to_follow
        };
        #[expect(clippy::cast_precision_loss, reason = "hours, for a ranking")]
        let age_h = dated.map(|at| (now_ms - at) as f64 / 3_600_000.0);
        Some(NewUrl {
            host: address::host_key(url),
            site: if leaves_site && role == Role::Article && left_alone.is_none() {
                site
            } else {
                own_site
            },
            role,
            guessed: false,
            depth,
            priority: priority(role, depth, f64::from(found.score), age_h),
            naming,
            left_alone,
            hints,
            modified_ms: modified,
            url: url.as_str().to_owned(),
        })
    }

    /// Whether the user's settings let an address be an article's.
    pub(super) fn may_be_article(&self, url: &Url) -> bool {
        let filter = self.filters.get(url.host_str().unwrap_or_default());
        filter.is_none_or(|filter| filter.may_be_article(url))
    }

    /// A site's customary addresses of feeds or sitemaps to ask: the first one for each of `roles`, or the
    /// one after `failed`.
    pub(super) fn guesses(
        &self,
        site: &Url,
        roles: &[Role],
        failed: Option<&Url>,
        from: &DueUrl,
        now_ms: i64,
    ) -> Vec<NewUrl> {
        let guesses = well_known(site);
        let next = |role: &Role| {
            let mut of_role = guesses.iter().filter(|guess| guess.role == *role);
            if let Some(failed) = failed {
                of_role.find(|guess| guess.url == *failed)?;
            }
            let guess = self.admit(of_role.next()?, from, site, now_ms)?;
            if guess.left_alone.is_some() {
                return None;
            }
            Some(NewUrl {
                guessed: true,
                ..guess
            })
        };
        roles.iter().filter_map(next).collect()
    }

    /// The time (Unix milliseconds) before which articles are left alone: the configured one, or
    /// `since_days` before `found_ms`, when the site was found.
    pub(super) fn cutoff_ms(&self, found_ms: i64) -> Option<i64> {
        self.since_ms.or_else(|| {
            (self.since_days > 0).then(|| found_ms - i64::from(self.since_days) * DAY_MS)
        })
    }
}

/// What a feed or news sitemap said, where it said anything.
fn hints(found: &DiscoveredUrl) -> Option<Hints> {
    let hints = Hints {
        title: found.title.clone(),
        published: found.published.clone(),
        authors: found.authors.clone(),
        language: found.language.clone(),
    };
    (hints != Hints::default()).then_some(hints)
}

/// Whether `site` is what [`site_of`] gives for `url`, as far as that can be said without the list of
/// public suffixes.
fn site_is(url: &Url, site: &str) -> bool {
    let key = address::host_key(url);
    key == site
        || key
            .strip_suffix(site)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// The end of the day or month that an address names (`/2026/05/14/`, `/2026/05/`), in Unix
/// milliseconds.
fn path_date_ms(url: &Url) -> Option<i64> {
    let segments: Vec<_> = url.path_segments()?.collect();
    let year_at = segments.iter().position(|segment| {
        segment.len() == 4
            && segment
                .parse()
                .is_ok_and(|year| (1990..2100).contains(&year))
    })?;
    let number = |at: usize| -> Option<i8> {
        let text = segments.get(at)?;
        (text.len() <= 2).then(|| text.parse().ok()).flatten()
    };
    let month = number(year_at + 1)?;
    let first = jiff::civil::Date::new(segments[year_at].parse().ok()?, month, 1).ok()?;
    let last = match number(year_at + 2) {
        Some(day) => jiff::civil::Date::new(first.year(), month, day).ok()?,
        None => first.last_of_month(),
    };
    time_ms(&last.tomorrow().ok()?.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_its_day_or_month() {
        let of = |path: &str| {
            let url = Url::parse("https://a.example").and_then(|base| base.join(path));
            path_date_ms(&url.expect("an address"))
        };
        assert_eq!(of("/2026/05/14/crane-falls"), time_ms("2026-05-15"));
        assert_eq!(of("/news/2026/2/crane-falls"), time_ms("2026-03-01"));
        assert_eq!(of("/2026/crane-falls"), None);
        assert_eq!(of("/2026/13/40/x"), None);
    }
}
