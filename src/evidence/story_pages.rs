//! Which page of a story a page is, and where the next one is. Pages of one story differ in the number
//! at the end of their path or in a parameter alone; a link that leads anywhere else is to another story,
//! whatever it says of itself.

mod link;

use url::Url;

use crate::address::page_number::{Mark, NumberedAddress, is_pager_name, is_whole_view};
use crate::address::{canonical, host_key, page_key};
use crate::block::class_names::{NameHint, hints_in};
use crate::dom::{Document, Element, NodeId, Tag};
use crate::evidence::claim::Claim;
use link::{Link, Rel, has_number, label, rel_of, turns};

/// Most links looked at on one page; the largest front pages have about 2,000.
const MAX_LINKS: usize = 10_000;

/// Ancestors of a link in which a pager, or what is about other stories, shows.
const PAGER_ANCESTORS: usize = 4;

/// A page's place among those of its story.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoryPages {
    /// The next page.
    pub(crate) next: Option<PageLink>,
    /// The first page, where this is a later one.
    pub(crate) first: Option<PageLink>,
    /// All pages in one, where there are several and one of them links to it.
    pub(crate) whole: Option<Url>,
}

/// A link to another page of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageLink {
    pub(crate) url: Url,
    node: NodeId,
    source: &'static str,
}

impl PageLink {
    /// An address that no element of the page gives.
    fn known(url: &Url) -> Self {
        Self {
            url: url.clone(),
            node: NodeId::ROOT,
            source: "known from another page",
        }
    }

    pub(crate) fn claim(&self) -> Claim {
        Claim::at(self.node, self.source, self.url.to_string())
    }
}

/// Links between pages that have all but a number in common.
#[derive(Debug)]
struct Pages {
    key: String,
    style: String,
    mark: Mark,
    /// The number in the page's own address; none without one: the first page.
    own: Option<u32>,
    links: Vec<Link>,
}

/// Reads a page that has the address `own`; `canonical` is the one that it gives itself, `first` that of its
/// story's first page, where the caller knows that it is a later one.
pub(crate) fn read(
    page: &Document,
    own: &Url,
    canonical: Option<&Url>,
    first: Option<&Url>,
) -> StoryPages {
    let reader = Reader {
        page,
        base: base(page, own),
        host: host_key(own),
        key: page_key(own),
        start: start_of(own),
        readings: NumberedAddress::readings(own),
    };
    let mut groups = reader.groups();
    groups.sort_by_key(|group| group.mark);
    for group in &groups {
        let known = first.filter(|first| page_key(first) == group.key);
        let first = known
            .map(PageLink::known)
            .or_else(|| group.first(canonical));
        if group.own_page() > 1 && first.is_none() {
            continue;
        }
        let next = group.next(known.is_some());
        if first.is_none() && next.is_none() {
            continue;
        }
        return StoryPages {
            whole: next.as_ref().and_then(|_| reader.whole(&group.key)),
            first,
            next,
        };
    }
    StoryPages::default()
}

/// What relative links start from: `<base href>`, or the page's own address.
fn base(page: &Document, own: &Url) -> Url {
    page.elements()
        .find(|(_, element)| element.tag == Tag::Base)
        .and_then(|(_, element)| own.join(element.attribute("href")?.trim()).ok())
        .unwrap_or_else(|| own.clone())
}

struct Reader<'a> {
    page: &'a Document,
    base: Url,
    host: String,
    /// The [`page_key`] of the page's own address.
    key: String,
    /// What the paths of its further pages begin with.
    start: String,
    /// Its own address as that of a numbered page.
    readings: Vec<NumberedAddress>,
}

/// The path of an address without a closing slash and a file's extension.
fn start_of(own: &Url) -> String {
    let own = canonical(own);
    let path = own.path().trim_end_matches('/');
    let name = path.rfind('/').map_or(0, |at| at + 1);
    let end = path[name..].rfind('.').map_or(path.len(), |at| name + at);
    path[..end].to_owned()
}

