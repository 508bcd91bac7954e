//! What elements call themselves: cues from tag names, roles and the words in classes and ids.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::class_names::{CUE_ATTRIBUTES, cues_in, is_paid};
use crate::dom::{Element, Tag};
use crate::table;

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
    pub const ALL: [Self; 26] = {
        #[allow(clippy::enum_glob_use)] // A list of the enum's variants.
        use Cue::*;
        [
            Content, Title, Lead, Navigation, Aside, Footer, Header, Related, Share, Prompt, Ad,
            Comment, Author, Meta, Tags, Consent, Caption, Hidden, Form, Embed, Media, Link, Inset,
            Review, Offer, Unseen,
        ]
    };

    /// The name used in the table and in explanations.
    pub(crate) fn name(self) -> &'static str {
        static NAMES: LazyLock<[String; 26]> = LazyLock::new(|| Cue::ALL.map(table::name_of));
        &NAMES[self as usize]
    }
}

/// A set of cues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cues(u32);

impl Cues {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// The set with one cue.
    pub(crate) const fn of(cue: Cue) -> Self {
        Self(1 << cue as u8)
    }

    /// The set with these cues.
    pub(crate) const fn all_of(cues: &[Cue]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < cues.len() {
            set = set.with(Self::of(cues[at]));
            at += 1;
        }
        set
    }

    /// Whether the cue is in the set.
    pub(crate) fn has(self, cue: Cue) -> bool {
        self.0 & Self::of(cue).0 != 0
    }

    /// Whether any of the cues is in the set.
    pub(crate) fn has_any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }

    /// Whether the sets have a cue in common.
    pub(crate) fn has_any_of(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The cues that are in both sets.
    pub(crate) fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The cues that are not in the other set.
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// What is hidden for certain.
const UNSEEN: Cues = Cues::all_of(&[Cue::Hidden, Cue::Unseen]);

/// Reads cues off elements; remembers class names, which repeat all over a page.
#[derive(Debug, Default)]
pub(crate) struct CueReader<'page> {
    known: HashMap<&'page str, Cues, RandomState>,
    ignores_words: bool,
}

impl<'page> CueReader<'page> {
    /// A reader to whom names say nothing: only tags and attributes do.
    pub(crate) fn without_words() -> Self {
        Self {
            ignores_words: true,
            ..Self::default()
        }
    }

    /// What an element is or calls itself.
    pub(crate) fn read(&mut self, element: &'page Element) -> Cues {
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
                _ if CUE_ATTRIBUTES.contains(&name) && self.ignores_words => continue,
                _ if CUE_ATTRIBUTES.contains(&name) => self.by_words(value),
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
        *self.known.entry(value).or_insert_with(|| cues_in(value))
    }
}

/// Whether an element is one paragraph of a story that scripts hide from readers who have not paid, as
/// structured data's `cssSelector: ".paywall"` says; the prompt to pay is a box with parts of its own.
fn is_paid_paragraph(element: &Element) -> bool {
    element.tag == Tag::P && element.attribute("class").is_some_and(is_paid)
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
}
