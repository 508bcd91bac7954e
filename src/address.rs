//! Addresses: one spelling for each, and which of them are the same page.
//!
//! [`canonical`] is a spelling that can still be fetched; `page_key` goes further and is the same for
//! addresses that as a rule lead to one article (`http` and `https`, `www`, mobile and AMP twins).
//! A crawl fetches the first; the store asks by the second whether the article is known.

pub(crate) mod page_number;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

use url::{Host, Url};

use crate::table::rows;

/// Files that a server sends for a folder's address; without their name an address is the folder's.
/// Apache's `DirectoryIndex` and IIS' default documents.
const INDEX_FILES: &[&str] = &[
    "index.html",
    "index.htm",
    "index.shtml",
    "index.xhtml",
    "index.php",
    "index.asp",
    "index.aspx",
    "index.jsp",
    "index.cfm",
    "default.html",
    "default.htm",
    "default.asp",
    "default.aspx",
];

/// First labels of hosts that hold a site's pages a second time, for telephones or as AMP.
const TWIN_LABELS: &[&str] = &["www", "m", "mobile", "amp", "wap", "touch"];

/// Query parameters that only say "the AMP page" or "the mobile page".
const TWIN_PARAMETERS: &[(&str, &str)] = &[
    ("amp", "*"),
    ("amp", "1"),
    ("amp", "true"),
    ("outputtype", "amp"),
    ("output", "amp"),
    ("m", "1"),
    ("mobile", "1"),
];

/// Least length of a value that counts as a session's number, in bytes.
const SESSION_VALUE_LENGTH: usize = 16;

/// The one spelling of an address, still fit to be fetched.
///
/// On top of what the URL standard does (case of scheme and host, default ports, dot segments,
/// punycode): no trailing dots of the host, no user name, no fragment, percent-encoding in RFC 3986's
/// normal form (6.2.2), no tracking parameters or session numbers (`config/tables/tracking.tsv`), no
/// index file (it stays before a query, which such a file may read), query parameters in the order
/// of their names. Other schemes than http and https only lose their fragment. Doing it twice changes
/// nothing.
#[must_use]
pub fn canonical(url: &Url) -> Url {
    spelled(url, false)
}

/// [`canonical`], but with the index file where there is one: a list of addresses (a feed, a sitemap) names
/// what the server has, and behind a redirector (`/~r/rss/KEY/index.html`) the folder need not exist. The
/// store finds the two to be one page by [`page_key`].
pub(crate) fn canonical_with_index(url: &Url) -> Url {
    spelled(url, true)
}

fn spelled(url: &Url, keeps_index: bool) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    if !matches!(url.scheme(), "http" | "https") {
        return url;
    }
    // Neither can fail for these schemes; if it did, the part would simply stay.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if let Some(Host::Domain(host)) = url.host() {
        let bare = host.trim_end_matches('.').to_owned();
        if !bare.is_empty() && bare.len() != host.len() {
            let _ = url.set_host(Some(&bare));
        }
    }
    let query = url.query().and_then(canonical_query);
    let path = canonical_path(url.path(), keeps_index || query.is_some());
    if path != url.path() {
        url.set_path(&path);
    }
    url.set_query(query.as_deref());
    url
}

fn canonical_path(path: &str, keeps_index: bool) -> String {
    let mut segments: Vec<Cow<'_, str>> = Vec::new();
    for segment in path.split('/') {
        if is_cookieless_session(segment) {
            continue;
        }
        segments.push(normal_encoding(without_path_session(segment)));
    }
    if let Some(last) = segments.last_mut()
        && !keeps_index
        && INDEX_FILES
            .iter()
            .any(|name| last.eq_ignore_ascii_case(name))
    {
        *last = Cow::Borrowed("");
    }
    let path = segments.join("/");
    if path.starts_with('/') {
        path
    } else {
        format!("/{path}")
    }
}

/// ASP.NET's session in the path: `(S(lit3py55t21z5v55vlm25s55))`.
fn is_cookieless_session(segment: &str) -> bool {
    segment.starts_with("(S(") && segment.ends_with("))")
}

/// A segment without `;jsessionid=…` (Java servlet specification, 7.1.3), from the first on.
fn without_path_session(segment: &str) -> &str {
    let mut from = 0;
    while let Some(found) = segment[from..].find(';') {
        let at = from + found;
        let rest = &segment.as_bytes()[at + 1..];
        if rest.len() >= 11 && rest[..11].eq_ignore_ascii_case(b"jsessionid=") {
            return &segment[..at];
        }
        from = at + 1;
    }
    segment
}

