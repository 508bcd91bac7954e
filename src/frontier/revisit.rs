//! When a URL is visited again.
//!
//! Sources adapt to how often they bring something new: half as much again when a visit brought
//! nothing, a fifth less when it did, within bounds. The rule and its factors are those of Apache
//! Nutch's `AdaptiveFetchSchedule`, with a news site's bounds.

use super::Role;

/// Least seconds between two visits of a source.
pub const MIN_INTERVAL_S: u64 = 90 * 60;
/// Most seconds between two visits of a source.
pub const MAX_INTERVAL_S: u64 = 30 * 24 * 3600;
/// A source asks for patience (`ttl`, `max-age`) with effect up to this many seconds.
pub const MAX_WISH_S: u64 = 24 * 3600;
/// Hours after the first fetch at which an article is fetched again, with `track_changes`.
pub const ARTICLE_CHECKS_H: [u64; 3] = [1, 6, 24];
/// Failures in a row after which a URL is given up (an article) or visited rarely (a source).
pub const MAX_TRIES: u32 = 5;

const UNCHANGED_FACTOR: f64 = 1.5;
const CHANGED_FACTOR: f64 = 0.8;

/// Seconds until the next visit of a source. `last_s` is the interval so far, `changed` whether
/// the visit brought something new, `wish_s` what the source asks for.
#[must_use]
pub fn next_interval_s(role: Role, last_s: Option<u64>, changed: bool, wish_s: Option<u64>) -> u64 {
    let next = match last_s {
        None => first_interval_s(role),
        Some(last) => {
            let factor = if changed {
                CHANGED_FACTOR
            } else {
                UNCHANGED_FACTOR
            };
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "seconds up to a month are far from either type's limits"
            )]
            let next = (last as f64 * factor) as u64;
            next
        }
    };
    let wish = wish_s.unwrap_or(0).min(MAX_WISH_S);
    next.max(wish).clamp(MIN_INTERVAL_S, MAX_INTERVAL_S)
}

/// A section page or sitemap changes less often than a feed or a front page.
fn first_interval_s(role: Role) -> u64 {
    match role {
        Role::Seed | Role::Feed => MIN_INTERVAL_S,
        Role::Section | Role::Sitemap | Role::Article => 2 * MIN_INTERVAL_S,
    }
}

/// Seconds until a failed URL is tried again; none when it is given up. `tries` counts this
/// failure.
#[must_use]
pub fn retry_s(role: Role, tries: u32) -> Option<u64> {
    // 5 and 25 minutes, 2 hours, 10 hours.
    let wait = 300 * 5u64.saturating_pow(tries.saturating_sub(1));
    if tries < MAX_TRIES {
        Some(wait)
    } else {
        role.is_source().then_some(MAX_INTERVAL_S / 4)
    }
}

/// Milliseconds from the first fetch to the next check of an article, after one at `age_ms`.
#[must_use]
pub fn next_check_ms(age_ms: i64) -> Option<i64> {
    ARTICLE_CHECKS_H
        .iter()
        .map(|hours| i64::try_from(hours * 3_600_000).unwrap_or(i64::MAX))
        .find(|check| *check > age_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_adapt_within_their_bounds() {
        assert_eq!(
            next_interval_s(Role::Feed, None, true, None),
            MIN_INTERVAL_S
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(10_000), false, None),
            15_000
        );
        assert_eq!(next_interval_s(Role::Feed, Some(10_000), true, None), 8_000);
        assert_eq!(
            next_interval_s(Role::Feed, Some(MIN_INTERVAL_S), true, None),
            MIN_INTERVAL_S
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(MAX_INTERVAL_S), false, None),
            MAX_INTERVAL_S
        );
    }

    #[test]
    fn a_source_may_ask_for_patience_but_not_for_ever() {
        assert_eq!(
            next_interval_s(Role::Feed, Some(6000), true, Some(7200)),
            7200
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(6000), true, Some(u64::MAX)),
            MAX_WISH_S
        );
    }

    #[test]
    fn articles_are_checked_three_times() {
        let hour = 3_600_000;
        assert_eq!(next_check_ms(0), Some(hour));
        assert_eq!(next_check_ms(hour), Some(6 * hour));
        assert_eq!(next_check_ms(7 * hour), Some(24 * hour));
        assert_eq!(next_check_ms(24 * hour), None);
    }

    #[test]
    fn an_article_that_fails_for_good_is_given_up() {
        assert_eq!(retry_s(Role::Article, 1), Some(300));
        assert_eq!(retry_s(Role::Article, MAX_TRIES), None);
        assert!(retry_s(Role::Feed, MAX_TRIES).is_some());
    }
}
