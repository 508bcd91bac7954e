//! Path patterns as robots.txt and `tdmrep.json` have them: a prefix, with `*` for any characters
//! and a closing `$` for the end (RFC 9309, 2.2.2 and 2.2.3).

use crate::address::{escaped_byte, push_escaped};

/// Percent-encoding in one form (RFC 9309, 2.2.2): characters outside ASCII encoded, encoded
/// unreserved characters decoded, hexadecimal digits in upper case.
pub(super) fn normalised(path: &str) -> String {
    let bytes = path.as_bytes();
    if path.is_ascii() && !bytes.contains(&b'%') {
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = escaped_byte(&bytes[at..]);
        match escaped {
            None if bytes[at].is_ascii() => out.push(char::from(bytes[at])),
            _ => push_escaped(&mut out, escaped.unwrap_or(bytes[at])),
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    out
}

/// Whether a pattern matches the start of a path; both normalised.
///
/// Each part between wildcards is searched for once, leftmost first, which is enough because `*`
/// matches anything: no byte of the path is looked at by two parts, so the time grows with the
/// path and the pattern together, never with their product.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return !anchored || rest.is_empty();
    };
    for part in parts {
        match memchr::memmem::find(rest.as_bytes(), part.as_bytes()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if anchored {
        rest.ends_with(last)
    } else {
        memchr::memmem::find(rest.as_bytes(), last.as_bytes()).is_some()
    }
}
