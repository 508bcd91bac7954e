//! Which values a setting may have.

use super::Config;
use crate::{Error, dom};

/// The largest `max_body_bytes`: each connection holds a body in memory.
const MAX_BODY_BYTES: u64 = 1 << 30;

/// The first setting that is out of its bounds: its dotted name, and what it must be.
pub(super) fn first_broken(config: &Config) -> Option<(String, String)> {
    let (politeness, fetch) = (&config.politeness, &config.fetch);
    let mut broken = None;
    let mut must = |holds: bool, name: &str, message: &str| {
        if !holds {
            broken.get_or_insert_with(|| (name.to_owned(), message.to_owned()));
        }
    };
    for (name, value) in [
        ("min_delay_s", politeness.min_delay_s),
        ("max_delay_s", politeness.max_delay_s),
        ("latency_factor", politeness.latency_factor),
        ("crawl_delay_cap_s", politeness.crawl_delay_cap_s),
        (
            "address_delay_s",
            politeness.address_delay_s.unwrap_or_default(),
        ),
    ] {
        let message = format!("{value} must be 0 or more");
        must(is_from_zero(value), &format!("politeness.{name}"), &message);
    }
    for (name, value) in [
        ("connect_timeout_s", fetch.connect_timeout_s),
        ("first_byte_timeout_s", fetch.first_byte_timeout_s),
        ("idle_timeout_s", fetch.idle_timeout_s),
        ("total_timeout_s", fetch.total_timeout_s),
    ] {
        let holds = value.is_finite() && value > 0.0;
        let message = format!("{value} must be a number of seconds above 0");
        must(holds, &format!("fetch.{name}"), &message);
    }
    for (name, value) in [
        (
            "politeness.connections_per_host",
            politeness.connections_per_host.into(),
        ),
        ("fetch.concurrency", fetch.concurrency as u64),
        ("fetch.max_body_bytes", fetch.max_body_bytes),
        ("store.warc_max_bytes", config.store.warc_max_bytes),
    ] {
        must(value > 0, name, "must be 1 or more");
    }
    must(
        fetch.max_body_bytes <= MAX_BODY_BYTES,
        "fetch.max_body_bytes",
        &format!(
            "{} must be at most {MAX_BODY_BYTES} (1 GiB)",
            fetch.max_body_bytes
        ),
    );
    for (host, site) in &config.site {
        let delay = site.min_delay_s.unwrap_or_default();
        let message = format!("{delay} is no number of seconds from 0 up");
        let name = format!("site.{host}.min_delay_s");
        must(is_from_zero(delay), &name, &message);
        let body = site.body.iter().map(|selector| ("body", selector));
        let remove = site.remove.iter().map(|selector| ("remove", selector));
        for (key, selector) in body.chain(remove) {
            let message = format!("{selector:?} is no CSS selector, such as \"div.story > p\"");
            let name = format!("site.{host}.{key}");
            must(dom::is_selector(selector), &name, &message);
        }
    }
    let has_store = !config.store.path.as_os_str().is_empty();
    must(has_store, "store.path", "must name a file");
    if let Some(tag) = &config.extract.language {
        let message = format!("{tag:?} is no language tag; write it like en or pt-BR");
        must(is_language(tag), "extract.language", &message);
    }
    if let Err(Error::Config { place, message, .. }) = config.check() {
        // A host stands between quotes, as in a settings file.
        must(false, &place.replace('"', ""), &message);
    }
    broken
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

fn is_from_zero(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}
