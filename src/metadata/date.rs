//! Dates as pages write them: ISO 8601 and its misspellings, RFC 2822, epochs, and dates in words
//! in the languages of `config/tables/months.tsv`, with any script's digits.
//!
//! Relative dates ("2 hours ago") are no dates: nothing is invented.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// Month names by language, from CLDR.
const MONTHS: &str = include_str!("../../config/tables/months.tsv");

/// The earliest year a page is believed to be from; newspapers put scanned archives online.
const FIRST_YEAR: i16 = 1800;

/// A day, and as much of the time as the page gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) date: Date,
    pub(super) time: Option<Time>,
    pub(super) offset: Option<Offset>,
}

impl Stamp {
    /// RFC 3339 where time and offset are known, else the date alone.
    pub(super) fn to_text(self) -> String {
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
    pub(super) fn instant(self) -> Option<jiff::Timestamp> {
        let civil = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        self.offset.unwrap_or(Offset::UTC).to_timestamp(civil).ok()
    }
}

/// How a page writes its dates.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Habit<'a> {
    /// Whether `3/4/2026` is the fourth of March.
    pub(super) month_first: bool,
    /// Primary language subtag; tells apart names that mean different months in different
    /// languages (`listopad`), empty where unknown.
    pub(super) language: &'a str,
}

/// Reads the first date in `text`. Numbers without a month's name are taken as year, month, day
/// where the year comes first, and else as the page's habit is.
pub(super) fn parse(text: &str, habit: Habit) -> Option<Stamp> {
    // Longer text is no date; the cut keeps the work bounded.
    let text: String = text
        .chars()
        .take(160)
        .map(latin_digit)
        .flat_map(char::to_lowercase)
        .collect();
    let tokens = tokens(&text, habit.language);
    if let [Token::Number(n, digits)] = tokens.as_slice() {
        return match digits {
            8 => day(n / 10_000, n / 100 % 100, n % 100).map(date_only),
            10 => epoch(*n),
            13 => epoch(n / 1000),
            14 => {
                let date = day(
                    n / 10_000_000_000,
                    n / 100_000_000 % 100,
                    n / 1_000_000 % 100,
                )?;
                let time = clock(n / 10_000 % 100, n / 100 % 100, n % 100)?;
                Some(Stamp {
                    date,
                    time: Some(time),
                    offset: None,
                })
            }
            _ => None,
        };
    }
    (0..tokens.len()).find_map(|at| {
        let (date, used) = date_at(&tokens, at, habit.month_first)?;
        let (time, offset) = time_after(&tokens, at + used)
            .or_else(|| time_before(&tokens, at))
            .unzip();
        Some(Stamp {
            date,
            time,
            offset: offset.flatten(),
        })
    })
}

/// A date in an address's path: `/2026/03/01/`, `/2026-03-01-`, `/20260301/`.
pub(super) fn in_path(path: &str) -> Option<Date> {
    let mut numbers = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            part.parse::<i64>()
                .ok()
                .filter(|_| part.len() <= 8)
                .map(|n| (n, part.len()))
        });
    let mut window = [None; 3];
    numbers.find_map(|number| {
        window.rotate_left(1);
        window[2] = number;
        match window {
            [Some((y, 4)), Some((m, 1..=2)), Some((d, 1..=2))] if (1990..2100).contains(&y) => {
                day(y, m, d)
            }
            [_, _, Some((n, 8))] if (1990..2100).contains(&(n / 10_000)) => {
                day(n / 10_000, n / 100 % 100, n % 100)
            }
            _ => None,
        }
    })
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    /// A number and its count of digits.
    Number(i64, usize),
    /// A month's name.
    Month(i64),
    /// A sign.
    Sign(char),
    /// Any other word: its first two letters.
    Word([u8; 2]),
    Blank,
}

fn tokens(text: &str, language: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            found.push(
                rest[..length]
                    .parse()
                    .map_or(Token::Blank, |n| Token::Number(n, length)),
            );
            length
        } else if c.is_alphabetic() {
            let (token, length) = word(rest, language);
            found.push(token);
            length
        } else {
            if c.is_whitespace() {
                if found.last() != Some(&Token::Blank) {
                    found.push(Token::Blank);
                }
            } else if !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202b}' | '\u{202c}') {
                found.push(Token::Sign(c));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// Months by name and language, and the length of the longest name in bytes.
