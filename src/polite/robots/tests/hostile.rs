//! Files that are made to hurt.

use super::super::*;

/// A file of 1 MB that is made to hurt, by what is in it.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let fill = |unit: &str| unit.repeat(1_000_000 / unit.len()).into_bytes();
    let under = |rules: Vec<u8>| [b"User-agent: *\n".to_vec(), rules].concat();
    let varied: Vec<u8> = (0..70_000u32)
        .flat_map(|n| format!("Disallow: *a{n}\n").into_bytes())
        .collect();
    vec![
        (
            "wildcards in one line",
            under([b"Disallow: /".to_vec(), fill("*a")].concat()),
        ),
        (
            "wildcards in many lines",
            under(fill("Disallow: /*a*a*a*a*a*a*a*a*a*b\n")),
        ),
        ("many different rules", under(varied)),
        (
            "a long line outside ASCII",
            under([b"Disallow: /".to_vec(), fill("ü")].concat()),
        ),
        (
            "many long lines outside ASCII",
            under(fill(&format!("Disallow: /{}\n", "漢".repeat(9000)))),
        ),
        ("no line end", fill("a")),
        ("NULs", vec![0; 1_000_000]),
        ("agents", fill("User-agent: gleaner\n")),
        ("line ends", fill("\r\n\n\r")),
        ("colons", fill(":")),
        ("comments", fill("#\n")),
        (
            "percent signs",
            under([b"Disallow: /".to_vec(), fill("%")].concat()),
        ),
        ("bytes of no encoding", vec![0xff; 1_000_000]),
    ]
}

/// The work is bounded, on a machine of any speed: what is kept of a file is no longer than what is
/// read of it, and matching looks at each byte of a rule and of the path once
/// ([`crate::polite::pattern`]).
#[test]
fn hostile_files_keep_to_the_limits() {
    let path = format!("/{}", "a".repeat(2_000));
    for (name, file) in hostile() {
        let robots = Robots::parse(&file, "gleaner");
        // Percent-encoding is three times as long as what it stands for.
        let kept: usize = robots.rules.iter().map(|rule| rule.pattern.len()).sum();
        assert!(
            kept <= 3 * MAX_ROBOTS_BYTES,
            "{name}: {kept} bytes of rules"
        );
        assert!(robots.other.len() <= MAX_OTHER_LINES, "{name}");
        assert!(
            robots
                .rules
                .iter()
                .all(|rule| rule.pattern.len() <= 3 * MAX_LINE_BYTES),
            "{name}"
        );
        let _ = robots.rule_for(&path);
    }
}
