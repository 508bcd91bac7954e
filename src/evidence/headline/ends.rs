//! The ends of a headline: what names the site, the section or the software rather than the story.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::evidence::headline::{HeadlineCandidate, HeadlineContext};
use crate::evidence::separators::SEPARATORS;
use crate::evidence::site_names::SiteNames;
use crate::table;
use crate::text::to_letters;

/// Finds the separators of titles.
static TITLE_SEPARATOR: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(&SEPARATORS.title).ok());

/// What software puts before the titles of its pages.
static STARTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../../config/tables/title_starts.tsv"));
    rows.map(|row| row[0]).collect()
});

/// Where the first and the last separator of a title stand; they may share a space, or be one.
pub(crate) fn outer_separators(title: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut found = TITLE_SEPARATOR.as_ref()?.find_overlapping_iter(title);
    let first = found.next()?.range();
    let last = found.last().map_or(first.clone(), |hit| hit.range());
    Some((first, last))
}

/// The title without the site's name, or a section's, at its end or start.
pub(crate) fn without_site(title: &str, sites: &SiteNames) -> String {
    let mut title = title.trim();
    // A page's title names at most section, site and slogan after the headline.
    for _ in 0..3 {
        let outer = outer_separators(title);
        if let Some((_, last)) = &outer
            && sites.is_site_part(&title[last.end..])
        {
            title = title[..last.start].trim_end();
        } else if let Some((headline, name)) = title.rsplit_once(&SEPARATORS.bar[..])
            && sites.is_site_part(name)
        {
            title = headline.trim_end();
        } else if let Some((first, _)) = &outer
            && sites.is_site_part(&title[..first.start])
        {
            title = title[first.end..].trim_start();
        } else {
            break;
        }
    }
    let behind_start = STARTS
        .iter()
        .find_map(|start| title.strip_prefix(start)?.strip_prefix(' '));
    behind_start.map_or(title, str::trim_start).to_owned()
}

/// The title without the name of its section behind a separator: "Rain at last | Weather".
pub(crate) fn without_section(title: &str, context: HeadlineContext) -> String {
    if outer_separators(title).is_none() {
        return title.to_owned();
    }
    for separator in &SEPARATORS.title {
        if let Some((headline, section)) = title.rsplit_once(separator.as_str())
            && context.sections.iter().any(|name| {
                to_letters(name) == to_letters(section) && !to_letters(section).is_empty()
            })
        {
            return headline.trim_end().to_owned();
        }
    }
    title.to_owned()
}

/// Most words of a site or section behind a headline.
const MAX_TAIL_WORDS: usize = 4;

/// Fewest characters of a headline that others are cut to.
const MIN_CUT_CHARS: usize = 15;