/// RFC 3986, 6.2.2: unreserved characters bare, hexadecimal digits in upper case. A `%` that encodes
/// nothing becomes `%25`, so that a second pass cannot find a new sequence.
fn normal_encoding(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(byte) = escaped_byte(rest.as_bytes()) {
            push_escaped(&mut out, byte);
            rest = &rest[3..];
        } else {
            out.push_str("%25");
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The byte that a text beginning with `%XX` begins with.
pub(crate) fn escaped_byte(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = text else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

/// Appends a byte in RFC 3986's normal form: unreserved characters bare, others escaped.
pub(crate) fn push_escaped(out: &mut String, byte: u8) {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        out.push(char::from(byte));
    } else {
        let _ = write!(out, "%{byte:02X}");
    }
}

fn canonical_query(query: &str) -> Option<String> {
    let mut kept: Vec<Cow<'_, str>> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(normal_encoding)
        .filter(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            !TRACKING.has(name, value)
        })
        .collect();
    // Stable: parameters of one name keep their order, which may mean something.
    kept.sort_by(|a, b| name_of(a).cmp(name_of(b)));
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn name_of(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

/// The table of parameters that do not change what a page says.
struct Tracking {
    names: HashMap<&'static str, &'static str>,
    prefixes: Vec<&'static str>,
}

static TRACKING: LazyLock<Tracking> = LazyLock::new(|| {
    let mut table = Tracking {
        names: HashMap::new(),
        prefixes: Vec::new(),
    };
    for row in rows(include_str!("../config/tables/tracking.tsv")) {
        match row[0].strip_suffix('*') {
            Some(prefix) => table.prefixes.push(prefix),
            None => {
                table.names.insert(row[0], row[1]);
            }
        }
    }
    table
});

impl Tracking {
    fn has(&self, name: &str, value: &str) -> bool {
        let name = name.to_ascii_lowercase();
        if let Some(values) = self.names.get(name.as_str()) {
            return match *values {
                "*" => true,
                "hex" => {
                    value.len() >= SESSION_VALUE_LENGTH
                        && value.bytes().all(|byte| byte.is_ascii_hexdigit())
                }
                list => list.split('|').any(|one| value.eq_ignore_ascii_case(one)),
            };
        }
        self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }
}

/// A path segment with its percent-encoding undone; bytes that are no UTF-8 become U+FFFD.
pub(crate) fn decoded(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return Cow::Borrowed(segment);
    }
    let bytes = segment.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = escaped_byte(&bytes[at..]);
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// A key that all addresses of one page share, whichever twin they are: no scheme, no `www.`, `m.`,
/// `mobile.` or `amp.`, no `/amp` at either end of the path, no `.amp` before the extension, no
/// `?amp=1`, no closing slash. For asking whether it is known, not for fetching.
pub(crate) fn page_key(url: &Url) -> String {
    let url = canonical(url);
    let mut key = bare_host(&url);
    if let Some(port) = url.port() {
        let _ = write!(key, ":{port}");
    }
    let mut path = url.path().trim_end_matches('/');
    if let Some(rest) = path
        .strip_suffix("/amp")
        .or_else(|| path.strip_suffix("/amp.html"))
    {
        path = rest;
    }
    if let Some(rest) = path.strip_prefix("/amp")
        && rest.starts_with('/')
    {
        path = rest;
    }
    key.push_str(&path.replace(".amp.htm", ".htm"));
    let twin = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, "1"));
        TWIN_PARAMETERS.iter().any(|(twin, of)| {
            name.eq_ignore_ascii_case(twin) && (*of == "*" || value.eq_ignore_ascii_case(of))
        })
    };
    let query: Vec<&str> = url
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| !twin(pair))
        .collect();
    if !query.is_empty() {
        key.push('?');
        key.push_str(&query.join("&"));
    }
    key
}

/// The host without the labels of [`TWIN_LABELS`], as long as a registrable domain is left.
fn bare_host(url: &Url) -> String {
    let Some(host) = url.host_str() else {
        return String::new();
    };
    let domain = registrable_domain(url).unwrap_or_else(|| host.to_owned());
    let mut bare = host;
    while bare.len() > domain.len()
        && let Some((label, rest)) = bare.split_once('.')
        && TWIN_LABELS.contains(&label)
    {
        bare = rest;
    }
    bare.to_owned()
}

/// The part of the host that its owner registered, by the public suffix list: `bbc.co.uk` of
/// `www.bbc.co.uk`. None for IP addresses and public suffixes.
pub(crate) fn registrable_domain(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(host) => psl::domain_str(host.trim_end_matches('.')).map(str::to_owned),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// Whether an address is a site's front page.
pub(crate) fn is_front_page(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}

/// The name of a host's queue: the host, with the port where it is not the scheme's own.
#[must_use]
pub fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Whether two addresses belong to one site: the same registrable domain, or, without one (IP
/// addresses, `localhost`), the same host and port.
pub(crate) fn same_site(a: &Url, b: &Url) -> bool {
    match (registrable_domain(a), registrable_domain(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => host_key(a) == host_key(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
