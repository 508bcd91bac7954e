//! robots.txt by RFC 9309: read once, matched in linear time.
//!
//! The `robotstxt` crate's parser reads the lines; its matcher is left alone, because it panics on
//! long lines that are not ASCII and backtracks without bound on many wildcards. What it gets is
//! capped first: 500 KiB (RFC 9309, 2.5) and no line longer than any address.

use robotstxt::{RobotsParseHandler, parse_robotstxt};

use super::path_pattern::{matches, normalised};

/// Bytes of a robots.txt that are read; RFC 9309, 2.5 asks for at least this many.
pub const MAX_ROBOTS_BYTES: usize = 500 * 1024;

/// Bytes of one line that are read, as in Google's parser (8 times the 2,083 of the longest address
/// a browser took). The crate's parser cuts there too, but in the middle of a character.
const MAX_LINE_BYTES: usize = 2083 * 8 - 64;

/// Lines of no meaning to us that are kept for people; a file of nothing but noise is no use to them.
const MAX_OTHER_LINES: usize = 100;

/// One `Allow` or `Disallow` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsRule {
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
    rules: Vec<RobotsRule>,
    /// `Crawl-delay` of the crawler's group, in seconds.
    pub crawl_delay_s: Option<f64>,
    /// `Sitemap` lines, wherever in the file they stand.
    pub sitemaps: Vec<String>,
    /// `Content-Usage` (IETF AI preferences) and `Content-Signal` lines of the crawler's group:
    /// what the content may be used for. Reported, not acted on.
    pub usage: Vec<String>,
    /// Lines with a name that no standard knows, as `name: value`; the first 100.
    pub other: Vec<String>,
}

impl Robots {
    /// Reads a file for the crawler whose product token is `token`, such as `gleaner`.
    #[must_use]
    pub fn parse(bytes: &[u8], token: &str) -> Self {
        let bytes = whole_lines(bytes);
        let text = String::from_utf8_lossy(bytes);
        let capped: String = text
            .trim_start_matches('\u{feff}')
            .replace("\r\n", "\n")
            .split(['\n', '\r'])
            .map(|line| &line[..line.floor_char_boundary(MAX_LINE_BYTES)])
            .collect::<Vec<_>>()
            .join("\n")
            .replace('\0', "");
        let mut reader = GroupReader {
            token: token.to_owned(),
            ..GroupReader::default()
        };
        parse_robotstxt(&capped, &mut reader);
        reader.finish()
    }

    /// The rule that decides about an address: the longest pattern that matches, `Allow` on equal
    /// length (RFC 9309, 2.2.2); none when no rule matches, which allows.
    ///
    /// `path` is the address's path with its query.
    #[must_use]
    pub fn rule_for(&self, path: &str) -> Option<&RobotsRule> {
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

/// What is read of a file: 500 KiB, without the line that the limit cuts in two.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    let Some(read) = bytes.get(..MAX_ROBOTS_BYTES) else {
        return bytes;
    };
    let end = memchr::memrchr2(b'\n', b'\r', read);
    end.map_or(read, |end| &read[..end])
}

/// Collects the groups that hold for a crawler while the `robotstxt` crate's parser calls out lines.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // Independent facts about the group being read.
struct GroupReader {
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
    other: Vec<String>,
}

impl GroupReader {
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
        // As Google reads it: who allows a folder's index file means the folder's address too.
        let folder = allow
            .then(|| pattern.rfind("/index.htm"))
            .flatten()
            .filter(|at| !pattern[at + 1..].contains('/'))
            .map(|at| format!("{}/$", &pattern[..at]));
        for pattern in std::iter::once(pattern).chain(folder) {
            for group in self.groups() {
                group.rules.push(RobotsRule {
                    line,
                    allow,
                    pattern: pattern.clone(),
                });
            }
        }
    }

    fn finish(self) -> Robots {
        let mut robots = if self.found_ours {
            self.specific
        } else {
            self.general
        };
        robots.sitemaps = self.sitemaps;
        robots.other = self.other;
        robots
    }
}

impl RobotsParseHandler for GroupReader {
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
        let everyone = agent.trim().strip_prefix('*');
        if everyone.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
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

    // Lines outside the standard must not interfere with it (RFC 9309, 2.2.4): they end no list of
    // agents.
    fn handle_unknown_action(&mut self, _line: u32, action: &str, value: &str) {
        match action.to_ascii_lowercase().as_str() {
            "crawl-delay" => {
                let delay = value.trim().parse::<f64>().ok();
                let delay = delay.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
                for group in self.groups() {
                    group.crawl_delay_s = group.crawl_delay_s.or(delay);
                }
            }
            name @ ("content-usage" | "content-signal") => {
                let line = format!("{name}: {value}");
                for group in self.groups() {
                    if group.usage.len() < MAX_OTHER_LINES {
                        group.usage.push(line.clone());
                    }
                }
            }
            _ if self.other.len() < MAX_OTHER_LINES => {
                self.other.push(format!("{action}: {value}"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