/// Cuts headlines to another one that they begin with, where a separator and a few words follow:
/// what those words say is the site's or the section's name.
pub(crate) fn cut_to_others(found: &mut [HeadlineCandidate]) {
    let others: Vec<(&'static str, String)> =
        found.iter().map(|h| (h.source, h.value.clone())).collect();
    let in_json_ld: Option<String> = others
        .iter()
        .find(|(source, _)| *source == "json-ld")
        .map(|(_, value)| value.clone());
    for headline in found.iter_mut().filter(|h| h.source != "h1") {
        // What the structured data say too is part of the headline.
        if in_json_ld.as_ref() == Some(&headline.value) {
            continue;
        }
        let shorter = others.iter().find_map(|(source, other)| {
            let mut tail = headline
                .value
                .strip_prefix(other.as_str())?
                .trim_start()
                .chars();
            let (sign, rest) = (tail.next()?, tail.as_str());
            let separates = SEPARATORS.bar.contains(&sign) || SEPARATORS.prompts.contains(&sign);
            (separates
                && *source != headline.source
                && other.chars().count() >= MIN_CUT_CHARS
                && rest.split_whitespace().count() <= MAX_TAIL_WORDS)
                .then_some(other)
        });
        if let Some(shorter) = shorter {
            headline.value.clone_from(shorter);
        }
    }
}

/// The part of a lone `<title>` before or behind a separator that stands on the page as a text of its
/// own: pages of the table era have their headline in no heading.
pub(crate) fn shown_part(page: &Document, title: &str) -> Option<String> {
    let is_long = |part: &&str| part.chars().count() >= MIN_CUT_CHARS;
    let cuts = SEPARATORS
        .title
        .iter()
        .flat_map(|sign| title.match_indices(sign.as_str()))
        .flat_map(|(at, sign)| [&title[..at], &title[at + sign.len()..]]);
    let parts: Vec<(String, &str)> = std::iter::once(title)
        .chain(cuts.map(str::trim))
        .filter(is_long)
        .map(|part| (to_letters(part), part))
        .collect();
    let is_linked = |id: NodeId| page.ancestors(id).take(3).any(|up| page.tag(up) == Tag::A);
    let lengths = MIN_CUT_CHARS..=2 * title.len();
    let texts = page.nodes().filter_map(|(id, node)| match &node.data {
        NodeData::Text(text)
            if lengths.contains(&text.len())
                && text.trim().len() >= MIN_CUT_CHARS
                && page.tag(node.parent) != Tag::Title
                && !page.tag(node.parent).is_raw_text()
                && !is_linked(id) =>
        {
            Some(to_letters(text))
        }
        _ => None,
    });
    let part_of = |text: String| parts.iter().find(|(part, _)| *part == text);
    texts
        .filter_map(part_of)
        .map(|(_, part)| *part)
        .max_by_key(|part| part.len())
        .map(str::to_owned)
}

/// The part of a lone `<title>` that reads like the headline: the longest, where separators stand
/// in it.
pub(crate) fn longest_part(title: &str) -> String {
    let separator = SEPARATORS
        .lone_title
        .iter()
        .find(|sign| title.contains(sign.as_str()));
    let parts = separator
        .into_iter()
        .flat_map(|sign| title.split(sign.as_str()));
    let longest = parts.max_by_key(|part| part.chars().count());
    longest.map_or(title, str::trim).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_goes_and_dashes_in_headlines_stay() {
        let sites = SiteNames::of(&["The Valley Post".to_owned(), "valleypost".to_owned()]);
        assert_eq!(
            without_site("Rain - at last | The Valley Post", &sites),
            "Rain - at last"
        );
        assert_eq!(
            without_site("Valley Post: Rain", &sites),
            "Valley Post: Rain"
        );
        assert_eq!(without_site("The Valley Post – Rain", &sites), "Rain");
        assert_eq!(
            without_site("Valley Post • View topic - Rain at last", &sites),
            "Rain at last"
        );
    }

    #[test]
    fn the_outer_separators_may_share_a_space() {
        let outer = |title| outer_separators(title);
        assert_eq!(outer("Rain-at last"), None);
        assert_eq!(outer("Rain | Sun"), Some((4..7, 4..7)));
        assert_eq!(outer("Rain | – Sun"), Some((4..7, 6..11)));
        assert_eq!(outer("Rain – Sun - Wind :: Snow"), Some((4..9, 19..23)));
    }

    #[test]
    fn the_part_of_a_title_that_the_page_shows_is_the_headline() {
        let shown = |title: &str, body: &str| {
            let page = Document::parse(&format!("<title>{title}</title>{body}"));
            shown_part(&page, title)
        };
        let title = "Ferry returns to Lake Orren – Orren Evening News";
        let headline = "<b>Ferry returns to Lake Orren</b>";
        let expected = Some("Ferry returns to Lake Orren".to_owned());
        assert_eq!(shown(title, headline), expected);
        let logo = "<a href=/>Orren Evening News</a>";
        assert_eq!(shown(title, logo), None, "a logo is a link");
        assert_eq!(
            shown("Orren Evening News | Ferry returns to Lake Orren", headline),
            expected
        );
    }
}
