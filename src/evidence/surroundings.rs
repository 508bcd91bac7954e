//! Whether an element is about the page's story or about something else, by what it stands in.

use crate::block::class_names::{NameHint, hints_in};
use crate::dom::{Document, NodeData, NodeId, Tag};

/// What an element stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surroundings {
    /// The story.
    Story,
    /// A margin or footer: mostly about the site, but a story's own data may stand there.
    Margin,
    /// Other stories, readers, menus.
    Others,
}

/// Ancestors looked at for a sign that an element is about something else.
const MAX_ANCESTORS: usize = 8;

/// What an element stands in, below the first ancestor that holds the page's headline.
pub(crate) fn surroundings(page: &Document, id: NodeId, headline: Option<NodeId>) -> Surroundings {
    let mut found = Surroundings::Story;
    let holds = |up: NodeId| headline.is_some_and(|h| up < h && h < page.node(up).end);
    for up in std::iter::once(id)
        .chain(page.ancestors(id))
        .take(MAX_ANCESTORS)
        .take_while(|up| !holds(*up))
    {
        match page.tag(up) {
            Tag::Nav => return Surroundings::Others,
            Tag::Footer if is_own_footer(page, up) => {}
            Tag::Aside | Tag::Footer => found = Surroundings::Margin,
            Tag::Body | Tag::Html | Tag::Main | Tag::Article => continue,
            _ => {}
        }
        let classes = page.attribute(up, "class").unwrap_or_default();
        for class in classes.split_ascii_whitespace() {
            match of_class(class) {
                Surroundings::Others => return Surroundings::Others,
                Surroundings::Margin => found = Surroundings::Margin,
                Surroundings::Story => {}
            }
        }
    }
    found
}

/// Ancestors of a footer among which its article is looked for.
const MAX_FOOTER_ANCESTORS: usize = 3;

/// Whether a footer is an article's: it stands in one (HTML, 4.3.9), or its class says so.
fn is_own_footer(page: &Document, footer: NodeId) -> bool {
    let class = page.attribute(footer, "class").unwrap_or_default();
    hints_in(class).has(NameHint::Own)
        || page
            .ancestors(footer)
            .take(MAX_FOOTER_ANCESTORS)
            .any(|up| page.tag(up) == Tag::Article)
}

fn of_class(class: &str) -> Surroundings {
    let hints = hints_in(class);
    if hints.has(NameHint::Others) {
        Surroundings::Others
    } else if hints.has(NameHint::Footer) && hints.has(NameHint::Own) {
        Surroundings::Story
    } else if hints.has(NameHint::Footer) || hints.has(NameHint::Sidebar) {
        Surroundings::Margin
    } else {
        Surroundings::Story
    }
}

/// Whether a heading is one link to another page: another story's headline.
pub(crate) fn is_teaser(page: &Document, heading: NodeId, own_path: Option<&str>) -> bool {
    let mut inside = page
        .subtree(heading)
        .filter_map(|(id, node)| match &node.data {
            NodeData::Text(text) if !text.trim().is_empty() => Some(id),
            _ => None,
        });
    own_path.is_some()
        && inside.next().is_some_and(|text| {
            let links = || page.ancestors(text).take_while(|up| *up > heading);
            links().any(|up| {
                page.tag(up) == Tag::A
                    && page
                        .attribute(up, "href")
                        .is_some_and(|href| leads_elsewhere(href, own_path))
            })
        })
        && inside.next().is_none()
}

/// Whether an element is about other stories or readers, as far as that can be told before the
/// headline is known.
pub(crate) fn is_beside_story(page: &Document, id: NodeId) -> bool {
    surroundings(page, id, None) != Surroundings::Story
}

/// Whether an element is about another story: it stands in a link to another page than `own_path`, or in
/// an `<article>` with neither the headline nor the body, which `story` holds as far as they are known.
pub(crate) fn is_of_another_story(
    page: &Document,
    id: NodeId,
    own_path: Option<&str>,
    story: [Option<NodeId>; 2],
) -> bool {
    page.ancestors(id).any(|up| match page.tag(up) {
        Tag::A => page
            .attribute(up, "href")
            .is_some_and(|href| leads_elsewhere(href, own_path)),
        Tag::Article => {
            let mut known = story.iter().flatten().peekable();
            known.peek().is_some() && known.all(|at| *at < up || *at >= page.node(up).end)
        }
        _ => false,
    })
}

/// Whether an address leads to another page than `own_path`; an archive of the day, such as
/// `/2026/03/`, is no page.
fn leads_elsewhere(href: &str, own_path: Option<&str>) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => path,
    };
    let path = path.trim_matches('/');
    let numbers = path
        .split('/')
        .all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let is_script = path.starts_with("javascript:");
    let is_own = own_path.is_some_and(|own| own.trim_matches('/') == path);
    !(numbers || is_script || is_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str, headline: bool) -> Surroundings {
        let page = Document::parse(html);
        let find = |name: &str| page.elements().find(|(_, e)| e.name() == name).map(|e| e.0);
        let time = find("time").expect("a time");
        surroundings(&page, time, find("h1").filter(|_| headline))
    }

    #[test]
    fn what_an_element_stands_in_says_what_it_is_about() {
        let story = "<div class=has-sidebar><h1>Rain</h1><p><time>1 March</time></p></div>";
        assert_eq!(of(story, true), Surroundings::Story);
        assert_eq!(
            of(story, false),
            Surroundings::Margin,
            "no headline is known"
        );
        let margin = "<aside><h3>Published</h3><time>1 March</time></aside>";
        assert_eq!(of(margin, true), Surroundings::Margin);
        let others = "<aside class=related-stories><time>1 March</time></aside>";
        assert_eq!(of(others, true), Surroundings::Others);
    }

    #[test]
    fn a_link_or_an_article_of_its_own_is_anothers() {
        let page = Document::parse(
            "<article><h1>Rain</h1><time>1</time></article>\
             <article><time>2</time></article>\
             <a href=/news/sun><time>3</time></a><a href=https://x.example/news/rain#p1><time>4</time></a>\
             <a href=/2026/03/01/><time>5</time></a>",
        );
        let find = |name: &'static str| page.elements().filter(move |(_, e)| e.name() == name);
        let headline = find("h1").next().map(|e| e.0);
        let others: Vec<bool> = find("time")
            .map(|(id, _)| is_of_another_story(&page, id, Some("/news/rain"), [headline, None]))
            .collect();
        assert_eq!(others, [false, true, true, false, false]);
    }
}
