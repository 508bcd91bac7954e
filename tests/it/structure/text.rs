//! What stands inside a block: words, spaces and lines.

use super::texts;

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
