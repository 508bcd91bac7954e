//! Which of a site's addresses the user wants: its `include` and `exclude` patterns.

use regex::RegexSet;
use url::Url;

use crate::Error;

/// Compiled patterns of one site; see `include` and `exclude` in the settings.
#[derive(Debug, Clone)]
pub(crate) struct UrlFilter {
    include: RegexSet,
    exclude: RegexSet,
}

impl UrlFilter {
    /// Compiles the patterns of `host`'s settings. Fails with the setting and the pattern that is no regular expression.
    pub(crate) fn new(host: &str, include: &[String], exclude: &[String]) -> Result<Self, Error> {
        let set = |key: &str, patterns: &[String]| {
            RegexSet::new(patterns).map_err(|error| {
                let message = format!(
                    "{error}\nhint: patterns are regular expressions over the whole address, such as '/news/[0-9]+'"
                );
                Error::config(format!("site.\"{host}\".{key}"), message).caused_by(error)
            })
        };
        Ok(Self {
            include: set("include", include)?,
            exclude: set("exclude", exclude)?,
        })
    }

    /// Whether no `exclude` pattern matches somewhere in the address.
    pub(crate) fn may_visit(&self, url: &Url) -> bool {
        !self.exclude.is_match(url.as_str())
    }

    /// Whether the address may be an article: not excluded, and matched by an `include` pattern
    /// where there are any.
    pub(crate) fn may_be_article(&self, url: &Url) -> bool {
        self.may_visit(url) && (self.include.is_empty() || self.include.is_match(url.as_str()))
    }

    /// Whether an `include` pattern matches: then the user says that it is an article's, whatever it looks
    /// like.
    pub(crate) fn is_included(&self, url: &Url) -> bool {
        self.may_visit(url) && self.include.is_match(url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn patterns_decide_what_is_visited_and_what_is_an_article() {
        let set = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
        let filter = UrlFilter::new("a.example", &set(&["/news/[0-9]+"]), &set(&["sponsored"]))
            .expect("fine");
        assert!(filter.may_be_article(&url("https://a.example/news/12")));
        assert!(!filter.may_be_article(&url("https://a.example/blog/12")));
        assert!(filter.may_visit(&url("https://a.example/blog/12")));
        assert!(!filter.may_visit(&url("https://a.example/news/12?sponsored")));
        let error =
            UrlFilter::new("a.example", &[], &set(&["(("])).expect_err("no regular expression");
        let text = error.to_string();
        assert!(
            text.contains("site.\"a.example\".exclude") && text.contains("(("),
            "{text}"
        );
    }
}
