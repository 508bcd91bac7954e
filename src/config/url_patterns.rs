//! Which addresses of a site the settings include and exclude.

use regex::RegexSet;
use url::Url;

use crate::Error;

/// Compiled patterns of one site; see `include` and `exclude` in the settings.
#[derive(Debug, Clone)]
pub struct UrlPatterns {
    include: RegexSet,
    exclude: RegexSet,
}

impl UrlPatterns {
    /// Compiles the patterns of `host`'s settings.
    ///
    /// # Errors
    /// [`Error::Config`] with the setting and the pattern that is no regular expression.
    pub fn new(host: &str, include: &[String], exclude: &[String]) -> Result<Self, Error> {
        let set = |key: &str, patterns: &[String]| {
            RegexSet::new(patterns).map_err(|error| Error::Config {
                place: format!("site.\"{host}\".{key}"),
                message: format!(
                    "{error}\nhint: patterns are regular expressions over the whole address, such as '/news/[0-9]+'"
                ),
            })
        };
        Ok(Self {
            include: set("include", include)?,
            exclude: set("exclude", exclude)?,
        })
    }

    /// Whether no `exclude` pattern matches somewhere in the address.
    #[must_use]
    pub fn may_visit(&self, url: &Url) -> bool {
        !self.exclude.is_match(url.as_str())
    }

    /// Whether the address may be an article: not excluded, and matched by an `include` pattern
    /// where there are any.
    #[must_use]
    pub fn may_be_article(&self, url: &Url) -> bool {
        self.may_visit(url) && (self.include.is_empty() || self.include.is_match(url.as_str()))
    }

    /// Whether an `include` pattern matches: the user says these are articles, whatever they look
    /// like.
    #[must_use]
    pub fn is_included(&self, url: &Url) -> bool {
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
    fn patterns_include_and_exclude() {
        let set = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
        let patterns = UrlPatterns::new("a.example", &set(&["/news/[0-9]+"]), &set(&["sponsored"]))
            .expect("fine");
        assert!(patterns.may_be_article(&url("https://a.example/news/12")));
        assert!(!patterns.may_be_article(&url("https://a.example/blog/12")));
        assert!(patterns.may_visit(&url("https://a.example/blog/12")));
        assert!(!patterns.may_visit(&url("https://a.example/news/12?sponsored")));
        let error =
            UrlPatterns::new("a.example", &[], &set(&["(("])).expect_err("no regular expression");
        let text = error.to_string();
        assert!(
            text.contains("site.\"a.example\".exclude") && text.contains("(("),
            "{text}"
        );
    }
}