impl Reader<'_> {
    fn groups(&self) -> Vec<Pages> {
        let of_own = |own: &NumberedAddress| Pages::of(own, Some(own.number));
        let mut groups: Vec<Pages> = self.readings.iter().map(of_own).collect();
        for (node, element) in self.links() {
            let href = element.attribute("href").unwrap_or_default();
            let rel = rel_of(element);
            if rel == Rel::Refused
                || element.tag == Tag::Link && rel == Rel::None
                || self.readings.is_empty() && !has_number(href)
            {
                continue;
            }
            let Some(url) = self.resolve(href) else {
                continue;
            };
            for (pages, number) in self.relations(&url) {
                let known = |group: &Pages| group.key == pages.key && group.style == pages.style;
                let at = groups.iter().position(known).unwrap_or_else(|| {
                    groups.push(pages);
                    groups.len() - 1
                });
                if let Some(link) = self.link(node, element, rel, url.clone(), number) {
                    groups[at].links.push(link);
                }
            }
        }
        groups
    }

    fn links(&self) -> impl Iterator<Item = (NodeId, &Element)> {
        self.page
            .elements()
            .filter(|(_, element)| {
                matches!(element.tag, Tag::A | Tag::Link) && element.attribute("href").is_some()
            })
            .take(MAX_LINKS)
    }

    /// An address on the page's own host, without its fragment.
    fn resolve(&self, href: &str) -> Option<Url> {
        let mut url = self.base.join(href.trim()).ok()?;
        url.set_fragment(None);
        let is_near = matches!(url.scheme(), "http" | "https") && host_key(&url) == self.host;
        is_near.then_some(url)
    }

    /// As pages of which the address and the page's own are two, and the number in the address.
    fn relations(&self, url: &Url) -> Vec<(Pages, Option<u32>)> {
        let mut relations = Vec::new();
        if self.readings.is_empty() && !url.path().starts_with(&self.start) {
            return relations;
        }
        for target in NumberedAddress::readings(url) {
            if target.key == self.key {
                relations.push((Pages::of(&target, None), Some(target.number)));
            }
            let beside = self.readings.iter().filter(|own| own.is_beside(&target));
            relations.extend(
                beside.map(|own| (Pages::of(&target, Some(own.number)), Some(target.number))),
            );
        }
        let key = page_key(url);
        let as_first = self.readings.iter().filter(|own| own.key == key);
        relations.extend(as_first.map(|own| (Pages::of(own, Some(own.number)), None)));
        relations
    }

    /// Reads a link; none for one that is about other stories.
    fn link(
        &self,
        node: NodeId,
        element: &Element,
        rel: Rel,
        url: Url,
        number: Option<u32>,
    ) -> Option<Link> {
        let mut link = Link {
            url,
            node,
            number,
            rel,
            label: None,
            turns: false,
            in_pager: false,
        };
        if element.tag == Tag::A {
            for up in self.page.ancestors(node).take(PAGER_ANCESTORS) {
                let is_list = matches!(self.page.tag(up), Tag::Main | Tag::Article | Tag::Body);
                let attribute = |name| self.page.attribute(up, name).filter(|_| !is_list);
                let (class, id) = (attribute("class"), attribute("id"));
                let names = || class.into_iter().chain(id);
                link.in_pager |= self.page.tag(up) == Tag::Nav || names().any(is_pager_name);
                if self.page.tag(up) == Tag::Aside
                    || names().any(|name| hints_in(name).has(NameHint::Others))
                {
                    return None;
                }
            }
            let shown = self.page.text_of(node);
            let shown = shown.trim();
            let named = element
                .attribute("aria-label")
                .or(element.attribute("title"));
            link.label = label(shown).or_else(|| named.and_then(label));
            link.turns = turns(shown) || named.is_some_and(turns);
        }
        Some(link)
    }

    /// The address of all pages in one, where the page links to it.
    fn whole(&self, key: &str) -> Option<Url> {
        self.links()
            .filter_map(|(_, element)| self.resolve(element.attribute("href")?))
            .find(|url| is_whole_view(url, key))
    }
}

impl Pages {
    /// Pages of which one has this address; `own` is the number in the page's own.
    fn of(one: &NumberedAddress, own: Option<u32>) -> Self {
        Self {
            key: one.key.clone(),
            style: one.style.clone(),
            mark: one.mark,
            own,
            links: Vec::new(),
        }
    }

