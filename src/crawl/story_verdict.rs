//! Whether a page that was read is stored as an article: what led to it and what it says itself, together.

use url::Url;

use super::scope::site_of;
use crate::article::{Extraction, PageType, TypeReason};
use crate::discover::{StoryOdds, story_odds};
use crate::dom::Document;
use crate::frontier::Role;
use crate::outcome::Outcome;
use crate::record::{Kind, Record};
use crate::store::{DueUrl, NewArticle};
use crate::{address, dedup, sitewide};

/// What a page was taken for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoryVerdict {
    /// All evidence by kind.
    odds: StoryOdds,
    /// What the page itself showed, in words.
    seen: String,
    /// Whether something stands on the page that may be a story.
    has_body: bool,
    kind: Kind,
}

impl StoryVerdict {
    /// Weighs what came out of a page; `before` is what was known when it was fetched.
    pub(super) fn of(extraction: &Extraction, page: &Document, before: StoryOdds) -> Self {
        let Extraction {
            record, page_type, ..
        } = extraction;
        let has_body = page_type.has_body(record, page);
        let (page, seen) = story_odds::of_page(&page_type.signs(record, page));
        Self {
            odds: StoryOdds { page, ..before },
            seen,
            has_body,
            kind: page_type.kind,
        }
    }

    pub(super) fn is_story(&self) -> bool {
        self.has_body && self.odds.total() >= 0.0
    }

    /// The page's own part in it, for the store.
    pub(super) fn page(&self) -> (f32, String) {
        (self.odds.page, self.seen.clone())
    }

    /// Why it is not stored: what it is, or, where it could be a story, how much speaks against that.
    pub(super) fn why_not(&self) -> String {
        match self.kind {
            Kind::Article if !self.has_body => "listing".to_owned(),
            Kind::Article => format!(
                "article, but {:+.1} in all speak against it",
                self.odds.total()
            ),
            kind => format!("{kind:?}").to_lowercase(),
        }
    }
}

/// Whether a story's address is asked for: one that leads to the front page has no story any more.
pub(super) fn leads_away(due: &DueUrl) -> bool {
    let asked = Url::parse(&due.url);
    due.role == Role::Article && asked.is_ok_and(|url| !address::is_front_page(&url))
}

/// What wall stands in a story's stead. Checks for robots stand before sections, too.
pub(super) fn wall_of(page_type: &PageType, role: Role) -> Option<(TypeReason, Outcome)> {
    let wall = page_type.wall()?;
    let outcome = match wall {
        TypeReason::NotFound | TypeReason::Gone => Outcome::SoftNotFound,
        TypeReason::Consent => Outcome::ConsentWall,
        TypeReason::Paywall => Outcome::Paywall,
        TypeReason::Login => Outcome::LoginWall,
        TypeReason::BotCheck => Outcome::BotCheck,
        _ => return None,
    };
    (role == Role::Article || outcome == Outcome::BotCheck).then_some((wall, outcome))
}

/// What is stored of a page that was taken for a story.
pub(super) fn new_article(record: Record, url: &Url, published_ms: Option<i64>) -> NewArticle {
    let site = site_of(url);
    let url = address::canonical(url);
    let canonical = record
        .canonical_url
        .as_deref()
        .and_then(|named| Url::parse(named).ok())
        .filter(|named| site_of(named) == site && !address::is_front_page(named))
        .map(|named| address::canonical(&named).to_string());
    let hashes = dedup::hashes(&record.text);
    NewArticle {
        fingerprints: sitewide::fingerprints(&record),
        url: url.into(),
        canonical,
        pages: Vec::new(),
        site,
        content_hash: hashes.content,
        simhash: hashes.simhash,
        published_ms,
        record,
    }
}
