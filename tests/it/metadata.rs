//! Traps of metadata: `fixtures/metadata` has a page of our own for each, beside what its record
//! must say.

mod hostile;

use std::fs;
use std::path::{Path, PathBuf};

use gleaner::dom::Document;
use gleaner::record::Kind;
use gleaner::{Extraction, Hints, Options, Record, body, evidence, extract, fields};
use serde_json::Value;
use url::Url;

const STORY: &str = "<p>After ninety dry days it rained in the valley on Monday, and the farmers \
    stood in their yards to watch it fall on the fields, as they had hoped they would.</p>";

fn read(head: &str, body: &str) -> Record {
    let html = format!(
        "<html lang=en><head>{head}</head><body><article>{body}{STORY}</article></body></html>"
    );
    let url = Url::parse("https://www.valleypost.example/news/rain-at-last").expect("an address");
    let options = Options {
        fetched: Some("2026-03-10T12:00:00Z".parse().expect("a time")),
        ..Options::default()
    };
    extract(&html, Some(&url), &options).record
}

fn linked(json: &str) -> Record {
    read(
        &format!("<script type=application/ld+json>{json}</script>"),
        "<h1>Rain at last</h1>",
    )
}

#[test]
fn a_title_sheds_the_sites_name() {
    let record = read(
        "<title>Rain &amp; wind at last | Valley Post</title><meta property=og:site_name content='Valley Post'>",
        "<h1>Valley Post</h1>",
    );
    assert_eq!(record.title.as_deref(), Some("Rain & wind at last"));
    assert_eq!(record.site_name.as_deref(), Some("Valley Post"));
}

#[test]
fn a_threads_address_says_that_it_is_no_list() {
    let html = format!(
        "<title>Rain at last</title><h1>Rain at last</h1>\
         <div class=post><p>by Hana Vell <time datetime=2026-03-01>1 March</time></p>{STORY}</div>"
    );
    let page = Document::parse(&html);
    let on_a_list = |address: &str| {
        let url = Url::parse(address).expect("an address");
        let evidence = evidence::read(&page, Some(&url), &Hints::default());
        let draft = body::Draft {
            kind: Kind::Listing,
            ..body::choose(&page, &evidence, body::Settings::default())
        };
        let (record, _) = fields::decide(&evidence, &page, &draft, fields::FieldOptions::default());
        (record.published, record.authors)
    };
    for thread in ["viewtopic.php?t=7", "forum/threads/rain-at-last.7/"] {
        let (published, authors) = on_a_list(&format!("https://www.valleypost.example/{thread}"));
        assert_eq!(published.as_deref(), Some("2026-03-01"), "{thread}");
        assert_eq!(authors, ["Hana Vell"], "{thread}");
    }
    for list in ["viewforum.php?f=7", "forum/threads/", "news/"] {
        let found = on_a_list(&format!("https://www.valleypost.example/{list}"));
        assert_eq!(found, (None, vec![]), "{list}");
    }
}

#[test]
fn of_several_articles_the_pages_own_is_read() {
    let record = linked(
        r#"{"@graph": [
            {"@type": "NewsArticle", "headline": "Other news", "author": {"name": "Wrong Person"}, "datePublished": "2025-01-01"},
            {"@type": "NewsArticle", "headline": "Rain at last", "url": "https://www.valleypost.example/news/rain-at-last",
             "author": [{"@id": "person-jd"}, {"@type": "Person", "name": "JOHN MCDONALD"}], "datePublished": "2026-03-01T10:20:30+01:00"},
            {"@type": "Person", "@id": "person-jd", "name": "Jane Doe", "worksFor": {"@id": "person-jd"}}
        ]}"#,
    );
    assert_eq!(record.authors, ["Jane Doe", "John McDonald"]);
    assert_eq!(
        record.published.as_deref(),
        Some("2026-03-01T10:20:30+01:00")
    );
}

#[test]
fn broken_json_is_read_as_far_as_it_goes() {
    let record = linked(
        "/* made by hand */ {\"@type\": \"NewsArticle\", \"headline\": \"Rain at last\\ud800\",\n \"author\": \"By Jane Doe, Senior Reporter\", \"datePublished\": \"2026-03-01\",}",
    );
    assert_eq!(record.authors, ["Jane Doe"]);
    assert_eq!(record.published.as_deref(), Some("2026-03-01"));
}

#[test]
fn an_organisation_is_an_author_only_when_alone() {
    let both = linked(
        r#"{"@type": "NewsArticle", "headline": "Rain at last", "author": [{"@type": "Organization", "name": "Weather Desk United"}, {"@type": "Person", "name": "Jane Doe"}]}"#,
    );
    assert_eq!(both.authors, ["Jane Doe"]);
    let alone = linked(
        r#"{"@type": "NewsArticle", "headline": "Rain at last", "author": {"@type": "Organization", "name": "Associated Press"}}"#,
    );
    assert_eq!(alone.authors, ["Associated Press"]);
    assert_eq!(alone.origin.map(|o| o.name).as_deref(), Some("AP"));
}

