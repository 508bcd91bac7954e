//! Articles, and which of them are the same: each is stored once, under one address; its other addresses
//! are aliases.

use super::Result;
use crate::dedup::are_near;
use crate::outcome::Outcome;
use crate::record::Record;

/// A page that is an article, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewArticle {
    /// Canonical form of the address it was fetched from, after redirects.
    pub url: String,
    /// Canonical form of the address the page names as its own, where that is on the same site.
    pub canonical: Option<String>,
    /// The site it belongs to.
    pub site: String,
    /// Canonical forms of the addresses of its further pages, all of which are in the record.
    pub pages: Vec<String>,
    /// The record.
    pub record: Record,
    /// Hash of the body, white space aside.
    pub content_hash: u64,
    /// Simhash of the body.
    pub simhash: u64,
    /// `record.published` as a time, in Unix milliseconds.
    pub published_ms: Option<i64>,
    /// Of the parts of the page that may repeat across its site (`crate::sitewide::fingerprints`).
    pub fingerprints: Vec<u64>,
}

impl NewArticle {
    /// The headline; empty where there is none.
    pub(crate) fn title(&self) -> &str {
        self.record.title.as_deref().unwrap_or_default()
    }
}

/// What a new article is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownArticle {
    pub(crate) id: i64,
    pub(crate) content_hash: u64,
    pub(crate) simhash: u64,
}

/// How [`match_article`] looks for stored articles. Each search is made only when those before decided nothing.
pub(crate) trait KnownArticles {
    /// The article that is stored under this address, or has it as an alias.
    fn at(&self, url: &str) -> Result<Option<KnownArticle>>;

    /// The text of a stored article.
    fn text(&self, article: i64) -> Result<String>;

    /// The article of the same site with the same headline and body; copies of others do not count.
    fn same_story(&self, new: &NewArticle) -> Result<Option<i64>>;

    /// The first article with this body; for a copy, the one it is a copy of.
    fn first_with_body(&self, content_hash: u64) -> Result<Option<i64>>;

    /// Number and simhash of each article that shares a [band](crate::dedup::bands) with this simhash;
    /// copies of others do not count. An article may come more than once.
    fn in_bands(&self, simhash: u64) -> Result<Vec<(i64, u64)>>;
}

/// How a new article matches what is stored, and so how it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArticleMatch<'a> {
    /// It is stored already, as it is.
    Unchanged { article: i64 },
    /// It is a new version of a stored one.
    NewVersion { of: KnownArticle },
    /// It is a stored one at other addresses, which become aliases.
    Alias { of: i64, addresses: Vec<&'a str> },
    /// It is new, to be stored under `address`, with `alias` as another address; `copy_of` is an earlier
    /// article with the same body.
    New {
        address: &'a str,
        alias: Option<&'a str>,
        copy_of: Option<i64>,
    },
}

impl ArticleMatch<'_> {
    /// What became of the URL that was visited.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Unchanged { .. } => Outcome::Unchanged,
            Self::NewVersion { .. } => Outcome::Updated,
            Self::New { copy_of: None, .. } => Outcome::Stored,
            Self::Alias { .. } | Self::New { .. } => Outcome::Duplicate,
        }
    }
}

