//! The article record: what gleaner knows about one page, in the order its JSON is written.
//!
//! Empty fields are left out of the JSON. Times are RFC 3339 with the offset the page gave, or a
//! date alone (`2026-03-01`) when that is all the page says; nothing is invented.

use serde::{Deserialize, Serialize};

/// One page, cleaned: the body, what is known about it, and (on request) what was removed and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Record {
    /// The page's name in the corpus it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The input as the user gave it: a URL, a path, `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where the page was found, after redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address the page itself names as its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// The publication's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_name: Option<String>,
    /// The headline, without the site's name, section or kicker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The page's own summary or dek.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Names of the authors, and nothing but names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When the article was first published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When the article was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// BCP 47 language tag of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The section of the publication the article stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Topics the page names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Address of the lead image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Images of the article, with captions and credits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// Licence of the text, as an address or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// For a republished article, who published it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// True only when the page says that its text is behind a paywall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paywalled: Option<bool>,
    /// Address of the next page of a story on several pages; in a crawl, of the first one that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continues: Option<String>,
    /// Address of the story's first page, where this is a later one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continued_from: Option<String>,
    /// An article, or why the page is none.
    pub kind: Kind,
    /// How sure the extractor is of the body, 0 to 1.
    pub confidence: f64,
    /// Words in `text`.
    pub word_count: usize,
    /// The body: blocks in reading order with a blank line between them, captions left out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The body with its structure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    /// The page's own blocks in the body and why; filled only when the caller asks for an explanation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Explained>,
    /// What was left out and why; filled only when the caller asks for an explanation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Explained>,
}

/// An image of the article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// Absolute address where the page's address is known.
    pub url: String,
    /// What the page says the image shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Photographer and agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
}

/// Who published a republished article first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// Name of the agency or publication.
    pub name: String,
    /// Address of the original, where the page gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page with a story of its own.
    #[default]
    Article,
    /// A front page, tag page, search page: links to other pages.
    Listing,
    /// A discussion between several people.
    Forum,
    /// A page that sells one thing.
    Product,
    /// Reference or instruction pages of a manual.
    Documentation,
    /// A page about an organisation and what it offers.
    Service,
    /// A login wall, a consent wall, an error page.
    Wall,
    /// No text at all, such as an application's empty shell.
    Empty,
}

/// One block of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What the block is.
    #[serde(flatten)]
    pub kind: BlockKind,
    /// The block's text; lines inside it are separated by a line feed.
    pub text: String,
}

impl Block {
    pub(crate) fn new(kind: BlockKind, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { kind, text }
    }
}

/// What a block of the body is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BlockKind {
    /// A subhead.
    Heading {
        /// 1 to 6, as in HTML.
        level: u8,
    },
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem {
        /// Whether the list counts its items.
        ordered: bool,
        /// 0 for an outermost list.
        depth: u8,
    },
    /// A quotation set apart, or a post embedded from elsewhere.
    Quote,
    /// Preformatted text.
    Code,
    /// A table; `text` has a row a line and ` | ` between cells.
    Table {
        /// Cells by row.
        rows: Vec<Vec<String>>,
    },
    /// What stands under an image; not part of `Record::text`.
    Caption,
}

/// A block of the page, and why it is part of the body or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// The block's text.
    pub text: String,
    /// The rule or stage that decided.
    pub reason: String,
    /// The model's score for the block, 0 to 1, where the model was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

impl Record {
    /// The record with some of its fields filled.
    ///
    /// ```
    /// let record = gleaner::Record::default().with(|record| record.title = Some("Rain".into()));
    /// assert_eq!(record.title.as_deref(), Some("Rain"));
    /// ```
    #[must_use]
    pub fn with(mut self, fill: impl FnOnce(&mut Self)) -> Self {
        fill(&mut self);
        self
    }

    /// The body's text: `blocks` joined by blank lines, captions left out.
    #[must_use]
    pub fn join_blocks(blocks: &[Block]) -> String {
        let mut text = String::new();
        for block in blocks {
            if matches!(block.kind, BlockKind::Caption) || block.text.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&block.text);
        }
        text
    }
}

/// A record's date or time in Unix milliseconds; a date alone is its first moment in UTC. None when the
/// text is neither.
#[must_use]
pub fn time_ms(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let start = date.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_carry_their_kind_beside_their_text() {
        let block = Block::new(BlockKind::Heading { level: 2 }, "Why");
        let json = serde_json::to_string(&block).expect("a block is plain data");
        assert_eq!(json, r#"{"kind":"heading","level":2,"text":"Why"}"#);
        let back: Block = serde_json::from_str(&json).expect("what was written can be read");
        assert_eq!(back, block);
    }

    #[test]
    fn captions_stay_out_of_the_text() {
        let text = Record::join_blocks(&[
            Block::new(BlockKind::Paragraph, "One."),
            Block::new(BlockKind::Caption, "A photo."),
            Block::new(BlockKind::Paragraph, "Two."),
        ]);
        assert_eq!(text, "One.\n\nTwo.");
    }
}
