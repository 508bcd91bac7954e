//! What pages say about being stored and followed.

use std::net::TcpStream;

use crate::hostile::desk::Desk;
use crate::hostile::server::{Asked, Server, answer, front, page, story};

#[test]
fn pages_that_opt_out_are_left_out_for_a_reason() {
    let server = Server::start(opted_out);
    let settings = "[fetch]\nallow_private_addresses = true\n";
    let desk = Desk::new(settings);
    let seeds = [server.url("wishes", "/")];
    desk.crawl(&seeds);
    let outcomes = desk.outcomes();
    for (name, _, _, outcome, reason) in WISHES {
        let (found, why) = &outcomes[&server.url("wishes", &wish(name))];
        let why = why.as_deref().unwrap_or_default();
        assert_eq!(found.as_deref(), Some(*outcome), "{name}: {why}");
        assert!(
            why.starts_with(reason) && (why.is_empty() == reason.is_empty()),
            "{name}: {why}"
        );
    }
    // A front page that leads nowhere says why.
    desk.crawl(&[server.url("shy", "/")]);
    let outcomes = desk.outcomes();
    assert_eq!(
        outcomes[&server.url("shy", "/")],
        (
            Some("discovered".to_owned()),
            Some("X-Robots-Tag: nofollow".to_owned())
        )
    );
    assert!(!outcomes.contains_key(&server.url("shy", &wish("plain"))));
    // A page that was no article before it was read is not stored either, and this is why.
    desk.crawl(&[server.url("wishes", "/named-by-hand")]);
    assert_eq!(
        desk.outcomes()[&server.url("wishes", "/named-by-hand")],
        (
            Some("discovered".to_owned()),
            Some("X-Robots-Tag: noindex".to_owned())
        )
    );
    // Where links may not be followed, they are not.
    let beyond = |name: &str| {
        outcomes.contains_key(&server.url("wishes", &format!("{}-part-two", wish(name))))
    };
    assert!(beyond("plain") && !beyond("nofollow") && !beyond("none"));

    let liberal = Desk::new(&format!(
        "{settings}[optout]\nnoindex = \"ignore\"\nnoai = \"no_copy\"\n"
    ));
    liberal.crawl(&seeds);
    let outcomes = liberal.outcomes();
    for (name, expected) in [
        ("noindex", "stored"),
        ("noai", "stored"),
        ("tdm-header", "opted_out"),
    ] {
        let (found, why) = &outcomes[&server.url("wishes", &wish(name))];
        assert_eq!(found.as_deref(), Some(expected), "{name}: {why:?}");
    }
}

/// Pages: name, a header, an element, what becomes of it, and the start of the reason.
const WISHES: &[(&str, &str, &str, &str, &str)] = &[
    ("plain", "", "", "stored", ""),
    (
        "noindex",
        "X-Robots-Tag: noindex",
        "",
        "opted_out",
        "X-Robots-Tag: noindex",
    ),
    (
        "by-name",
        "X-Robots-Tag: gleaner: noindex",
        "",
        "opted_out",
        "X-Robots-Tag: noindex",
    ),
    (
        "by-other-name",
        "X-Robots-Tag: otherbot: noindex",
        "",
        "stored",
        "",
    ),
    (
        "none",
        "",
        "<meta name=robots content=none>",
        "opted_out",
        "meta robots: none",
    ),
    (
        "nofollow",
        "",
        "<meta name=gleaner content=nofollow>",
        "stored",
        "meta gleaner: nofollow",
    ),
    (
        "noarchive",
        "",
        "<meta name=robots content=noarchive>",
        "stored",
        "meta robots: noarchive",
    ),
    (
        "noai",
        "X-Robots-Tag: noai",
        "",
        "opted_out",
        "X-Robots-Tag: noai",
    ),
    (
        "over",
        "X-Robots-Tag: unavailable_after: 2020-01-01",
        "",
        "opted_out",
        "X-Robots-Tag: unavailable_after",
    ),
    (
        "tdm-header",
        "tdm-reservation: 1",
        "",
        "opted_out",
        "header tdm-reservation",
    ),
    (
        "tdm-meta",
        "",
        "<meta name=tdm-reservation content=1>",
        "opted_out",
        "meta tdm-reservation",
    ),
    (
        "several",
        "X-Robots-Tag: noarchive, nofollow",
        "",
        "stored",
        "X-Robots-Tag: noarchive; X-Robots-Tag: nofollow",
    ),
    ("reserved", "", "", "opted_out", "tdmrep.json"),
    ("reserved-not", "tdm-reservation: 0", "", "stored", ""),
];