#[test]
fn an_address_in_article_author_is_no_name() {
    let record = read(
        "<meta property=article:author content=https://social.example/jane>",
        "<h1>Rain at last</h1><p class=byline>By Jane Doe and John Roe | Follow</p>",
    );
    assert_eq!(record.authors, ["Jane Doe", "John Roe"]);
}

#[test]
fn the_visible_byline_and_dateline_count_where_data_are_silent() {
    let record = read(
        "",
        "<h1>Rain at last</h1><p>Von Anna Müller und Jörg Weiß</p><p>1. März 2026</p>",
    );
    assert_eq!(record.authors, ["Anna Müller", "Jörg Weiß"]);
    assert_eq!(record.published.as_deref(), Some("2026-03-01"));
}

#[test]
fn dates_are_neither_invented_nor_from_the_future() {
    let relative = "<h1>Rain at last</h1><p>3 days ago</p>".to_owned() + STORY;
    let unknown = extract(&relative, None, &Options::default()).record;
    assert_eq!(unknown.published, None, "the fetch is not known");
    let known = read("", "<h1>Rain at last</h1><p>3 days ago</p>");
    assert_eq!(known.published.as_deref(), Some("2026-03-07"));
    let future = read(
        "<meta property=article:published_time content=2027-01-01T00:00:00Z>",
        "<h1>Rain at last</h1>",
    );
    assert_eq!(future.published, None);
}

#[test]
fn published_is_not_modified() {
    let record = read(
        "<meta property=article:modified_time content=2026-03-02T08:00:00Z><meta property=article:published_time content=2026-03-01T08:00:00Z>",
        "<h1>Rain at last</h1>",
    );
    assert_eq!(record.published.as_deref(), Some("2026-03-01T08:00:00Z"));
    assert_eq!(record.modified.as_deref(), Some("2026-03-02T08:00:00Z"));
}

#[test]
fn a_feeds_entry_speaks_where_the_page_is_silent() {
    let html = format!("<html lang=en><h1>Rain at last</h1><p class=x>Read on</p>{STORY}</html>");
    let mut options = Options::default();
    options.hints.title = Some("Rain at last".to_owned());
    options.hints.published = Some("2026-03-01T10:20:30+01:00".to_owned());
    options.hints.authors = vec!["Jane Doe".to_owned()];
    let record = extract(&html, None, &options).record;
    assert_eq!(record.title.as_deref(), Some("Rain at last"));
    let published = Some("2026-03-01T10:20:30+01:00");
    assert_eq!(record.published.as_deref(), published);
    assert_eq!(record.authors, ["Jane Doe"]);
    let own = "<meta name=date content=2026-02-28><meta name=author content='John Roe'>";
    let record = extract(&(own.to_owned() + &html), None, &options).record;
    assert_eq!(
        record.published.as_deref(),
        Some("2026-02-28"),
        "the page goes first"
    );
    assert_eq!(record.authors, ["John Roe"]);
}

#[test]
fn who_wrote_a_story_may_stand_far_below_its_headline() {
    let days = (1..150).map(|day| {
        format!(
            "<p>On day {day} of the drought {} farmers stood in their yards before dawn, and the \
             river had sunk by {} more fingers when they went in to eat.</p>",
            day * 7 % 31,
            day * 3 % 8
        )
    });
    let story: String = days.collect();
    let signed = |line: &str| {
        let html = format!("<html lang=en><body><h1>Rain at last</h1>{story}{line}</body></html>");
        extract(&html, None, &Options::default()).record.authors
    };
    assert_eq!(signed("<h3>Written by Jane Doe</h3>"), ["Jane Doe"]);
    assert_eq!(
        signed("<p>Written by</p><p><a href=/x>Jane Doe</a></p>"),
        ["Jane Doe"]
    );
    let nobody: [&str; 0] = [];
    assert_eq!(signed("<p>Posted by Jane Doe</p>"), nobody, "a comment");
    let related = "<div class=related><p>Written by Jane Doe</p></div>";
    assert_eq!(signed(related), nobody, "another story's author");
}

#[test]
fn a_related_storys_date_is_left_alone() {
    let record = read(
        "",
        "<h1>Rain at last</h1><aside><time datetime=2020-01-01>old</time></aside>",
    );
    assert_eq!(record.published, None);
}

#[test]
fn the_text_wins_over_a_wrong_language() {
    let html = "<html lang=de><h1>Rain at last</h1>".to_owned() + &STORY.repeat(4);
    assert_eq!(
        extract(&html, None, &Options::default())
            .record
            .language
            .as_deref(),
        Some("en")
    );
}

#[test]
fn a_canonical_address_of_a_front_page_or_another_site_is_refused() {
    for href in [
        "https://www.valleypost.example/",
        "https://elsewhere.example/rain",
    ] {
        let record = read(
            &format!("<link rel=canonical href={href}>"),
            "<h1>Rain at last</h1>",
        );
        assert_eq!(record.canonical_url, None, "{href}");
    }
    let record = read(
        "<link rel=canonical href=/news/rain>",
        "<h1>Rain at last</h1>",
    );
    assert_eq!(
        record.canonical_url.as_deref(),
        Some("https://www.valleypost.example/news/rain")
    );
}

