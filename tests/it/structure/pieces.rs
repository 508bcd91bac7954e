//! What becomes of pieces of text that markup sets apart: lines, scripts, initials, what unfolds, what
//! is slotted in.

use gleaner::record::BlockKind;
use gleaner::{Options, extract};

use super::{AFTER, BEFORE, blocks, texts};

#[test]
fn scripts_are_written_as_plain_text_has_them() {
    assert_eq!(
        texts(
            "en",
            "<p>The basin holds 10<sup>6</sup> litres of H<sub>2</sub>O, said the 2<sup>nd</sup> speaker, on an area of 40 m<sup>2</sup> in the old square.</p>"
        ),
        [
            "The basin holds 10⁶ litres of H₂O, said the 2nd speaker, on an area of 40 m² in the old square."
        ]
    );
}

#[test]
fn an_image_of_a_letter_is_the_letter() {
    for (language, markup, expected) in [
        (
            "en",
            "<p><img class=initial src=/p.png alt=P>lumbers from two towns had looked at the pipes in April, and neither had found where the water goes.</p>",
            "Plumbers from two towns had looked at the pipes in April, and neither had found where the water goes.",
        ),
        (
            "ru",
            "<p>«<img src=/v.png alt=В>ода уходит в песок, и никто не знает куда», — сказал сторож, который живёт у площади сорок лет.</p>",
            "«Вода уходит в песок, и никто не знает куда», — сказал сторож, который живёт у площади сорок лет.",
        ),
    ] {
        assert_eq!(texts(language, markup), [expected]);
    }
}

#[test]
fn headings_lose_their_links_to_edit_them() {
    let paragraph = "It stands on the market square, between the bakery and the bank, and has done so for ninety years.";
    for edit in [
        "<span class=mw-editsection><span>[</span><a href=/w/e>edit</a><span>]</span></span>",
        "<small>[<a href=/w/e>Bearbeiten</a> | <a href=/w/f>Quelltext bearbeiten</a>]</small>",
    ] {
        let found = blocks(&format!(
            "<div class=mw-heading><h2>History</h2>{edit}</div><p>{paragraph}</p>"
        ));
        let heading = (BlockKind::Heading { level: 2 }, "History".to_owned());
        let story = (BlockKind::Paragraph, paragraph.to_owned());
        assert_eq!(found, [heading, story], "{edit}");
    }
}

#[test]
fn what_unfolds_is_read_under_its_summary() {
    let paragraph = "The town pays a third, the bank a third, and for the last third a fair will be held on the square in June.";
    assert_eq!(
        blocks(&format!(
            "<details><summary>Who pays for it</summary><p>{paragraph}</p></details>"
        )),
        [
            (
                BlockKind::Heading { level: 3 },
                "Who pays for it".to_owned()
            ),
            (BlockKind::Paragraph, paragraph.to_owned())
        ]
    );
}

#[test]
fn a_paragraph_of_the_story_may_be_called_like_chrome() {
    let paragraph = "The mason who built the basin had warned the council ninety years ago that the ground under the square would not carry it for long.";
    for class in ["MsoFooter", "caption-of-the-year", "newsletter-law"] {
        assert_eq!(
            texts("en", &format!("<p class={class}>{paragraph}</p>")),
            [paragraph],
            "{class}"
        );
    }
}

#[test]
fn a_story_in_a_shadow_tree_is_read_with_what_is_slotted_in() {
    let slotted = "The mason who built the basin had warned the council ninety years ago that the ground would not carry it.";
    let html = format!(
        "<!DOCTYPE html><html lang=en><title>The dry fountain</title><body><x-story>\
         <template shadowrootmode=open><style>p{{margin:0}}</style><h1>The dry fountain</h1>{BEFORE}\
         <slot name=more><p>Nothing more.</p></slot>{AFTER}</template><p slot=more>{slotted}</p></x-story>\
         <template><p>This is a template, and no reader ever sees it on the page, whatever else happens.</p></template>"
    );
    let text = extract(&html, None, &Options::default()).record.text;
    let whole: String = [BEFORE, slotted, AFTER].concat();
    let words = |text: &str| text.replace("<p>", " ").replace("</p>", " ");
    let plain = |text: &str| words(text).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(plain(&text), plain(&whole));
}

#[test]
fn links_between_lines_of_a_story_are_left_out() {
    let lines = |texts: &[&str]| texts.join("<br>");
    let story = [
        "The council met on Monday evening in the old school, and the room was full to the last chair.",
        "Nobody had come for the budget. They had come for the fountain, which has been dry since spring.",
        "The mayor thanked everyone for coming, switched off the lights and locked the door behind them.",
    ];
    let html = format!(
        "<html lang=en><title>The dry fountain</title><body><table><tr><td><a href=/>Home</a><br>\
         <a href=/town>Town</a><br><a href=/sport>Sport</a></td><td><font size=2><b>The dry fountain</b>\
         <br><br>{}<br><a href=/town>More in Town</a><br><a href=/sport>More in Sport</a></font></td></tr></table>",
        lines(&story)
    );
    let text = extract(&html, None, &Options::default()).record.text;
    assert_eq!(text.replace('\n', " ").trim(), story.join(" "));
}
