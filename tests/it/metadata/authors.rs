//! Who wrote it.

use gleaner::{Options, extract};

use super::{linked, read};

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
