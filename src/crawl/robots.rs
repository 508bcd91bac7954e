//! robots.txt, by RFC 9309: the group of our own name, or else of `*`; the longest match wins.

use url::Url;

/// Rules looked at in one file; more is an attack, not a policy.
const MAX_RULES: usize = 10_000;

/// What a robots.txt says to us.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Robots {
    /// Patterns, and whether they allow.
    rules: Vec<(String, bool)>,
    pub(super) crawl_delay_s: Option<f64>,
    pub(super) sitemaps: Vec<String>,
    /// Why it could not be read, in which case nothing may be fetched.
    pub(super) unreachable: Option<String>,
}

impl Robots {
    pub(super) fn unreachable(why: String) -> Self {
        Self {
            unreachable: Some(why),
            ..Self::default()
        }
    }

    pub(super) fn parse(text: &str, token: &str) -> Self {
        let (mut own, mut any) = (Self::default(), Self::default());
        let (mut in_own, mut in_any, mut has_own, mut in_head) = (false, false, false, false);
        let mut sitemaps = Vec::new();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if !in_head {
                        (in_own, in_any) = (false, false);
                    }
                    in_head = true;
                    let name = value.split('/').next().unwrap_or_default().trim();
                    in_any |= name == "*";
                    in_own |= name.eq_ignore_ascii_case(token);
                    has_own |= in_own;
                }
                "allow" | "disallow" | "crawl-delay" => {
                    in_head = false;
                    for (_, group) in [(in_own, &mut own), (in_any, &mut any)]
                        .into_iter()
                        .filter(|(is, _)| *is)
                    {
                        group.add(&key, value);
                    }
                }
                "sitemap" => sitemaps.push(value.to_owned()),
                _ => {}
            }
        }
        let chosen = if has_own { own } else { any };
        Self { sitemaps, ..chosen }
    }

    fn add(&mut self, key: &str, value: &str) {
        if key == "crawl-delay" {
            self.crawl_delay_s = value
                .parse()
                .ok()
                .filter(|delay: &f64| delay.is_finite() && *delay >= 0.0);
        } else if !value.is_empty() && self.rules.len() < MAX_RULES {
            self.rules.push((value.to_owned(), key == "allow"));
        }
    }

    /// The rule that forbids an address.
    pub(super) fn forbids(&self, url: &Url) -> Option<&str> {
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let (pattern, allows) = self
            .rules
            .iter()
            .filter(|(pattern, _)| matches(pattern, &path))
            .max_by_key(|(pattern, allows)| (pattern.len(), *allows))?;
        (!allows).then_some(pattern.as_str())
    }
}

/// Whether a pattern with `*` and a final `$` matches the beginning of a path. Greedy from the
/// left, so linear in the path for each part.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return !anchored || rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if anchored {
        rest.ends_with(last)
    } else {
        rest.contains(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbids(text: &str, path: &str) -> bool {
        let url = Url::parse("https://a.example")
            .and_then(|u| u.join(path))
            .expect("an address");
        Robots::parse(text, "gleaner").forbids(&url).is_some()
    }

    #[test]
    fn the_longest_rule_of_our_own_group_wins() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Gleaner\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 7\nSitemap: /s.xml";
        assert!(forbids(text, "/a/c") && !forbids(text, "/a/b/c") && !forbids(text, "/z"));
        let robots = Robots::parse(text, "gleaner");
        assert_eq!(
            (robots.crawl_delay_s, robots.sitemaps),
            (Some(7.0), vec!["/s.xml".to_owned()])
        );
        assert!(forbids("User-agent: *\nDisallow: /", "/x"));
        assert!(!forbids("User-agent: *\nDisallow:", "/x"));
    }

    #[test]
    fn stars_and_ends_match_as_the_standard_says() {
        assert!(matches("/*.pdf$", "/a/b.pdf") && !matches("/*.pdf$", "/a/b.pdf?x"));
        assert!(matches("/a*c", "/abbbcd") && !matches("/a*c", "/abbb"));
        assert!(matches("*", "/x") && matches("/", "/x") && !matches("/$", "/x"));
    }
}
