use proptest::prelude::*;

use super::*;

fn of(text: &str) -> String {
    canonical(&Url::parse(text).expect("a URL")).to_string()
}

fn same(a: &str, b: &str) -> bool {
    let id = |text| page_key(&Url::parse(text).expect("a URL"));
    id(a) == id(b)
}

#[test]
fn one_spelling_for_an_address() {
    for (given, canonical) in [
        ("HTTP://A.Example:80/x", "http://a.example/x"),
        ("https://a.example.:443/x#part", "https://a.example/x"),
        ("https://me:pw@a.example/x", "https://a.example/x"),
        ("https://a.example/x/../y/./z", "https://a.example/y/z"),
    ] {
        assert_eq!(of(given), canonical, "{given}");
    }
    for (given, canonical) in [
        ("/%7euser/%c3%a4", "/~user/%C3%A4"),
        ("/ä", "/%C3%A4"),
        ("/50%-off", "/50%25-off"),
        ("/x?", "/x"),
        ("/x?b=2&&a=1&b=1", "/x?a=1&b=2&b=1"),
        ("/n/index.html", "/n/"),
        ("/index.php?id=3", "/index.php?id=3"),
        ("/index.php?utm_id=3", "/"),
        ("/x;jsessionid=1A2B?q=1", "/x?q=1"),
        ("/(S(lit3py55t21z5v55vlm25s55))/x", "/x"),
        ("/x?PHPSESSID=1&fbclid=2&ref=rss", "/x"),
        ("/x?ref=4711", "/x?ref=4711"),
        ("/x?sid=0123456789abcdef0", "/x"),
        ("/x?sid=12", "/x?sid=12"),
    ] {
        let [given, canonical] = [given, canonical].map(|path| format!("https://a.example{path}"));
        assert_eq!(of(&given), canonical, "{given}");
    }
}

#[test]
fn twins_are_one_article() {
    let article = "https://www.news.example/2026/05/flood-in-town.html";
    for twin in [
        "http://news.example/2026/05/flood-in-town.html",
        "https://m.news.example/2026/05/flood-in-town.html?m=1",
        "https://amp.news.example/2026/05/flood-in-town.html",
        "https://www.news.example/amp/2026/05/flood-in-town.html",
        "https://www.news.example/2026/05/flood-in-town.amp.html",
        "https://www.news.example/2026/05/flood-in-town.html?amp",
        "https://www.news.example/2026/05/flood-in-town.html?outputType=amp",
    ] {
        assert!(same(article, twin), "{twin}");
    }
    assert!(same(
        "https://a.example/story/amp/",
        "https://a.example/story"
    ));
    for other in [
        "https://sport.news.example/2026/05/flood-in-town.html",
        "https://www.news.example/2026/05/flood-in-town.html?page=2",
        "https://www.news.example/2026/05/flood-in-towns.html",
    ] {
        assert!(!same(article, other), "{other}");
    }
}

#[test]
fn a_name_that_is_itself_registered_is_no_twin() {
    assert!(!same("https://m.example/x", "https://example/x"));
    assert!(!same("https://www.co.uk/x", "https://co.uk/x"));
}

#[test]
fn registrable_domains_follow_the_public_suffix_list() {
    let domain = |text| registrable_domain(&Url::parse(text).expect("a URL"));
    assert_eq!(
        domain("https://www.bbc.co.uk/").as_deref(),
        Some("bbc.co.uk")
    );
    assert_eq!(
        domain("https://a.b.github.io/").as_deref(),
        Some("b.github.io")
    );
    assert_eq!(
        domain("https://www.news.example./").as_deref(),
        Some("news.example")
    );
    assert_eq!(domain("http://127.0.0.1:8000/"), None);
    assert_eq!(domain("http://[::1]/"), None);
    assert_eq!(domain("mailto:a@b.example"), None);
}

#[test]
fn sites_without_a_domain_are_told_apart_by_port() {
    let url = |text| Url::parse(text).expect("a URL");
    assert!(same_site(
        &url("https://a.news.example/"),
        &url("http://news.example/")
    ));
    assert!(same_site(
        &url("http://127.0.0.1:1/a"),
        &url("http://127.0.0.1:1/b")
    ));
    assert!(!same_site(
        &url("http://127.0.0.1:1/a"),
        &url("http://127.0.0.1:2/a")
    ));
}

#[test]
fn every_row_of_the_table_names_its_source() {
    for row in rows(include_str!("../../config/tables/tracking.tsv")) {
        assert_eq!(row.len(), 4, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        assert_eq!(row[0], row[0].to_ascii_lowercase(), "{row:?}");
    }
}

proptest! {
    #[test]
    fn canonical_twice_is_canonical_once(
        path in "[/a-c%0-9.;()?&=#_:@ äS-]{0,40}",
        host in "[a-c0-9.-]{1,12}",
    ) {
        if let Ok(url) = Url::parse(&format!("http://{host}/{path}")) {
            let once = canonical(&url);
            prop_assert_eq!(&canonical(&once), &once);
            let _ = (page_key(&url), registrable_domain(&url), host_key(&url));
            prop_assert_eq!(page_key(&once), page_key(&url));
        }
    }

    #[test]
    fn no_address_makes_it_panic(text in "\\PC{0,60}") {
        if let Ok(url) = Url::parse(&text) {
            let once = canonical(&url);
            prop_assert_eq!(&canonical(&once), &once);
            let _ = (page_key(&url), host_key(&url));
        }
    }
}
