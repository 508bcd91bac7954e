//! Dates as pages write them: ISO 8601 and its misspellings, RFC 2822, epochs, and dates in words
//! in the languages of `config/tables/months.tsv`, with any script's digits and in the calendars
//! of `config/tables/calendars.tsv`.
//!
//! A relative date ("2 hours ago") is a day only where the time of the fetch is known: nothing is
//! invented.

mod calendar;
mod clock;
mod relative;
mod token;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use calendar::Calendar;
use token::Token;
pub(crate) use token::latin_digit;

/// The earliest year a page is believed to be from; newspapers put scanned archives online.
const FIRST_YEAR: i16 = 1800;

/// Characters of a text that are looked at: longer text is no date, and the cut bounds the work.
const MAX_CHARS: usize = 160;

/// A day, and as much of the time as the page gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    pub(crate) offset: Option<Offset>,
}

impl Stamp {
    /// A day without a time.
    pub(crate) fn of_day(date: Date) -> Self {
        Self {
            date,
            time: None,
            offset: None,
        }
    }

    /// RFC 3339 where time and offset are known, else the date alone.
    pub(crate) fn to_text(self) -> String {
        match (self.time, self.offset) {
            (Some(time), Some(offset)) => {
                let seconds = offset.seconds();
                let time = time.with().subsec_nanosecond(0).build().unwrap_or(time);
                let zone = if seconds == 0 {
                    "Z".to_owned()
                } else {
                    let minutes = seconds.abs() / 60;
                    let sign = if seconds < 0 { '-' } else { '+' };
                    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
                };
                format!("{}T{time}{zone}", self.date)
            }
            _ => self.date.to_string(),
        }
    }

    /// The instant; a missing time is midnight, a missing offset UTC.
    pub(crate) fn instant(self) -> Option<Timestamp> {
        let civil = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        self.offset.unwrap_or(Offset::UTC).to_timestamp(civil).ok()
    }

    /// Whether it names an instant.
    pub(crate) fn is_exact(self) -> bool {
        self.time.is_some() && self.offset.is_some()
    }
}

/// Which of two small numbers before a year is the month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    DayFirst,
    /// `3/4/2026` is the fourth of March; `3.4.2026` is not, since where months go first no dots
    /// stand between (CLDR).
    MonthFirst,
    /// `3.4.2026` is the fourth of March, too.
    MonthFirstAlways,
}

/// How a page writes its dates.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DateFormat<'a> {
    pub(crate) order: Order,
    /// Primary language subtag; tells apart names that mean different months in different
    /// languages (`listopad`), empty where unknown.
    pub(crate) language: &'a str,
}

/// Whether a text may hold a date: cheap to ask before it is read.
pub(crate) fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// Reads the first date in `text`. Numbers without a month's name are taken as year, month, day
/// where the year comes first, and else as the page writes its dates.
pub(crate) fn parse(text: &str, format: DateFormat) -> Option<Stamp> {
    let text = folded(text);
    let eras = calendar::without_eras(&text);
    let tokens = token::tokens(eras.as_deref().unwrap_or(&text), format.language);
    if let [Token::Number(n, digits)] = tokens.as_slice() {
        return lone_number(*n, *digits);
    }
    (0..tokens.len()).find_map(|at| {
        let (date, used) = date_at(&tokens, at, format)?;
        let (time, offset) = clock::after(&tokens, at + used)
            .or_else(|| clock::before(&tokens, at))
            .unzip();
        Some(Stamp {
            date,
            time,
            offset: offset.flatten(),
        })
    })
}

/// Reads a text such as "2 hours ago", seen from the time of the fetch.
pub(crate) fn parse_relative(text: &str, format: DateFormat, fetched: Timestamp) -> Option<Stamp> {
    relative::day(&folded(text), format.language, fetched).map(Stamp::of_day)
}

/// The text in small letters and ASCII digits, cut.
fn folded(text: &str) -> String {
    text.chars()
        .take(MAX_CHARS)
        .map(latin_digit)
        .flat_map(char::to_lowercase)
        .collect()
}

/// A number that stands alone: a day without separators, or seconds or milliseconds since 1970.
fn lone_number(n: i64, digits: usize) -> Option<Stamp> {
    let ymd = |n: i64| day(Calendar::Gregorian, n / 10_000, n / 100 % 100, n % 100);
    match digits {
        8 => ymd(n).map(Stamp::of_day),
        10 => epoch(n),
        13 => epoch(n / 1000),
        14 => Some(Stamp {
            date: ymd(n / 1_000_000)?,
            time: Some(clock::clock(n / 10_000 % 100, n / 100 % 100, n % 100)?),
            offset: None,
        }),
        _ => None,
    }
}

/// A date in an address's path: `/2026/03/01/`, `/2026-03-01-`, `/20260301/`, or an article's number
/// that begins with the minute it was made: `/A20260301093000571`.
pub(crate) fn in_path(path: &str) -> Option<Date> {
    in_parts(path).or_else(|| {
        path.split(|c: char| !c.is_ascii_digit())
            .find_map(in_number)
    })
}

/// Digits of a day with a time to the minute.
const MINUTE_DIGITS: usize = "202603010930".len();

/// The day at the start of a long number, where a time of day follows: without one, any number may
/// look like a day.
fn in_number(digits: &str) -> Option<Date> {
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok();
    let (day_number, hour, minute) = (number(0..8)?, number(8..10)?, number(10..MINUTE_DIGITS)?);
    clock::clock(hour, minute, 0)?;
    path_day(day_number)
}

