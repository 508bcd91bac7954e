//! Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed with `feed-rs`, and what can be read of broken ones.

use feed_rs::model;
use url::Url;

use super::DiscoveredUrl;
use super::address_odds::AddressOdds;
use super::story_odds::Naming;
use crate::address::{canonical, canonical_with_index, is_front_page};
use crate::dom::{Document, NodeData, NodeId};
use crate::{Error, decode};

/// Shortest time between two visits that a feed can ask for with `sy:updateFrequency`, in
/// seconds.
const MIN_TTL_S: u64 = 60;

/// Nodes looked at for the text of one element of a broken feed. Elements that are never closed hold
/// all that follows; reading that for each would take quadratic time.
const MAX_TEXT_NODES: usize = 32;

/// A feed.
#[derive(Debug)]
pub(crate) struct Feed {
    /// Its articles, in the feed's order.
    pub(crate) entries: Vec<DiscoveredUrl>,
    /// Seconds between two visits that it asks for: RSS' `ttl` or RSS 1.0's `sy:update…`.
    pub(crate) ttl_s: Option<u64>,
}

/// Reads a feed that was fetched from `base`.
///
/// Fails when neither a strict nor a tolerant reading finds a feed in it.
pub(crate) fn parse(body: &[u8], base: &Url) -> Result<Feed, Error> {
    let strict = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .sanitize_content(false)
        .build()
        .parse(body);
    let text = decode::decode(body, None).text;
    let mut feed = match strict {
        Ok(feed) if !feed.entries.is_empty() || !has_items(&text) => from_model(feed, base),
        Ok(_) => tolerant(&text, base),
        Err(error) => {
            let feed = tolerant(&text, base);
            if feed.entries.is_empty() {
                let message = format!("not a feed that can be read: {error}");
                return Err(Error::fetch(base.as_str(), message).caused_by(error));
            }
            feed
        }
    };
    feed.ttl_s = feed.ttl_s.or_else(|| update_period_s(&text));
    Ok(feed)
}

fn has_items(text: &str) -> bool {
    text.contains("<item") || text.contains("<entry")
}

fn from_model(feed: model::Feed, base: &Url) -> Feed {
    let language = feed.language;
    let entries = feed
        .entries
        .into_iter()
        .filter_map(|entry| from_entry(entry, base, language.as_deref()))
        .collect();
    Feed {
        entries,
        ttl_s: feed.ttl.map(|minutes| u64::from(minutes) * 60),
    }
}

fn from_entry(entry: model::Entry, base: &Url, language: Option<&str>) -> Option<DiscoveredUrl> {
    let is_page = |link: &&model::Link| {
        matches!(link.rel.as_deref(), None | Some("alternate"))
            && link
                .media_type
                .as_deref()
                .is_none_or(|kind| kind.contains("html"))
    };
    let href = entry
        .links
        .iter()
        .find(is_page)
        .map(|link| link.href.as_str());
    // RSS' `guid` is the address when there is no link and it is a permalink.
    let href = href.or_else(|| entry.id.starts_with("http").then_some(entry.id.as_str()))?;
    let mut candidate = candidate(href, base)?;
    candidate.title = entry.title.and_then(|title| kept(&title.content));
    candidate.published = entry.published.map(|time| time.to_rfc3339());
    candidate.modified = entry.updated.map(|time| time.to_rfc3339());
    candidate.language = entry.language.or_else(|| language.map(str::to_owned));
    candidate.authors = entry
        .authors
        .iter()
        .filter_map(|author| author.name.as_deref().and_then(kept))
        .collect();
    Some(candidate)
}

