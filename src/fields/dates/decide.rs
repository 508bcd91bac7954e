//! Which of the dates a page gives is the one.

use jiff::civil::Date;

use crate::evidence::date::Stamp;
use crate::fields::dates::{Dated, weight};

/// The date of a field: of the source believed most, made precise by one that means the same.
/// Gives the place among the candidates of the one taken, the date, and why.
pub(crate) fn choose(found: &[Dated], field: &str) -> Option<(usize, Stamp, &'static str)> {
    let of_field = |d: &&Dated| d.field == field;
    let first = found.iter().position(|d| of_field(&d))?;
    let mut taken = first;
    let mut why = "the source believed most";
    if field == "published"
        && let Some(at) = seen_earlier(found, first)
    {
        taken = at;
        why = "readers see an earlier date than the data claim";
    }
    if let Some(at) = found
        .iter()
        .position(|d| of_field(&d) && is_local(d, &found[taken]))
    {
        taken = at;
        why = "readers see the data's time in their own zone";
    }
    let best = found[taken].stamp;
    let alike = |d: &&Dated| of_field(d) && d.stamp.is_exact() && means(d.stamp, best);
    // A time of the same day with an offset says the same, only more exactly.
    if !best.is_exact() {
        if let Some(at) = found.iter().position(|d| alike(&d)) {
            return Some((at, found[at].stamp, "the same, more exactly"));
        }
        return Some((taken, best, why));
    }
    // The offset readers live with rather than UTC, where the page gives both.
    if best.offset.is_some_and(|o| o.seconds() == 0)
        && let Some(at) = found.iter().position(|d| {
            of_field(&d)
                && d.stamp.offset.is_some_and(|o| o.seconds() != 0)
                && same_minute(d.stamp, best)
        })
    {
        return Some((
            at,
            found[at].stamp,
            "the same instant, with the page's own offset",
        ));
    }
    Some((taken, best, why))
}

/// Seconds of half an hour, by which zones differ but for a few (IANA time zone database).
const ZONE_STEP_S: i64 = 30 * 60;

/// Farthest offset from UTC, in seconds.
const MAX_OFFSET_S: i64 = 14 * 60 * 60;

/// Whether a date that readers see is the data's in another zone: data without an offset are often in
/// UTC, and near midnight that is another day.
fn is_local(seen: &Dated, claimed: &Dated) -> bool {
    if seen.weight > weight::LABELLED || claimed.weight <= weight::FIRST {
        return false;
    }
    let clock = |d: &Dated| {
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
fn seen_earlier(found: &[Dated], first: usize) -> Option<usize> {
    let claimed = &found[first];
    if claimed.weight <= weight::FIRST {
        return None;
    }
    let days = |later: Date, earlier: Date| (later - earlier).get_days();
    let mut seen = found.iter().enumerate().filter(|(_, d)| {
        d.field == "published"
            && ((weight::TEXT..=weight::FIRST).contains(&d.weight)
                || d.weight == weight::LABELLED_APART)
            && d.source != "feed"
    });
    let (at, date) = seen.next().map(|(at, d)| (at, d.stamp.date))?;
    // Several dates are of several stories, or of a paper's way from draft to print; those that
    // are later than the page's data are of later stories.
    if seen.any(|(_, d)| d.stamp.date != date && d.stamp.date <= claimed.stamp.date) {
        return None;
    }
    let claims = |d: &&Dated| d.weight > weight::FIRST;
    // A page that was published when it was last changed says when it was built.
    let built = found
        .iter()
        .filter(claims)
        .any(|d| d.field == "modified" && days(d.stamp.date, claimed.stamp.date) <= 0);
    // A day earlier may be the same instant west of Greenwich.
    let is_night = claimed.stamp.is_exact() && claimed.stamp.time.is_some_and(|t| t.hour() < 12);
    let earlier = days(claimed.stamp.date, date) - i32::from(is_night);
    let others_agree = found
        .iter()
        .filter(claims)
        .filter(|d| d.field == "published")
        .all(|d| d.stamp.date == date || days(d.stamp.date, date) >= DAYS_EARLIER);
    let believed = if built {
        earlier >= 1
    } else {
        earlier >= DAYS_EARLIER && others_agree
    };
    believed.then_some(at)
}

/// Whether an exact date says the same as one that is not.
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
