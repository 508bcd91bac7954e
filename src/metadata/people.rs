//! Who wrote it.

use super::Evidence;
use super::clean::key;
use super::names::{after_by_word, agency, names, team};
use super::place;
use crate::dom::{Document, NodeId};
use crate::extract::Options;

/// What one place says about the authors.
#[derive(Debug, Clone)]
pub(super) struct People {
    pub(super) source: &'static str,
    pub(super) names: Vec<String>,
    /// Whether the page says they are organisations.
    pub(super) organisation: bool,
}

/// Nodes after the headline within which a byline stands.
const NEAR_HEADING: usize = 250;

/// Sources of which several stand side by side, an author each.
const SIDE_BY_SIDE: [&str; 7] = [
    "itemprop=author",
    "rel=author",
    "author",
    "article:author",
    "citation_author",
    "dc.creator",
    "parsely-author",
];

/// Nodes between two authors that are named side by side.
const APART: usize = 30;

/// Longest line that is a byline, in bytes.
const MAX_LINE_BYTES: usize = 120;

/// Nodes before the headline within which a byline stands.
const BEFORE_HEADING: usize = 40;

/// All that speaks for authors, believed most first.
pub(super) fn candidates(
    evidence: &Evidence,
    page: &Document,
    heading: Option<NodeId>,
    options: &Options,
) -> Vec<People> {
    let mut found = Vec::new();
    let mut push = |source, raw: &str, organisation| {
        let names = names(raw);
        if !names.is_empty() {
            found.push(People {
                source,
                names,
                organisation,
            });
        } else if let Some(team) = team(raw) {
            found.push(People {
                source,
                names: vec![team],
                organisation: true,
            });
        }
    };
    if let Some(article) = evidence.article() {
        for organisation in [false, true] {
            let listed: Vec<&str> = article
                .authors
                .iter()
                .filter(|p| p.organisation == organisation)
                .map(|p| p.name.as_str())
                .collect();
            push("json-ld", &listed.join("; "), organisation);
        }
    }
    let near = |node: NodeId| {
        heading.is_none_or(|h| {
            node.index() + BEFORE_HEADING > h.index() && node.index() < h.index() + NEAR_HEADING
        })
    };
    let mut last: Option<(&'static str, String, NodeId)> = None;
    for note in evidence.notes.of("author") {
        let visible = note.rank >= 300;
        if (visible && !near(note.node)) || note.value.starts_with("http") {
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
                if let Some((source, line, _)) = last.take() {
                    push(source, &line, false);
                }
                last = Some((note.source, note.value.clone(), note.node));
            }
        }
    }
    if let Some((source, line, _)) = last {
        push(source, &line, false);
    }
    if !options.hints.authors.is_empty() {
        push("feed", &options.hints.authors.join("; "), false);
    }
    // Reading the visible text costs most and errs most: only where the page's data name nobody.
    if !found.iter().any(|people| {
        !people.organisation && people.names.iter().any(|n| !is_site(n, &evidence.sites))
    }) {
        for line in spoken(page, heading) {
            let names = names(&line);
            if !names.is_empty() {
                found.push(People {
                    source: "by-word",
                    names,
                    organisation: false,
                });
            }
        }
    }
    found
}

/// Lines near the headline that begin with a by-word.
fn spoken(page: &Document, heading: Option<NodeId>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut pending: Option<String> = None;
    for (text, _) in place::runs_near(page, heading, BEFORE_HEADING, NEAR_HEADING) {
        if text.len() > MAX_LINE_BYTES {
            pending = None;
            continue;
        }
        if let Some(mut by) = pending.take() {
            by.push_str(&text);
            lines.push(by);
        } else if after_by_word(&text).is_some_and(|rest| !rest.is_empty()) {
            lines.push(text);
        } else if after_by_word(&format!("{text} ")).is_some_and(str::is_empty) {
            pending = Some(format!("{text} "));
        }
    }
    lines.truncate(5);
    lines
}

/// Whether a name is the site's own rather than a person's.
fn is_site(name: &str, sites: &[String]) -> bool {
    let bare = |name: &str| key(name).replace(' ', "");
    let name = bare(name);
    sites.iter().map(|site| bare(site)).any(|site| {
        name == site
            || (name.len() > 4 && site.len() > 4 && (site.contains(&name) || name.contains(&site)))
    })
}

/// The authors: of the source believed most that names a person, else an organisation.
pub(super) fn choose(found: &[People], sites: &[String]) -> Vec<String> {
    let persons = |people: &People| -> Vec<String> {
        people
            .names
            .iter()
            .filter(|n| !is_site(n, sites) && agency(n).is_none())
            .cloned()
            .collect()
    };
    // A single word is a handle or a desk where another source has a full name.
    let full = |names: &[String]| names.iter().any(|n| n.contains(' ') || !n.is_ascii());
    let mut named = found
        .iter()
        .filter(|p| !p.organisation)
        .map(persons)
        .filter(|names| !names.is_empty());
    if let Some(first) = named.next() {
        if full(&first) {
            return first;
        }
        return named
            .find(|names| full(names) && names.len() <= 4)
            .unwrap_or(first);
    }
    found
        .first()
        .map(|people| people.names.iter().take(1).cloned().collect())
        .unwrap_or_default()
}
