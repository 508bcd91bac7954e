//! Whether a page that was read is stored as an article: what led to it and what it says itself, together.

use crate::article::Extraction;
use crate::discover::{StoryOdds, story_odds};
use crate::dom::Document;
use crate::record::Kind;

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