fn wish(name: &str) -> String {
    format!("/2026/11/05/{name}-story-of-the-harbour")
}

fn opted_out(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    if asked.path == "/" {
        let paths: Vec<String> = WISHES.iter().map(|(name, ..)| wish(name)).collect();
        let tag = if asked.host == "shy" {
            "nofollow"
        } else {
            "all"
        };
        let head = format!("200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: {tag}");
        return answer(out, &head, front(&paths));
    }
    if asked.path == "/.well-known/tdmrep.json" {
        return answer(
            out,
            "200 OK",
            r#"[{"location": "/2026/11/05/reserved", "tdm-reservation": 1}]"#,
        );
    }
    if asked.path == "/named-by-hand" {
        return answer(
            out,
            "200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noindex",
            story(&asked.host, &asked.path),
        );
    }
    let Some((_, header, element, ..)) = WISHES.iter().find(|(name, ..)| asked.path == wish(name))
    else {
        return answer(out, "404 Not Found", "");
    };
    let more = format!(
        "{element}</head><a href=\"{0}-part-two\">The story goes on</a>",
        asked.path
    );
    let body = story(&asked.host, &asked.path).replacen("</head>", &more, 1);
    let header = if header.is_empty() {
        "X-Nothing: 1"
    } else {
        header
    };
    answer(
        out,
        &format!("200 OK\r\nContent-Type: text/html\r\n{header}"),
        body,
    )
}

/// Who is led to another host is told of that host's reservations as well.
#[test]
fn no_redirect_leads_past_a_reservation() {
    let server = Server::start(
        |asked, out| match (asked.host.as_str(), asked.path.as_str()) {
            (_, "/robots.txt") => answer(out, "404 Not Found", ""),
            ("new", "/.well-known/tdmrep.json") => answer(
                out,
                "200 OK",
                r#"[{"location": "/2026/11/05/res", "tdm-reservation": 1}]"#,
            ),
            ("old", "/") => page(out, front(&["reserved", "open"].map(wish))),
            ("old", path) if path.starts_with("/2026/") => {
                let port = asked.header("host").and_then(|host| host.split(':').nth(1));
                let port = port.unwrap_or_default();
                let target = format!("http://new.localhost:{port}{path}");
                answer(out, &format!("301 Moved\r\nLocation: {target}"), "")
            }
            ("new", path) if path.starts_with("/2026/") => page(out, story(&asked.host, path)),
            _ => answer(out, "404 Not Found", ""),
        },
    );
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    desk.crawl(&[server.url("old", "/")]);
    let outcomes = desk.outcomes();
    let of = |name: &str| &outcomes[&server.url("old", &wish(name))];
    assert_eq!(
        *of("reserved"),
        (
            Some("opted_out".to_owned()),
            Some("tdmrep.json: reserved from mining".to_owned())
        )
    );
    assert_eq!(of("open").0.as_deref(), Some("stored"));
}

/// The README's table, the one in the settings and the defaults say the same.
#[test]
fn what_wishes_do_is_told_as_it_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there");
    let settings = std::fs::read_to_string(root.join("config/gleaner.toml")).expect("there");
    let value: toml::Value = settings.parse().map(toml::Value::Table).expect("TOML");
    let defaults = value["optout"].as_table().expect("a section");
    assert_eq!(defaults.len(), 6);
    for (key, default) in defaults {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{key}` |")))
            .unwrap_or_else(|| panic!("no row for {key}"));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert!(cells[3].starts_with(&format!("`{default}`")), "{row}");
        let told = settings
            .lines()
            .find(|line| {
                line.split('|')
                    .next()
                    .is_some_and(|cell| cell.trim_matches(['#', ' ']) == key)
            })
            .unwrap_or_else(|| panic!("{key} is not in the table of the settings"));
        let said_by = told.split('|').nth(1).unwrap_or_default().trim();
        assert!(
            said_by.starts_with(&cells[2].replace('`', "")),
            "{told} and {row}"
        );
    }
    let in_code = toml::to_string(&gleaner::config::Config::default().optout).expect("plain");
    let in_code: toml::Table = in_code.parse().expect("TOML");
    assert_eq!(&in_code, defaults);
}
