//! Who wrote it: what speaks for it.

mod decide;
mod lines;

pub(crate) use decide::{choose, named};

use crate::dom::{Document, NodeId};
use crate::evidence::Evidence;
use crate::evidence::byline_markup::BylineMarkup;
use crate::evidence::byline_words::{BYLINE_WORDS, agency};
use crate::evidence::line::byline_of;
use crate::evidence::person_names::{Trust, names, organisation, team};
use crate::evidence::site_names;
use crate::fields::byline_context::{Near, Zone};
use crate::record;
use crate::text::to_words;

/// What one place says about the authors.
#[derive(Debug, Clone)]
pub(crate) struct People {
    pub(crate) source: &'static str,
    pub(crate) names: Vec<String>,
    pub(crate) node: Option<NodeId>,
    /// Whether they are organisations: said so by the page, or a team, an agency, the site itself.
    pub(crate) organisation: bool,
    /// How far the source is believed; higher is more.
    weight: u32,
}

/// Sources of which several stand side by side, an author each.
const SIDE_BY_SIDE: [&str; 8] = [
    "itemprop=author",
    "rel=author",
    "author",
    "article:author",
    "citation_author",
    "dc.creator",
    "parsely-author",
    "link to an author",
];

/// Nodes between two authors that are named side by side.
const APART: usize = 30;

/// Longest line that is a byline, in bytes.
const MAX_LINE_BYTES: usize = 120;

/// How far each kind of source is believed.
mod weight {
    pub(crate) const JSON_LD: u32 = 100;
    /// Metas; less their rank in the table.
    pub(crate) const META: u32 = 95;
    /// Looked for only where organisations sign elsewhere, and then more exact than they.
    pub(crate) const BOLD: u32 = 61;
    pub(crate) const FEED: u32 = 60;
    pub(crate) const MICRODATA: u32 = 58;
    pub(crate) const REL_AUTHOR: u32 = 56;
    pub(crate) const AUTHOR_LINK: u32 = 54;
    pub(crate) const BYLINE: u32 = 52;
    pub(crate) const BY_WORD: u32 = 50;
    /// Visible sources from here on are bylines of this page's headline.
    pub(crate) const LEAST_BYLINE: u32 = 50;
    pub(crate) const IN_BODY: u32 = 40;
    /// What stands below the body is about the author more often than by them.
    pub(crate) const BELOW: u32 = 30;
    /// A single word behind a by-word: a handle, or the start of any other phrase.
    pub(crate) const HANDLE: u32 = 20;
    pub(crate) const BESIDE_DATE: u32 = 12;
    pub(crate) const ALONE: u32 = 10;
}

/// All that speaks for authors, believed most first. What stands on a list signs its entries.
pub(crate) fn candidates(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    kind: record::Kind,
    text: &str,
) -> Vec<People> {
    let mut found = Found {
        sites: &evidence.sites,
        people: Vec::new(),
        bylines: Vec::new(),
    };
    linked(evidence, &mut found);
    data(evidence, near, &mut found);
    if !evidence.hints.authors.is_empty() {
        let listed = evidence.hints.authors.join("; ");
        found.add("feed", &listed, None, Trust::Data, weight::FEED);
    }
    if kind != record::Kind::Listing {
        marked(page, near, &mut found);
        lines::spoken(near, &mut found);
        let nobody = found.people.iter().all(|p| p.organisation);
        if nobody {
            lines::alone(near, &mut found);
            lines::closing(page, near, &mut found);
        }
        if nobody && kind == record::Kind::Article {
            lines::beside_date(evidence, page, near, text, &mut found);
            lines::bold(evidence, page, near, text, &mut found);
        }
    }
    found.people.sort_by_key(|p| std::cmp::Reverse(p.weight));
    let longer = longer_byline(&found);
    found.people.splice(0..0, longer);
    found.people
}