/// Compares a new article with what is stored. `near_duplicates` says whether nearly equal bodies count as equal.
pub(crate) fn match_article<'a>(
    new: &'a NewArticle,
    near_duplicates: bool,
    known: &impl KnownArticles,
) -> Result<ArticleMatch<'a>> {
    if let Some(of) = known.at(&new.url)? {
        let article = of.id;
        // A story of which a page is missing this time must not take the place of the whole one.
        let is_part =
            || -> Result<bool> {
                Ok(new.record.continues.is_some()
                    && known.text(article)?.starts_with(&new.record.text))
            };
        return Ok(if of.content_hash == new.content_hash || is_part()? {
            ArticleMatch::Unchanged { article }
        } else {
            ArticleMatch::NewVersion { of }
        });
    }
    let own = new.url.as_str();
    let mut canonical = new.canonical.as_deref().filter(|url| *url != own);
    if let Some(named) = canonical.map(|url| known.at(url)).transpose()?.flatten() {
        if named.content_hash == new.content_hash || are_near(named.simhash, new.simhash) {
            let (of, addresses) = (named.id, vec![own]);
            return Ok(ArticleMatch::Alias { of, addresses });
        }
        // A page may name a wrong address as its own; then it is an article by itself.
        canonical = None;
    } else if let Some(of) = known.same_story(new)? {
        let addresses = [own].into_iter().chain(canonical).collect();
        return Ok(ArticleMatch::Alias { of, addresses });
    }
    let mut copy_of = known.first_with_body(new.content_hash)?;
    if copy_of.is_none() && near_duplicates {
        let similar = known.in_bands(new.simhash)?.into_iter();
        let copies = similar.filter(|(_, simhash)| are_near(*simhash, new.simhash));
        copy_of = copies.map(|(id, _)| id).min();
    }
    Ok(ArticleMatch::New {
        address: canonical.unwrap_or(own),
        alias: canonical.map(|_| own),
        copy_of,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::new_article;
    use super::*;

    /// Stored articles, numbered from 1; of the first there is a copy on another site, the second.
    struct Shelf([NewArticle; 2]);

    impl KnownArticles for Shelf {
        fn at(&self, url: &str) -> Result<Option<KnownArticle>> {
            let all = (1..).zip(&self.0);
            let mut at = all.filter(|(_, article)| article.url == url);
            Ok(at.next().map(|(id, article)| KnownArticle {
                id,
                content_hash: article.content_hash,
                simhash: article.simhash,
            }))
        }

        fn text(&self, article: i64) -> Result<String> {
            let at = usize::try_from(article - 1).expect("a number");
            Ok(self.0[at].record.text.clone())
        }

        fn same_story(&self, new: &NewArticle) -> Result<Option<i64>> {
            let is_same = self.0[0].content_hash == new.content_hash && self.0[0].site == new.site;
            Ok(is_same.then_some(1))
        }

        fn first_with_body(&self, content_hash: u64) -> Result<Option<i64>> {
            Ok((self.0[0].content_hash == content_hash).then_some(1))
        }

        fn in_bands(&self, _simhash: u64) -> Result<Vec<(i64, u64)>> {
            Ok(vec![(1, self.0[0].simhash), (1, self.0[0].simhash)])
        }
    }

    #[test]
    fn addresses_and_body_decide_how_an_article_is_stored() {
        let first = new_article("http://a.example/1", "body and more", 7);
        let copy = new_article("http://b.example/1", "body", 7);
        let shelf = Shelf([first.clone(), copy]);
        let simhash = first.simhash ^ 0b101;
        let article = |path: &str, hash| new_article(&format!("http://{path}"), "", hash);
        let named = |path: &str, canonical: &str, hash| NewArticle {
            canonical: Some(format!("http://{canonical}")),
            ..article(path, hash)
        };
        let near = NewArticle {
            simhash,
            ..article("d.example/1", 8)
        };
        let mut part = article("a.example/1", 11);
        part.record.text = "body".into();
        part.record.continues = Some("http://a.example/1?page=2".into());
        for (new, outcome, tells) in [
            (first, Outcome::Unchanged, "article: 1"),
            (part, Outcome::Unchanged, "article: 1"),
            (article("a.example/1", 9), Outcome::Updated, "id: 1"),
            (
                named("a.example/amp", "a.example/1", 7),
                Outcome::Duplicate,
                "a.example/amp\"] }",
            ),
            (
                named("a.example/2", "a.example/1", 9),
                Outcome::Stored,
                "alias: None",
            ),
            (
                article("a.example/3", 7),
                Outcome::Duplicate,
                "Alias { of: 1",
            ),
            (
                article("c.example/1", 7),
                Outcome::Duplicate,
                "copy_of: Some(1)",
            ),
            (near, Outcome::Duplicate, "copy_of: Some(1)"),
            (
                named("a.example/4/amp", "a.example/4", 10),
                Outcome::Stored,
                "alias: Some",
            ),
        ] {
            let found = match_article(&new, true, &shelf).expect("it cannot fail");
            let shown = format!("{found:?}");
            assert_eq!(found.outcome(), outcome, "{shown}");
            assert!(shown.contains(tells), "{shown}");
        }
    }
}