type Names = (HashMap<&'static str, Vec<(&'static str, i64)>>, usize);

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names: HashMap<&str, Vec<(&str, i64)>> = HashMap::new();
    for line in MONTHS.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let language = columns
            .next()
            .and_then(|tag| tag.split('-').next())
            .unwrap_or_default();
        for (month, spellings) in columns.enumerate() {
            for name in spellings.split('|') {
                let months = names.entry(name).or_default();
                months.push((language, i64::try_from(month).unwrap_or(0) + 1));
            }
        }
    }
    // Spellings in use that CLDR does not list.
    for (name, month) in [
        ("sept", 9),
        ("jänner", 1),
        ("feber", 2),
        ("märz", 3),
        ("mrz", 3),
        ("setiembre", 9),
        ("июня", 6),
    ] {
        names.entry(name).or_default().push(("", month));
    }
    let longest = names.keys().map(|name| name.len()).max().unwrap_or(0);
    (names, longest)
});

/// The word at the start of `rest`: a month where the table knows it.
fn word(rest: &str, language: &str) -> (Token, usize) {
    let letters = |c: char| c.is_alphanumeric() && !c.is_ascii_digit() || is_mark(c);
    let length: usize = rest
        .chars()
        .take_while(|c| letters(*c))
        .map(char::len_utf8)
        .sum();
    let (names, longest) = &*NAMES;
    let month_of = |name: &str| {
        let months = names.get(name)?;
        let own = months.iter().find(|(tag, _)| *tag == language);
        own.or(months.first()).map(|(_, month)| *month)
    };
    // The longest name of several words first: "арван хоёрдугаар сар" before "хоёрдугаар сар".
    let mut end = length;
    let mut several = None;
    for part in rest[length..].split_inclusive(' ').take(3) {
        end += part.len();
        if end > longest + 1 {
            break;
        }
        let name = rest[..end].trim_end_matches([' ', '.', ',']);
        if name.len() > length {
            several = month_of(name)
                .map(|month| (Token::Month(month), name.len()))
                .or(several);
        }
    }
    if let Some(found) = several {
        return found;
    }
    let whole = &rest[..length];
    if let Some(month) = month_of(whole) {
        return (Token::Month(month), length);
    }
    // Hebrew, Arabic and others put a preposition before the name.
    let tail = whole.char_indices().nth(1).map(|(at, _)| &whole[at..]);
    if let Some(month) = tail
        .filter(|_| !whole.is_ascii() && rest.starts_with('ב'))
        .and_then(month_of)
    {
        return (Token::Month(month), length);
    }
    let bytes = whole.as_bytes();
    (
        Token::Word([bytes[0], *bytes.get(1).unwrap_or(&0)]),
        length.max(1),
    )
}

/// Combining marks that belong to a word.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\'' | '’' | '\u{200c}' | '\u{200d}')
}

/// Any script's decimal digit as an ASCII one.
fn latin_digit(c: char) -> char {
    // First digits of the scripts news are written in (Unicode, general category Nd).
    const ZEROS: [u32; 16] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
        0xED0, 0x17E0, 0xFF10,
    ];
    let code = c as u32;
    let myanmar = 0x1040;
    ZEROS
        .iter()
        .chain([&myanmar])
        .find(|zero| (**zero..**zero + 10).contains(&code))
        .and_then(|zero| char::from_digit(code - zero, 10))
        .unwrap_or(c)
}

fn date_at(tokens: &[Token], at: usize, month_first: bool) -> Option<(Date, usize)> {
    // A number inside a longer one (a clock, a version) is no day.
    if at > 0 && matches!(tokens[at - 1], Token::Sign(':' | '#')) {
        return None;
    }
    let (first, mut i) = part(tokens, at)?;
    let (second, next) = part(tokens, skip(tokens, i))?;
    i = next;
    let third = part(tokens, skip(tokens, i));
    let date = in_order(first, second, third?.0, month_first)?;
    Some((date, third.map_or(i, |(_, end)| end) - at))
}

