//! Who wrote it: what speaks for it.

mod choice;
mod lines;

use crate::body::Draft;
use crate::dom::NodeId;
use crate::evidence::byline_markup::Kind;
use crate::evidence::byline_words::{WORDS, agency};
use crate::evidence::claim::Claim;
use crate::evidence::line::byline_of;
use crate::evidence::person_names::{Trust, names, organisation, team};
use crate::evidence::site_names;
use crate::fields::Inputs;
use crate::fields::byline_context::{MarkedElement, Position};
use crate::fields::explain::Decision;
use crate::record::{self, Record};
use crate::text::key;

/// What one place says about the authors.
#[derive(Debug, Clone)]
struct AuthorClaim {
    source: &'static str,
    names: Vec<String>,
    node: Option<NodeId>,
    /// Whether they are organisations: said so by the page, or a team, an agency, the site itself.
    is_organisation: bool,
    /// How far the source is believed; higher is more.
    priority: u32,
}

/// The authors, and from whom they were chosen.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Vec<String>> {
    let found = candidates(inputs);
    let taken = choice::choose(&found);
    let claims = found.iter().map(|claim| Claim {
        node: claim.node,
        ..Claim::new(claim.source, claim.names.join("; "))
    });
    Decision {
        value: taken.map_or(Vec::new(), |(at, _)| choice::names_of(&found[at])),
        claims: claims.collect(),
        taken,
    }
}

/// The names in the body's first lines, for a page on which nothing else names an author.
pub(crate) fn signed_in_body(draft: &Draft, record: &Record) -> Decision<Vec<String>> {
    let title = record.title.as_deref().unwrap_or_default();
    let names = draft.signed_by(title, record.language.as_deref());
    let why = "a line of a name and a date, and nothing else names an author";
    let is_signed = !names.is_empty();
    let claim = is_signed.then(|| Claim::new("first lines of the body", names.join(", ")));
    Decision {
        value: names,
        claims: claim.into_iter().collect(),
        taken: Some((0, why)),
    }
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
mod priority {
    pub(super) const JSON_LD: u32 = 100;
    /// Metas; less their rank in the table.
    pub(super) const META: u32 = 95;
    /// Looked for only where organisations sign elsewhere, and then more exact than they.
    pub(super) const BOLD: u32 = 61;
    pub(super) const FEED: u32 = 60;
    pub(super) const MICRODATA: u32 = 58;
    pub(super) const REL_AUTHOR: u32 = 56;
    pub(super) const AUTHOR_LINK: u32 = 54;
    pub(super) const BYLINE: u32 = 52;
    pub(super) const BY_WORD: u32 = 50;
    /// Visible sources from here on are bylines of this page's headline.
    pub(super) const LEAST_BYLINE: u32 = 50;
    pub(super) const IN_BODY: u32 = 40;
    /// What stands below the body is about the author more often than by them.
    pub(super) const BELOW: u32 = 30;
    /// A single word behind a by-word: a handle, or the start of any other phrase.
    pub(super) const HANDLE: u32 = 20;
    pub(super) const BESIDE_DATE: u32 = 12;
    pub(super) const ALONE: u32 = 10;
}

/// All that speaks for authors, believed most first. What stands on a list signs its entries.
fn candidates(inputs: &Inputs) -> Vec<AuthorClaim> {
    let mut found = AuthorClaims {
        sites: &inputs.evidence.sites,
        claims: Vec::new(),
        bylines: Vec::new(),
    };
    linked(inputs, &mut found);
    noted(inputs, &mut found);
    let fed = &inputs.evidence.hints.authors;
    if !fed.is_empty() {
        found.add("feed", &fed.join("; "), None, Trust::Data, priority::FEED);
    }
    if inputs.kind != record::Kind::Listing {
        marked(inputs, &mut found);
        lines::with_by_word(&inputs.context, &mut found);
        let nobody = found.claims.iter().all(|claim| claim.is_organisation);
        if nobody {
            lines::alone_above_body(&inputs.context, &mut found);
            lines::by_word_below_body(&inputs.context, &mut found);
        }
        if nobody && inputs.kind == record::Kind::Article {
            lines::name_beside_date(inputs, &mut found);
            lines::names_in_bold(inputs, &mut found);
        }
    }
    let claims = &mut found.claims;
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.priority));
    let longer = longer_byline(&found);
    found.claims.splice(0..0, longer);
    found.claims
}

