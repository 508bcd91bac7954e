//! Who wrote it.

use super::Evidence;
use super::clean::key;
use super::names::{agency, names};
use crate::dom::NodeId;
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

/// Nodes before the headline within which a byline stands.
const BEFORE_HEADING: usize = 40;

/// All that speaks for authors, believed most first.
pub(super) fn candidates(
    evidence: &Evidence,
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
    let mut last: Option<(&'static str, String)> = None;
    for note in evidence.notes.of("author") {
        let visible = note.rank >= 300;
        if (visible && !near(note.node)) || note.value.starts_with("http") {
            continue;
        }
        match &mut last {
            // Several elements of one kind name one author each.
            Some((source, line))
                if *source == note.source
                    && matches!(
                        *source,
                        "itemprop=author"
                            | "rel=author"
                            | "author"
                            | "article:author"
                            | "citation_author"
                            | "dc.creator"
                    ) =>
            {
                line.push_str("; ");
                line.push_str(&note.value);
            }
            _ => {
                if let Some((source, line)) = last.take() {
                    push(source, &line, false);
                }
                last = Some((note.source, note.value.clone()));
            }
        }
    }
    if let Some((source, line)) = last {
        push(source, &line, false);
    }
    if !options.hints.authors.is_empty() {
        push("feed", &options.hints.authors.join("; "), false);
    }
    found
}

/// The authors: of the source believed most that names a person, else an organisation.
pub(super) fn choose(found: &[People], sites: &[String]) -> Vec<String> {
    let is_site = |name: &str| {
        let name = key(name).replace(' ', "");
        sites.iter().any(|site| {
            let site = key(site).replace(' ', "");
            name == site
                || (name.len() > 4
                    && site.len() > 4
                    && (site.contains(&name) || name.contains(&site)))
        })
    };
    for people in found.iter().filter(|p| !p.organisation) {
        let persons: Vec<String> = people
            .names
            .iter()
            .filter(|n| !is_site(n) && agency(n).is_none())
            .cloned()
            .collect();
        if !persons.is_empty() {
            return persons;
        }
    }
    found
        .first()
        .map(|people| people.names.iter().take(1).cloned().collect())
        .unwrap_or_default()
}
