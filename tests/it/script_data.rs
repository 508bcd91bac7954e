//! Stories that stand only in script data.

use std::fmt::Write;

use gleaner::Record;
use gleaner::record::BlockKind;
use gleaner::{Extraction, Options, extract};

const TITLE: &str = "The dry fountain of Harrow";

/// Paragraphs of a story, 30 words each.
fn paragraphs() -> Vec<String> {
    (1..=6)
        .map(|number| {
            format!(
                "On evening number {number} the council met in the old school, as it has done every \
                 month since the town hall burned down, and talked about the fountain until the last \
                 chair was empty."
            )
        })
        .collect()
}

fn html() -> String {
    paragraphs().iter().fold(String::new(), |mut html, text| {
        let _ = write!(html, "<p>{text}</p>");
        html
    })
}

/// `text` as a string of JSON that may stand in a script.
fn quoted(text: &str) -> String {
    serde_json::to_string(text)
        .expect("a string is JSON")
        .replace('<', "\\u003c")
}

fn read(body: &str) -> Extraction {
    let page = format!(
        "<!DOCTYPE html><html lang=en><head><title>{TITLE} - Harrow Ledger</title>\
         <meta property=og:title content=\"{TITLE}\"></head><body>{body}</body></html>"
    );
    let options = Options::default().explain(true);
    extract(&page, None, &options)
}

fn record(body: &str) -> Record {
    read(body).record
}

#[test]
fn state_objects_of_frameworks_hold_the_story() {
    let (title, story) = (quoted(TITLE), quoted(&html()));
    let teaser = quoted(
        "<p>Another story of the day, with a body of its own.</p>"
            .repeat(30)
            .as_str(),
    );
    let other = format!("{{\"title\":\"Bees return\",\"body\":{teaser}}}");
    let object = format!("{{\"title\":{title},\"body\":{story},\"related\":[{other}]}}");
    let escaped = quoted(&format!("{{\"article\":{object}}}"));
    for (name, script) in [
        (
            "Next.js",
            format!(
                "<script id=__NEXT_DATA__ type=application/json>{{\"props\":{{\"pageProps\":{{\"latest\":[{other}],\"article\":{object}}}}}}}</script>"
            ),
        ),
        (
            "Nuxt",
            format!(
                "<script>window.__NUXT__=(function(a,b){{return {{layout:\"default\",data:[{{post:{object}}}],error:a}}}}(null,\"x\"));</script>"
            ),
        ),
        (
            "Apollo",
            format!(
                "<script>window.__APOLLO_STATE__ = {{\"Article:7\":{{\"headline\":{title},\"body({{\\\"format\\\":\\\"html\\\"}})\":{story}}},\"Article:8\":{other}}};</script>"
            ),
        ),
        (
            "a string of JSON",
            format!("<script>window.__STATE__ = JSON.parse({escaped})</script>"),
        ),
        (
            "JSON-LD",
            format!(
                "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":{title},\"articleBody\":{}}}</script>",
                quoted(&paragraphs().join("\n\n"))
            ),
        ),
    ] {
        let found = read(&format!("<div id=app><p>Loading …</p></div>{script}"));
        assert_eq!(found.record.text, paragraphs().join("\n\n"), "{name}");
        assert!(
            found
                .evidence
                .iter()
                .any(|candidate| candidate.source == "script data"),
            "{name}: it is said where the body was"
        );
    }
}

#[test]
fn streamed_server_components_hold_the_story() {
    let text = html();
    let stream = format!(
        "0:[\"$\",\"$L1\",null,{{}}]\n1a:T{:x},{text}2:[{{\"article\":{{\"headline\":\"{TITLE}\",\"contentHtml\":\"$1a\"}}}}]\n",
        text.len()
    );
    // Chunks are cut anywhere.
    let (one, two) = stream.split_at(stream.len() / 2);
    let push = |chunk: &str| format!("<script>self.__next_f.push([1,{}])</script>", quoted(chunk));
    let record = record(&format!("<main></main>{}{}", push(one), push(two)));
    assert_eq!(record.text, paragraphs().join("\n\n"));
}

#[test]
fn rich_text_nodes_keep_their_structure() {
    let paragraph = |text: &str| {
        format!(
            "{{\"type\":\"paragraph\",\"children\":[{{\"text\":{}}},{{\"text\":\" So it went.\",\"bold\":true}}]}}",
            quoted(text)
        )
    };
    let story: Vec<String> = paragraphs().iter().map(|text| paragraph(text)).collect();
    let nodes = format!(
        "[{{\"type\":\"heading\",\"level\":2,\"children\":[{{\"text\":\"What it costs\"}}]}},{},\
         {{\"type\":\"image\",\"caption\":\"A well\"}},\
         {{\"type\":\"list\",\"items\":[\"one\",\"two\"]}},\
         {{\"type\":\"quote\",\"children\":[{{\"text\":\"We will not pay.\"}}]}}]",
        story.join(",")
    );
    let record = record(&format!(
        "<script type=application/json>{{\"post\":{{\"title\":{},\"content\":{nodes}}}}}</script>",
        quoted(TITLE)
    ));
    let kinds: Vec<&BlockKind> = record.blocks.iter().map(|block| &block.kind).collect();
    assert_eq!(record.blocks[0].text, "What it costs");
    assert_eq!(*kinds[0], BlockKind::Heading { level: 2 });
    assert_eq!(
        record.blocks[1].text,
        format!("{} So it went.", paragraphs()[0])
    );
    assert_eq!(record.blocks[7].text, "one");
    assert!(matches!(kinds[7], BlockKind::ListItem { .. }));
    assert_eq!(record.blocks[9].text, "We will not pay.");
    assert_eq!(*kinds[9], BlockKind::Quote);
    assert!(!record.text.contains("A well"));
}

#[test]
fn markup_that_holds_the_story_or_a_part_of_it_is_believed() {
    let state = format!(
        "<script type=application/json>{{\"title\":{},\"body\":{}}}</script>",
        quoted(TITLE),
        quoted(&html())
    );
    // A paywall's stub: what the page does not show, gleaner does not either.
    let stub = paragraphs()[0].clone();
    let found = read(&format!(
        "<article><h1>{TITLE}</h1><p>{stub}</p></article>{state}"
    ));
    assert_eq!(found.record.text, stub);
    assert!(
        found
            .evidence
            .iter()
            .all(|candidate| candidate.source != "script data")
    );
}

#[test]
fn a_body_under_another_title_is_another_story() {
    let state = format!(
        "<script type=application/json>{{\"title\":\"Bees return to the quarry\",\"body\":{}}}</script>",
        quoted(&html())
    );
    let text = record(&format!("<p>Loading …</p>{state}")).text;
    assert!(!text.contains("council"), "{text}");
}

#[test]
fn hostile_scripts_are_read_in_linear_time() {
    for body in [
        "{\"a\":".repeat(200_000),
        "JSON.parse(\"".repeat(50_000),
        format!(
            "{{\"title\":\"{TITLE}\",\"body\":{}",
            "{\"content\":[".repeat(100_000)
        ),
        "self.__next_f.push([1,\"1:Tffffffff,".repeat(20_000),
    ] {
        let record = record(&format!("<script>window.x={body}</script>"));
        assert!(record.text.is_empty());
    }
}