/// Three parts as a day, by what they look like.
fn in_order(first: Token, second: Token, third: Token, month_first: bool) -> Option<Date> {
    use Token::{Month, Number};
    let (y, m, d) = match (first, second, third) {
        (Number(d, 1..=2), Month(m), Number(y, 4)) | (Month(m), Number(d, 1..=2), Number(y, 4)) => {
            (y, m, d)
        }
        (Number(y, 4), Month(m) | Number(m, 1..=2), Number(d, 1..=2)) => (y, m, d),
        (Number(a, 1..=2), Number(b, 1..=2), Number(y, 4)) => {
            let swapped = (month_first && a <= 12) || b > 12;
            if swapped { (y, a, b) } else { (y, b, a) }
        }
        (Number(d, 1..=2), Month(m), Number(y, 2)) => (2000 + y, m, d),
        _ => return None,
    };
    day(y, m, d)
}

/// A number or a month at a place, and the place after it.
fn part(tokens: &[Token], at: usize) -> Option<(Token, usize)> {
    match tokens.get(at)? {
        found @ (Token::Number(..) | Token::Month(_)) => Some((*found, at + 1)),
        _ => None,
    }
}

/// The place after up to four separators: signs, blanks, ordinal endings, "de", "tháng", 年…
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

fn time_after(tokens: &[Token], from: usize) -> Option<(Time, Option<Offset>)> {
    (from..(from + 8).min(tokens.len())).find_map(|at| time_at(tokens, at))
}

fn time_before(tokens: &[Token], to: usize) -> Option<(Time, Option<Offset>)> {
    (to.saturating_sub(12)..to).find_map(|at| time_at(&tokens[..to], at))
}

fn time_at(tokens: &[Token], at: usize) -> Option<(Time, Option<Offset>)> {
    let (Token::Number(mut hour, 1..=2), separator, Token::Number(minute, 2)) =
        (*tokens.get(at)?, tokens.get(at + 1)?, *tokens.get(at + 2)?)
    else {
        return None;
    };
    if !matches!(separator, Token::Sign(':' | '.') | Token::Word([b'h', _]))
        || tokens
            .get(at.wrapping_sub(1))
            .is_some_and(|t| matches!(t, Token::Sign('+')))
    {
        return None;
    }
    let mut next = at + 3;
    let mut second = 0;
    if let (Some(Token::Sign(':')), Some(Token::Number(s, 2))) =
        (tokens.get(next), tokens.get(next + 1))
    {
        second = *s;
        next += 2;
        if let (Some(Token::Sign('.' | ',')), Some(Token::Number(..))) =
            (tokens.get(next), tokens.get(next + 1))
        {
            next += 2;
        }
    } else if matches!(separator, Token::Sign('.'))
        && matches!(tokens.get(next), Some(Token::Sign('.')))
    {
        return None;
    }
    while tokens.get(next) == Some(&Token::Blank) {
        next += 1;
    }
    if let Some(Token::Word(half @ [b'a' | b'p', b'm' | 0])) = tokens.get(next) {
        hour = hour % 12 + if half[0] == b'p' { 12 } else { 0 };
        next += 1;
        while matches!(
            tokens.get(next),
            Some(Token::Blank | Token::Sign('.') | Token::Word([b'm', 0]))
        ) {
            next += 1;
        }
    }
    Some((clock(hour, minute, second)?, offset_at(tokens, next)))
}

fn offset_at(tokens: &[Token], at: usize) -> Option<Offset> {
    let (sign, at) = match tokens.get(at)? {
        Token::Word([b'z', 0]) => return Some(Offset::UTC),
        Token::Word([b'g', b'm'] | [b'u', b't']) => match tokens.get(at + 1) {
            Some(Token::Sign(sign @ ('+' | '-'))) => (*sign, at + 2),
            _ => return Some(Offset::UTC),
        },
        Token::Sign(sign @ ('+' | '-' | '−')) => (*sign, at + 1),
        _ => return None,
    };
    let Token::Number(n, digits) = *tokens.get(at)? else {
        return None;
    };
    let (hours, minutes) = match digits {
        4 => (n / 100, n % 100),
        1 | 2 => match (tokens.get(at + 1), tokens.get(at + 2)) {
            (Some(Token::Sign(':')), Some(Token::Number(m, 2))) => (n, *m),
            _ => (n, 0),
        },
        _ => return None,
    };
    let seconds = i32::try_from(hours * 3600 + minutes * 60)
        .ok()
        .filter(|s| *s <= 14 * 3600)?;
    Offset::from_seconds(if sign == '+' { seconds } else { -seconds }).ok()
}

