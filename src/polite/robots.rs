//! robots.txt by RFC 9309: read once, matched in linear time.
//!
//! The `robotstxt` crate's parser reads the lines; its matcher is left alone, because it panics on
//! long lines that are not ASCII and backtracks without bound on many wildcards. What it gets is
//! capped first: 500 KiB (RFC 9309, 2.5) and no line longer than any address.

use std::fmt::Write as _;

use robotstxt::{RobotsParseHandler, parse_robotstxt};

/// Bytes of a robots.txt that are read; RFC 9309, 2.5 asks for at least this many.
pub const MAX_ROBOTS_BYTES: usize = 500 * 1024;

/// Characters of one line that are read; no usable address is longer.
const MAX_LINE_CHARS: usize = 2048;

/// One `Allow` or `Disallow` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The line's number in the file, from 1.
    pub line: u32,
    /// Whether the line allows.
    pub allow: bool,
    /// The path pattern, percent-encoding normalised.
    pub pattern: String,
}

/// What a robots.txt says to one crawler.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// `Crawl-delay` of the crawler's group, in seconds.
    pub crawl_delay_s: Option<f64>,
    /// `Sitemap` lines, wherever in the file they stand.
    pub sitemaps: Vec<String>,
}

impl Robots {
    /// Reads a file for the crawler whose product token is `token`, such as `gleaner`.
    #[must_use]
    pub fn parse(bytes: &[u8], token: &str) -> Self {
        let bytes = &bytes[..bytes.len().min(MAX_ROBOTS_BYTES)];
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let capped: String = text
            .split(['\n', '\r'])
            .map(|line| {
                line.chars()
                    .filter(|c| *c != '\0')
                    .take(MAX_LINE_CHARS)
                    .collect::<String>()
            })
            .collect::<Vec<_>>()
            .join("\n");
        let mut reader = Reader::new(token);
        parse_robotstxt(&capped, &mut reader);
        reader.finish()
    }

    /// The rule that decides about an address: the longest pattern that matches, `Allow` on equal
    /// length (RFC 9309, 2.2.2); none when no rule matches, which allows.
    ///
    /// `path` is the address's path with its query.
    #[must_use]
    pub fn rule_for(&self, path: &str) -> Option<&Rule> {
        let path = normalised(path);
        self.rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
    }

    /// Whether the path may be fetched. `/robots.txt` itself always may.
    #[must_use]
    pub fn allows(&self, path: &str) -> bool {
        path == "/robots.txt" || self.rule_for(path).is_none_or(|rule| rule.allow)
    }
}

/// Collects groups while the crate's parser calls out lines.
#[allow(clippy::struct_excessive_bools)] // Independent facts about the group being read.
struct Reader {
    token: String,
    /// Whether the lines being read belong to a group for this crawler, and for everyone.
    ours: bool,
    everyones: bool,
    /// User-agent lines follow each other within one group.
    in_agents: bool,
    found_ours: bool,
    specific: Robots,
    general: Robots,
    sitemaps: Vec<String>,
}

impl Reader {
    fn new(token: &str) -> Self {
        Self {
            token: token.to_ascii_lowercase(),
            ours: false,
            everyones: false,
            in_agents: false,
            found_ours: false,
            specific: Robots::default(),
            general: Robots::default(),
            sitemaps: Vec::new(),
        }
    }

    fn groups(&mut self) -> impl Iterator<Item = &mut Robots> {
        let specific = self.ours.then_some(&mut self.specific);
        let general = self.everyones.then_some(&mut self.general);
        specific.into_iter().chain(general)
    }

    fn rule(&mut self, line: u32, allow: bool, value: &str) {
        self.in_agents = false;
        if value.is_empty() {
            return;
        }
        let pattern = normalised(value);
        for group in self.groups() {
            group.rules.push(Rule {
                line,
                allow,
                pattern: pattern.clone(),
            });
        }
    }

    fn finish(self) -> Robots {
        let mut robots = if self.found_ours {
            self.specific
        } else {
            self.general
        };
        robots.sitemaps = self.sitemaps;
        robots
    }
}

impl RobotsParseHandler for Reader {
    fn handle_robots_start(&mut self) {}

    fn handle_robots_end(&mut self) {}

    fn handle_user_agent(&mut self, _line: u32, agent: &str) {
        if !self.in_agents {
            self.ours = false;
            self.everyones = false;
            self.in_agents = true;
        }
        // RFC 9309, 2.2.1: the product token, without version or comment.
        let token: String = agent
            .trim()
            .chars()
            .take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
            .collect();
        if agent.trim().starts_with('*') {
            self.everyones = true;
        } else if token.eq_ignore_ascii_case(&self.token) {
            self.ours = true;
            self.found_ours = true;
        }
    }

    fn handle_allow(&mut self, line: u32, value: &str) {
        self.rule(line, true, value);
    }

    fn handle_disallow(&mut self, line: u32, value: &str) {
        self.rule(line, false, value);
    }

    fn handle_sitemap(&mut self, _line: u32, value: &str) {
        self.sitemaps.push(value.to_owned());
    }

    fn handle_unknown_action(&mut self, _line: u32, action: &str, value: &str) {
        if action.eq_ignore_ascii_case("crawl-delay") {
            self.in_agents = false;
            let delay = value.trim().parse::<f64>().ok();
            let delay = delay.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
            for group in self.groups() {
                group.crawl_delay_s = group.crawl_delay_s.or(delay);
            }
        }
    }
}

