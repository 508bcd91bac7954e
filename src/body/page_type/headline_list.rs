//! Whether a body is other pages' headlines, each with its first words: a section front, a tag page, an
//! archive, the results of a search. Their teasers read as a story's paragraphs do.

use std::collections::HashSet;

use url::Url;

use crate::dedup::count_words;
use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::record::Record;
use crate::text::to_letters;

/// Headlines from which it is a list: a story may keep one or two links to others.
const HEADLINES: usize = 3;
/// Words from which a link's text may be a headline.
const HEADLINE_WORDS: usize = 3;
/// Nodes looked at for the text of a link: a headline has few, and elements may stand in each other without
/// end.
const MAX_NODES: usize = 64;
/// Words of text up to which the first headline opens the page; a story has said more by then.
const WORDS_BEFORE: usize = 30;
/// Words for each headline up to which they are its first words; an overview of books or places has more.
const WORDS_EACH: usize = 60;

/// Whether the lines of a body are those of links to other pages of the site, with few words between.
pub(super) fn is_headline_list(page: &Document, record: &Record) -> bool {
    let linked = linked_texts(page, record.url.as_deref());
    if linked.len() < HEADLINES {
        return false;
    }
    let (mut headlines, mut before, mut words) = (0, 0, 0);
    for line in record.text.lines() {
        if linked.contains(&to_letters(line)) {
            headlines += 1;
        } else if headlines == 0 {
            before += count_words(line);
        } else {
            words += count_words(line);
        }
    }
    headlines >= HEADLINES && before < WORDS_BEFORE && words <= headlines * WORDS_EACH
}

/// The texts of links to other pages of the site that may be headlines.
fn linked_texts(page: &Document, address: Option<&str>) -> HashSet<String> {
    let own = address.and_then(|address| Url::parse(address).ok());
    let is_elsewhere = |href: &str| match &own {
        Some(own) => own.join(href).is_ok_and(|url| {
            let same_page = url.path() == own.path() && url.query() == own.query();
            url.host() == own.host() && !same_page
        }),
        None => !href.contains("://") && !href.starts_with('#'),
    };
    let mut texts = HashSet::new();
    let mut link_end = NodeId::ROOT;
    for (id, element) in page.elements() {
        match element.tag {
            Tag::A => {
                let href = element.attribute("href").map(str::trim);
                if !href.is_some_and(is_elsewhere) {
                    continue;
                }
                link_end = page.node(id).end;
            }
            // A whole teaser may be a link.
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 if id < link_end => {}
            _ => continue,
        }
        let text = short_text(page, id);
        if count_words(&text) >= HEADLINE_WORDS {
            texts.insert(to_letters(&text));
        }
    }
    texts
}

/// The text of an element's first nodes.
fn short_text(page: &Document, top: NodeId) -> String {
    let nodes = page.subtree(top).take(MAX_NODES);
    let runs = nodes.filter_map(|(_, node)| match &node.data {
        NodeData::Text(run) => Some(&**run),
        _ => None,
    });
    runs.collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn is_list(html: &str, text: &str) -> bool {
        let record = Record {
            url: Some("https://a.example/culture".into()),
            text: text.into(),
            ..Record::default()
        };
        is_headline_list(&Document::parse(html), &record)
    }

    const HEADLINES: [&str; 3] = [
        "The ferry sails again",
        "Nobody wants the old mill",
        "A clock that stopped at noon",
    ];

    #[test]
    fn headlines_with_their_first_words_are_a_list() {
        let first_words = "After a winter in the harbour it left on Monday with two passengers.";
        let (mut links, mut teasers) = (String::new(), String::new());
        for headline in HEADLINES {
            let n = headline.len();
            let _ = write!(links, "<h3><a href=/main/{n}>{headline}</a></h3>");
            let _ = write!(teasers, "{headline}\n\n{first_words}\n\n");
        }
        assert!(is_list(&links, &teasers));
        let cards = links
            .replace("<h3><a", "<a")
            .replace("</a></h3>", "</h3><p>More</p></a>");
        let cards = HEADLINES.iter().fold(cards, |cards, headline| {
            cards.replace(headline, &format!("<h3>{headline}"))
        });
        assert!(is_list(&cards, &teasers), "{cards}");
        // A story with the same links below it, or an overview with much to each.
        let story = first_words.repeat(4);
        assert!(!is_list(&links, &format!("{story}\n\n{teasers}")));
        assert!(!is_list(
            &links,
            &teasers.replace(first_words, &first_words.repeat(6))
        ));
        assert!(!is_list(
            &links.replace("/main/", "https://b.example/"),
            &teasers
        ));
        assert!(!is_list("", &teasers));
    }
}
