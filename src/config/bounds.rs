//! Which values a setting may have.

use super::{Config, check_crawl};
use crate::{Error, dom, fetch};

/// The most bytes a body may be allowed: what is read is held in memory, once a connection.
const MAX_BODY_BYTES: u64 = 1 << 30;

/// The first setting that is out of its bounds: its dotted name, and what it must be.
pub(super) fn broken(config: &Config) -> Option<(String, String)> {
    let politeness = &config.politeness;
    let fetch = &config.fetch;
    let from_zero = [
        ("politeness.min_delay_s", politeness.min_delay_s),
        ("politeness.max_delay_s", politeness.max_delay_s),
        ("politeness.latency_factor", politeness.latency_factor),
        ("politeness.crawl_delay_cap_s", politeness.crawl_delay_cap_s),
    ];
    let address_delay = politeness.address_delay_s;
    let above_zero = [
        ("fetch.connect_timeout_s", fetch.connect_timeout_s),
        ("fetch.first_byte_timeout_s", fetch.first_byte_timeout_s),
        ("fetch.idle_timeout_s", fetch.idle_timeout_s),
        ("fetch.total_timeout_s", fetch.total_timeout_s),
    ];
    let at_least_one = [
        (
            "politeness.connections_per_host",
            u64::from(politeness.connections_per_host),
        ),
        ("fetch.concurrency", fetch.concurrency as u64),
        ("fetch.max_body_bytes", fetch.max_body_bytes),
        ("store.warc_max_bytes", config.store.warc_max_bytes),
    ];
    let site_delays = config.site.iter().filter_map(|(host, site)| {
        let delay = site.min_delay_s?;
        (!is_delay(delay)).then(|| {
            (
                format!("site.{host}.min_delay_s"),
                format!("{delay} is no number of seconds from 0 up"),
            )
        })
    });
    let not_from_zero = from_zero
        .into_iter()
        .chain(address_delay.map(|delay| ("politeness.address_delay_s", delay)))
        .filter(|(_, value)| !is_delay(*value))
        .map(|(name, value)| (name.to_owned(), format!("{value} must be 0 or more")));
    let not_above_zero = above_zero
        .iter()
        .filter(|(_, value)| !(value.is_finite() && *value > 0.0))
        .map(|(name, value)| {
            let message = format!("{value} must be a number of seconds above 0");
            ((*name).to_owned(), message)
        });
    let below_one = at_least_one
        .iter()
        .filter(|(_, value)| *value == 0)
        .map(|(name, _)| ((*name).to_owned(), "must be 1 or more".to_owned()));
    let too_large = (fetch.max_body_bytes > MAX_BODY_BYTES).then(|| {
        (
            "fetch.max_body_bytes".to_owned(),
            format!(
                "{} must be at most {MAX_BODY_BYTES} (1 GiB)",
                fetch.max_body_bytes
            ),
        )
    });
    let no_selectors = config.site.iter().flat_map(|(host, site)| {
        let body = site.body.iter().map(|selector| ("body", selector));
        let remove = site.remove.iter().map(|selector| ("remove", selector));
        body.chain(remove)
            .filter(|(_, selector)| !dom::is_selector(selector))
            .map(move |(key, selector)| {
                let message = format!("{selector:?} is no CSS selector, such as \"div.story > p\"");
                (format!("site.{host}.{key}"), message)
            })
    });
    let language = config.extract.language.as_ref();
    let no_language = language.filter(|tag| !is_language(tag)).map(|tag| {
        let message = format!("{tag:?} is no language tag; write it like en or pt-BR");
        ("extract.language".to_owned(), message)
    });
    let no_store = config.store.path.as_os_str().is_empty();
    let no_store = no_store.then(|| ("store.path".to_owned(), "must name a file".to_owned()));
    not_from_zero
        .chain(not_above_zero)
        .chain(below_one)
        .chain(too_large)
        .chain(site_delays)
        .chain(no_selectors)
        .chain(no_store)
        .chain(no_language)
        .next()
        .or_else(|| refused(check_crawl(config)))
        .or_else(|| refused(fetch::check(config)))
}

/// What a stage has against a setting.
fn refused(check: Result<(), Error>) -> Option<(String, String)> {
    match check {
        // A host stands between quotes, as in a settings file.
        Err(Error::Config { place, message }) => Some((place.replace('"', ""), message)),
        _ => None,
    }
}

/// Whether a text has the form of a language tag (BCP 47): a language of letters, then parts of letters
/// and digits.
fn is_language(tag: &str) -> bool {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let language = tag.split('-').next().unwrap_or_default();
    language.len() > 1
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tag.split('-').all(is_part)
}

fn is_delay(seconds: f64) -> bool {
    seconds.is_finite() && seconds >= 0.0
}
