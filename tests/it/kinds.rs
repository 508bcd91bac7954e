//! Pages that are no stories: each gives what it is, little confidence where there is nothing to read,
//! and its own content where there is.

use std::path::Path;

use gleaner::decode::decode;
use gleaner::record::{Kind, Record};
use gleaner::{Options, extract};
use url::Url;

fn record(path: &str, url: &str) -> Record {
    let path = Path::new("fixtures").join(path);
    let html = std::fs::read(&path).expect("the page is there");
    let html = decode(&html, None).text;
    let url = Url::parse(url).expect("an address");
    extract(&html, Some(&url), &Options::default()).record
}

fn assert_holds(record: &Record, parts: &[&str], chrome: &[&str]) {
    for part in parts {
        assert!(record.text.contains(part), "{part}: {}", record.text);
    }
    for chrome in chrome {
        assert!(!record.text.contains(chrome), "{chrome}: {}", record.text);
    }
}

#[test]
fn a_thread_is_all_its_posts() {
    let forum = record(
        "kinds/forum.html",
        "https://forum.orren.example/t/timber-or-steel-for-a-slipway-cradle/4711",
    );
    assert_eq!(forum.kind, Kind::Forum);
    assert_holds(
        &forum,
        &[
            "two of the bearers are soft",
            "Eleven winters, no movement.",
            "The trouble with steel is that it does not give.",
            "the last Saturday of April",
        ],
        &[
            "Log In",
            "Related topics",
            "Mooring fees",
            "Powered by",
            "8 Likes",
        ],
    );
}

#[test]
fn a_product_is_its_description() {
    let product = record(
        "kinds/product.html",
        "https://shop.harrow.example/products/lakeman-storm-lantern",
    );
    assert_eq!(product.kind, Kind::Product);
    assert_holds(
        &product,
        &[
            "burns for 38 hours",
            "spring cage",
            "Wick 15 mm, three spares in the box",
        ],
        &["Cart", "You may also like", "mailing list", "Refund policy"],
    );
}

#[test]
fn a_manual_keeps_its_sections_and_code() {
    let manual = record(
        "kinds/documentation.html",
        "https://docs.orrenlib.example/en/stable/guide/tides.html",
    );
    assert_eq!(manual.kind, Kind::Documentation);
    assert_holds(
        &manual,
        &[
            "metres above chart datum",
            "\n\nLoading a station\n\n",
            "station = Station.load(1703)\nprint(",
            "wind matters more than the moon",
        ],
        &["Show Source", "Table of Contents", "Created using", "¶"],
    );
}

#[test]
fn what_is_no_story_is_not_taken_for_one() {
    for (path, url, kind) in [
        (
            "kinds/search.html",
            "https://gazette.example/?s=ferry",
            Kind::Listing,
        ),
        (
            "kinds/login.html",
            "https://gazette.example/2026/06/ferry",
            Kind::Wall,
        ),
        (
            "kinds/shell.html",
            "https://gazette.example/2026/06/ferry",
            Kind::Empty,
        ),
        (
            "sites/harrow-ledger/index.html",
            "https://harrow.example/",
            Kind::Listing,
        ),
        (
            "sites/harrow-ledger/category/culture.html",
            "https://harrow.example/category/culture",
            Kind::Listing,
        ),
        (
            "sites/huegelland-bote/index.html",
            "https://bote.example/",
            Kind::Listing,
        ),
        (
            "sites/huegelland-bote/ressort/umwelt.html",
            "https://bote.example/ressort/umwelt",
            Kind::Listing,
        ),
        (
            "sites/diario-de-almarza/index.html",
            "https://almarza.example/",
            Kind::Listing,
        ),
    ] {
        let record = record(path, url);
        assert_eq!(record.kind, kind, "{path}");
        assert!(record.confidence <= 0.4, "{path}: {}", record.confidence);
    }
}
