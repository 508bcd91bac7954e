//! Who wrote the page: the claims for its authors.

mod choice;
mod lines;

use std::sync::LazyLock;

use crate::body::ChosenBody;
use crate::dom::NodeId;
use crate::evidence::byline_markup::BylineMarkup;
use crate::evidence::byline_words::{BYLINE_WORDS, agency};
use crate::evidence::claim::Claim;
use crate::evidence::declared::Declaration;
use crate::evidence::line::byline_of;
use crate::evidence::person_names::{Trust, names, organisation, team};
use crate::evidence::site_names;
use crate::fields::byline_context::{MarkedElement, Position};
use crate::fields::explain::{Decision, Source};
use crate::fields::{Inputs, words_of};
use crate::record::{self, Record};
use crate::text::to_words;

/// What one place says about the authors.
#[derive(Debug, Clone)]
struct AuthorClaim {
    source: Source,
    names: Vec<String>,
    /// Whether they are organisations: said so by the page, or a team, an agency, the site itself.
    is_organisation: bool,
}

/// The page's authors.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Vec<String>> {
    let found = all_claims(inputs);
    let taken = choice::choose(&found);
    let claims = found.iter();
    let claims = claims.map(|claim| claim.source.claim(claim.names.join("; ")));
    Decision {
        value: taken.map_or(Vec::new(), |(at, _)| choice::names_of(&found[at])),
        claims: claims.collect(),
        taken,
    }
}

/// The names in the body's first lines, for a page on which nothing else names an author.
pub(crate) fn signed_in_body(body: &ChosenBody, record: &Record) -> Decision<Vec<String>> {
    let title = record.title.as_deref().unwrap_or_default();
    let names = body.signed_by(title, record.language.as_deref());
    let why = "a line of a name and a date, and nothing else names an author";
    let is_signed = !names.is_empty();
    let claim = is_signed.then(|| Claim::new("first lines of the body", names.join(", ")));
    Decision {
        value: names,
        claims: claim.into_iter().collect(),
        taken: Some((0, why)),
    }
}

/// Sources of which several elements side by side name an author each.
static SIDE_BY_SIDE: LazyLock<Vec<&str>> = LazyLock::new(|| words_of("side-by-side"));

/// Most nodes from one author to the next that is named side by side with it.
const MAX_NODES_APART: usize = 30;

/// Longest line that is a byline, in bytes.
const MAX_LINE_BYTES: usize = 120;

/// How much each kind of source is believed.
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

/// All claims for authors, those believed more first. Visible names on a listing are its entries'.
fn all_claims(inputs: &Inputs) -> Vec<AuthorClaim> {
    let mut found = AuthorClaims {
        sites: &inputs.evidence.sites,
        claims: Vec::new(),
        bylines: Vec::new(),
        list: None,
    };
    add_json_ld(inputs, &mut found);
    add_declared(inputs, &mut found);
    let fed = &inputs.evidence.hints.authors;
    if !fed.is_empty() {
        let source = Source::of_data("feed", priority::FEED);
        found.add(source, &fed.join("; "), Trust::Data);
    }
    if inputs.kind != record::Kind::Listing {
        add_marked(inputs, &mut found);
        lines::with_by_word(&inputs.context, &mut found);
        let nobody = found.claims.iter().all(|claim| claim.is_organisation);
        if nobody {
            lines::alone_above_body(inputs, &mut found);
            lines::by_word_below_body(&inputs.context, &mut found);
        }
        if nobody && inputs.kind == record::Kind::Article {
            lines::name_beside_date(inputs, &mut found);
            lines::names_in_bold(inputs, &mut found);
        }
    }
    let claims = &mut found.claims;
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.source.priority));
    let longer = longer_byline(&found);
    found.claims.splice(0..0, longer);
    found.claims
}

/// Authors in JSON-LD: of the page's article, or where that names none, of another work with its
/// headline, such as the `NewsArticle` a second plug-in writes.
fn add_json_ld(inputs: &Inputs, found: &mut AuthorClaims) {
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
    let source = Source::of_data("json-ld", priority::JSON_LD);
    found.add(source, &listed(false), Trust::Data);
    // What the page itself says are organisations.
    let raw = listed(true);
    let mut organisations = names(&raw, Trust::Data);
    if organisations.is_empty() {
        organisations.extend(raw.split("; ").find_map(organisation));
    }
    found.push(source, organisations, true);
}

/// Most names in a visible byline that is believed over the page's data.
const MAX_BYLINE_NAMES: usize = 10;

/// A byline that names everybody whom the data name, and more people.
fn longer_byline(found: &AuthorClaims) -> Option<AuthorClaim> {
    let first = found.claims.iter().find(|claim| !claim.is_organisation)?;
    if first.source.priority <= priority::FEED {
        return None;
    }
    let has = |listed: &[String], name: &str| {
        listed
            .iter()
            .any(|n| to_words(n).ends_with(&to_words(name)))
    };
    // Each stretch between blocks is a list: "By Jane Doe and Kim Poe | Reviewed by Ann Loe".
    let mut lists = found.bylines.iter().flat_map(|(line, node)| {
        let stretches = line.split([';', '|']);
        stretches.map(|stretch| (names(stretch, Trust::Text), *node))
    });
    let (names, node) = lists.find(|(listed, _)| {
        (first.names.len() + 1..=MAX_BYLINE_NAMES).contains(&listed.len())
            && first.names.iter().all(|name| has(listed, name))
    })?;
    let source = "byline with everybody the data name";
    let source = Source::at(node, source, priority::JSON_LD + 1);
    Some(AuthorClaim {
        source,
        names,
        is_organisation: false,
    })
}

