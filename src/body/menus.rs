//! Menus, known by where they lead: to the front page, or to the page itself. That holds in every language
//! and whatever a theme's classes are.

use std::ops::Range;

use url::Url;

use crate::block::phrases::{self, Category};
use crate::block::{self, Languages, TextBlock};
use crate::body::clean::MOSTLY_LINKS;
use crate::dom::{Document, NodeId, Tag};

/// Links from which a block or list that leads to the page itself is a menu; with fewer it may be a headline.
const MIN_LINKS: usize = 3;

/// Most menus of a page that do not lead to the front page. Where there are more, they are entries of a list,
/// each with links to its place and topic.
const MAX_MENUS: usize = 5;

/// What the links of a block or list are and where they lead.
#[derive(Debug, Clone, Copy, Default)]
struct LinkTargets {
    links: usize,
    /// Links that lead to a page right below the front page, with one word for a name.
    sections: usize,
    home: bool,
    itself: bool,
}

impl LinkTargets {
    /// Whether links lead to the page itself among others, or to sections alone.
    fn go_around(self) -> bool {
        self.links >= MIN_LINKS && (self.itself || self.sections == self.links)
    }

    fn and(self, other: Self) -> Self {
        Self {
            links: self.links + other.links,
            sections: self.sections + other.sections,
            home: self.home || other.home,
            itself: self.itself || other.itself,
        }
    }
}

/// Whether each block is a menu or a part of one: little but links, one of which leads to the front page
/// or to the page itself, or all to sections. A list whose entries are all links is one menu.
pub(crate) fn find(page: &Document, blocks: &[TextBlock], address: Option<&Url>) -> Vec<bool> {
    let mut each = vec![LinkTargets::default(); blocks.len()];
    for (id, element) in page.elements().filter(|(_, element)| element.tag == Tag::A) {
        let target = element.attribute("href").unwrap_or_default().trim();
        let targets = targets_of(target, address);
        for at in blocks_of(page, blocks, id) {
            each[at] = each[at].and(targets);
        }
    }
    let is_links = |at: usize| blocks[at].link_density() > MOSTLY_LINKS;
    let (mut home, mut around) = (Vec::new(), Vec::new());
    for list in block::lists(page, blocks)
        .into_iter()
        .filter(|list| list.clone().all(is_links))
    {
        let targets = each[list.clone()].iter().copied().reduce(LinkTargets::and);
        match targets.unwrap_or_default() {
            targets if targets.home => home.push(list),
            targets if targets.go_around() => around.push(list),
            _ => {}
        }
    }
    if around.len() > MAX_MENUS {
        around.clear();
    }
    let mut found = vec![false; blocks.len()];
    for menu in home.into_iter().chain(around) {
        found[menu].fill(true);
    }
    found
}

/// The category of a block of links whose first line names it, such as "Most read": pages that break lines
/// set no element around it.
pub(crate) fn named_in_first_line(block: &TextBlock, languages: Languages) -> Option<Category> {
    if block.link_density() <= MOSTLY_LINKS {
        return None;
    }
    let (name, _) = block.text.split_once('\n')?;
    let found = phrases::find(name, false, languages)?;
    Some(found.category).filter(|category| category.names_menus())
}

/// The blocks that begin inside a link, or the one that the link begins inside of.
fn blocks_of(page: &Document, blocks: &[TextBlock], link: NodeId) -> Range<usize> {
    let inside = block::inside(page, blocks, link);
    if !inside.is_empty() {
        return inside;
    }
    // The link begins behind the first text of the block before, or holds no text.
    let before = inside.start;
    let holds = before > 0
        && link < page.node(blocks[before - 1].node).end
        && !page.text_of(link).trim().is_empty();
    before - usize::from(holds)..before
}

