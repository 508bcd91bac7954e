//! What a page says about being kept and followed, for everyone and for us by name.
//!
//! Read are `X-Robots-Tag` and the robots meta elements
//! (<https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag>), and the TDM
//! Reservation Protocol's header, meta element and file, of which the later ones win
//! (<https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/>, processing priority).
//! The settings' section `[optout]` says what is made of it.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use reqwest::header::{HeaderMap, HeaderValue};

use super::PRODUCT_TOKEN;
use super::tdmrep::TdmReservation;
use crate::config::{OptOutAction, OptOutConfig};

/// Directives that have a value behind a colon; any other word before a colon names a crawler.
const VALUED: &[&str] = &[
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
];

/// What must not be done with a page, each with the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptOut {
    /// Why the page must not be stored.
    pub drop: Option<String>,
    /// Why no raw copy of it may be kept.
    pub no_copy: Option<String>,
    /// Why its links must not be followed.
    pub nofollow: Option<String>,
}

/// Reads what a page asks for. `metas` are name and content of its meta elements, `file` is the rule of
/// the site's `tdmrep.json` for the page, `now` decides about `unavailable_after`.
#[must_use]
pub fn read<'m>(
    headers: &HeaderMap,
    metas: impl Iterator<Item = (&'m str, &'m str)>,
    file: Option<&TdmReservation>,
    config: &OptOutConfig,
    now: Timestamp,
) -> OptOut {
    let mut reader = OptOutReader {
        config,
        now,
        found: OptOut::default(),
    };
    for value in headers.get_all("x-robots-tag") {
        reader.header(&String::from_utf8_lossy(value.as_bytes()));
    }
    let mut reservation = file.map(|rule| (rule.reserved, "tdmrep.json"));
    let header = headers.get("tdm-reservation").map(HeaderValue::as_bytes);
    if let Some(reserved) = header.and_then(reserved) {
        reservation = Some((reserved, "header tdm-reservation"));
    }
    for (name, content) in metas {
        let name = name.trim().to_ascii_lowercase();
        match name.as_str() {
            "robots" | PRODUCT_TOKEN => reader.directives(content, &format!("meta {name}")),
            "tdm-reservation" => {
                if let Some(reserved) = reserved(content.as_bytes()) {
                    reservation = Some((reserved, "meta tdm-reservation"));
                }
            }
            _ => {}
        }
    }
    if let Some((true, place)) = reservation {
        reader.apply(
            config.tdm_reservation,
            &format!("{place}: reserved from mining"),
        );
    }
    reader.found
}

/// 1 reserves and 0 does not; anything else counts as not said.
fn reserved(value: &[u8]) -> Option<bool> {
    match value.trim_ascii() {
        b"1" => Some(true),
        b"0" => Some(false),
        _ => None,
    }
}

struct OptOutReader<'c> {
    config: &'c OptOutConfig,
    now: Timestamp,
    found: OptOut,
}

impl OptOutReader<'_> {
    /// One `X-Robots-Tag`. A word with a colon names the crawler that what follows is for; headers
    /// that a proxy joined with commas can name several.
    fn header(&mut self, value: &str) {
        let mut ours = true;
        let mut meant: Vec<&str> = Vec::new();
        for item in value.split(',') {
            let item = item.trim();
            match item.split_once(':') {
                Some((name, rest)) if is_crawler(name) => {
                    ours = name.trim().eq_ignore_ascii_case(PRODUCT_TOKEN);
                    meant.extend(ours.then_some(rest));
                }
                _ => meant.extend(ours.then_some(item)),
            }
        }
        self.directives(&meant.join(","), "X-Robots-Tag");
    }

    /// A list of directives that holds for us.
    fn directives(&mut self, list: &str, place: &str) {
        let list = list.to_ascii_lowercase();
        let mut items = list.split(',').map(str::trim).peekable();
        while let Some(item) = items.next() {
            let (name, value) = item.split_once(':').unwrap_or((item, ""));
            let name = name.trim();
            let reason = format!("{place}: {name}");
            match name {
                "noindex" => self.apply(self.config.noindex, &reason),
                "nofollow" => self.nofollow(&reason),
                "none" => {
                    self.apply(self.config.noindex, &reason);
                    self.nofollow(&reason);
                }
                "noarchive" | "nocache" => self.apply(self.config.noarchive, &reason),
                "noai" => self.apply(self.config.noai, &reason),
                "unavailable_after" => {
                    // A weekday and its comma may stand before the date.
                    let mut date = value.trim().to_owned();
                    if !date.contains(|c: char| c.is_ascii_digit())
                        && let Some(rest) = items.next()
                    {
                        rest.clone_into(&mut date);
                    }
                    if time(&date).is_some_and(|until| until < self.now) {
                        self.apply(self.config.unavailable_after, &format!("{reason} {date}"));
                    }
                }
                _ => {}
            }
        }
    }

    fn apply(&mut self, action: OptOutAction, reason: &str) {
        let reason = || Some(reason.to_owned());
        match action {
            OptOutAction::Ignore => {}
            OptOutAction::NoCopy => self.found.no_copy = self.found.no_copy.take().or_else(reason),
            OptOutAction::Drop => self.found.drop = self.found.drop.take().or_else(reason),
        }
    }

    fn nofollow(&mut self, reason: &str) {
        if self.config.nofollow && self.found.nofollow.is_none() {
            self.found.nofollow = Some(reason.to_owned());
        }
    }
}

