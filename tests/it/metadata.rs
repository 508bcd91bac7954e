//! Traps of metadata: `fixtures/metadata` has a page of our own for each, beside what its record
//! must say.

mod authors;
mod dates;
mod hostile;
mod traps;

use gleaner::{Options, Record, extract};
use url::Url;

const STORY: &str = "<p>After ninety dry days it rained in the valley on Monday, and the farmers \
    stood in their yards to watch it fall on the fields, as they had hoped they would.</p>";

fn read(head: &str, body: &str) -> Record {
    let html = format!(
        "<html lang=en><head>{head}</head><body><article>{body}{STORY}</article></body></html>"
    );
    let url = Url::parse("https://www.valleypost.example/news/rain-at-last").expect("an address");
    let fetched: jiff::Timestamp = "2026-03-10T12:00:00Z".parse().expect("a time");
    let options = Options::default().fetched(fetched);
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
fn broken_json_is_read_as_far_as_it_goes() {
    let record = linked(
        "/* made by hand */ {\"@type\": \"NewsArticle\", \"headline\": \"Rain at last\\ud800\",\n \"author\": \"By Jane Doe, Senior Reporter\", \"datePublished\": \"2026-03-01\",}",
    );
    assert_eq!(record.authors, ["Jane Doe"]);
    assert_eq!(record.published.as_deref(), Some("2026-03-01"));
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
