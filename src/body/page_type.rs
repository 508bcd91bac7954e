//! Whether a page is an article, how sure that and its body are, and why: the one answer that the fields,
//! the crawl and the record go by.

mod headline_list;
pub(crate) mod learned;
mod walls;

use std::fmt;
use std::sync::LazyLock;

use url::Url;

use self::learned::LearnedKind;
use crate::block::{Shape, TextBlock, ratio, words_in};
use crate::body::density::FEW_LINKS;
use crate::body::rules::RuleVerdicts;
use crate::body::switches::Rule;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::Evidence;
use crate::record::{Kind, Record};
use crate::table;

/// What a page is, how sure its body is, and why.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct PageType {
    /// What the page is.
    pub kind: Kind,
    /// How sure it is that the body is right, 0 to 1.
    pub confidence: f64,
    /// How likely it is an article by its layout and metadata alone, 0 to 1: the learned kind's share, or,
    /// without the learned stage, the confidence. What overruled the kind does not change it.
    pub article_probability: f64,
    /// What decided; each reason overrules those before it.
    pub reasons: Vec<TypeReason>,
}

/// A sign by which a page's kind, or how sure its body is, was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypeReason {
    /// The model's kind of page, and the F1 it expects.
    LearnedKind,
    /// Without the learned stage: how long the running text is, and how much of the page.
    RunningText,
    /// There is no text.
    NoText,
    /// It says that there is no page at the address.
    NotFound,
    /// It says that the story was there and is there no more.
    Gone,
    /// It checks whether a robot asks.
    BotCheck,
    /// It asks for consent, and shows nothing else.
    Consent,
    /// It asks for a subscription, and shows nothing else.
    Paywall,
    /// It asks for a password, and shows nothing else.
    Login,
    /// Links hold many times the words of the body.
    ListOfLinks,
    /// The body is other pages' headlines with their first words.
    Teasers,
    /// The body stands in the page's scripts.
    ScriptData,
    /// The user's own rules for the site name the body.
    SiteRules,
}

impl TypeReason {
    /// The rule behind a wall.
    fn rule(self) -> Option<Rule> {
        match self {
            Self::NotFound | Self::Gone | Self::BotCheck => Some(Rule::SaidWalls),
            Self::Consent | Self::Paywall => Some(Rule::PromptWalls),
            Self::Login => Some(Rule::LoginWalls),
            _ => None,
        }
    }
}

impl fmt::Display for TypeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearnedKind => "by the model of kinds",
            Self::RunningText => "by its running text",
            Self::NoText => "without text",
            Self::NotFound => "says that there is no such page",
            Self::Gone => "says that the story is no longer there",
            Self::BotCheck => "checks whether a robot asks",
            Self::Consent => "asks for consent and shows nothing else",
            Self::Paywall => "asks for a subscription and shows nothing else",
            Self::Login => "asks for a password and shows nothing else",
            Self::ListOfLinks => "a list of links",
            Self::Teasers => "other pages' headlines with their first words",
            Self::ScriptData => "the body stands in script data",
            Self::SiteRules => "the rules for the site name the body",
        })
    }
}

/// Words from which a body is long enough to be a story for sure.
const SURE_WORDS: usize = 150;

/// Words of a body below which a page may be a list, or a wall.
const FEW_WORDS: usize = 30;

/// Times its unlinked text that the links of a list hold.
const LIST_OF_LINKS: usize = 4;

/// Highest confidence of a list's body: its entries may be right, but they are no story.
const LISTING_CONFIDENCE: f64 = 0.4;

/// Highest confidence where next to nothing was found.
const NOTHING_CONFIDENCE: f64 = 0.2;

/// How sure a body from script data is: it is named as one and titled as the page is, but nothing
/// says that the page shows it.
const SCRIPT_CONFIDENCE: f64 = 0.8;

impl PageType {
    fn new(kind: Kind, confidence: f64, reason: TypeReason) -> Self {
        Self {
            kind,
            confidence,
            article_probability: confidence,
            reasons: vec![reason],
        }
    }

    /// The user knows the site, so that it is sure.
    pub(crate) fn by_site_rules() -> Self {
        Self::new(Kind::Article, 1.0, TypeReason::SiteRules)
    }

    pub(crate) fn by_script_data() -> Self {
        Self::new(Kind::Article, SCRIPT_CONFIDENCE, TypeReason::ScriptData)
    }

