//! Sitemaps, read as a stream: `urlset`, `sitemapindex`, plain text, with the news extension, packed
//! or not (<https://www.sitemaps.org/protocol.html>,
//! <https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
//!
//! Memory does not grow with the sitemap: each entry is passed on as soon as it ends. Markup that is broken
//! in one place costs the entry it is in, not the rest.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::address_odds::AddressOdds;
use super::story_odds::Naming;
use super::{DiscoveredUrl, Role};
use crate::Error;
use crate::address::canonical_with_index;

/// Bytes read of one unpacked sitemap: the protocol allows 50 MiB; what is longer is a bomb.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Broken places stepped over before the rest is given up.
const MAX_ERRORS: usize = 1000;

/// Longest text of one element kept, in bytes; addresses end at 2,048.
const MAX_TEXT: usize = 4096;

/// How the reading of a sitemap went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SitemapReport {
    /// Places where the markup was broken.
    pub(crate) errors: usize,
    /// Whether the end was not read: too long, or too broken.
    pub(crate) cut: bool,
}

/// Reads a sitemap that was fetched from `base` and calls `found` with each entry: pages as articles or
/// sections by their address, entries of the news extension as articles, entries of an index as sitemaps.
///
/// Fails when `input` cannot be read; `found` was called with the entries until there.
pub(crate) fn parse(
    mut input: impl BufRead,
    base: &Url,
    mut found: impl FnMut(DiscoveredUrl),
) -> Result<SitemapReport, Error> {
    let failed = |error: std::io::Error| {
        let message = format!("the sitemap could not be read: {error}");
        Error::fetch(base.as_str(), message).caused_by(error)
    };
    let packed = input.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
    if packed {
        // A file cut short in transfer is common; what came is used.
        let unpacked = BufReader::new(MultiGzDecoder::new(input));
        read(unpacked, base, &mut found).map_err(failed)
    } else {
        read(input, base, &mut found).map_err(failed)
    }
}

fn read(
    input: impl BufRead,
    base: &Url,
    found: &mut impl FnMut(DiscoveredUrl),
) -> std::io::Result<SitemapReport> {
    let mut input = DecodingReader::new(input.take(MAX_BYTES));
    let is_text = {
        let head = input.fill_buf()?;
        let start = head
            .iter()
            .position(|b| !b.is_ascii_whitespace())
            .unwrap_or(head.len());
        head[start..].starts_with(b"http")
    };
    let mut entries = SitemapReader {
        base,
        found,
        report: SitemapReport::default(),
        entry: SitemapEntry::default(),
    };
    if is_text {
        entries.read_lines(&mut input)?;
    } else {
        entries.read_xml(&mut input);
    }
    Ok(entries.report)
}

/// What is known of the entry that is being read.
#[derive(Default)]
struct SitemapEntry {
    loc: String,
    lastmod: String,
    title: String,
    published: String,
    language: String,
    is_news: bool,
    is_sitemap: bool,
}

/// The part of an entry that text goes to.
type EntryField = fn(&mut SitemapEntry) -> &mut String;

struct SitemapReader<'a, F: FnMut(DiscoveredUrl)> {
    base: &'a Url,
    found: &'a mut F,
    report: SitemapReport,
    entry: SitemapEntry,
}

impl<F: FnMut(DiscoveredUrl)> SitemapReader<'_, F> {
    fn read_lines(&mut self, input: &mut impl BufRead) -> std::io::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            if input.take(MAX_TEXT as u64).read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            String::from_utf8_lossy(&line)
                .trim()
                .clone_into(&mut self.entry.loc);
            if !self.entry.loc.is_empty() {
                self.close();
            }
        }
    }

    fn read_xml(&mut self, input: &mut impl BufRead) {
        let mut buffer = Vec::new();
        let mut field = None;
        loop {
            let mut reader = Reader::from_reader(&mut *input);
            let config = reader.config_mut();
            config.check_end_names = false;
            config.allow_unmatched_ends = true;
            config.allow_dangling_amp = true;
            let mut before = 0;
            loop {
                buffer.clear();
                let event = reader.read_event_into(&mut buffer);
                match event {
                    Ok(Event::Eof) => return self.close(),
                    Ok(event) => self.take(&event, &mut field),
                    Err(_) => break,
                }
                before = reader.buffer_position();
            }
            self.report.errors += 1;
            let stuck =
                reader.error_position() == 0 && before == 0 && reader.buffer_position() == 0;
            if stuck || self.report.errors >= MAX_ERRORS {
                self.report.cut = true;
                return self.close();
            }
        }
    }

    fn take(&mut self, event: &Event<'_>, field: &mut Option<EntryField>) {
        match event {
            Event::Start(start) => *field = self.open(start),
            Event::End(end) => {
                *field = None;
                if matches!(local(end.name().as_ref()), "url" | "sitemap") {
                    self.close();
                }
            }
            Event::Text(text) => self.text(*field, &text.xml10_content()),
            Event::CData(text) => self.text(*field, &text.xml10_content()),
            Event::GeneralRef(name) => {
                let text = match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => named_entity(&name.xml10_content()).to_owned(),
                };
                self.text(*field, &text);
            }
            _ => {}
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Option<EntryField> {
        let name = start.name();
        let name = name.as_ref();
        // `image:loc` and `video:title` are about something else.
        if name.starts_with("image:") || name.starts_with("video:") {
            return None;
        }
        match local(name) {
            "url" | "sitemap" => {
                // An entry that was never closed ends where the next begins.
                self.close();
                self.entry.is_sitemap = local(name) == "sitemap";
                None
            }
            "loc" => Some(|entry| &mut entry.loc),
            "lastmod" => Some(|entry| &mut entry.lastmod),
            "news" => {
                self.entry.is_news = true;
                None
            }
            "title" => Some(|entry| &mut entry.title),
            "publication_date" => Some(|entry| &mut entry.published),
            "language" => Some(|entry| &mut entry.language),
            _ => None,
        }
    }

    fn text(&mut self, field: Option<EntryField>, text: &str) {
        let Some(field) = field else { return };
        let into = field(&mut self.entry);
        if into.len() + text.len() <= MAX_TEXT {
            into.push_str(text);
        }
    }

    /// Ends the entry; calls `found` if it has an address worth a request.
    fn close(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        let loc = entry.loc.trim();
        if loc.is_empty() {
            return;
        }
        if let Some(candidate) = candidate(&entry, self.base.join(loc).ok()) {
            (self.found)(candidate);
        }
    }
}

fn candidate(entry: &SitemapEntry, url: Option<Url>) -> Option<DiscoveredUrl> {
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let kept = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut candidate = if entry.is_sitemap {
        DiscoveredUrl::new(&url, Role::Sitemap, 0.0, "sitemap index")
    } else {
        let naming = if entry.is_news {
            Naming::news_sitemap(kept(&entry.published).is_some())
        } else {
            Naming::sitemap()
        };
        DiscoveredUrl::named(
            canonical_with_index(&url),
            naming,
            &AddressOdds::of(&url),
            true,
        )
    };
    candidate.title = kept(&entry.title);
    candidate.published = kept(&entry.published);
    candidate.modified = kept(&entry.lastmod);
    candidate.language = kept(&entry.language);
    Some(candidate)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// XML's five entities (XML 1.0, 4.6); others mean nothing here.
fn named_entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}
