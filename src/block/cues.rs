//! What elements call themselves: cues from tag names, roles and the words in classes and ids.
//!
//! The words are in `config/tables/cues.tsv`. They name parts of pages in general (`WordPress`
//! themes, share plugins, consent banners), never one publisher.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::dom::{Element, Tag};
use crate::table::rows;

static TABLE: &str = include_str!("../../config/tables/cues.tsv");

/// One thing that an element's name says about its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cue {
    /// The story itself.
    Content,
    /// The page's or story's title.
    Title,
    /// A dek or lead.
    Lead,
    /// Menus, breadcrumbs, pagination.
    Navigation,
    /// Something beside the story.
    Aside,
    /// The end of a page or section.
    Footer,
    /// The start of a page or section.
    Header,
    /// Other stories.
    Related,
    /// Share, follow and print controls.
    Share,
    /// Newsletter, subscription, app and paywall prompts.
    Prompt,
    /// Advertisements.
    Ad,
    /// Readers' comments.
    Comment,
    /// Who wrote the story.
    Author,
    /// Date line and other facts about the story.
    Meta,
    /// Topics.
    Tags,
    /// Consent banners and placeholders.
    Consent,
    /// Captions and credits of images.
    Caption,
    /// Not shown on the screen, or only after a click.
    Hidden,
    /// Forms and their controls.
    Form,
    /// A post embedded from elsewhere.
    Embed,
    /// Galleries, players and other media.
    Media,
    /// Inside a link.
    Link,
    /// Fact boxes and other insets.
    Inset,
    /// Reviews and ratings by customers.
    Review,
    /// Prices, stock, sizes and colours to choose from, the cart.
    Offer,
    /// Never shown as text: for screen readers, styled away, or the name of an icon.
    Unseen,
}

impl Cue {
    /// Every cue, in the order of their numbers.
    pub const ALL: [Self; 26] = [
        Self::Content,
        Self::Title,
        Self::Lead,
        Self::Navigation,
        Self::Aside,
        Self::Footer,
        Self::Header,
        Self::Related,
        Self::Share,
        Self::Prompt,
        Self::Ad,
        Self::Comment,
        Self::Author,
        Self::Meta,
        Self::Tags,
        Self::Consent,
        Self::Caption,
        Self::Hidden,
        Self::Form,
        Self::Embed,
        Self::Media,
        Self::Link,
        Self::Inset,
        Self::Review,
        Self::Offer,
        Self::Unseen,
    ];

    /// The name used in the table and in explanations.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Navigation => "navigation",
            Self::Aside => "aside",
            Self::Footer => "footer",
            Self::Header => "header",
            Self::Related => "related",
            Self::Share => "share",
            Self::Prompt => "prompt",
            Self::Ad => "ad",
            Self::Comment => "comment",
            Self::Author => "author",
            Self::Meta => "meta",
            Self::Tags => "tags",
            Self::Consent => "consent",
            Self::Caption => "caption",
            Self::Hidden => "hidden",
            Self::Form => "form",
            Self::Embed => "embed",
            Self::Media => "media",
            Self::Link => "link",
            Self::Inset => "inset",
            Self::Review => "review",
            Self::Offer => "offer",
            Self::Unseen => "unseen",
        }
    }
}

/// A set of cues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cues(u32);

impl Cues {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// The set with one cue.
    #[must_use]
    pub const fn of(cue: Cue) -> Self {
        Self(1 << cue as u8)
    }

    /// The set with these cues.
    #[must_use]
    pub const fn all_of(cues: &[Cue]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < cues.len() {
            set = set.with(Self::of(cues[at]));
            at += 1;
        }
        set
    }

    /// Whether the cue is in the set.
    #[must_use]
    pub fn has(self, cue: Cue) -> bool {
        self.0 & Self::of(cue).0 != 0
    }

    /// Whether any of the cues is in the set.
    #[must_use]
    pub fn has_any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The cues that are in both sets.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The cues that are not in the other set.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The cues in the set.
    pub fn iter(self) -> impl Iterator<Item = Cue> {
        Cue::ALL.into_iter().filter(move |cue| self.has(*cue))
    }
}

/// Words in classes and ids, and what each says.
static WORDS: LazyLock<HashMap<&'static str, Cues, RandomState>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Cues, RandomState> = HashMap::default();
    for row in rows(TABLE) {
        if let Some(cue) = Cue::ALL.into_iter().find(|cue| cue.name() == row[0]) {
            for word in row[1].split(' ') {
                let entry = words.entry(word).or_default();
                *entry = entry.with(Cues::of(cue));
            }
        }
    }
    words
});

/// The table's row of names that mark a paragraph for subscribers.
const PAID: &str = "paid";

/// The names in that row.
static PAID_NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    rows(TABLE)
        .filter(|row| row[0] == PAID)
        .flat_map(|row| row[1].split(' '))
        .collect()
});

/// What is hidden for certain.
const UNSEEN: Cues = Cues::all_of(&[Cue::Hidden, Cue::Unseen]);

/// Reads cues off elements; remembers class names, which repeat all over a page.
#[derive(Debug, Default)]
pub struct CueReader<'page> {
    seen: HashMap<&'page str, Cues, RandomState>,
}

impl<'page> CueReader<'page> {
    /// What an element is or calls itself.
    pub fn read(&mut self, element: &'page Element) -> Cues {
        // Classes on these speak of the page's state or layout, not of what the element is.
        if matches!(element.tag, Tag::Html | Tag::Body) {
            return Cues::default();
        }
        if is_paid_paragraph(element) {
            return by_tag(element.tag);
        }
        let mut cues = by_tag(element.tag);
        for (name, value) in element.attributes() {
            let more = match name {
                "class" | "id" | "role" | "itemprop" | "data-testid" | "data-component"
                | "data-module" | "aria-label" => self.by_words(value),
                "hidden" if value != "until-found" => UNSEEN,
                "aria-hidden" if value == "true" => Cues::of(Cue::Hidden),
                "style" if hides(value) => UNSEEN,
                _ => continue,
            };
            cues = cues.with(more);
        }
        cues
    }