/// A day without separators in an address; no page of the web is older than it.
fn path_day(n: i64) -> Option<Date> {
    (1990..2100)
        .contains(&(n / 10_000))
        .then(|| day(Calendar::Gregorian, n / 10_000, n / 100 % 100, n % 100))
        .flatten()
}

fn in_parts(path: &str) -> Option<Date> {
    let mut numbers = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            part.parse::<i64>()
                .ok()
                .or_else(|| month_word(part))
                .filter(|_| part.len() <= 9)
                .map(|n| (n, if n <= 12 { 2 } else { part.len() }))
        });
    let mut window = [None; 3];
    numbers.find_map(|number| {
        window.rotate_left(1);
        window[2] = number;
        match window {
            [Some((y, 4)), Some((m, 1..=2)), Some((d, 1..=2))] if (1990..2100).contains(&y) => {
                day(Calendar::Gregorian, y, m, d)
            }
            [_, _, Some((n, 8))] => path_day(n),
            _ => None,
        }
    })
}

/// An English month, as addresses write it: `/2026/mar/01/`, `/2026/march/01/`.
fn month_word(part: &str) -> Option<i64> {
    let months =
        "january february march april may june july august september october november december";
    let at = months
        .split(' ')
        .position(|m| part.eq_ignore_ascii_case(m) || part.eq_ignore_ascii_case(&m[..3]))?;
    i64::try_from(at + 1).ok()
}

/// The date that begins at a token, and how many tokens it has.
fn date_at(tokens: &[Token], at: usize, format: DateFormat) -> Option<(Date, usize)> {
    // A number inside a longer one (a clock, a version) is no day.
    if at > 0 && matches!(tokens[at - 1], Token::Sign(':' | '#')) {
        return None;
    }
    let (first, i) = part(tokens, at)?;
    let (second, i) = part(tokens, skip(tokens, i))?;
    let (third, end) = part(tokens, skip(tokens, i))?;
    // "15.6-inch 1920" is a screen: words stand between numbers only where the year goes first
    // ("2026年3月1日").
    let has_word = || tokens[at..end].iter().any(|t| matches!(t, Token::Word(_)));
    if let (Token::Number(_, 1..=2), Token::Number(..), Token::Number(..)) = (first, second, third)
        && has_word()
    {
        return None;
    }
    let format = DateFormat {
        order: match (format.order, tokens.get(at + 1)) {
            (Order::MonthFirst, Some(Token::Sign('.'))) => Order::DayFirst,
            (order, _) => order,
        },
        ..format
    };
    // "8. Mai, 17:46" has no year.
    let is_clock =
        matches!(third, Token::Number(_, 2)) && matches!(tokens.get(end), Some(Token::Sign(':')));
    if is_clock {
        return None;
    }
    let date = in_order(first, second, third, format).or_else(|| {
        // "3/4/26" and "3.4.26": signs that are the same, and nothing else in the text.
        let same_signs = tokens.get(at + 1) == tokens.get(at + 3)
            && matches!(tokens.get(at + 1), Some(Token::Sign('/' | '.')))
            && at <= 1;
        let Token::Number(y, 2) = third else {
            return None;
        };
        same_signs
            .then(|| in_order(first, second, Token::Number(2000 + y, 4), format))
            .flatten()
    })?;
    Some((date, end - at))
}

/// Three parts as a day, by what they look like.
fn in_order(first: Token, second: Token, third: Token, format: DateFormat) -> Option<Date> {
    use Token::{Month, Number};
    let (calendar, y, m, d) = match (first, second, third) {
        (Number(d, 1..=2), Month(calendar, m), Number(y, 4))
        | (Month(calendar, m), Number(d, 1..=2), Number(y, 4))
        | (Number(y, 4), Month(calendar, m), Number(d, 1..=2)) => (calendar, y, m, d),
        (Number(y, 4), Number(m, 1..=2), Number(d, 1..=2)) => {
            (Calendar::of_year(y, format.language), y, m, d)
        }
        (Number(left, 1..=2), Number(right, 1..=2), Number(y, 4)) => {
            let swapped = (format.order != Order::DayFirst && left <= 12) || right > 12;
            let (m, d) = if swapped {
                (left, right)
            } else {
                (right, left)
            };
            (Calendar::of_year(y, format.language), y, m, d)
        }
        (Number(d, 1..=2), Month(calendar, m), Number(y, 2)) => (calendar, 2000 + y, m, d),
        _ => return None,
    };
    day(calendar, y, m, d)
}

/// A number or a month at a place, and the place after it.
fn part(tokens: &[Token], at: usize) -> Option<(Token, usize)> {
    match tokens.get(at)? {
        found @ (Token::Number(..) | Token::Month(..)) => Some((*found, at + 1)),
        _ => None,
    }
}

/// The place after up to five separators: signs, blanks, ordinal endings, "de", "tháng", 年…
fn skip(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while at < from + 5 {
        match tokens.get(at) {
            Some(Token::Blank | Token::Word(_)) => at += 1,
            Some(Token::Sign(c)) if !matches!(c, ':' | '(' | ')' | '|' | '+' | '"') => at += 1,
            _ => break,
        }
    }
    at
}

fn epoch(seconds: i64) -> Option<Stamp> {
    let civil = Offset::UTC.to_datetime(Timestamp::from_second(seconds).ok()?);
    (civil.year() >= 1990).then(|| Stamp {
        date: civil.date(),
        time: Some(civil.time()),
        offset: Some(Offset::UTC),
    })
}

fn day(calendar: Calendar, year: i64, month: i64, day: i64) -> Option<Date> {
    calendar::to_gregorian(calendar, year, month, day)
        .filter(|date| (FIRST_YEAR..2100).contains(&date.year()))
}
