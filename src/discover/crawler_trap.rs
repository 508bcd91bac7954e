//! Crawler traps: addresses that a site makes up without end.

use url::Url;

/// Longest address worth asking for, in bytes: what sitemaps allow (sitemaps.org, `loc`).
const MAX_LENGTH: usize = 2048;

/// Most path segments; news sites stay below ten.
const MAX_SEGMENTS: usize = 16;

/// Most query parameters; more is the state of a form or a filter.
const MAX_PARAMETERS: usize = 8;

/// A segment that stands in a path so many times (or a pair that stands there twice in a row) comes from
/// a relative link that grows with each click.
const MAX_REPEATS: usize = 3;

/// Why an address looks like one of an endless number, if it does: too long, too deep, repeating
/// path segments, too many parameters, a calendar's day.
pub(crate) fn crawler_trap(url: &Url) -> Option<&'static str> {
    if url.as_str().len() > MAX_LENGTH {
        return Some("trap: address too long");
    }
    let segments: Vec<&str> = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|segment| !segment.is_empty())
        .collect();
    if segments.len() > MAX_SEGMENTS {
        return Some("trap: path too deep");
    }
    let repeats = |one: &str| segments.iter().filter(|other| **other == one).count();
    let numeric = |one: &str| one.bytes().all(|b| b.is_ascii_digit());
    if segments
        .iter()
        .any(|one| !numeric(one) && repeats(one) >= MAX_REPEATS)
        || segments
            .windows(4)
            .any(|four| four[..2] == four[2..] && !numeric(four[0]))
    {
        return Some("trap: path repeats itself");
    }
    if url
        .query()
        .is_some_and(|query| query.split('&').count() > MAX_PARAMETERS)
    {
        return Some("trap: too many parameters");
    }
    None
}
