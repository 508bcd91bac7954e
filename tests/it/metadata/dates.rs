//! When it was published, and whose date it is.

use gleaner::dom::Document;
use gleaner::record::Kind;
use gleaner::{Hints, Options, body, evidence, extract, fields};
use url::Url;

use super::{STORY, read};

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
        let mut draft = body::choose(&page, &evidence, body::Settings::default());
        draft.page_type.kind = Kind::Listing;
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
fn a_related_storys_date_is_left_alone() {
    let record = read(
        "",
        "<h1>Rain at last</h1><aside><time datetime=2020-01-01>old</time></aside>",
    );
    assert_eq!(record.published, None);
}