    /// What has to be added to the numbers in addresses to be those of pages: 1 where the second page's is 1.
    fn offset(&self) -> u32 {
        let labelled = |by: u32| {
            let mut links = self.links.iter();
            links.any(|link| link.label.is_some() && link.label == link.number.map(|n| n + by))
        };
        let leads = |rel, number| {
            let mut links = self.links.iter();
            links.any(|link| link.rel == rel && link.number == number)
        };
        let from_nought = match self.own {
            _ if labelled(0) => false,
            _ if labelled(1) => true,
            None => leads(Rel::Next, Some(1)) && !leads(Rel::Next, Some(2)),
            Some(1) => leads(Rel::Previous, None),
            Some(number) => number == 0,
        };
        u32::from(from_nought)
    }

    /// Whether one of the links shows the number of its page.
    fn is_counted(&self) -> bool {
        let by = self.offset();
        let mut links = self.links.iter();
        links.any(|link| link.label.is_some() && link.label == link.number.map(|n| n + by))
    }

    fn own_page(&self) -> u32 {
        self.own.map_or(1, |number| number + self.offset())
    }

    /// The next page; `is_sure` says that the page is known to be one of several.
    fn next(&self, is_sure: bool) -> Option<PageLink> {
        let page = self.own_page() + 1;
        let number = page - self.offset();
        let to_next = |link: &&Link| link.number == Some(number);
        // `/post/1` and `/post/2` may be two posts of a blog, each of which has a next one.
        let may_turn = self.mark == Mark::Word || self.own.is_none() || self.is_counted();
        let says_next = |link: &&Link| {
            let by_number = link.label == Some(page);
            let by_word = is_sure || may_turn && self.mark != Mark::Hyphen;
            by_word && link.rel == Rel::Next
                || (by_number || by_word && link.turns)
                    && (link.in_pager || self.mark < Mark::Parameter)
        };
        let link = self.links.iter().filter(to_next).find(says_next)?;
        Some(link.as_page(match link.rel {
            Rel::Next => "rel=next",
            _ => "link by number",
        }))
    }

    /// The first page, where this is a later one and something says so beside its address.
    fn first(&self, canonical: Option<&Url>) -> Option<PageLink> {
        let (page, offset) = (self.own_page(), self.offset());
        if page <= 1 {
            return None;
        }
        let is_first = |link: &&Link| link.number.is_none_or(|number| number + offset == 1);
        let says_first = |link: &&Link| {
            let may_turn = self.mark == Mark::Word
                || self.mark != Mark::Hyphen && link.number.is_none()
                || self.is_counted();
            let turns =
                link.rel == Rel::Previous || self.mark == Mark::Word && link.turns && link.in_pager;
            link.label == Some(1) || may_turn && (link.rel == Rel::First || page == 2 && turns)
        };
        let mut to_first: Vec<&Link> = self
            .links
            .iter()
            .filter(is_first)
            .filter(says_first)
            .collect();
        // Of two spellings the one without a number is the story's own.
        to_first.sort_by_key(|link| link.number.is_some());
        if let Some(link) = to_first.first() {
            let mut found = link.as_page("link to the first page");
            if link.number.is_some() && self.style.starts_with('?') {
                let readings = NumberedAddress::readings(&link.url);
                let stem = readings.into_iter().find(|one| one.style == self.style);
                found.url = stem.map_or(found.url, |one| one.stem);
            }
            return Some(found);
        }
        if let Some(canonical) = canonical
            && page_key(canonical) == self.key
            && self.mark < Mark::Parameter
        {
            let source = "rel=canonical";
            return Some(PageLink {
                source,
                ..PageLink::known(canonical)
            });
        }
        let is_sibling = |link: &&Link| {
            link.number.is_some_and(|number| {
                link.label == Some(number + offset)
                    || link.rel == Rel::Next && number + offset == page + 1
                    || link.rel == Rel::Previous && number + offset + 1 == page
            })
        };
        let sibling = self
            .links
            .iter()
            .find(is_sibling)
            .filter(|_| self.mark == Mark::Word)?;
        let readings = NumberedAddress::readings(&sibling.url);
        let stem = readings.into_iter().find(|one| one.style == self.style)?;
        Some(PageLink {
            url: stem.stem,
            ..sibling.as_page("address without its number")
        })
    }
}

#[cfg(test)]
mod tests;
