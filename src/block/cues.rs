//! What elements call themselves: cues from tag names, roles and the words in classes and ids.
//!
//! The words are in `config/tables/cues.tsv`. They name parts of pages in general (`WordPress`
//! themes, share plugins, consent banners), never one publisher.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::dom::{Element, Tag};

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
    /// Not shown on the screen.
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
}

impl Cue {
    /// Every cue, in the order of their numbers.
    pub const ALL: [Self; 23] = [
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
        }
    }
}

/// A set of cues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cues(u32);

impl Cues {
    /// The set with one cue.
    #[must_use]
    pub fn of(cue: Cue) -> Self {
        Self(1 << cue as u8)
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
    pub fn with(self, other: Self) -> Self {
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
static WORDS: LazyLock<HashMap<&'static str, Cues>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Cues> = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, list)) = line.split_once('\t') else {
            continue;
        };
        if let Some(cue) = Cue::ALL.into_iter().find(|cue| cue.name() == name) {
            for word in list.split(' ') {
                let entry = words.entry(word).or_default();
                *entry = entry.with(Cues::of(cue));
            }
        }
    }
    words
});

/// Reads cues off elements; remembers class names, which repeat all over a page.
#[derive(Debug, Default)]
pub struct Reader<'page> {
    seen: HashMap<&'page str, Cues>,
}

impl<'page> Reader<'page> {
    /// What an element is or calls itself.
    pub fn read(&mut self, element: &'page Element) -> Cues {
        let mut cues = by_tag(element.tag);
        for (name, value) in element.attributes() {
            let more = match name {
                "class" | "id" | "role" | "itemprop" | "data-testid" | "data-component"
                | "data-module" | "aria-label" => self.by_words(value),
                "hidden" => Cues::of(Cue::Hidden),
                "aria-hidden" if value == "true" => Cues::of(Cue::Hidden),
                "style" if hides(value) => Cues::of(Cue::Hidden),
                _ => continue,
            };
            cues = cues.with(more);
        }
        // Classes on these speak of the page's state or layout, not of what the element is.
        if matches!(element.tag, Tag::Html | Tag::Body) {
            return Cues::default();
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

/// Looks up the words of a class, id or role: parts between punctuation, a part split where its
/// case changes, and neighbouring parts joined (`read-also` as `readalso`).
fn words_of(value: &str) -> Cues {
    let mut cues = Cues::default();
    for name in value.split_ascii_whitespace().take(24) {
        let mut previous = String::new();
        for part in split_name(name) {
            if let Some(more) = WORDS.get(part.as_str()) {
                cues = cues.with(*more);
            }
            if !previous.is_empty() {
                previous.push_str(&part);
                if let Some(more) = WORDS.get(previous.as_str()) {
                    cues = cues.with(*more);
                }
            }
            previous = part;
        }
    }
    cues
}

/// Parts that hold a digit before a letter are hashes made by a build tool, not words.
fn split_name(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        let starts_part = c.is_ascii_uppercase() && lower_before;
        if starts_part || !c.is_ascii_alphanumeric() {
            parts.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.push(c.to_ascii_lowercase());
        }
        lower_before = c.is_ascii_lowercase();
    }
    parts
        .iter()
        .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|part| !part.is_empty() && !part.contains(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
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

fn hides(style: &str) -> bool {
    let style: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_punctuation_and_case() {
        assert_eq!(
            split_name("mvp-post_addStory2"),
            ["mvp", "post", "add", "story"]
        );
        assert_eq!(split_name("SHARE"), ["share"]);
    }

    #[test]
    fn every_row_of_the_table_names_a_cue() {
        for line in TABLE
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
        {
            let name = line.split('\t').next().unwrap_or_default();
            assert!(Cue::ALL.iter().any(|cue| cue.name() == name), "{line}");
        }
        assert!(words_of("jeg_share_bottom").has(Cue::Share));
        assert!(words_of("read-also").has(Cue::Related));
        assert_eq!(words_of("css-1x2y"), Cues::default());
    }
}