/// The claims for authors as they are found.
struct AuthorClaims<'a> {
    sites: &'a site_names::SiteNames,
    claims: Vec<AuthorClaim>,
    /// Bylines near the headline, which may have more names than the data.
    bylines: Vec<(String, NodeId)>,
    /// Names that stand side by side, to which more may come.
    list: Option<(Source, String, Trust)>,
}

impl AuthorClaims<'_> {
    fn push(&mut self, source: Source, names: Vec<String>, is_organisation: bool) {
        if !names.is_empty() {
            self.claims.push(AuthorClaim {
                source,
                names,
                is_organisation,
            });
        }
    }

    /// Names in a text, persons and organisations apart.
    fn add(&mut self, source: Source, raw: &str, trust: Trust) {
        let (persons, others): (Vec<String>, Vec<String>) = names(raw, trust)
            .into_iter()
            .partition(|name| !self.sites.is_site(name) && agency(name).is_none());
        let mut others: Vec<String> = others.iter().map(|name| as_written(raw, name)).collect();
        if persons.is_empty() && trust == Trust::Data && self.sign_as_one(raw) {
            others = organisation(raw).into_iter().collect();
        }
        let nobody = persons.is_empty() && others.is_empty();
        self.push(source, persons, false);
        self.push(source, others, true);
        if nobody {
            // A field for authors that holds no person's name holds an organisation's.
            let is_field = trust == Trust::Data || source.priority >= priority::REL_AUTHOR;
            let group = team(raw).or_else(|| is_field.then(|| organisation(raw)).flatten());
            self.push(source, group.into_iter().collect(), true);
        }
    }

    /// Adds a name: to the list of the one before, if it is beside it, else as the first of a new list.
    fn add_to_list(&mut self, is_beside: bool, source: Source, name: &str, trust: Trust) {
        match &mut self.list {
            Some((last, names, _)) if is_beside => {
                names.push_str("; ");
                names.push_str(name);
                last.node = source.node;
            }
            _ => {
                self.end_list();
                self.list = Some((source, name.to_owned(), trust));
            }
        }
    }

    fn end_list(&mut self) {
        if let Some((source, names, trust)) = self.list.take() {
            self.add(source, &names, trust);
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
fn add_declared(inputs: &Inputs, found: &mut AuthorClaims) {
    let mut last: Option<&Declaration> = None;
    let mut rank = 0;
    for note in inputs.evidence.declared.of("author") {
        let is_visible = note.is_visible();
        let is_far = is_visible && !inputs.context.is_near(note.node);
        if is_far || note.value.starts_with("http") {
            continue;
        }
        // Several elements of one kind, side by side, name one author each.
        let is_beside = SIDE_BY_SIDE.contains(&note.source)
            && last.is_some_and(|last| {
                last.source == note.source && (!is_visible || is_close(last.node, note.node))
            });
        rank += u32::from(!is_visible && !is_beside);
        let (trust, priority) = match note.source {
            "itemprop=author" => (Trust::Marked, priority::MICRODATA),
            "rel=author" => (Trust::Marked, priority::REL_AUTHOR),
            _ => (Trust::Data, priority::META.saturating_sub(rank)),
        };
        let source = Source::at(note.node, note.source, priority);
        found.add_to_list(is_beside, source, &note.value, trust);
        last = Some(note);
    }
    found.end_list();
}

fn is_close(first: NodeId, second: NodeId) -> bool {
    second.index() < first.index() + MAX_NODES_APART
}

/// Bylines by class, and links to authors.
fn add_marked(inputs: &Inputs, found: &mut AuthorClaims) {
    let mut last_link: Option<&MarkedElement> = None;
    for marked in &inputs.context.marked {
        let line = || byline_of(inputs.page, marked.node);
        match marked.kind {
            BylineMarkup::AuthorLink => {
                let is_beside = last_link.is_some_and(|last| {
                    last.position == marked.position && is_close(last.node, marked.node)
                });
                let priority = at_position(priority::AUTHOR_LINK, marked.position);
                let source = Source::at(marked.node, "link to an author", priority);
                found.add_to_list(is_beside, source, &line(), Trust::Marked);
                last_link = Some(marked);
            }
            BylineMarkup::Byline => {
                let priority = at_position(priority::BYLINE, marked.position);
                let source = Source::at(marked.node, "byline", priority);
                let line = line();
                found.add(source, &line, Trust::Marked);
                if priority >= priority::LEAST_BYLINE {
                    found.bylines.push((line, marked.node));
                }
            }
            BylineMarkup::Time | BylineMarkup::Dateline => {}
        }
    }
    found.end_list();
}

fn at_position(priority: u32, position: Position) -> u32 {
    match position {
        Position::AboveBody => priority,
        Position::InBody => priority::IN_BODY,
        Position::BelowBody | Position::Elsewhere => priority::BELOW,
    }
}