/// Percent-encoding in one form (RFC 9309, 2.2.2): characters outside ASCII encoded, encoded
/// unreserved characters decoded, hexadecimal digits in upper case.
fn normalised(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let escaped = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => {
                out.push(char::from(code));
                at += 3;
            }
            Some(code) => {
                let _ = write!(out, "%{code:02X}");
                at += 3;
            }
            None if byte.is_ascii() => {
                out.push(char::from(byte));
                at += 1;
            }
            None => {
                let _ = write!(out, "%{byte:02X}");
                at += 1;
            }
        }
    }
    out
}

/// Whether a pattern with `*` and a closing `$` matches the start of a path.
///
/// Each part between wildcards is searched for once, leftmost first, which is enough because `*`
/// matches anything: time grows with the path times the longest part, not with the wildcards.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return !anchored || rest.is_empty();
    };
    for part in middle {
        match memchr::memmem::find(rest.as_bytes(), part.as_bytes()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if anchored {
        rest.ends_with(last)
    } else {
        memchr::memmem::find(rest.as_bytes(), last.as_bytes()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes(), "gleaner").allows(path)
    }

    /// Behaviours of RFC 9309 and of Google's published test cases, as file, path, allowed.
    #[test]
    fn rules_of_the_standard_hold() {
        let cases: &[(&str, &str, bool)] = &[
            ("", "/x", true),
            ("User-agent: *\nDisallow: /", "/x", false),
            ("User-agent: *\nDisallow: /", "/robots.txt", true),
            ("User-agent: *\nDisallow:", "/x", true),
            ("user-agent: Gleaner\ndisallow: /x", "/x/y", false),
            ("User-agent: other\nDisallow: /", "/x", true),
            // The own group replaces the general one.
            (
                "User-agent: *\nDisallow: /\n\nUser-agent: gleaner\nAllow: /a",
                "/b",
                true,
            ),
            // Groups for the same crawler are merged.
            (
                "User-agent: gleaner\nDisallow: /a\n\nUser-agent: gleaner\nDisallow: /b",
                "/b",
                false,
            ),
            // Several agents share a group.
            (
                "User-agent: x\nUser-agent: gleaner\nDisallow: /a",
                "/a",
                false,
            ),
            // The longest match wins; on equal length, Allow.
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
            ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false),
            ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
            // Wildcards and the end.
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true),
            ("User-agent: *\nDisallow: /a*b*c", "/axxbyyc", false),
            ("User-agent: *\nDisallow: /fish*", "/fishheads", false),
            ("User-agent: *\nDisallow: /fish/", "/fish", true),
            // Paths are case-sensitive; encodings are equal.
            ("User-agent: *\nDisallow: /A", "/a", true),
            ("User-agent: *\nDisallow: /%7ejoe", "/~joe/x", false),
            ("User-agent: *\nDisallow: /ツ", "/%E3%83%84", false),
            // A byte order mark, comments and CR line ends do no harm.
            (
                "\u{feff}User-agent: *\r\nDisallow: /a # no\r\n",
                "/a",
                false,
            ),
            // A version after the product token is ignored.
            ("User-agent: gleaner/2.0\nDisallow: /a", "/a", false),
            ("User-agent: gleanerbot\nDisallow: /a", "/a", true),
        ];
        for (file, path, expected) in cases {
            assert_eq!(allows(file, path), *expected, "{file:?} on {path}");
        }
    }

    #[test]
    fn delay_and_sitemaps_are_read() {
        let robots = Robots::parse(
            b"Sitemap: https://a.example/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x",
            "gleaner",
        );
        assert_eq!(robots.crawl_delay_s, Some(2.5));
        assert_eq!(robots.sitemaps, ["https://a.example/s.xml"]);
        assert_eq!(robots.rule_for("/x/1").map(|rule| rule.line), Some(4));
    }

    #[test]
    fn hostile_files_are_read_and_matched() {
        let wildcards = format!("User-agent: *\nDisallow: /{}", "*a".repeat(400_000));
        let unicode = format!("User-agent: *\nDisallow: /{}", "ü".repeat(300_000));
        let nul = vec![0u8; 1_000_000];
        let path = format!("/{}", "a".repeat(2_000));
        for file in [wildcards.as_bytes(), unicode.as_bytes(), &nul] {
            let _ = Robots::parse(file, "gleaner").allows(&path);
        }
    }

    #[test]
    fn agrees_with_the_crates_matcher_on_harmless_files() {
        use robotstxt::DefaultMatcher;
        let words = [
            "/", "/a", "/a/b", "/a*", "/*.x$", "/a/*/c", "/b?q=1", "/A", "/a$",
        ];
        let paths = ["/", "/a", "/a/b", "/a/x/c", "/y.x", "/b?q=1", "/A/1", "/ab"];
        // Every file of two rules out of the words above.
        for first in words {
            for second in words {
                for kinds in [
                    ("Allow", "Disallow"),
                    ("Disallow", "Disallow"),
                    ("Disallow", "Allow"),
                ] {
                    let file = format!(
                        "User-agent: *\n{}: {first}\n{}: {second}\n",
                        kinds.0, kinds.1
                    );
                    let robots = Robots::parse(file.as_bytes(), "gleaner");
                    for path in paths {
                        let oracle = DefaultMatcher::default().one_agent_allowed_by_robots(
                            &file,
                            "gleaner",
                            &format!("https://a.example{path}"),
                        );
                        assert_eq!(robots.allows(path), oracle, "{file} on {path}");
                    }
                }
            }
        }
    }
}
