//! How likely an address is a story's: every kind of evidence adds log-odds, here and nowhere else.
//!
//! | kind | what it is | bounds |
//! |---|---|---|
//! | named | a feed, news sitemap, sitemap or the user's setting lists the address | 0 to [`FEED`] |
//! | link | the words of a link to it and where on the page that stands | [`LINK_MIN`] to [`LINK_MAX`] |
//! | address | its words, numbers and dates ([`super::AddressOdds`]) | [`ADDRESS_MIN`] to [`ADDRESS_MAX`] |
//! | pattern | what the site's other pages of that pattern were | [`PATTERN_MIN`] to [`PATTERN_MAX`] |
//! | page | layout and metadata, once it is fetched | [`PAGE_MIN`] to [`PAGE_MAX`] |
//!
//! From a sum of 0 on an address is fetched, and a page with a body stored. The bounds hold by
//! compile-time checks: the whole address, so any word in it and any that is missing, cannot overrule two
//! other kinds; and nothing that is known before a request can overrule a feed or news sitemap.

use serde::Serialize;
use url::Url;

use super::address_odds::AddressOdds;
use super::links::is_section;
use crate::body::{LIST_BAR, PageSigns};
use crate::frontier::Role;

/// A feed lists what a site publishes, and a news sitemap gives it a date of publication: more than all
/// that may speak against it before it is fetched.
pub(crate) const FEED: f32 = 10.0;
/// A news sitemap without a date still lists nothing but stories.
pub(crate) const UNDATED_NEWS: f32 = 9.2;
/// A plain sitemap lists stories, sections and tag pages alike.
pub(crate) const SITEMAP: f32 = 1.1;

/// A link in the navigation or footer is a section's or a service page's as a rule.
pub(crate) const LINK_MIN: f32 = -1.5;
/// Headline, heading and main part together.
pub(crate) const LINK_MAX: f32 = 2.0;
/// A link whose text reads like a headline, wherever it stands but in navigation and footer.
pub(crate) const HEADLINE: f32 = 1.5;

/// The worst that an address can say: less than two other kinds that name the page.
pub(crate) const ADDRESS_MIN: f32 = -2.6;
/// The best: a date and a long slug. Lists of products and tags have slugs, too.
pub(crate) const ADDRESS_MAX: f32 = 3.0;

/// Scores of pages of a pattern that were none: more than the best address and link.
pub(crate) const PATTERN_MIN: f32 = -5.0;
/// Stories of a pattern speak for the next one as much as a headline in a heading does.
pub(crate) const PATTERN_MAX: f32 = 2.5;

/// A page that is clearly none: more than address, link and sitemap together can say for it as a rule.
pub(crate) const PAGE_MIN: f32 = -4.0;
/// A page that is clearly a story, with a date and a declaration.
pub(crate) const PAGE_MAX: f32 = 4.0;

// What names a story, by two kinds at their weakest, is as much as any address can say against it.
const _: () = assert!(SITEMAP + HEADLINE + ADDRESS_MIN >= 0.0);
const _: () = assert!(SITEMAP <= PATTERN_MAX && HEADLINE <= LINK_MAX && HEADLINE <= PATTERN_MAX);
// What a feed or news sitemap names is fetched whatever else is known.
const _: () = assert!(UNDATED_NEWS + ADDRESS_MIN + LINK_MIN + PATTERN_MIN >= 0.0);
const _: () = assert!(FEED >= UNDATED_NEWS && UNDATED_NEWS > SITEMAP);
// A site's own pages can teach that a pattern is no story's, whatever address and link look like.
const _: () = assert!(PATTERN_MIN + ADDRESS_MAX + LINK_MAX <= 0.0);

/// Sum from which a short path is taken for a story's and not for a section's, where neither a feed nor a
/// headline says so.
const SURE_STORY: f32 = 1.0;
/// Sum down to which what a sitemap lists at a deeper path is fetched: no section would have it.
const LISTED_MIN: f32 = -1.0;

/// What a declaration (`og:type`) or a date of publication adds to the layout, and what linked headings,
/// as those of a list's entries, take from it.
const PAGE_SIGN: f32 = 0.75;

/// Who named an address as a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedBy {
    /// The user's `include` pattern.
    Setting,
    /// A feed.
    Feed,
    /// A news sitemap.
    NewsSitemap,
    /// A sitemap without the news extension.
    Sitemap,
    /// A link on a page.
    Link,
}

impl NamedBy {
    /// The name in the store.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Feed => "feed",
            Self::NewsSitemap => "news_sitemap",
            Self::Sitemap => "sitemap",
            Self::Link => "link",
        }
    }
}

impl NamedBy {
    /// The one of that name in the store.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [
            Self::Setting,
            Self::Feed,
            Self::NewsSitemap,
            Self::Sitemap,
            Self::Link,
        ]
        .into_iter()
        .find(|by| by.name() == name)
    }

    /// Whether it lists stories and nothing else.
    pub(crate) fn is_list_of_stories(self) -> bool {
        matches!(self, Self::Setting | Self::Feed | Self::NewsSitemap)
    }

    /// For people.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Feed => "feed",
            Self::NewsSitemap => "news sitemap",
            Self::Sitemap => "sitemap",
            Self::Link => "link",
        }
    }
}

