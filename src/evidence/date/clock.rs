//! The time of day beside a date, and its offset from UTC.

use jiff::civil::Time;
use jiff::tz::Offset;

use crate::evidence::date::token::Token;

/// Tokens after a date within which its time stands: "1. März 2026, um 10.20 Uhr".
const AFTER: usize = 8;

/// Tokens before a date within which its time stands: "10:20 AM EST, Sun March 1, 2026".
const BEFORE: usize = 12;

/// The time that stands right after the date that ends before `from`.
pub(crate) fn after(tokens: &[Token], from: usize) -> Option<(Time, Option<Offset>)> {
    (from..(from + AFTER).min(tokens.len())).find_map(|at| time_at(tokens, at))
}

/// The time that stands right before the date at `to`.
pub(crate) fn before(tokens: &[Token], to: usize) -> Option<(Time, Option<Offset>)> {
    (to.saturating_sub(BEFORE)..to).find_map(|at| time_at(&tokens[..to], at))
}

fn time_at(tokens: &[Token], at: usize) -> Option<(Time, Option<Offset>)> {
    let (Token::Number(hour, 1..=2), separator, Token::Number(minute, 2)) =
        (*tokens.get(at)?, tokens.get(at + 1)?, *tokens.get(at + 2)?)
    else {
        return None;
    };
    let previous = at.checked_sub(1).map(|before| tokens[before]);
    if !is_separator(*separator) || previous == Some(Token::Sign('+')) {
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
        // The start of another date: "10.20.2026".
        return None;
    }
    while tokens.get(next) == Some(&Token::Blank) {
        next += 1;
    }
    let later_before = tokens[..at].iter().rev().take(2).find_map(|t| match t {
        Token::Half(later) => Some(*later),
        _ => None,
    });
    let (later, next) = match later_before {
        Some(later) => (Some(later), next),
        None => half_after(tokens, next),
    };
    let hour = match later {
        Some(later) if hour <= 12 => hour % 12 + if later { 12 } else { 0 },
        _ => hour,
    };
    Some((clock(hour, minute, second)?, offset_at(tokens, next)))
}

/// Whether a token stands between hours and minutes: `10:20`, `10.20`, `10h20`, `10時20分`.
fn is_separator(token: Token) -> bool {
    match token {
        Token::Sign(':' | '.' | '：') => true,
        Token::Word(start) => {
            start[0] == b'h'
                || ["時", "时", "點", "点", "시"]
                    .iter()
                    .any(|w| w.as_bytes()[..2] == start)
        }
        _ => false,
    }
}

/// "a.m." or "pm" at a place: whether it is the latter, and the place after it.
fn half_after(tokens: &[Token], at: usize) -> (Option<bool>, usize) {
    let Some(Token::Word([half @ (b'a' | b'p'), b'm' | 0])) = tokens.get(at) else {
        return (None, at);
    };
    let mut next = at + 1;
    while matches!(
        tokens.get(next),
        Some(Token::Blank | Token::Sign('.') | Token::Word([b'm', 0]))
    ) {
        next += 1;
    }
    (Some(*half == b'p'), next)
}

/// The offset at a place: `Z`, `GMT`, `UTC+2`, `+01:00`, `-0500`. Names of zones that mean
/// different offsets in different places or seasons (`IST`, `ET`) say nothing.
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

/// A time of day; a leap second is the second before it.
pub(crate) fn clock(hour: i64, minute: i64, second: i64) -> Option<Time> {
    Time::new(
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second.min(59)).ok()?,
        0,
    )
    .ok()
}