fn targets_of(target: &str, address: Option<&Url>) -> LinkTargets {
    let mut targets = LinkTargets {
        links: 1,
        ..LinkTargets::default()
    };
    let path = match (target.split_once("//"), address) {
        _ if target.starts_with('/') && !target.starts_with("//") => target,
        (Some((scheme, rest)), Some(address)) if is_web(scheme) => {
            let (host, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
            if address.host_str() != Some(host) {
                return targets;
            }
            &rest[host.len()..]
        }
        _ => return targets,
    };
    targets.home = matches!(path, "" | "/");
    targets.sections = usize::from(is_section(path));
    targets.itself = address.is_some_and(|address| {
        let own = &address[url::Position::BeforePath..url::Position::AfterQuery];
        path.trim_end_matches('/') == own.trim_end_matches('/')
    });
    targets
}

/// Whether a path is one word, with or without an ending: "/sport/", "/sport.html".
fn is_section(path: &str) -> bool {
    let name = path.trim_matches('/');
    let name = name.split_once('.').map_or(name, |(name, _)| name);
    !name.is_empty() && name.chars().all(char::is_alphabetic)
}

fn is_web(scheme: &str) -> bool {
    matches!(scheme, "" | "http:" | "https:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    /// The menus of a page of the valley's paper.
    fn menus(html: &str) -> Vec<String> {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let address = Url::parse("https://www.valley.example/weather/rain?page=2").ok();
        let found = find(&page, &blocks, address.as_ref());
        let menus = blocks.into_iter().zip(found).filter(|(_, menu)| *menu);
        menus.map(|(block, _)| block.text).collect()
    }

    #[test]
    fn what_leads_to_the_front_page_is_a_menu() {
        for home in ["/", "//www.valley.example", "https://www.valley.example/"] {
            let logo = format!("<div><a href={home}>The Valley</a></div><p>It rained.");
            assert_eq!(menus(&logo), ["The Valley"], "{home}");
        }
        let list = "<ul><li><a href=/>Front</a><li><a href=/s>Sport</a></ul><p>It rained.";
        assert_eq!(menus(list), ["Front", "Sport"]);
    }

    #[test]
    fn what_leads_to_the_page_itself_and_others_is_a_menu() {
        let pages = |own: &str| {
            menus(&format!(
                "<p><a href=?page=1>1</a> <a href={own}>2</a> <a href=/weather>All</a>"
            ))
        };
        assert_eq!(pages("/weather/rain?page=2"), ["1 2 All"]);
        assert_eq!(
            pages("https://www.valley.example/weather/rain?page=2"),
            ["1 2 All"]
        );
        assert_eq!(pages("/weather/rain?page=3"), [""; 0]);
    }

    #[test]
    fn what_leads_to_sections_alone_is_a_menu_unless_there_are_many() {
        let menu =
            "<div><a href=/sport>Sport</a> <a href=/town/>Town</a> <a href=/art.html>Art</a></div>";
        assert_eq!(menus(menu), ["Sport Town Art"]);
        assert_eq!(menus(&menu.repeat(MAX_MENUS + 1)), [""; 0]);
        assert_eq!(menus(&menu.replace("/town/", "/2026/town-hall")), [""; 0]);
    }

    #[test]
    fn text_with_links_and_other_links_are_none() {
        for html in [
            "<h1><a href=/weather/rain?page=2>Rain at last</a></h1>",
            "<p>It rained on Monday, says <a href=/>the Valley</a>, which had hoped for it.",
            "<ul><li><a href=/>The Valley</a><li>It rained on Monday in all of it.</ul>",
            "<p>It rained.</p><a href=/><img src=logo.png></a>",
            "<p><a href=https://lake.example/>The Lake</a>",
            "<p><a href=mailto:us@valley.example>Write</a> <a href=#top>Up</a> <a href>Here</a>",
        ] {
            assert_eq!(menus(html), [""; 0], "{html}");
        }
    }

    #[test]
    fn menus_in_the_lines_of_one_block_say_what_they_are() {
        let name = |label: &str| {
            let html = format!("<p><b>{label}</b><br><a href=/a>Rain at last in the valley</a>");
            segment(&Document::parse(&html))
                .first()
                .and_then(|block| named_in_first_line(block, Languages::ANY))
        };
        assert_eq!(name("Lo más leído"), Some(Category::Popular));
        assert_eq!(name("What we found"), None);
        assert_eq!(name("Photo: Jane Doe"), None);
    }
}