/// One mention of an address: by whom, how much it says for a story, in log-odds, and by what signs.
#[derive(Debug, Clone, PartialEq)]
pub struct Naming {
    /// Who named it.
    pub by: NamedBy,
    /// Log-odds, within the bounds of its kind.
    pub weight: f32,
    /// What was seen, in words; empty where the weight says it all.
    pub signs: String,
}

impl Naming {
    /// The user says that the address is a story's.
    pub(crate) fn setting() -> Self {
        Self::listed(NamedBy::Setting, FEED)
    }

    pub(crate) fn feed() -> Self {
        Self::listed(NamedBy::Feed, FEED)
    }

    pub(crate) fn news_sitemap(is_dated: bool) -> Self {
        let weight = if is_dated { FEED } else { UNDATED_NEWS };
        Self {
            signs: if is_dated { "" } else { "without a date" }.to_owned(),
            ..Self::listed(NamedBy::NewsSitemap, weight)
        }
    }

    pub(crate) fn sitemap() -> Self {
        Self::listed(NamedBy::Sitemap, SITEMAP)
    }

    /// `log_odds` is cut to the bounds of links.
    pub(crate) fn link(log_odds: f32, signs: String) -> Self {
        Self {
            by: NamedBy::Link,
            weight: log_odds.clamp(LINK_MIN, LINK_MAX),
            signs,
        }
    }

    fn listed(by: NamedBy, weight: f32) -> Self {
        Self {
            by,
            weight,
            signs: String::new(),
        }
    }
}

/// What speaks for and against a story at an address, in log-odds by kind; 0 for a kind that says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct StoryOdds {
    /// Of lists that name it: the one that says most.
    pub named: f32,
    /// Of links: the one that says most.
    pub link: f32,
    /// Of the address.
    pub address: f32,
    /// Of the site's other pages with addresses of the same pattern.
    pub pattern: f32,
    /// Of the page itself; 0 before it is fetched.
    pub page: f32,
}

impl StoryOdds {
    /// All kinds together; from 0 on it is taken for a story's.
    #[must_use]
    pub fn total(&self) -> f32 {
        self.named + self.link + self.address + self.pattern + self.page
    }

    /// What mentions say, each with who made it and its log-odds; of each kind the strongest counts.
    pub(crate) fn of_namings(all: impl IntoIterator<Item = (NamedBy, f32)>) -> Self {
        let mut odds = Self::default();
        let mut link: Option<f32> = None;
        for (by, weight) in all {
            match by {
                NamedBy::Link => link = Some(link.map_or(weight, |best| best.max(weight))),
                _ => odds.named = odds.named.max(weight),
            }
        }
        odds.link = link.unwrap_or(0.0);
        odds
    }

    /// How likely it is a story, 0 to 1.
    pub(crate) fn probability(&self) -> f32 {
        1.0 / (1.0 + (-self.total()).exp())
    }

    /// Whether a list of stories, which ends, names it: a feed, a news sitemap or the user.
    fn is_named_as_story(&self) -> bool {
        self.named >= UNDATED_NEWS
    }
}

/// What an address is worth before it is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// To be fetched as an article.
    Story,
    /// To be fetched as a section page; if it is a story, it is stored all the same.
    Section,
    /// Not to be fetched, and why.
    LeftAlone(&'static str),
}

impl Expectation {
    /// What to take a URL for by all that is known of it.
    pub(crate) fn of(url: &Url, address: &AddressOdds, odds: &StoryOdds) -> Self {
        let total = odds.total();
        let is_named = odds.is_named_as_story();
        if let Some(reason) = address.unfit
            && !is_named
        {
            return Self::LeftAlone(reason);
        }
        let is_short = is_section(url);
        if total >= 0.0 {
            let is_clear = is_named || odds.link >= HEADLINE || total >= SURE_STORY;
            return if is_clear || !is_short {
                Self::Story
            } else {
                Self::Section
            };
        }
        match address.word {
            Some(reason) => Self::LeftAlone(reason),
            None if is_short => Self::Section,
            None if odds.named > 0.0 && total >= LISTED_MIN => Self::Story,
            None => Self::LeftAlone("too little speaks for a story"),
        }
    }

    /// The role in the frontier; none for what is left alone.
    pub(crate) fn role(self) -> Option<Role> {
        match self {
            Self::Story => Some(Role::Article),
            Self::Section => Some(Role::Section),
            Self::LeftAlone(_) => None,
        }
    }
}

/// What a fetched page says for a story, in log-odds, and what was seen.
pub(crate) fn of_page(signs: &PageSigns) -> (f32, String) {
    #[expect(clippy::cast_possible_truncation, reason = "log-odds between -7 and 7")]
    let logit = |share: f64| {
        let share = share.clamp(0.001, 0.999);
        (share / (1.0 - share)).ln() as f32
    };
    let mut odds = logit(signs.article_probability) - logit(f64::from(LIST_BAR));
    let mut seen = format!(
        "{:.0} % a story by layout",
        signs.article_probability * 100.0
    );
    let mut add = |holds: bool, weight: f32, sign: &str| {
        if holds {
            odds += weight;
            seen.push_str(", ");
            seen.push_str(sign);
        }
    };
    add(signs.says_article, PAGE_SIGN, "says that it is an article");
    add(signs.is_dated, PAGE_SIGN, "dated");
    let is_list = signs.has_linked_heading && !signs.says_article;
    add(is_list, -PAGE_SIGN, "headings are links");
    (odds.clamp(PAGE_MIN, PAGE_MAX), seen)
}
