//! When a URL is visited again.
//!
//! Sources adapt to how often they bring something new: half as much again when a visit brought
//! nothing, a fifth less when it did, within bounds, which are narrower for a site that was lively
//! within a day. The rule and its factors are those of Apache
//! Nutch's `AdaptiveFetchSchedule`, with a news site's bounds.

use super::Role;

/// Least seconds between two visits of a source.
pub const MIN_INTERVAL_S: u64 = 90 * 60;
/// Most seconds between two visits of a source.
pub const MAX_INTERVAL_S: u64 = 30 * 24 * 3600;
/// A source that covers a site and brought something within this many seconds, a day with its night …
pub const LIVELY_S: u64 = 24 * 3600;
/// … is visited at least so often, in seconds: a quiet night is no reason to sleep through the morning.
pub const LIVELY_INTERVAL_S: u64 = MIN_INTERVAL_S * 3 / 2;
/// A source asks for patience (`ttl`, `max-age`) with effect up to this many seconds.
pub const MAX_WISH_S: u64 = 24 * 3600;
/// Hours after the first fetch at which an article is fetched again, with `track_changes`.
pub const ARTICLE_CHECKS_H: [u64; 3] = [1, 6, 24];
/// Failures in a row after which a URL is given up (an article) or visited rarely (a source).
pub const MAX_TRIES: u32 = 5;

/// Sources that cover one site take turns: this long between two of them, in milliseconds. A third of
/// the least interval: measured on three days of hourly runs, longer turns leave hours without one.
pub const TURN_MS: i64 = 30 * 60 * 1000;
/// Turns a source waits at most for others of its site.
pub const TURNS: u32 = 2;

const UNCHANGED_FACTOR: f64 = 1.5;
const CHANGED_FACTOR: f64 = 0.8;

/// Seconds until the next visit of a source. `last_s` is the interval so far, `changed` whether
/// the visit brought something new, `wish_s` what the source asks for, `quiet_s` the seconds since it
/// last brought something.
#[must_use]
pub fn next_interval_s(
    role: Role,
    last_s: Option<u64>,
    changed: bool,
    wish_s: Option<u64>,
    quiet_s: Option<u64>,
) -> u64 {
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
    let is_lively = covers_site(role) && quiet_s.is_some_and(|quiet| quiet < LIVELY_S);
    let most = if is_lively {
        LIVELY_INTERVAL_S
    } else {
        MAX_INTERVAL_S
    };
    let wish = wish_s.unwrap_or(0).min(MAX_WISH_S);
    next.clamp(MIN_INTERVAL_S, most).max(wish)
}

/// Whether a source tells of everything that is new on its site.
#[must_use]
pub fn covers_site(role: Role) -> bool {
    matches!(role, Role::Seed | Role::Feed | Role::Sitemap)
}

/// When a source is due again, in Unix milliseconds: an interval after it fell due, or after now when
/// that is long past.
#[must_use]
pub fn next_due_ms(due_ms: i64, now_ms: i64, interval_ms: i64) -> i64 {
    let late_ms = now_ms - due_ms;
    if (0..interval_ms).contains(&late_ms) {
        due_ms + interval_ms
    } else {
        now_ms + interval_ms
    }
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
            next_interval_s(Role::Feed, None, true, None, None),
            MIN_INTERVAL_S
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(10_000), false, None, None),
            15_000
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(10_000), true, None, None),
            8_000
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(MIN_INTERVAL_S), true, None, None),
            MIN_INTERVAL_S
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(MAX_INTERVAL_S), false, None, None),
            MAX_INTERVAL_S
        );
    }

    #[test]
    fn a_source_may_ask_for_patience_but_not_for_ever() {
        assert_eq!(
            next_interval_s(Role::Feed, Some(6000), true, Some(7200), None),
            7200
        );
        assert_eq!(
            next_interval_s(Role::Feed, Some(6000), true, Some(u64::MAX), None),
            MAX_WISH_S
        );
    }

    #[test]
    fn a_lively_site_is_not_left_to_sleep() {
        let next =
            |role, quiet_s| next_interval_s(role, Some(8 * 3600), false, None, Some(quiet_s));
        assert_eq!(next(Role::Feed, 3600), LIVELY_INTERVAL_S);
        assert_eq!(next(Role::Feed, LIVELY_S), 12 * 3600);
        assert_eq!(next(Role::Section, 3600), 12 * 3600);
    }

    #[test]
    fn runs_at_full_hours_do_not_stretch_the_interval() {
        assert_eq!(next_due_ms(100, 130, 90), 190);
        assert_eq!(next_due_ms(100, 250, 90), 340);
        assert_eq!(next_due_ms(100, 90, 90), 180);
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