/// Authors in JSON-LD: of the page's article, or where that names none, of another work with its
/// headline, such as the `NewsArticle` a second plug-in writes.
fn linked(evidence: &Evidence, found: &mut Found) {
    let works = evidence.article().into_iter().chain(evidence.same_story());
    let Some(work) = works.into_iter().find(|work| !work.authors.is_empty()) else {
        return;
    };
    for organisation in [false, true] {
        let named = work
            .authors
            .iter()
            .filter(|p| p.organisation == organisation);
        let listed: Vec<&str> = named.map(|p| p.name.as_str()).collect();
        let listed = listed.join("; ");
        if organisation {
            found.add_organisations("json-ld", &listed, weight::JSON_LD);
        } else {
            found.add("json-ld", &listed, None, Trust::Data, weight::JSON_LD);
        }
    }
}

/// Most names in a visible byline that is believed over the page's data.
const MAX_BYLINE_NAMES: usize = 10;

/// A byline that names everybody the data name, and more people.
fn longer_byline(found: &Found) -> Option<People> {
    let first = found.people.iter().find(|p| !p.organisation)?;
    if first.weight <= weight::FEED {
        return None;
    }
    let holds_all = |listed: &[String]| {
        first.names.iter().all(|name| {
            listed
                .iter()
                .any(|n| to_words(n).ends_with(&to_words(name)))
        })
    };
    // Each stretch between blocks is a list: "By Jane Doe and Kim Poe | Reviewed by Ann Loe".
    let mut lists = found.bylines.iter().flat_map(|(line, node)| {
        let stretches = line.split([';', '|']);
        stretches.map(|stretch| (names(stretch, Trust::Text), *node))
    });
    let (names, node) = lists.find(|(listed, _)| {
        listed.len() > first.names.len() && listed.len() <= MAX_BYLINE_NAMES && holds_all(listed)
    })?;
    Some(People {
        source: "byline with everybody the data name",
        names,
        node: Some(node),
        organisation: false,
        weight: weight::JSON_LD + 1,
    })
}

struct Found<'a> {
    sites: &'a site_names::SiteNames,
    people: Vec<People>,
    /// Bylines near the headline, which may have more names than the data.
    bylines: Vec<(String, NodeId)>,
}

impl Found<'_> {
    fn push(
        &mut self,
        source: &'static str,
        names: Vec<String>,
        node: Option<NodeId>,
        organisation: bool,
        weight: u32,
    ) {
        if !names.is_empty() {
            self.people.push(People {
                source,
                names,
                node,
                organisation,
                weight,
            });
        }
    }

    /// What a page says are organisations, `; ` between them.
    fn add_organisations(&mut self, source: &'static str, raw: &str, weight: u32) {
        let mut listed = names(raw, Trust::Data);
        if listed.is_empty() {
            listed.extend(raw.split("; ").find_map(organisation));
        }
        self.push(source, listed, None, true, weight);
    }

    /// Names in a text, persons and organisations apart.
    fn add(
        &mut self,
        source: &'static str,
        raw: &str,
        node: Option<NodeId>,
        trust: Trust,
        weight: u32,
    ) {
        let (persons, others): (Vec<String>, Vec<String>) = names(raw, trust)
            .into_iter()
            .partition(|name| !self.sites.is_site(name) && agency(name).is_none());
        let mut others: Vec<String> = others.iter().map(|name| as_written(raw, name)).collect();
        if persons.is_empty() && trust == Trust::Data && self.sign_as_one(raw) {
            others = organisation(raw).into_iter().collect();
        }
        let nobody = persons.is_empty() && others.is_empty();
        self.push(source, persons, node, false, weight);
        self.push(source, others, node, true, weight);
        if nobody {
            // A field for authors that holds no person's name holds an organisation's.
            let is_field = trust == Trust::Data || weight >= weight::REL_AUTHOR;
            let group = team(raw).or_else(|| is_field.then(|| organisation(raw)).flatten());
            self.push(source, group.into_iter().collect(), node, true, weight);
        }
    }

    /// Whether a paper and its agency sign together: "Valley Post and AFP".
    fn sign_as_one(&self, raw: &str) -> bool {
        let words: Vec<&str> = raw.split_whitespace().collect();
        let parts: Vec<String> = words
            .split(|word| BYLINE_WORDS.and.contains(word))
            .map(|part| part.join(" "))
            .collect();
        parts.len() > 1
            && parts.iter().any(|part| self.sites.is_site(part))
            && parts
                .iter()
                .all(|part| self.sites.is_site(part) || agency(part).is_some())
    }
}

