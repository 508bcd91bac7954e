//! What a block keeps of its markup: small pages, and the blocks they must give.

mod pieces;
mod tables;
mod text;

use gleaner::Record;
use gleaner::record::{Block, BlockKind};
use gleaner::{Options, extract};

/// Running text around the markup under test, so that it stands in a story.
const BEFORE: &str = "<p>The council met on Monday evening in the old school, as it has done every \
    month since the town hall burned down, and the room was full to the last chair.</p>\
    <p>Nobody had come for the budget. They had come for the fountain, which has been dry since \
    the spring, and they stayed until midnight to hear what would become of it.</p>";
const AFTER: &str = "<p>The mayor thanked everyone for coming, switched off the lights and locked \
    the door behind them, while the last speakers were still arguing on the stairs.</p>\
    <p>The next meeting is on the first Monday of March, in the same room, and the council asks \
    those who want to speak to put their names down by the Friday before it.</p>";

/// The blocks that the markup gives in the middle of a story, captions among them.
fn blocks_in(language: &str, markup: &str) -> Vec<Block> {
    let html = format!(
        "<!DOCTYPE html><html lang={language}><title>The dry fountain</title><body><main><article>\
         <h1>The dry fountain</h1>{BEFORE}{markup}{AFTER}</article></main></body></html>"
    );
    let record: Record = extract(&html, None, &Options::default()).record;
    let around =
        |block: &Block| BEFORE.contains(block.text.as_str()) || AFTER.contains(block.text.as_str());
    assert_eq!(
        record.blocks.iter().filter(|block| around(block)).count(),
        4,
        "the story around the markup is whole: {}",
        record.text
    );
    record
        .blocks
        .into_iter()
        .filter(|block| !around(block))
        .collect()
}

fn blocks(markup: &str) -> Vec<(BlockKind, String)> {
    blocks_in("en", markup)
        .into_iter()
        .map(|block| (block.kind, block.text))
        .collect()
}

fn texts(language: &str, markup: &str) -> Vec<String> {
    blocks_in(language, markup)
        .into_iter()
        .map(|block| block.text)
        .collect()
}

fn item(ordered: bool, depth: u8, text: &str) -> (BlockKind, String) {
    (BlockKind::ListItem { ordered, depth }, text.to_owned())
}

#[test]
fn headings_keep_their_level() {
    let level = |level, text: &str| (BlockKind::Heading { level }, text.to_owned());
    let paragraph = "It stands on the market square, between the bakery and the bank, and has done so for ninety years.";
    assert_eq!(
        blocks(&format!(
            "<h2>What it costs</h2><p>{paragraph}</p><h4>And who pays</h4><p>{paragraph}</p>"
        )),
        [
            level(2, "What it costs"),
            (BlockKind::Paragraph, paragraph.to_owned()),
            level(4, "And who pays"),
            (BlockKind::Paragraph, paragraph.to_owned()),
        ]
    );
}

#[test]
fn lists_keep_their_nesting() {
    assert_eq!(
        blocks(
            "<ol><li>Find the leak<ul><li>in the basin</li><li>in the pipe</li></ul></li><li>Mend it</li></ol>"
        ),
        [
            item(true, 0, "Find the leak"),
            item(false, 1, "in the basin"),
            item(false, 1, "in the pipe"),
            item(true, 0, "Mend it"),
        ]
    );
}

#[test]
fn quotes_and_embedded_posts_are_quotes() {
    let quote = "We will not pay for a fountain that leaks, and that is our last word on it.";
    for class in ["", " class=twitter-tweet", " class=instagram-media"] {
        assert_eq!(
            blocks(&format!("<blockquote{class}><p>{quote}</p></blockquote>"))[0],
            (BlockKind::Quote, quote.to_owned()),
            "{class}"
        );
    }
}

#[test]
fn code_keeps_its_lines() {
    assert_eq!(
        blocks("<pre><code>open valve\n  wait 10\nclose valve</code></pre>"),
        [(
            BlockKind::Code,
            "open valve\n  wait 10\nclose valve".to_owned()
        )]
    );
}

#[test]
fn captions_are_no_text() {
    let caption = "The fountain in its better days, with pigeons.";
    let found = blocks(&format!(
        "<figure><img src=/f.jpg><figcaption>{caption}</figcaption></figure>"
    ));
    assert_eq!(found, [(BlockKind::Caption, caption.to_owned())]);
}

#[test]
fn terms_and_their_meanings_are_items() {
    assert_eq!(
        blocks(
            "<dl><dt>Basin</dt><dd>What holds the water.</dd><dt>Valve</dt><dd>What stops it.</dd></dl>"
        ),
        [
            item(false, 0, "Basin"),
            item(false, 1, "What holds the water."),
            item(false, 0, "Valve"),
            item(false, 1, "What stops it."),
        ]
    );
}

#[test]
fn a_caption_and_its_credit_are_one_block() {
    let found = blocks(
        "<figure><img src=/f.jpg><figcaption><p>The fountain in its better days.</p>\
         <span class=credit>Ada Bell</span></figcaption></figure>",
    );
    assert_eq!(
        found,
        [(
            BlockKind::Caption,
            "The fountain in its better days.\nAda Bell".to_owned()
        )]
    );
}

#[test]
fn a_figure_parts_the_paragraph_it_stands_in() {
    let text = |kind, text: &str| (kind, text.to_owned());
    assert_eq!(
        blocks(
            "<p>The basin is dry, as everyone could see on the way to the meeting that evening.\
             <figure><img src=/f.jpg><figcaption>The basin.</figcaption></figure>\
             The pipe is broken, as nobody could see, and that is where the trouble began.</p>"
        ),
        [
            text(
                BlockKind::Paragraph,
                "The basin is dry, as everyone could see on the way to the meeting that evening."
            ),
            text(BlockKind::Caption, "The basin."),
            text(
                BlockKind::Paragraph,
                "The pipe is broken, as nobody could see, and that is where the trouble began."
            ),
        ]
    );
}

#[test]
fn headings_may_be_said_by_role() {
    let paragraph = "It stands on the market square, between the bakery and the bank, and has done so for ninety years.";
    assert_eq!(
        blocks(&format!(
            "<div role=heading aria-level=3>What it costs</div><p>{paragraph}</p>"
        ))[0],
        (BlockKind::Heading { level: 3 }, "What it costs".to_owned())
    );
}

#[test]
fn paragraphs_of_a_list_item_stay_together_and_a_story_in_one_is_none() {
    let paragraph = "It stands on the market square, between the bakery and the bank, and has done so for ninety years.";
    assert_eq!(
        blocks(&format!(
            "<ul><li><p>{paragraph}</p><p>{paragraph}</p></li></ul>"
        )),
        [item(false, 0, &format!("{paragraph}\n{paragraph}"))]
    );
    let entry = format!("<li><article><p>{paragraph}</p></article></li>");
    assert_eq!(
        blocks(&format!("<ul>{entry}{entry}</ul>")),
        [0; 2].map(|_| (BlockKind::Paragraph, paragraph.to_owned()))
    );
}
