//! Lines at either end of a body that are not the story.

use gleaner::{Options, extract};

/// The body of a page that breaks its lines and has no elements, with these lines around.
fn body(front: &str, end: &str) -> String {
    let story = "The white ferry came round the point at ten past seven on Thursday morning, and \
        the people who had been standing on the quay since before dawn began to clap.";
    let page = format!(
        "<title>Ferry returns - Lakeside Gazette</title><table><tr><td>{front}<br><br>{story}
        <br><br>{story} Nobody had told them to.<br><br>{end}</td></tr></table>"
    );
    let text = extract(&page, None, &Options::default()).record.text;
    text.replace(story, "…")
}

#[test]
fn headline_byline_and_prompts_are_cut_off() {
    let story = "…\n\n… Nobody had told them to.";
    assert_eq!(body("", ""), story);
    for (front, end) in [
        (
            "Ferry returns<br>By HANA VELL, staff writer 12 June 2025",
            "",
        ),
        ("Ana Gil - 14 de octubre de 2026", ""),
        (
            "",
            "<a href=p>Print this article</a> | <a href=s>Send to a friend</a>",
        ),
    ] {
        assert_eq!(body(front, end), story, "{front}{end}");
    }
    let dek = "It was the first crossing of the lake since 2006.";
    let with_dek = body(&format!("{dek}<br>Ana Gil - 14 de octubre de 2026"), "");
    assert_eq!(with_dek, format!("{dek}\n\n{story}"));
}

#[test]
fn what_is_cut_off_is_explained() {
    let page = "<h1>Rain</h1><p>Ana Gil - 3 de octubre de 2026<p>After ninety dry days it rained in
        the valley on Monday, and farmers stood in their yards to watch it fall on the fields.";
    let options = Options::default().explain(true);
    let record = extract(page, None, &options).record;
    assert!(record.text.starts_with("After ninety"), "{}", record.text);
    let line = record
        .removed
        .iter()
        .find(|cut| cut.text.starts_with("Ana"));
    assert!(line.is_some_and(|cut| cut.reason.contains("byline")));
}
