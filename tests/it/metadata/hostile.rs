//! Data that mean harm: megabytes of JSON-LD, thousands of properties.

use super::{linked, read};

#[test]
fn ten_megabytes_of_nested_json_do_no_harm() {
    let json = format!("{{\"a\": {}", "[{\"b\":".repeat(1_500_000));
    assert_eq!(linked(&json).title.as_deref(), Some("Rain at last"));
}

#[test]
fn megabytes_of_hostile_json_are_read_as_far_as_they_go() {
    let many = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
    let own = r#""@type": "NewsArticle", "headline": "Rain at last""#;
    for json in [
        format!("{{{own}, \"author\": {}}}", many(r#""A B""#, 1_500_000)),
        format!("{{{own}, \"keywords\": {}}}", many(r#""k""#, 2_000_000)),
        format!(
            "{{{own}, \"image\": {}}}",
            many(r#"{"url": "/i.jpg"}"#, 500_000)
        ),
        format!(
            "{{{own}, \"mentions\": {}}}",
            many(
                r#"{"@type": "NewsArticle", "headline": "Rain at last"}"#,
                150_000
            )
        ),
        format!(
            "{{{own}, {}}}",
            vec![r#""author": "A B""#; 600_000].join(",")
        ),
        format!("{{{own}, \"text\": \"{}\"}}", "\\ud800".repeat(1_500_000)),
        format!("{{{own}, {}", "/* x */ // y\n".repeat(700_000)),
        format!(
            "{{{own}}} {}",
            "{\"@id\": \"#a\", \"isPartOf\": ".repeat(300_000)
        ),
    ] {
        assert_eq!(linked(&json).title.as_deref(), Some("Rain at last"));
    }
}

#[test]
fn thousands_of_properties_take_no_quadratic_time() {
    let record = read(
        "",
        &format!(
            "<h1>Rain at last</h1>{}",
            "<span itemprop=author><b itemprop=name>A</b></span><i class=byline>B</i>"
                .repeat(60_000)
        ),
    );
    assert_eq!(record.title.as_deref(), Some("Rain at last"));
    // Names beside dates, and a title of nothing but parts.
    let signed = "<i>Jane Doe</i> <b>1 March 2026</b>".repeat(60_000);
    let record = read(
        &format!("<title>{}</title>", "Rain at last | ".repeat(5_000)),
        &format!("<h2>Rain</h2>{signed}"),
    );
    assert_eq!(record.published.as_deref(), Some("2026-03-01"));
}
