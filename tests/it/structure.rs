//! What a block keeps of its markup: small pages, and the blocks they must give.
//!
//! Tests of structure that the extractor does not keep yet are `#[ignore]`d with what is missing.

use gleaner::Record;
use gleaner::extract::{Options, extract};
use gleaner::record::{Block, BlockKind};

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
fn inline_markup_parts_no_word() {
    assert_eq!(
        texts(
            "en",
            "<p>The foun<b>tain</b>’s <i>last</i> <a href=/k>keeper</a>, a Mr <span>Bell</span>, spoke for an hour about its un<em>believ</em>able cost.</p>"
        ),
        ["The fountain’s last keeper, a Mr Bell, spoke for an hour about its unbelievable cost."]
    );
}

#[test]
fn hard_spaces_are_spaces() {
    assert_eq!(
        texts(
            "en",
            "<p>The repair costs 40&nbsp;000&nbsp;crowns, the&nbsp;council was told, and will take until the end of May.</p>"
        ),
        [
            "The repair costs 40 000 crowns, the council was told, and will take until the end of May."
        ]
    );
}

#[test]
fn chinese_stands_without_spaces() {
    assert_eq!(
        texts(
            "zh",
            "<p>镇上的喷泉从春天起就<b>没有水</b>了，<a href=/x>居民们</a>开会讨论到半夜才散去。</p>"
        ),
        ["镇上的喷泉从春天起就没有水了，居民们开会讨论到半夜才散去。"]
    );
}

#[test]
fn right_to_left_text_keeps_its_order() {
    assert_eq!(
        texts(
            "ar",
            "<p dir=rtl>جفت النافورة منذ <b>الربيع</b>، واجتمع السكان حتى منتصف الليل ليقرروا مصيرها.</p>"
        ),
        ["جفت النافورة منذ الربيع، واجتمع السكان حتى منتصف الليل ليقرروا مصيرها."]
    );
}

#[test]
fn soft_hyphens_go() {
    assert_eq!(
        texts(
            "en",
            "<p>The foun&shy;tain stands on the mar&shy;ket square, between the bakery and the bank, and has done so for ninety years.</p>"
        ),
        [
            "The fountain stands on the market square, between the bakery and the bank, and has done so for ninety years."
        ]
    );
}

#[test]
fn neighbouring_elements_are_not_glued() {
    let texts = texts(
        "en",
        "<ul><li><span>Omar</span></li><li><span>Ilhan</span></li></ul>",
    );
    assert_eq!(texts, ["Omar", "Ilhan"]);
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
fn tables_keep_rows_and_cells() {
    let found = blocks(
        "<table><tr><th>Year</th><th>Litres</th></tr><tr><td>2023</td><td>41,000</td></tr><tr><td>2024</td><td>0</td></tr></table>",
    );
    let rows = [["Year", "Litres"], ["2023", "41,000"], ["2024", "0"]]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec();
    assert_eq!(
        found,
        [(
            BlockKind::Table { rows },
            "Year | Litres\n2023 | 41,000\n2024 | 0".to_owned()
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
fn poems_and_addresses_keep_their_lines() {
    assert_eq!(
        texts(
            "en",
            "<p>The water ran, the water sang,<br>the water went away;<br>the bells of all the steeples rang<br>upon that thirsty day.</p>"
        ),
        [
            "The water ran, the water sang,\nthe water went away;\nthe bells of all the steeples rang\nupon that thirsty day."
        ]
    );
}

#[test]
fn ruby_keeps_its_base_text_unbroken() {
    let texts = texts(
        "ja",
        "<p>町の<ruby>噴水<rp>(</rp><rt>ふんすい</rt><rp>)</rp></ruby>は春から水が出ず、住民たちは真夜中まで話し合いを続けた。</p>",
    );
    assert!(texts[0].starts_with("町の噴水"), "{texts:?}");
    assert!(
        texts[0].contains("は春から水が出ず、住民たちは真夜中まで"),
        "{texts:?}"
    );
}