#[test]
fn the_conversations_counter_names_origin_and_licence() {
    let record = read(
        "",
        "<h1>Rain at last</h1><img src='https://counter.theconversation.com/content/123456/count.gif'>",
    );
    let origin = record.origin.expect("an origin");
    assert_eq!(origin.name, "The Conversation");
    assert!(
        record
            .license
            .expect("a licence")
            .contains("creativecommons.org")
    );
}

#[test]
fn a_paywall_is_what_the_page_says() {
    let record = linked(
        r#"{"@type": "NewsArticle", "headline": "Rain at last", "isAccessibleForFree": "False"}"#,
    );
    assert_eq!(record.paywalled, Some(true));
    assert_eq!(read("", "<h1>Rain at last</h1>").paywalled, None);
}

/// The pages of `fixtures/metadata`, each with what its record must say.
fn traps() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/metadata");
    let mut found: Vec<(PathBuf, Value)> = fs::read_dir(folder)
        .expect("the folder of traps")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a gold");
            let gold = serde_json::from_str(&text).expect("a gold in JSON");
            (path.with_extension("html"), gold)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() > 70, "only {} traps", found.len());
    found
}

fn extract_trap(page: &Path, gold: &Value, explain: bool) -> Extraction {
    let html = fs::read_to_string(page).expect("a page");
    let url = Url::parse(gold["url"].as_str().expect("an address")).expect("an address");
    let options = Options {
        explain,
        fetched: gold["fetched"]
            .as_str()
            .map(|time| time.parse().expect("a time")),
        ..Options::default()
    };
    extract(&html, Some(&url), &options)
}

#[test]
fn no_trap_catches() {
    let mut caught = Vec::new();
    for (page, gold) in traps() {
        let record = extract_trap(&page, &gold, false).record;
        let record = serde_json::to_value(record).expect("a record is plain data");
        for (field, want) in gold.as_object().expect("a gold is an object") {
            if field == "url" || field == "fetched" {
                continue;
            }
            let empty = Value::Array(Vec::new());
            let found = match record.get(field) {
                Some(found) => found,
                None if want.is_array() => &empty,
                None => &Value::Null,
            };
            if found != want {
                let name = page.file_stem().unwrap_or_default().to_string_lossy();
                caught.push(format!("{name}: {field} is {found}, not {want}"));
            }
        }
    }
    assert!(caught.is_empty(), "{}", caught.join("\n"));
}

#[test]
fn an_explanation_names_the_candidate_that_was_taken() {
    for (page, gold) in traps() {
        let extraction = extract_trap(&page, &gold, true);
        let record = extraction.record;
        let named = |list: Vec<String>| Some(list.join("; ")).filter(|names| !names.is_empty());
        let origin = record.origin.map(|origin| {
            let url = origin.url.unwrap_or_default();
            format!("{} {url}", origin.name).trim_end().to_owned()
        });
        let said = [
            ("title", record.title),
            ("description", record.description),
            ("authors", named(record.authors)),
            ("published", record.published),
            ("modified", record.modified),
            ("language", record.language),
            ("canonical_url", record.canonical_url),
            ("site_name", record.site_name),
            ("section", record.section),
            ("tags", named(record.tags)),
            ("image", record.image),
            ("license", record.license),
            ("origin", origin),
        ];
        for (field, value) in said {
            let taken: Vec<&str> = extraction
                .evidence
                .iter()
                .filter(|c| c.field == field && c.verdict.starts_with("taken: "))
                .map(|c| c.value.as_str())
                .collect();
            assert_eq!(taken, Vec::from_iter(value.as_deref()), "{page:?} {field}");
        }
        let locked = extraction.evidence.iter().any(|candidate| {
            candidate.field == "paywalled" && candidate.verdict.starts_with("taken: ")
        });
        assert_eq!(record.paywalled.unwrap_or(false), locked, "{page:?}");
    }
}

/// What a claim was refused for is told as well, and where it stands.
#[test]
fn an_explanation_says_why_a_claim_was_refused_and_where_it_stands() {
    let html = "<html><head><link rel=canonical href=/><meta property=og:url \
        content=https://www.valleypost.example/news/rain><meta name=description content='Rain at last'>\
        </head><body><h1>Rain at last</h1>"
        .to_owned()
        + STORY;
    let url = Url::parse("https://www.valleypost.example/news/rain?from=x").expect("an address");
    let options = Options {
        explain: true,
        ..Options::default()
    };
    let told: Vec<String> = extract(&html, Some(&url), &options)
        .evidence
        .into_iter()
        .filter(|c| matches!(c.field, "canonical_url" | "description"))
        .map(|c| {
            let place = c.place.unwrap_or_default();
            format!("{} {} {place}: {}", c.field, c.source, c.verdict)
        })
        .collect();
    assert_eq!(
        told,
        [
            "description description html/head/meta: refused: it is the title",
            "canonical_url rel=canonical html/head/link: refused: it is a front page's",
            "canonical_url og:url html/head/meta: taken: the source believed most",
        ]
    );
}
