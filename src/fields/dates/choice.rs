//! Which of the dates that a page claims is taken.

use jiff::civil::Date;

use crate::evidence::date::Stamp;
use crate::fields::dates::{DateClaim, priority};
use crate::fields::explain::Decision;

/// The date of publication, from claims of which those believed more come first; `changes` are those for
/// the date of the last change.
pub(super) fn published(found: &[DateClaim], changes: &[DateClaim]) -> Decision<Option<String>> {
    let earlier = seen_earlier(found, changes);
    let earlier = earlier.map(|at| (at, "readers see an earlier date than the data claim"));
    decide(found, earlier)
}

/// Takes the claim `earlier` for its reason, else the one believed most, or one that says the same more
/// precisely.
pub(super) fn decide(
    found: &[DateClaim],
    earlier: Option<(usize, &'static str)>,
) -> Decision<Option<String>> {
    let (at, why) = earlier.unwrap_or((0, "the source believed most"));
    let taken = more_precise(found, at, why);
    let claims = found.iter();
    let claims = claims.map(|claim| claim.source.claim(claim.stamp.to_text()));
    Decision {
        value: taken.map(|(at, _)| found[at].stamp.to_text()),
        claims: claims.collect(),
        taken,
    }
}

/// The claim that says more precisely what the chosen one says, where there is one, and why it is taken.
fn more_precise(
    found: &[DateClaim],
    mut taken: usize,
    mut why: &'static str,
) -> Option<(usize, &'static str)> {
    let claimed = found.get(taken)?;
    if let Some(at) = found.iter().position(|d| is_local(d, claimed)) {
        taken = at;
        why = "readers see the data's time in their own zone";
    }
    let best = found[taken].stamp;
    // A time of the same day with an offset says the same, only more exactly.
    let is_same = |d: &DateClaim| d.stamp.is_exact() && means(d.stamp, best);
    // The offset readers live with rather than UTC, where the page gives both.
    let is_own_offset = |d: &DateClaim| {
        d.stamp.offset.is_some_and(|o| o.seconds() != 0) && same_minute(d.stamp, best)
    };
    let better = if !best.is_exact() {
        let at = found.iter().position(is_same);
        at.map(|at| (at, "the same, more exactly"))
    } else if best.offset.is_some_and(|o| o.seconds() == 0) {
        let at = found.iter().position(is_own_offset);
        at.map(|at| (at, "the same instant, with the page's own offset"))
    } else {
        None
    };
    Some(better.unwrap_or((taken, why)))
}

/// Seconds of half an hour, by which zones differ but for a few (IANA time zone database).
const ZONE_STEP_S: i64 = 30 * 60;

/// Farthest offset from UTC, in seconds.
const MAX_OFFSET_S: i64 = 14 * 60 * 60;

/// Whether a date that readers see is the data's in another zone: data without an offset are often in
/// UTC, and near midnight that is another day.
fn is_local(seen: &DateClaim, claimed: &DateClaim) -> bool {
    if seen.source.priority > priority::LABELLED || claimed.source.priority <= priority::FIRST {
        return false;
    }
    let clock = |d: &DateClaim| {
        let time = d.stamp.time.filter(|_| d.stamp.offset.is_none())?;
        let minute = time.with().second(0).subsec_nanosecond(0).build().ok()?;
        Some(d.stamp.date.to_datetime(minute))
    };
    let (Some(seen), Some(claimed)) = (clock(seen), clock(claimed)) else {
        return false;
    };
    let apart = claimed.duration_since(seen).as_secs();
    apart != 0 && apart % ZONE_STEP_S == 0 && apart.abs() <= MAX_OFFSET_S
}

/// Days by which a date that readers see is earlier than the data's before it is believed: less may
/// be a matter of time zones.
const DAYS_EARLIER: i32 = 2;

/// A date that readers see near the headline and that is earlier than the one in the data. Some
/// systems give the day of their last build as the day of publication.
fn seen_earlier(found: &[DateClaim], changes: &[DateClaim]) -> Option<usize> {
    let is_of_data = |d: &&DateClaim| d.source.priority > priority::FIRST;
    let claimed = found.first().filter(is_of_data)?;
    let days = |later: Date, earlier: Date| (later - earlier).get_days();
    let mut seen = found.iter().enumerate().filter(|(_, d)| {
        (priority::TEXT..=priority::FIRST).contains(&d.source.priority)
            || d.source.priority == priority::LABELLED_APART
    });
    let (at, date) = seen.next().map(|(at, d)| (at, d.stamp.date))?;
    // Several dates are of several stories, or of a paper's way from draft to print; those that
    // are later than the page's data are of later stories.
    if seen.any(|(_, d)| d.stamp.date != date && d.stamp.date <= claimed.stamp.date) {
        return None;
    }
    // A page that was published when it was last changed says when it was built.
    let mut changes = changes.iter().filter(is_of_data);
    let is_built = changes.any(|d| days(d.stamp.date, claimed.stamp.date) <= 0);
    // A day earlier may be the same instant west of Greenwich.
    let is_night = claimed.stamp.is_exact() && claimed.stamp.time.is_some_and(|t| t.hour() < 12);
    let earlier = days(claimed.stamp.date, date) - i32::from(is_night);
    let mut claims = found.iter().filter(is_of_data);
    let is_believed = if is_built {
        earlier >= 1
    } else {
        earlier >= DAYS_EARLIER
            && claims.all(|d| d.stamp.date == date || days(d.stamp.date, date) >= DAYS_EARLIER)
    };
    is_believed.then_some(at)
}

/// Whether an exact date agrees with one that is not.
fn means(exact: Stamp, vague: Stamp) -> bool {
    exact.date == vague.date
        && vague.time.is_none_or(|t| {
            exact.time.map(|e| (e.hour(), e.minute())) == Some((t.hour(), t.minute()))
        })
}

fn same_minute(a: Stamp, b: Stamp) -> bool {
    match (a.instant(), b.instant()) {
        (Some(a), Some(b)) => a.as_second().div_euclid(60) == b.as_second().div_euclid(60),
        _ => false,
    }
}