    fn by_words(&mut self, value: &'page str) -> Cues {
        if let Some(known) = self.seen.get(value) {
            return *known;
        }
        let cues = words_of(value);
        self.seen.insert(value, cues);
        cues
    }
}

/// Whether an element is one paragraph of a story that scripts hide from readers who have not paid, as
/// structured data's `cssSelector: ".paywall"` says; the prompt to pay is a box with parts of its own.
fn is_paid_paragraph(element: &Element) -> bool {
    element.tag == Tag::P
        && element.attribute("class").is_some_and(|class| {
            class
                .split_ascii_whitespace()
                .any(|name| PAID_NAMES.contains(&name))
        })
}

/// Names in one class attribute that are read; utility classes come by the dozen.
pub(crate) const MAX_NAMES: usize = 24;

/// Bytes of the longest two neighbouring parts that are looked up; no word of the table is longer.
const MAX_WORD_BYTES: usize = 48;

/// Looks up the words of a class, id or role: parts between punctuation, a part split where its
/// case changes, and neighbouring parts joined (`read-also` as `readalso`).
fn words_of(value: &str) -> Cues {
    let mut cues = Cues::default();
    // The part before and the part at hand, in lower case, one after the other.
    let mut joined = String::with_capacity(2 * MAX_WORD_BYTES);
    for name in value.split_ascii_whitespace().take(MAX_NAMES) {
        joined.clear();
        for part in parts(name) {
            let before = joined.len();
            joined.push_str(part);
            joined.make_ascii_lowercase();
            for word in [&joined[before..], &joined[..]] {
                if let Some(more) = WORDS.get(word) {
                    cues = cues.with(*more);
                }
            }
            joined.drain(..before);
        }
    }
    cues
}

/// Parts of a name, digits at their ends cut off. Parts that hold a digit before a letter are
/// hashes made by a build tool, not words.
pub(crate) fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(split_case)
        .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|part| {
            let is_word = !part.bytes().any(|byte| byte.is_ascii_digit());
            !part.is_empty() && part.len() <= MAX_WORD_BYTES && is_word
        })
}

/// Splits before each capital after a small letter.
fn split_case(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .as_bytes()
            .windows(2)
            .position(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .map_or(rest.len(), |place| place + 1);
        let part = &rest[..end];
        rest = &rest[end..];
        Some(part)
    })
}

fn by_tag(tag: Tag) -> Cues {
    match tag {
        Tag::Nav | Tag::Menu => Cues::of(Cue::Navigation),
        Tag::Aside => Cues::of(Cue::Aside),
        Tag::Footer => Cues::of(Cue::Footer),
        Tag::Header | Tag::Hgroup => Cues::of(Cue::Header),
        Tag::Form
        | Tag::Button
        | Tag::Select
        | Tag::Option
        | Tag::Label
        | Tag::Fieldset
        | Tag::Input
        | Tag::Search => Cues::of(Cue::Form),
        Tag::Figcaption => Cues::of(Cue::Caption),
        Tag::Figure | Tag::Video | Tag::Audio | Tag::Object => Cues::of(Cue::Media),
        Tag::Dialog => Cues::of(Cue::Hidden),
        Tag::A => Cues::of(Cue::Link),
        Tag::Address => Cues::of(Cue::Author),
        _ => Cues::default(),
    }
}

/// Whether an inline style keeps its element from being shown.
pub(crate) fn hides(style: &str) -> bool {
    declares(style, "display", &["none"]) || declares(style, "visibility", &["hidden"])
}

/// Whether a `style` attribute gives the property one of the values.
pub(super) fn declares(style: &str, property: &str, values: &[&str]) -> bool {
    style.split(';').any(|declaration| {
        declaration.split_once(':').is_some_and(|(name, value)| {
            let value = value.trim().trim_end_matches("!important").trim_end();
            name.trim().eq_ignore_ascii_case(property)
                && values.iter().any(|known| value.eq_ignore_ascii_case(known))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_punctuation_and_case() {
        let all = |name| parts(name).collect::<Vec<_>>();
        assert_eq!(all("mvp-post_addStory2"), ["mvp", "post", "add", "Story"]);
        assert_eq!(all("SHARE"), ["SHARE"]);
    }

    #[test]
    fn a_paragraph_for_subscribers_is_no_prompt() {
        let cues = |html: &str| {
            let page = crate::dom::Document::parse(html);
            let blocks = crate::block::segment(&page);
            blocks[0].own_cues
        };
        let paid = "<p class=paywall aria-hidden=true>It rained in the valley.</p>";
        assert_eq!(cues(paid), Cues::NONE);
        assert!(cues("<div class=paywall>Subscribe to read on.</div>").has(Cue::Prompt));
        assert!(cues("<p class=paywall-prompt>Subscribe to read on.</p>").has(Cue::Prompt));
    }

    #[test]
    fn every_row_of_the_table_names_a_cue() {
        for row in rows(TABLE).filter(|row| row[0] != PAID) {
            assert!(Cue::ALL.iter().any(|cue| cue.name() == row[0]), "{row:?}");
        }
        assert!(words_of("jeg_share_bottom").has(Cue::Share));
        assert!(words_of("read-also").has(Cue::Related));
        assert!(words_of("xReadAlso2").has(Cue::Related));
        assert_eq!(words_of("css-1x2y"), Cues::default());
    }
}