/// Authors in JSON-LD: of the page's article, or where that names none, of another work with its
/// headline, such as the `NewsArticle` a second plug-in writes.
fn linked(inputs: &Inputs, found: &mut AuthorClaims) {
    let own = inputs.evidence.article().into_iter();
    let mut works = own.chain(inputs.evidence.same_story());
    let Some(work) = works.find(|work| !work.authors.is_empty()) else {
        return;
    };
    let listed = |organisation: bool| {
        let named = work.authors.iter();
        let named = named.filter(|author| author.organisation == organisation);
        let listed: Vec<&str> = named.map(|author| author.name.as_str()).collect();
        listed.join("; ")
    };
    let priority = priority::JSON_LD;
    found.add("json-ld", &listed(false), None, Trust::Data, priority);
    // What a page says are organisations.
    let raw = listed(true);
    let mut organisations = names(&raw, Trust::Data);
    if organisations.is_empty() {
        organisations.extend(raw.split("; ").find_map(organisation));
    }
    found.push("json-ld", organisations, None, true, priority);
}

/// Most names in a visible byline that is believed over the page's data.
const MAX_BYLINE_NAMES: usize = 10;

/// A byline that names everybody the data name, and more people.
fn longer_byline(found: &AuthorClaims) -> Option<AuthorClaim> {
    let first = found.claims.iter().find(|claim| !claim.is_organisation)?;
    if first.priority <= priority::FEED {
        return None;
    }
    let has = |listed: &[String], name: &str| listed.iter().any(|n| key(n).ends_with(&key(name)));
    // Each stretch between blocks is a list: "By Jane Doe and Kim Poe | Reviewed by Ann Loe".
    let mut lists = found.bylines.iter().flat_map(|(line, node)| {
        let stretches = line.split([';', '|']);
        stretches.map(|stretch| (names(stretch, Trust::Text), *node))
    });
    let (names, node) = lists.find(|(listed, _)| {
        (first.names.len() + 1..=MAX_BYLINE_NAMES).contains(&listed.len())
            && first.names.iter().all(|name| has(listed, name))
    })?;
    Some(AuthorClaim {
        source: "byline with everybody the data name",
        names,
        node: Some(node),
        is_organisation: false,
        priority: priority::JSON_LD + 1,
    })
}

/// The claims for authors as they are found.
struct AuthorClaims<'a> {
    sites: &'a site_names::Names,
    claims: Vec<AuthorClaim>,
    /// Bylines near the headline, which may have more names than the data.
    bylines: Vec<(String, NodeId)>,
}

