//! Files of every kind: what the standard says of them, what Google does, and what must not hurt.

mod generated;
mod hostile;

use super::*;

fn allows(file: &str, path: &str) -> bool {
    Robots::parse(file.as_bytes(), "gleaner").allows(path)
}

/// A file, the paths it allows and the paths it forbids, with blanks between them. The behaviours are
/// those of RFC 9309 and of the test suite that Google publishes with its parser; the cases are ours.
type Case<'c> = (&'c str, &'c str, &'c str);

fn check(cases: &[Case<'_>]) {
    for (file, allowed, forbidden) in cases {
        for path in allowed.split_whitespace() {
            assert!(allows(file, path), "{file:?} should allow {path}");
        }
        for path in forbidden.split_whitespace() {
            assert!(!allows(file, path), "{file:?} should forbid {path}");
        }
    }
}

/// [`check`] for the rules of a file with one group, for everyone.
fn check_rules(cases: &[Case<'_>]) {
    for (rules, allowed, forbidden) in cases {
        let file = format!("User-agent: *\n{rules}");
        check(&[(&file, allowed, forbidden)]);
    }
}

#[test]
fn groups_are_found_by_their_agents() {
    check(&[
        ("", "/ /x", ""),
        ("User-agent: *\nDisallow: /", "/robots.txt", "/ /x"),
        ("User-agent: *\nDisallow:", "/ /x", ""),
        ("User-agent: other\nDisallow: /", "/x", ""),
        // Names of lines and agents in any case.
        ("user-agent: Gleaner\ndisallow: /x", "/y", "/x/y"),
        ("USER-AGENT: GLEANER\nDISALLOW: /\nALLOW: /x/", "/x/y", "/a"),
        ("uSeR-aGeNt: gLeAnEr\ndIsAlLoW: /\naLlOw: /x/", "/x/y", "/a"),
        // The own group replaces the general one, wherever it stands.
        (
            "User-agent: *\nDisallow: /\n\nUser-agent: gleaner\nAllow: /a",
            "/b",
            "",
        ),
        (
            "User-agent: gleaner\nDisallow: /y/\nUser-agent: *\nDisallow: /x/",
            "/x/p",
            "/y/p",
        ),
        // An own group without rules is one all the same.
        (
            "User-agent: gleaner\n\nUser-agent: *\nDisallow: /",
            "",
            "/x",
        ),
        (
            "User-agent: *\nDisallow: /\nUser-agent: gleaner\nDisallow:",
            "/x",
            "",
        ),
        // Groups for one agent are merged, also with other groups between them.
        (
            "User-agent: gleaner\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: gleaner\nDisallow: /b",
            "/c",
            "/a /b",
        ),
        (
            "User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b",
            "/c",
            "/a /b",
        ),
        // Several agents share the rules that follow; blank lines end no group.
        (
            "User-agent: x\nUser-agent: gleaner\n\n\nDisallow: /a",
            "/b",
            "/a",
        ),
        (
            "User-agent: gleaner\nUser-agent: x\nDisallow: /a\nUser-agent: y\nDisallow: /b",
            "/b",
            "/a",
        ),
        // Rules before any agent belong to nobody.
        ("Disallow: /\nUser-agent: gleaner\nAllow: /a", "/b", ""),
        ("Allow: /a\nUser-agent: gleaner\nDisallow: /", "", "/a"),
        // The product token: without version, without what follows a blank, but whole.
        ("User-agent: gleaner/2.0\nDisallow: /a", "/b", "/a"),
        ("User-agent: gleaner news\nDisallow: /a", "/b", "/a"),
        ("User-agent: gleanerbot\nDisallow: /a", "/a", ""),
        ("User-agent: glean\nDisallow: /a", "/a", ""),
        // A star is everyone also with words behind it, but no pattern.
        ("User-agent: * everyone\nDisallow: /a", "/b", "/a"),
        ("User-agent: *bot\nDisallow: /a", "/a", ""),
        ("User-agent: g*\nDisallow: /a", "/a", ""),
        // Lines outside the standard end no list of agents and no group.
        (
            "User-agent: x\nCrawl-delay: 9\nUser-agent: gleaner\nSitemap: https://a.example/s\nDisallow: /a",
            "/b",
            "/a",
        ),
        ("User-agent: gleaner\nNoise: yes\nDisallow: /a", "/b", "/a"),
    ]);
}

#[test]
fn lines_are_read_as_they_are_written() {
    check(&[
        // Line ends of all kinds, a byte order mark, comments, blanks.
        ("User-agent: *\r\nDisallow: /a\r\n", "/b", "/a"),
        ("User-agent: *\rDisallow: /a\r", "/b", "/a"),
        ("\u{feff}User-agent: *\nDisallow: /a", "/b", "/a"),
        (
            "User-agent: *\nDisallow: /a # /b\n#Disallow: /b",
            "/b",
            "/a",
        ),
        ("User-agent: *\nDisallow: /a#b", "/b", "/a /ab"),
        ("  User-agent  :  *  \n\tDisallow\t:\t/a\t", "/b", "/a"),
        ("User-agent: *\n\0Disallow: /a\0", "/b", "/a"),
        // What people write instead.
        ("user-agent gleaner\ndisallow /a", "/b", "/a"),
        ("useragent: gleaner\ndisallow: /a", "/b", "/a"),
        ("user agent: gleaner\ndisallow: /a", "/b", "/a"),
        (
            "User-agent: *\nDissallow: /a\nDisalow: /b\nDiasllow: /c\nDisallaw: /d",
            "/e",
            "/a /b /c /d",
        ),
        // What is no file of rules.
        ("<!doctype html><title>Disallow: /</title>", "/", ""),
        ("foo: gleaner\nbar: /", "/", ""),
        ("User-agent: *\nDisallow: x", "/x /", ""),
    ]);
}

#[test]
fn the_longest_match_decides_and_on_equal_length_the_kinder() {
    check_rules(&[
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", "/a /a/c"),
        ("Allow: /a\nDisallow: /a/b", "/a /a/c", "/a/b/c"),
        ("Disallow: /a\nAllow: /a", "/a", ""),
        ("Allow: /\nDisallow: /", "/a", ""),
        ("Disallow: \nAllow: ", "/a", ""),
        ("Disallow: /x\nAllow: /x/", "/x/", "/x"),
        ("Allow: /page\nDisallow: /*.html", "/page", "/page.html"),
        (
            "Allow: /x/page.\nDisallow: /*.html",
            "/x/page.html",
            "/x/y.html",
        ),
        ("Allow: /p\nDisallow: /", "/page", "/x"),
        ("Allow: /$\nDisallow: /", "/", "/page.html"),
        // RFC 9309, 5.2.
        (
            "Allow: /example/page/\nDisallow: /example/page/disallowed.gif",
            "/example/page/x",
            "/example/page/disallowed.gif",
        ),
        // RFC 9309, 5.1: three groups, of which the second merges with the fourth.
        (
            "Disallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: gleaner\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n",
            "/example/page.html /example/allowed.gif",
            "/publications/ /example/ /x.gif",
        ),
    ]);
}

#[test]
fn paths_match_by_their_start_their_wildcards_and_their_end() {
    check_rules(&[
        (
            "Disallow: /fish",
            "/Fish.asp /catfish /?id=fish",
            "/fish /fish.html /fish/salmon.html /fishheads /fish.php?id=anything",
        ),
        (
            "Disallow: /fish*",
            "/Fish.asp /catfish",
            "/fish /fishheads/yummy.html",
        ),
        (
            "Disallow: /fish/",
            "/fish /fish.html /Fish/Salmon.asp",
            "/fish/ /fish/?id=1 /fish/salmon.htm",
        ),
        (
            "Disallow: /*.php",
            "/ /windows.PHP /php/",
            "/index.php /a/b.php?q //a/any.php.file.html /x.php/ /index?f=filename.php/",
        ),
        (
            "Disallow: /*.php$",
            "/x.php?q /x.php/ /x.php5 /aaaphpaaa",
            "/x.php /a/x.php",
        ),
        (
            "Disallow: /fish*.php",
            "/Fish.PHP",
            "/fish.php /fishheads/catfish.php?q",
        ),
        ("Disallow: /a*b*c", "/acb /ab", "/abc /axxbyyc /abbcd"),
        ("Disallow: /*/b$", "/b /a/bb", "/a/b /a/c/b //b"),
        ("Disallow: *.gif$", "/a.gif?x", "/a.gif"),
        ("Disallow: /a$b", "/a /ab", "/a$b"),
        ("Disallow: /**a", "/b", "/a /xa"),
        ("Disallow: $", "/", ""),
        // An index file that is allowed stands for its folder.
        (
            "Disallow: /\nAllow: /a/index.html",
            "/a/ /a/index.html",
            "/a/index.htm /a/b /",
        ),
    ]);
}

#[test]
fn encodings_of_one_path_are_equal() {
    check_rules(&[
        ("Disallow: /A", "/a", "/A"),
        ("Disallow: /%7ejoe", "/joe", "/~joe/x /%7Ejoe"),
        ("Disallow: /~joe", "/joe", "/%7ejoe/x"),
        ("Disallow: /ツ", "/", "/%E3%83%84 /%e3%83%84"),
        ("Disallow: /%e3%83%84", "/", "/%E3%83%84"),
        // RFC 9309, 2.2.2: unreserved characters are decoded, reserved ones are not.
        ("Disallow: /foo/%62%61%7A", "/foo/ba", "/foo/baz /foo/%62az"),
        ("Disallow: /a%2Fb", "/a/b", "/a%2fb"),
        ("Disallow: /a%3Cd.html", "/a<d.html", "/a%3cd.html"),
        (
            "Disallow: /x?b=http://a.example?t&p",
            "/x",
            "/x?b=http://a.example?t&p",
        ),
        // Broken escapes stand for themselves.
        ("Disallow: /100%", "/10", "/100%"),
        ("Disallow: /%+1", "/%01", "/%+1"),
    ]);
}

#[test]
fn what_stands_beside_the_rules_is_kept() {
    let robots = Robots::parse(
        b"Sitemap: https://a.example/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x\n\
          Content-Usage: train-ai=n\nContent-Signal: search=yes, ai-train=no\nHost: a.example\n\
          User-agent: other\nContent-Usage: train-ai=y\nCrawl-delay: 9",
        "gleaner",
    );
    assert_eq!(robots.crawl_delay_s, Some(2.5));
    assert_eq!(robots.sitemaps, ["https://a.example/s.xml"]);
    assert_eq!(robots.rule_for("/x/1").map(|rule| rule.line), Some(4));
    assert_eq!(
        robots.usage,
        [
            "content-usage: train-ai=n",
            "content-signal: search=yes, ai-train=no"
        ]
    );
    assert_eq!(robots.other, ["Host: a.example"]);
    for noise in ["soon", "-1", "inf", "NaN", ""] {
        let file = format!("User-agent: *\nCrawl-delay: {noise}");
        assert_eq!(
            Robots::parse(file.as_bytes(), "gleaner").crawl_delay_s,
            None
        );
    }
}

#[test]
fn after_500_kib_nothing_is_read_and_no_line_is_read_in_part() {
    let rule = "Disallow: /a/very/long/name/of/a/folder\n";
    let mut file = String::from("User-agent: *\n");
    while file.len() < MAX_ROBOTS_BYTES - 12 {
        file.push_str(rule);
    }
    assert!(file.len() > MAX_ROBOTS_BYTES, "the limit falls into a rule");
    file.push_str("Disallow: /late\n");
    let robots = Robots::parse(file.as_bytes(), "gleaner");
    assert!(!robots.allows("/a/very/long/name/of/a/folder/x"));
    assert!(robots.allows("/late") && robots.allows("/a"));
}