/// A name with the capitals it has in `raw`: an organisation's are its own.
fn as_written(raw: &str, name: &str) -> String {
    let at = raw.to_lowercase().find(&name.to_lowercase());
    at.and_then(|at| raw.get(at..at + name.len()))
        .filter(|found| found.to_lowercase() == name.to_lowercase())
        .unwrap_or(name)
        .to_owned()
}

/// Authors in metas, microdata and link types.
fn data(evidence: &Evidence, near: &Near, found: &mut Found) {
    let mut last: Option<(&'static str, String, NodeId)> = None;
    let mut rank = 0;
    let mut push = |group: Option<(&'static str, String, NodeId)>, rank: u32| {
        if let Some((source, line, node)) = group {
            let (trust, weight) = match source {
                "itemprop=author" => (Trust::Marked, weight::MICRODATA),
                "rel=author" => (Trust::Marked, weight::REL_AUTHOR),
                _ => (Trust::Data, weight::META.saturating_sub(rank)),
            };
            found.add(source, &line, Some(node), trust, weight);
        }
    };
    for note in evidence.declared.of("author") {
        let visible = note.rank >= 300;
        if (visible && !near.holds(note.node)) || note.value.starts_with("http") {
            continue;
        }
        match &mut last {
            // Several elements of one kind, side by side, name one author each.
            Some((source, line, node))
                if *source == note.source
                    && SIDE_BY_SIDE.contains(source)
                    && (!visible || note.node.index() < node.index() + APART) =>
            {
                line.push_str("; ");
                line.push_str(&note.value);
                *node = note.node;
            }
            _ => {
                push(last.take(), rank);
                rank += u32::from(!visible);
                last = Some((note.source, note.value.clone(), note.node));
            }
        }
    }
    push(last, rank);
}

/// Bylines by class, and links to authors.
fn marked(page: &Document, near: &Near, found: &mut Found) {
    let mut links: Option<(String, NodeId, Zone)> = None;
    for mark in &near.marks {
        match mark.kind {
            BylineMarkup::AuthorLink => {
                let name = byline_of(page, mark.node);
                match &mut links {
                    Some((line, node, zone))
                        if mark.node.index() < node.index() + APART && *zone == mark.zone =>
                    {
                        line.push_str("; ");
                        line.push_str(&name);
                        *node = mark.node;
                    }
                    _ => {
                        push_links(links.take(), found);
                        links = Some((name, mark.node, mark.zone));
                    }
                }
            }
            BylineMarkup::Byline => {
                let line = byline_of(page, mark.node);
                let weight = in_zone(weight::BYLINE, mark.zone);
                found.add("byline", &line, Some(mark.node), Trust::Marked, weight);
                if weight >= weight::LEAST_BYLINE {
                    found.bylines.push((line, mark.node));
                }
            }
            BylineMarkup::Time | BylineMarkup::Dateline => {}
        }
    }
    push_links(links, found);
}

fn push_links(links: Option<(String, NodeId, Zone)>, found: &mut Found) {
    if let Some((line, node, zone)) = links {
        let weight = in_zone(weight::AUTHOR_LINK, zone);
        found.add(
            "link to an author",
            &line,
            Some(node),
            Trust::Marked,
            weight,
        );
    }
}

fn in_zone(weight: u32, zone: Zone) -> u32 {
    match zone {
        Zone::Head => weight,
        Zone::Body => weight::IN_BODY,
        Zone::Below | Zone::Elsewhere => weight::BELOW,
    }
}
