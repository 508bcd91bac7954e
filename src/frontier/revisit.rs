//! When a URL is visited again.
//!
//! Sources adapt to how often they bring something new: half as much again when a visit brought
//! nothing, a fifth less when it did, from 90 minutes to 30 days. The rule and its factors are those of
//! Apache Nutch's `AdaptiveFetchSchedule`.
//!
//! There is one exception, for runs once an hour: a source that covers a whole site (seed, feed, sitemap)
//! and brought something new within a day is asked in each run. At least 90 minutes there would mean every
//! second run, and stories of the hour left out would be stored an hour later (`tests/it/crawl/cron.rs`
//! measures it). What a section page links to is in the feed as well, so section pages keep the 90
//! minutes, and that is where requests are saved.

use super::Role;

/// Least seconds between two visits of a section page.
pub(crate) const MIN_INTERVAL_S: u64 = 90 * 60;
/// Most seconds between two visits of a source.
pub(crate) const MAX_INTERVAL_S: u64 = 30 * 24 * 3600;
/// A source that covers a site and brought something new within this many seconds (a day, so that a quiet
/// night does not count) …
pub(crate) const LIVELY_S: u64 = 24 * 3600;
/// … is visited after this many seconds: an hour, less five minutes, since hourly runs do not begin on the
/// second.
pub(crate) const LIVELY_INTERVAL_S: u64 = 55 * 60;
/// What a source asks for (`ttl`, `max-age`) counts up to this many seconds.
pub(crate) const MAX_REQUESTED_S: u64 = 24 * 3600;
/// Hours after the first fetch at which an article is fetched again, with `track_changes`.
pub(crate) const ARTICLE_CHECKS_H: [u64; 3] = [1, 6, 24];
/// Failures in a row after which a URL is given up (an article) or visited rarely (a source).
pub(crate) const MAX_TRIES: u32 = 5;

const UNCHANGED_FACTOR: f64 = 1.5;
const CHANGED_FACTOR: f64 = 0.8;

/// Seconds until the next visit of a source. `last_s` is the interval so far, `changed` whether
/// the visit brought something new, `requested_s` what the source asks for, `quiet_s` the seconds since
/// it last brought something.
pub(crate) fn next_interval_s(
    role: Role,
    last_s: Option<u64>,
    changed: bool,
    requested_s: Option<u64>,
    quiet_s: Option<u64>,
) -> u64 {
    let covers_site = covers_site(role);
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
    let is_lively = covers_site && quiet_s.is_some_and(|quiet| quiet < LIVELY_S);
    let (least, most) = match (covers_site, is_lively) {
        (true, true) => (LIVELY_INTERVAL_S, LIVELY_INTERVAL_S),
        (true, false) => (LIVELY_INTERVAL_S, MAX_INTERVAL_S),
        (false, _) => (MIN_INTERVAL_S, MAX_INTERVAL_S),
    };
    let requested = requested_s.unwrap_or(0).min(MAX_REQUESTED_S);
    next.clamp(least, most).max(requested)
}

/// Whether a source tells of everything that is new on its site.
pub(crate) fn covers_site(role: Role) -> bool {
    matches!(role, Role::Seed | Role::Feed | Role::Sitemap)
}

/// When a source is due again, in Unix milliseconds: an interval after it fell due, so that a run that
/// takes its time does not put the next visit off; but not at once, and an interval from now when it was
/// due long ago.
pub(crate) fn next_due_ms(due_ms: i64, now_ms: i64, interval_ms: i64) -> i64 {
    let due_ms = due_ms.min(now_ms);
    if now_ms - due_ms >= interval_ms.saturating_mul(2) {
        return now_ms.saturating_add(interval_ms);
    }
    let soonest_ms = now_ms.saturating_add(interval_ms / 4);
    due_ms.saturating_add(interval_ms).max(soonest_ms)
}

/// A section page or sitemap changes less often than a feed or a front page.
fn first_interval_s(role: Role) -> u64 {
    match role {
        Role::Seed | Role::Feed => LIVELY_INTERVAL_S,
        Role::Section | Role::Sitemap | Role::Article => 2 * MIN_INTERVAL_S,
    }
}

/// Seconds until a failed URL is tried again; none when it is given up. `tries` counts this
/// failure.
pub(crate) fn retry_s(role: Role, tries: u32) -> Option<u64> {
    // 5 and 25 minutes, 2 hours, 10 hours.
    let wait = 300 * 5u64.saturating_pow(tries.saturating_sub(1));
    if tries < MAX_TRIES {
        Some(wait)
    } else {
        role.is_source().then_some(MAX_INTERVAL_S / 4)
    }
}

/// Milliseconds from the first fetch to the next check of an article, after one at `age_ms`.
pub(crate) fn next_check_ms(age_ms: i64) -> Option<i64> {
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
        let next = |role, last, changed| next_interval_s(role, last, changed, None, None);
        assert_eq!(next(Role::Feed, None, true), LIVELY_INTERVAL_S);
        assert_eq!(next(Role::Feed, Some(10_000), false), 15_000);
        assert_eq!(next(Role::Feed, Some(10_000), true), 8_000);
        assert_eq!(next(Role::Feed, Some(4000), true), LIVELY_INTERVAL_S);
        assert_eq!(next(Role::Section, Some(6000), true), MIN_INTERVAL_S);
        assert_eq!(
            next(Role::Feed, Some(MAX_INTERVAL_S), false),
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
            MAX_REQUESTED_S
        );
    }

    #[test]
    fn a_lively_site_is_asked_every_hour() {
        let next =
            |role, quiet_s| next_interval_s(role, Some(8 * 3600), false, None, Some(quiet_s));
        assert_eq!(next(Role::Feed, 3600), LIVELY_INTERVAL_S);
        assert_eq!(next(Role::Feed, LIVELY_S), 12 * 3600);
        assert_eq!(next(Role::Section, 3600), 12 * 3600);
    }

    #[test]
    fn a_slow_run_does_not_stretch_the_interval() {
        assert_eq!(next_due_ms(100, 130, 90), 190);
        assert_eq!(next_due_ms(100, 185, 90), 207, "not twice in a moment");
        assert_eq!(next_due_ms(100, 300, 90), 390);
        assert_eq!(next_due_ms(100, 90, 90), 180);
    }

    /// From cron, a run begins some seconds earlier or later than an hour after the last.
    #[test]
    fn a_lively_source_is_due_in_each_of_hourly_runs() {
        let minute = 60_000;
        let interval_ms = i64::try_from(LIVELY_INTERVAL_S).expect("small") * 1000;
        let mut due_ms = 0;
        for hour in 0..1000 {
            // The visit comes up to half an hour into the run.
            let run_ms = hour * 60 * minute + hour * 7919 % 13_000 - 6_500;
            let visit_ms = run_ms + hour * 104_729 % (30 * minute);
            assert!(due_ms <= run_ms + 6_500, "hour {hour}");
            due_ms = next_due_ms(due_ms, visit_ms, interval_ms);
            assert!(due_ms > visit_ms + 6 * minute, "hour {hour}");
        }
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
