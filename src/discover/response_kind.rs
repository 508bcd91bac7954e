//! What the bytes of a response are, whatever the server calls them.

use std::io::Read;

use flate2::read::GzDecoder;
use url::Url;

/// Bytes of a body that are looked at; a feed's or sitemap's root element is well among them.
const HEAD_BYTES: usize = 8 * 1024;

/// What a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ResponseKind {
    /// RSS, RDF, Atom or JSON Feed.
    Feed,
    /// A list of pages: `urlset`, or one address a line.
    Sitemap,
    /// A list of sitemaps.
    SitemapIndex,
    /// A page.
    Html,
    /// Anything else.
    Other,
}

/// Tells feeds, sitemaps and pages apart by their first bytes (unpacked when they are gzip), and by
/// `content_type` and the address only where the bytes leave it open.
pub(crate) fn response_kind(body: &[u8], content_type: Option<&str>, url: &Url) -> ResponseKind {
    let head = head(body);
    let trimmed = head.trim_start_matches(['\u{feff}', '\0']).trim_start();
    if trimmed.starts_with('{') || trimmed.starts_with('[') {
        let json_feed = trimmed.contains("jsonfeed.org/version");
        return if json_feed {
            ResponseKind::Feed
        } else {
            ResponseKind::Other
        };
    }
    if let Some(source) = root_element(trimmed).and_then(|root| by_root(&root)) {
        return source;
    }
    let lines: Vec<&str> = trimmed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(3)
        .collect();
    if !lines.is_empty()
        && lines
            .iter()
            .all(|line| line.starts_with("http") && Url::parse(line).is_ok())
    {
        return ResponseKind::Sitemap;
    }
    let lower = trimmed.to_ascii_lowercase();
    // A feed whose opening is cut off or broken still has its items.
    if lower.contains("<item>") || lower.contains("<item ") || lower.contains("<channel>") {
        return ResponseKind::Feed;
    }
    if [
        "<html", "<head", "<body", "<div", "<p>", "<title", "<meta", "<table", "<script",
    ]
    .iter()
    .any(|tag| lower.contains(tag))
    {
        return ResponseKind::Html;
    }
    by_label(content_type, url, trimmed)
}

fn head(body: &[u8]) -> String {
    let mut unpacked = Vec::new();
    let bytes = if body.starts_with(&[0x1f, 0x8b]) {
        // A broken end does not matter here: what was unpacked until then counts.
        let _ = GzDecoder::new(body)
            .take(HEAD_BYTES as u64)
            .read_to_end(&mut unpacked);
        &unpacked
    } else {
        &body[..body.len().min(HEAD_BYTES)]
    };
    let encoding =
        encoding_rs::Encoding::for_bom(bytes).map_or(encoding_rs::UTF_8, |(found, _)| found);
    encoding.decode(bytes).0.into_owned()
}

/// The name of the first element, without its prefix, in lower case.
fn root_element(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")? + 3..];
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            if rest
                .get(..14)
                .is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"))
            {
                return Some("html".to_owned());
            }
            rest = &rest[rest.find('>')? + 1..];
        } else {
            break;
        }
    }
    let name: String = rest
        .strip_prefix('<')?
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '-' | '_'))
        .collect();
    let local = name.rsplit(':').next().unwrap_or_default();
    (!local.is_empty()).then(|| local.to_ascii_lowercase())
}

fn by_root(root: &str) -> Option<ResponseKind> {
    Some(match root {
        "rss" | "rdf" | "feed" | "channel" => ResponseKind::Feed,
        "urlset" => ResponseKind::Sitemap,
        "sitemapindex" => ResponseKind::SitemapIndex,
        "html" => ResponseKind::Html,
        _ => return None,
    })
}

fn by_label(content_type: Option<&str>, url: &Url, text: &str) -> ResponseKind {
    let label = content_type.unwrap_or_default().to_ascii_lowercase();
    if label.contains("html") {
        ResponseKind::Html
    } else if label.contains("rss") || label.contains("atom") || label.contains("feed+json") {
        ResponseKind::Feed
    } else if label.contains("xml") && url.path().to_ascii_lowercase().contains("sitemap") {
        ResponseKind::Sitemap
    } else if label.is_empty() && text.starts_with('<') {
        ResponseKind::Html
    } else {
        ResponseKind::Other
    }
}
