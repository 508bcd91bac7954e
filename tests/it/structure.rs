//! What a block keeps of its markup: small pages, and the blocks they must give.

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

#[test]
fn stanzas_are_blocks_and_pages_without_paragraphs_have_some() {
    assert_eq!(
        texts(
            "en",
            "<p>The water ran, the water sang,<br>the water went away.<br><br>The bells of all the steeples rang<br>upon that thirsty day.</p>"
        ),
        [
            "The water ran, the water sang,\nthe water went away.",
            "The bells of all the steeples rang\nupon that thirsty day."
        ]
    );
    let long = "A sentence as long as those that stand in a paragraph of its own goes on for some time, \
        over more than one line of the page, and ends where its thought ends, with a full stop.";
    assert_eq!(
        texts("en", &format!("<div>{long}<br>{long}</div>")),
        [long, long]
    );
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
fn empty_cells_keep_their_places_and_lists_stand_in_cells() {
    let found = blocks(
        "<table><caption>Litres by year</caption>\
         <tr><th></th><th>Spring</th><th>Autumn</th></tr>\
         <tr><td>2023</td><td></td><td><ul><li>41,000</li><li>of rain</li></ul></td></tr></table>",
    );
    let rows = [
        vec!["", "Spring", "Autumn"],
        vec!["2023", "", "41,000 of rain"],
    ]
    .map(|row| row.into_iter().map(str::to_owned).collect())
    .to_vec();
    assert_eq!(
        found,
        [
            (BlockKind::Paragraph, "Litres by year".to_owned()),
            (
                BlockKind::Table { rows },
                " | Spring | Autumn\n2023 |  | 41,000 of rain".to_owned()
            )
        ]
    );
}

#[test]
fn tables_that_lay_out_a_page_are_no_tables() {
    let cells = [
        "The basin stands on the market square, between the bakery and the bank.",
        "The pipe under it was laid by prisoners, and nobody has seen it since.",
        "The valve is in a cellar to which the last keeper had the only key.",
    ];
    let [one, two, three] = cells;
    let found = blocks(&format!(
        "<table role=presentation><tr><td>{one}</td><td>{two}</td></tr><tr><td>{three}</td></tr></table>"
    ));
    assert_eq!(
        found,
        cells.map(|cell| (BlockKind::Paragraph, cell.to_owned()))
    );
}

#[test]
fn line_numbers_beside_code_are_no_code() {
    assert_eq!(
        blocks(
            "<table><tr><td class=gutter><pre>1\n2</pre></td><td><pre><span>open valve</span>\n<span>wait 10</span></pre></td></tr></table>"
        ),
        [(BlockKind::Code, "open valve\nwait 10".to_owned())]
    );
    assert_eq!(
        blocks("<pre>open valve<br><br>wait 10<div>close valve</div></pre>"),
        [(
            BlockKind::Code,
            "open valve\n\nwait 10\nclose valve".to_owned()
        )]
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
fn hidden_words_are_no_words() {
    let line = "It stands on the market square, between the bakery and the bank, and has done so";
    assert_eq!(
        texts(
            "en",
            &format!(
                "<p>{line}<span style=\"display: none\"> since yesterday</span> for ninety years.</p>\
                 <p style=\"display:none\">You are reading this in an old browser.</p>"
            )
        ),
        [format!("{line} for ninety years.")]
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
fn hidden_addresses_are_shown_in_the_text_only() {
    let hidden = "2a4e4f59416a4f524b475a464f0445584d"; // desk@example.org, under the key 0x2a
    let found = texts(
        "en",
        &format!(
            "<p>Those who know more about the fountain can write to \
             <a href=\"/cdn-cgi/l/email-protection\" class=__cf_email__ data-cfemail={hidden}>[email&#160;protected]</a> \
             until the end of the month, the council said.</p>"
        ),
    );
    assert_eq!(
        found,
        [
            "Those who know more about the fountain can write to desk@example.org until the end of the month, the council said."
        ]
    );
}

#[test]
fn a_line_feed_between_chinese_characters_is_no_space() {
    assert_eq!(
        texts(
            "zh",
            "<p>镇上的喷泉从春天起就没有水了，\n   居民们开会讨论到\n半夜才散去，镇长最后锁上了门。</p>"
        ),
        ["镇上的喷泉从春天起就没有水了，居民们开会讨论到半夜才散去，镇长最后锁上了门。"]
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