fn is_crawler(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    !name.is_empty()
        && !VALUED.contains(&name.as_str())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// A date of `unavailable_after`: RFC 822, RFC 850 or ISO 8601, in lower case; without a zone UTC.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim().to_ascii_uppercase();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let utc = |at: civil::DateTime| TimeZone::UTC.to_timestamp(at).ok();
    if let Ok(at) = text.parse::<civil::DateTime>() {
        return utc(at);
    }
    if let Ok(day) = text.parse::<civil::Date>() {
        return utc(day.at(23, 59, 59, 0));
    }
    // RFC 850 has dashes where RFC 822 has spaces, and maybe a weekday in front.
    let date = text
        .rsplit_once(", ")
        .map_or(text.as_str(), |(_, date)| date);
    let spaced = date.replacen('-', " ", 2);
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser
        .parse_timestamp(&spaced)
        .or_else(|_| parser.parse_timestamp(format!("{spaced} GMT")))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-06-01T00:00:00Z";

    fn of(tags: &[&'static str], metas: &[(&str, &str)]) -> OptOut {
        let mut headers = HeaderMap::new();
        for tag in tags {
            let (name, value) = tag.split_once("= ").unwrap_or(("x-robots-tag", tag));
            headers.append(name, HeaderValue::from_static(value));
        }
        read(
            &headers,
            metas.iter().copied(),
            None,
            &OptOutConfig::default(),
            NOW.parse().expect("a time"),
        )
    }

    /// What decides: d(rop), c(opy), f(ollow), in this order.
    fn letters(found: &OptOut) -> String {
        let mut letters = String::new();
        letters.extend(found.drop.is_some().then_some('d'));
        letters.extend(found.no_copy.is_some().then_some('c'));
        letters.extend(found.nofollow.is_some().then_some('f'));
        letters
    }

    #[test]
    fn headers_hold_for_everyone_or_for_whom_they_name() {
        for (tags, expected) in [
            (&["noindex"][..], "d"),
            (&["NoIndex, NoFollow"], "df"),
            (&["none"], "df"),
            (&["all"], ""),
            (&["noarchive"], "c"),
            (&["nocache, noarchive"], "c"),
            (&["noai, noimageai"], "d"),
            (&["otherbot: noindex"], ""),
            (&["gleaner: noindex"], "d"),
            (&["Gleaner: nofollow"], "f"),
            (&["otherbot: noindex, nofollow"], ""),
            (&["otherbot: noindex, gleaner: nofollow"], "f"),
            (&["otherbot: none", "noarchive"], "c"),
            (&["max-snippet: 20, noindex"], "d"),
            (&["unavailable_after: 25 Jun 2025 15:00:00 GMT"], "d"),
            (
                &["unavailable_after: Wed, 25 Jun 2025 15:00:00 GMT, nofollow"],
                "df",
            ),
            (
                &["unavailable_after: Wednesday, 25-Jun-25 15:00:00 GMT"],
                "d",
            ),
            (&["unavailable_after: 25-Jun-2025 15:00:00 PST"], "d"),
            (&["unavailable_after: 2025-06-25"], "d"),
            (&["unavailable_after: 2025-06-25T15:00:00+02:00"], "d"),
            (&["unavailable_after: 2026-06-25"], ""),
            (&["gleaner: unavailable_after: 2025-06-25"], "d"),
            (&["unavailable_after: soon"], ""),
            (&["tdm-reservation= 1"], "d"),
            (&["tdm-reservation= 0"], ""),
            (&["tdm-reservation= yes"], ""),
        ] {
            assert_eq!(letters(&of(tags, &[])), expected, "{tags:?}");
        }
    }

    #[test]
    fn meta_elements_hold_for_everyone_or_for_us() {
        for (metas, expected) in [
            (&[("robots", "noindex,nofollow")][..], "df"),
            (&[("ROBOTS", "NOARCHIVE")], "c"),
            (&[("gleaner", "noindex")], "d"),
            (&[("otherbot", "noindex")], ""),
            (&[("robots", "index, follow"), ("gleaner", "none")], "df"),
            (&[("tdm-reservation", "1")], "d"),
        ] {
            assert_eq!(letters(&of(&[], metas)), expected, "{metas:?}");
        }
    }

    #[test]
    fn the_page_outdoes_the_header_and_the_header_the_file() {
        assert_eq!(
            letters(&of(&["tdm-reservation= 1"], &[("tdm-reservation", "0")])),
            ""
        );
        let file = TdmReservation {
            location: "/".into(),
            reserved: true,
            policy: None,
        };
        let now = NOW.parse().expect("a time");
        let config = OptOutConfig::default();
        let by_file = read(
            &HeaderMap::new(),
            std::iter::empty(),
            Some(&file),
            &config,
            now,
        );
        assert_eq!(
            by_file.drop.as_deref(),
            Some("tdmrep.json: reserved from mining")
        );
        let mut headers = HeaderMap::new();
        headers.insert("tdm-reservation", HeaderValue::from_static("0"));
        assert_eq!(
            read(&headers, std::iter::empty(), Some(&file), &config, now),
            OptOut::default()
        );
    }

    #[test]
    fn what_is_made_of_it_is_configured() {
        let config = OptOutConfig {
            noindex: OptOutAction::NoCopy,
            nofollow: false,
            ..OptOutConfig::default()
        };
        let metas = [("robots", "none")];
        let found = read(
            &HeaderMap::new(),
            metas.into_iter(),
            None,
            &config,
            Timestamp::now(),
        );
        assert_eq!(letters(&found), "c");
    }
}