fn candidate(href: &str, base: &Url) -> Option<DiscoveredUrl> {
    let url = base.join(href.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    // Some feeds list the front page to advertise the site.
    if is_front_page(&canonical(&url)) {
        return None;
    }
    let address = AddressOdds::of(&url);
    Some(DiscoveredUrl::named(
        canonical_with_index(&url),
        Naming::feed(),
        &address,
        true,
    ))
}

fn kept(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The items of a broken feed, read with the HTML parser, which takes anything.
fn tolerant(text: &str, base: &Url) -> Feed {
    // To HTML, `<link>` has no content, `<title>` swallows markup and CDATA is a comment.
    let text = text
        .replace("<![CDATA[", "")
        .replace("]]>", "")
        .replace("<link>", "<x-link>")
        .replace("</link>", "</x-link>")
        .replace("<title", "<x-title")
        .replace("</title", "</x-title");
    let page = Document::parse(&text);
    let entries = page
        .elements()
        .filter(|(_, element)| matches!(element.name(), "item" | "entry"))
        .filter_map(|(item, _)| from_item(&page, item, base))
        .collect();
    let ttl_s = None;
    Feed { entries, ttl_s }
}

fn from_item(page: &Document, item: NodeId, base: &Url) -> Option<DiscoveredUrl> {
    let (mut href, mut title, mut published, mut guid) = (None, None, None, None);
    for (id, _) in page.subtree(item).skip(1) {
        let Some(element) = page.element(id) else {
            continue;
        };
        match element.name() {
            // An item that was never closed ends where the next begins.
            "item" | "entry" => break,
            "x-link" => href = href.or_else(|| first_text(page, id)),
            "link" => href = href.or_else(|| element.attribute("href").and_then(kept)),
            "guid" | "id" => guid = guid.or_else(|| first_text(page, id)),
            "x-title" => title = title.or_else(|| short_text(page, id)),
            "pubdate" | "dc:date" | "published" => {
                published = published.or_else(|| first_text(page, id));
            }
            _ => {}
        }
    }
    let href = href.or(guid.filter(|guid| guid.starts_with("http")))?;
    let mut candidate = candidate(&href, base)?;
    candidate.title = title;
    candidate.published = published.and_then(|text| rfc3339(&text));
    Some(candidate)
}

/// The text of an element's first nodes.
fn short_text(page: &Document, id: NodeId) -> Option<String> {
    let mut text = String::new();
    for (_, node) in page.subtree(id).take(MAX_TEXT_NODES) {
        if let NodeData::Text(run) = &node.data {
            text.push_str(run);
        }
    }
    kept(&text)
}

/// The first word of an element's text where it is an address: what follows belongs to another element
/// that lost its tag. Other texts (dates) whole.
fn first_text(page: &Document, id: NodeId) -> Option<String> {
    let text = short_text(page, id)?;
    if text.starts_with("http") {
        return text.split(' ').next().map(str::to_owned);
    }
    Some(text)
}

/// RSS dates (RFC 2822) and Atom's (RFC 3339) as RFC 3339; nothing for others.
fn rfc3339(text: &str) -> Option<String> {
    if text.parse::<jiff::Timestamp>().is_ok() {
        return Some(text.to_owned());
    }
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(time.timestamp().to_string())
}

/// RSS 1.0's syndication module: `sy:updatePeriod` divided by `sy:updateFrequency`, in seconds.
fn update_period_s(text: &str) -> Option<u64> {
    let value = |name: &str| {
        let after = &text[text.find(name)? + name.len()..];
        after[after.find('>')? + 1..]
            .split('<')
            .next()
            .map(|value| value.trim().to_ascii_lowercase())
    };
    let period_s = match value("<sy:updatePeriod")?.as_str() {
        "hourly" => 3600,
        "daily" => 86_400,
        "weekly" => 7 * 86_400,
        "monthly" => 30 * 86_400,
        "yearly" => 365 * 86_400,
        _ => return None,
    };
    let frequency = value("<sy:updateFrequency")
        .and_then(|value| value.parse::<u64>().ok())
        .unwrap_or(1);
    Some((period_s / frequency.max(1)).max(MIN_TTL_S))
}
