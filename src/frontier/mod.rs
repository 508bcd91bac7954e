//! What to fetch next, and when again: rules only; the queues themselves are in the store.

mod clock;
pub(crate) mod priority;
pub(crate) mod revisit;

pub use clock::Clock;

/// What a URL is believed to be, by the evidence that led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Given by the user; what it is turns out when it is fetched.
    Seed,
    /// A front page or section page: links to articles, changes often.
    Section,
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A sitemap or sitemap index.
    Sitemap,
    /// A page to be stored.
    Article,
}

impl Role {
    /// The name in the store.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Section => "section",
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Article => "article",
        }
    }

    /// The role of that name; anything else is an article.
    pub(crate) fn named(name: &str) -> Self {
        [Self::Seed, Self::Section, Self::Feed, Self::Sitemap]
            .into_iter()
            .find(|role| role.name() == name)
            .unwrap_or(Self::Article)
    }

    /// Whether the page is visited again and again for what it leads to.
    pub(crate) fn is_source(self) -> bool {
        self != Self::Article
    }
}