impl AuthorClaims<'_> {
    fn push(
        &mut self,
        source: &'static str,
        names: Vec<String>,
        node: Option<NodeId>,
        is_organisation: bool,
        priority: u32,
    ) {
        if !names.is_empty() {
            self.claims.push(AuthorClaim {
                source,
                names,
                node,
                is_organisation,
                priority,
            });
        }
    }

    /// Names in a text, persons and organisations apart.
    fn add(
        &mut self,
        source: &'static str,
        raw: &str,
        node: Option<NodeId>,
        trust: Trust,
        priority: u32,
    ) {
        let (persons, others): (Vec<String>, Vec<String>) = names(raw, trust)
            .into_iter()
            .partition(|name| !self.sites.is_signature(name) && agency(name).is_none());
        let mut others: Vec<String> = others.iter().map(|name| as_written(raw, name)).collect();
        if persons.is_empty() && trust == Trust::Data && self.sign_as_one(raw) {
            others = organisation(raw).into_iter().collect();
        }
        let nobody = persons.is_empty() && others.is_empty();
        self.push(source, persons, node, false, priority);
        self.push(source, others, node, true, priority);
        if nobody {
            // A field for authors that holds no person's name holds an organisation's.
            let is_field = trust == Trust::Data || priority >= priority::REL_AUTHOR;
            let group = team(raw).or_else(|| is_field.then(|| organisation(raw)).flatten());
            self.push(source, group.into_iter().collect(), node, true, priority);
        }
    }

    /// Whether a paper and its agency sign together: "Valley Post and AFP".
    fn sign_as_one(&self, raw: &str) -> bool {
        let words: Vec<&str> = raw.split_whitespace().collect();
        let parts: Vec<String> = words
            .split(|word| WORDS.and.contains(word))
            .map(|part| part.join(" "))
            .collect();
        parts.len() > 1
            && parts.iter().any(|part| self.sites.is_signature(part))
            && parts
                .iter()
                .all(|part| self.sites.is_signature(part) || agency(part).is_some())
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
fn noted(inputs: &Inputs, found: &mut AuthorClaims) {
    let mut last: Option<(&'static str, String, NodeId)> = None;
    let mut rank = 0;
    let mut push = |group: Option<(&'static str, String, NodeId)>, rank: u32| {
        if let Some((source, line, node)) = group {
            let (trust, priority) = match source {
                "itemprop=author" => (Trust::Marked, priority::MICRODATA),
                "rel=author" => (Trust::Marked, priority::REL_AUTHOR),
                _ => (Trust::Data, priority::META.saturating_sub(rank)),
            };
            found.add(source, &line, Some(node), trust, priority);
        }
    };
    for note in inputs.evidence.notes.of("author") {
        let is_visible = note.rank >= 300;
        let is_far = is_visible && !inputs.context.is_near(note.node);
        if is_far || note.value.starts_with("http") {
            continue;
        }
        match &mut last {
            // Several elements of one kind, side by side, name one author each.
            Some((source, line, node))
                if *source == note.source
                    && SIDE_BY_SIDE.contains(source)
                    && (!is_visible || note.node.index() < node.index() + APART) =>
            {
                add_to_list(line, &note.value);
                *node = note.node;
            }
            _ => {
                push(last.take(), rank);
                rank += u32::from(!is_visible);
                last = Some((note.source, note.value.clone(), note.node));
            }
        }
    }
    push(last, rank);
}

fn add_to_list(line: &mut String, name: &str) {
    line.push_str("; ");
    line.push_str(name);
}

/// Bylines by class, and links to authors.
fn marked(inputs: &Inputs, found: &mut AuthorClaims) {
    let mut links: Option<(String, MarkedElement)> = None;
    for marked in &inputs.context.marked {
        let line = || byline_of(inputs.page, marked.node);
        match (marked.kind, &mut links) {
            (Kind::AuthorLink, Some((names, last)))
                if marked.node.index() < last.node.index() + APART
                    && last.position == marked.position =>
            {
                add_to_list(names, &line());
                *last = *marked;
            }
            (Kind::AuthorLink, links) => {
                let before = links.replace((line(), *marked));
                push_links(before, found);
            }
            (Kind::Byline, _) => {
                let line = line();
                let priority = at_position(priority::BYLINE, marked.position);
                found.add("byline", &line, Some(marked.node), Trust::Marked, priority);
                if priority >= priority::LEAST_BYLINE {
                    found.bylines.push((line, marked.node));
                }
            }
            (Kind::Time | Kind::Dateline, _) => {}
        }
    }
    push_links(links, found);
}

fn push_links(links: Option<(String, MarkedElement)>, found: &mut AuthorClaims) {
    if let Some((names, last)) = links {
        let source = "link to an author";
        let priority = at_position(priority::AUTHOR_LINK, last.position);
        found.add(source, &names, Some(last.node), Trust::Marked, priority);
    }
}

fn at_position(priority: u32, position: Position) -> u32 {
    match position {
        Position::AboveBody => priority,
        Position::InBody => priority::IN_BODY,
        Position::BelowBody | Position::Elsewhere => priority::BELOW,
    }
}
