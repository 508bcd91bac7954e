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
        "",
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
    ("reserved", "", "", "opted_out", "tdmrep.json"),
    ("reserved-not", "tdm-reservation: 0", "", "stored", ""),
];

fn wish(name: &str) -> String {
    format!("/2026/11/05/{name}-story-of-the-harbour")
}

fn opted_out(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    if asked.path == "/" {
        let paths: Vec<String> = WISHES.iter().map(|(name, ..)| wish(name)).collect();
        return page(out, front(&paths));
    }
    if asked.path == "/.well-known/tdmrep.json" {
        return answer(
            out,
            "200 OK",
            r#"[{"location": "/2026/11/05/reserved", "tdm-reservation": 1}]"#,
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
