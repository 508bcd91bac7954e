//! Generated files and patterns, judged by others as well.

use robotstxt::DefaultMatcher;

use super::super::*;
use crate::polite::path_pattern;

/// The crate's matcher on files that do it no harm, and that it reads right: behind a wildcard it
/// looks only at the first place where the next character occurs (`/*.php` misses `/a.b.php`), and
/// it ends a list of agents at lines outside the standard.
#[test]
fn agrees_with_the_crates_matcher_on_generated_files() {
    const FILES: u32 = 100_000;
    let mut random = Random(0x5eed_0fab);
    let mut forbidden = 0;
    for n in 0..FILES {
        let file = harmless(&mut random);
        let robots = Robots::parse(file.as_bytes(), "gleaner");
        for _ in 0..3 {
            let path = random.path();
            let url = format!("https://a.example{path}");
            let oracle =
                DefaultMatcher::default().one_agent_allowed_by_robots(&file, "gleaner", &url);
            let ours = robots.rule_for(&path).is_none_or(|rule| rule.allow);
            assert_eq!(ours, oracle, "file {n} on {path}:\n{file}");
            forbidden += u32::from(!ours);
        }
    }
    // A generator that forbade nothing would prove nothing.
    assert!(
        forbidden > FILES / 4,
        "{forbidden} of {} forbidden",
        3 * FILES
    );
}

/// Wildcards of every kind, against regular expressions that say the same.
#[test]
fn wildcards_mean_what_regular_expressions_say() {
    const PARTS: &[&str] = &["/", "a", "b", "ab", "*", "*", "."];
    let mut random = Random(0x0dd_ba11);
    let mut matched = 0;
    for _ in 0..5_000 {
        let mut pattern = random.some(PARTS, 7);
        let anchored = random.below(3) == 0;
        let mut expression = format!("^{}", regex::escape(&pattern).replace(r"\*", ".*"));
        if anchored {
            pattern.push('$');
            expression.push('$');
        }
        let oracle = regex::Regex::new(&expression).expect("escaped");
        for _ in 0..5 {
            let path = format!("/{}", random.some(&["/", "a", "b", "ab", "."], 9));
            let ours = path_pattern::matches(&pattern, &path);
            assert_eq!(ours, oracle.is_match(&path), "{pattern} on {path}");
            matched += u32::from(ours);
        }
    }
    assert!(matched > 2_500, "{matched} matched");
}

/// A file with the things that files have: agents, rules, wildcards, comments, noise, line ends.
fn harmless(random: &mut Random) -> String {
    const AGENTS: &[&str] = &[
        "*",
        "gleaner",
        "Gleaner",
        "GLEANER/1.0",
        "other",
        "gleanerbot",
        "* all",
        "*x",
        "gleaner x",
    ];
    const NOISE: &[&str] = &["# a note", "", "Noise", ": /a"];
    const OTHER: &[&str] = &[
        "Crawl-delay: 3",
        "Sitemap: https://a.example/s.xml",
        "Host: a",
    ];
    let end = *random.pick(&["\n", "\r\n", "\r"]);
    let mut file = String::new();
    let mut among_agents = true;
    for _ in 0..random.below(12) {
        let kind = random.below(11);
        let line = match kind {
            0..=2 => format!("User-agent: {}", random.pick(AGENTS)),
            3..=5 => format!(
                "{}: {}",
                random.pick(&["Disallow", "disallow", "DISALLOW ", "Dissallow"]),
                random.pattern()
            ),
            6..=7 => format!(
                "{}:{}",
                random.pick(&["Allow", "allow", " Allow"]),
                random.pattern()
            ),
            8 => format!("Disallow {}# note", random.pattern()),
            9 if !among_agents => (*random.pick(OTHER)).to_owned(),
            _ => (*random.pick(NOISE)).to_owned(),
        };
        // Without a pattern, a line without a colon is no rule.
        among_agents = kind <= 2 || (among_agents && kind >= 8);
        file.push_str(&line);
        file.push_str(end);
    }
    file
}

/// xorshift64*: the same files on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        let at = self.below(among.len() as u64);
        &among[usize::try_from(at).unwrap_or(0)]
    }

    fn some(&mut self, parts: &[&str], most: u64) -> String {
        (0..self.below(most)).map(|_| *self.pick(parts)).collect()
    }

    fn pattern(&mut self) -> String {
        const PARTS: &[&str] = &[
            "/",
            "/a",
            "/b",
            "a",
            "b",
            "/index.html",
            "/ü",
            "/%C3%BC",
            "-",
            "*-",
            "*.x",
            "*?q",
        ];
        format!(
            "{}{}",
            self.some(PARTS, 4),
            self.pick(&["", "", "*", "$", "*$"])
        )
    }

    /// A path with each of `-`, `.` and `?` once at most.
    fn path(&mut self) -> String {
        const PARTS: &[&str] = &["/", "a", "b", "/a", "/b", "/%C3%BC"];
        let mut path = format!("/{}", self.some(PARTS, 4));
        let ends = [&["", "-"][..], &["", ".x", "/index.html"], &["", "?q"]];
        for end in ends {
            path.push_str(self.pick::<&str>(end));
        }
        path
    }
}