fn date_only(date: Date) -> Stamp {
    Stamp {
        date,
        time: None,
        offset: None,
    }
}

fn epoch(seconds: i64) -> Option<Stamp> {
    let civil = Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?);
    (civil.year() >= 1990).then(|| Stamp {
        date: civil.date(),
        time: Some(civil.time()),
        offset: Some(Offset::UTC),
    })
}

fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    let date = Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    (FIRST_YEAR..2100).contains(&date.year()).then_some(date)
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<Time> {
    Time::new(
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second.min(59)).ok()?,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        parse(text, Habit::default()).map(Stamp::to_text)
    }

    #[test]
    fn dates_as_machines_write_them() {
        for (text, want) in [
            ("2026-03-01T10:20:30+01:00", "2026-03-01T10:20:30+01:00"),
            ("2026-03-01T10:20:30.123Z", "2026-03-01T10:20:30Z"),
            ("2026-03-01 10:20:30 -0500", "2026-03-01T10:20:30-05:00"),
            ("Sun, 01 Mar 2026 10:20:30 GMT", "2026-03-01T10:20:30Z"),
            ("2026-03-01T10:20", "2026-03-01"),
            ("20260301", "2026-03-01"),
            ("1772360430", "2026-03-01T10:20:30Z"),
            ("March 1, 2026 3:05 pm UTC", "2026-03-01T15:05:00Z"),
            ("1. März 2026, 10.20 Uhr", "2026-03-01"),
            ("2026年3月1日", "2026-03-01"),
            ("1 tháng 3, 2026", "2026-03-01"),
            ("١ مارس ٢٠٢٦", "2026-03-01"),
            ("1 de marzo de 2026", "2026-03-01"),
            ("13/03/2026", "2026-03-13"),
            ("03/13/2026", "2026-03-13"),
        ] {
            assert_eq!(read(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn the_order_of_numbers_follows_the_language() {
        assert_eq!(
            parse(
                "03/04/2026",
                Habit {
                    month_first: true,
                    language: "en"
                }
            )
            .map(Stamp::to_text)
            .as_deref(),
            Some("2026-03-04")
        );
        assert_eq!(read("03/04/2026").as_deref(), Some("2026-04-03"));
    }

    #[test]
    fn relative_dates_and_nonsense_are_no_dates() {
        for text in [
            "2 hours ago",
            "vor 3 Stunden",
            "yesterday",
            "2026-13-45",
            "99",
            "",
            "12:30",
            "call 555-1234",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn days_stand_in_paths() {
        assert_eq!(
            in_path("/2026/03/01/rain")
                .map(|d| d.to_string())
                .as_deref(),
            Some("2026-03-01")
        );
        assert_eq!(
            in_path("/news/20260301-rain")
                .map(|d| d.to_string())
                .as_deref(),
            Some("2026-03-01")
        );
        assert_eq!(in_path("/a/12345678/2026"), None);
    }

    proptest! {
        #[test]
        fn every_languages_month_names_are_read(year in 1990i16..2090, month in 1i8..=12, d in 1i8..=28) {
            let want = Date::new(year, month, d).expect("a day").to_string();
            for line in MONTHS.lines().filter(|l| !l.starts_with('#')) {
                let columns: Vec<&str> = line.split('\t').collect();
                let name = columns[usize::try_from(month).expect("small")].split('|').next().expect("a name");
                let language = columns[0].split('-').next().expect("a tag");
                let habit = Habit { month_first: false, language };
                for text in [format!("{d} {name} {year}"), format!("{name} {d}, {year}"), format!("{d}. {name} {year}"), format!("{d} de {name} de {year}")] {
                    prop_assert_eq!(parse(&text, habit).map(Stamp::to_text), Some(want.clone()), "{} {}", columns[0], text);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let _ = (parse(&text, Habit::default()), in_path(&text));
        }
    }
}