    /// Decides what a page is. `kept` are the blocks of its body, `learned` the kind of page by the learned
    /// stage and the F1 it expects; without that, long running text that is a large part of the page's
    /// unlinked text speaks for an article.
    pub(crate) fn decide(
        page: &Document,
        evidence: &Evidence,
        rules: &RuleVerdicts,
        kept: &[&TextBlock],
        learned: Option<(LearnedKind, f64)>,
    ) -> Self {
        let running =
            |block: &TextBlock| block.link_density() < FEW_LINKS && block.shape != Shape::Caption;
        let words = words_in(kept.iter().copied().filter(|block| running(block)));
        let all = words_in(&rules.blocks);
        if all == 0 {
            return Self::new(Kind::Empty, 0.0, TypeReason::NoText);
        }
        let linked = words_in(rules.blocks.iter().filter(|block| !running(block)));
        let decided = if let Some((learned, f1)) = learned {
            let is_list = learned.named == Kind::Listing;
            let most = if is_list { LISTING_CONFIDENCE } else { 1.0 };
            Self {
                article_probability: f64::from(learned.article_probability),
                ..Self::new(learned.named, f1.min(most), TypeReason::LearnedKind)
            }
        } else {
            let length = ratio(words.min(SURE_WORDS), SURE_WORDS);
            let share = ratio(words, words + linked);
            let confidence = (0.7 * length + 0.3 * share).clamp(0.0, 1.0);
            Self::new(Kind::Article, confidence, TypeReason::RunningText)
        };
        let unlinked = all - linked;
        let switches = rules.switches;
        let shows_nothing_else = || {
            let has_little = words < FEW_WORDS;
            let reason = || walls::shows_nothing_else(page, rules, kept, linked, unlinked);
            has_little.then(reason).flatten()
        };
        let wall = walls::said(page, evidence, rules, kept, words).or_else(shows_nothing_else);
        if let Some(reason) =
            wall.filter(|reason| reason.rule().is_none_or(|rule| switches.on(rule)))
        {
            return decided.overruled(Kind::Wall, NOTHING_CONFIDENCE, reason);
        }
        if words < FEW_WORDS && linked > LIST_OF_LINKS * words && switches.on(Rule::ListsOfLinks) {
            return decided.overruled(Kind::Listing, NOTHING_CONFIDENCE, TypeReason::ListOfLinks);
        }
        if words < SURE_WORDS
            && decided.kind != Kind::Listing
            && switches.on(Rule::Teasers)
            && are_teasers(page, kept)
        {
            return decided.overruled(Kind::Listing, LISTING_CONFIDENCE, TypeReason::Teasers);
        }
        decided
    }

    fn overruled(mut self, kind: Kind, max_confidence: f64, reason: TypeReason) -> Self {
        self.kind = kind;
        self.confidence = self.confidence.min(max_confidence);
        self.reasons.push(reason);
        self
    }

    /// The kind of wall that the page is; none where it is none.
    pub(crate) fn wall(&self) -> Option<TypeReason> {
        let last = self.reasons.last().copied();
        last.filter(|_| self.kind == Kind::Wall)
    }

    /// The kind of page by which the fields read visible bylines and dates: those on a list belong to its
    /// entries, those on a forum's thread to the thread, however much it looks like a list.
    pub(crate) fn kind_for_fields(&self, evidence: &Evidence) -> Kind {
        match self.kind {
            Kind::Listing if evidence.likely_address().is_some_and(|url| is_thread(&url)) => {
                Kind::Forum
            }
            kind => kind,
        }
    }

    /// Whether there is a body that may be a story's: no wall, nothing that shows only links and other
    /// pages' headlines.
    pub(crate) fn has_body(&self, record: &Record, page: &Document) -> bool {
        let is_list =
            |reason: &TypeReason| matches!(reason, TypeReason::ListOfLinks | TypeReason::Teasers);
        !matches!(self.kind, Kind::Wall | Kind::Empty)
            && !self.reasons.iter().any(is_list)
            && !record.text.is_empty()
            && !headline_list::is_headline_list(page, record)
    }

    /// What the page itself says for and against a story.
    pub(crate) fn signs(&self, record: &Record, page: &Document) -> PageSigns {
        PageSigns {
            article_probability: self.article_probability,
            says_article: says_article(page),
            is_dated: record.published.is_some(),
            has_linked_heading: has_linked_heading(page),
        }
    }
}

/// What a page itself says for and against a story: its layout and metadata.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PageSigns {
    /// As [`PageType::article_probability`].
    pub(crate) article_probability: f64,
    /// Whether the page calls itself an article.
    pub(crate) says_article: bool,
    /// Whether it has a date of publication.
    pub(crate) is_dated: bool,
    /// Whether a heading is a link, as those of a list's entries are.
    pub(crate) has_linked_heading: bool,
}

/// Whether all that is kept are other pages' headlines, linked, each with its first words under it: "read
/// more" of a list whose page has no other sign of one.
fn are_teasers(page: &Document, kept: &[&TextBlock]) -> bool {
    let opens_with_link = |block: &&TextBlock| {
        let mut around = page.ancestors(block.first);
        let link = around.find(|node| page.tag(*node) == Tag::A);
        link.is_some_and(|link| {
            let headline = block.text.lines().next().unwrap_or_default();
            page.text_of(link).trim() == headline.trim() && headline.len() < block.text.len()
        })
    };
    kept.len() > 1 && kept.iter().all(opens_with_link)
}

/// Segments of addresses under which forums' software has one thread.
static THREADS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../config/tables/thread_paths.tsv"));
    rows.map(|row| row[0]).collect()
});

/// Whether an address is that of a forum's thread, as its software has it.
fn is_thread(url: &Url) -> bool {
    let mut segments = url.path_segments().into_iter().flatten();
    // What stands under the word, or is asked of it, says which thread.
    segments.any(|segment| THREADS.contains(&segment))
        && (segments.any(|s| !s.is_empty()) || url.query().is_some())
}

/// Whether the page calls itself an article (Open Graph's `og:type`).
fn says_article(page: &Document) -> bool {
    page.elements().any(|(_, element)| {
        element.tag == Tag::Meta
            && element.attribute("property") == Some("og:type")
            && element.attribute("content") == Some("article")
    })
}

/// Whether a heading is a link, as those of a list's entries are.
fn has_linked_heading(page: &Document) -> bool {
    let mut heading_end = NodeId::ROOT;
    page.elements().any(|(id, element)| {
        if matches!(element.tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4) {
            heading_end = page.node(id).end;
        }
        element.tag == Tag::A && id < heading_end
    })
}
