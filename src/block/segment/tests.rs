use super::*;
use crate::block::{Cue, Shape};

fn texts(html: &str) -> Vec<String> {
    segment(&Document::parse(html))
        .into_iter()
        .map(|block| block.text)
        .collect()
}

#[test]
fn block_level_tags_and_double_breaks_end_blocks() {
    assert_eq!(
        texts("<div>a <b>b</b><p>c<br>d<br> <br>e</p>f</div>"),
        ["a b", "c\nd", "e", "f"]
    );
}

#[test]
fn what_highlighters_call_the_parts_of_code_says_nothing_of_it() {
    let cues = |html: &str| segment(&Document::parse(html))[0].cues;
    let comment = "<span class=comment># make it</span> so";
    assert!(!cues(&format!("<pre><code>{comment}</code></pre>")).has(Cue::Comment));
    assert!(cues(&format!("<p>{comment}</p>")).has(Cue::Comment));
}

#[test]
fn names_in_neighbouring_links_are_not_glued() {
    assert_eq!(
        texts("<p><a href=1>Omar</a><a href=2>Ilhan</a>"),
        ["Omar Ilhan"]
    );
    assert_eq!(texts("<div>Omar</div><div>Ilhan</div>"), ["Omar", "Ilhan"]);
    assert_eq!(texts("<p><span class=dropcap>O</span>nce"), ["Once"]);
}

#[test]
fn words_that_touch_in_the_markup_are_parted_where_their_letters_say_so() {
    for (html, text) in [
        ("<p><span>Omar</span><span>Ilhan</span>", "Omar Ilhan"),
        ("<p><span>foun</span><span>tain</span>", "fountain"),
        ("<p><b>C</b><b>afé</b> Mc<i>Donald</i>", "Café McDonald"),
        (
            "<p><a href=1>foun</a><a href=1>tain</a> <a href=1>x</a>y",
            "fountain xy",
        ),
        (
            "<p><i><a href=1>un</a></i><i><a href=2>deux</a></i>",
            "un deux",
        ),
        (
            "<p>Von <a href=/l>Lene Thoms</a><time>07.10.2026</time>",
            "Von Lene Thoms 07.10.2026",
        ),
        ("<p><i>x</i><sub>2</sub>", "x₂"),
        ("<p>one<img src=x>two<img src=y>, three", "one two, three"),
    ] {
        assert_eq!(texts(html), [text], "{html}");
    }
}

#[test]
fn words_hidden_in_a_line_are_no_part_of_it() {
    assert_eq!(
        texts(
            "<p>a <span hidden>b</span><a href=/>c <i class=screen-reader-text>opens</i></a>\
             <span style='Display : none'>d</span><i class=material-icons>share</i></p>"
        ),
        ["a c"]
    );
    assert_eq!(
        texts("<p>a</p><span style=display:none><p>b</p></span><div hidden>c</div>"),
        ["a", "b", "c"]
    );
}

#[test]
fn what_is_styled_as_a_box_is_a_block() {
    assert_eq!(
        texts("<span style='color:red; display:block'>a</span><span>b</span>"),
        ["a", "b"]
    );
}

#[test]
fn noscript_is_text_only_where_there_is_no_other() {
    let story = "The council met on Monday evening in the old school. ".repeat(8);
    let html = format!("<div id=app>Loading</div><noscript><p>{story}</p></noscript>");
    assert_eq!(texts(&html), ["Loading", story.trim()]);
    assert_eq!(
        texts(&format!(
            "<p>{story}</p><noscript><p>{story}</p></noscript>"
        )),
        [story.trim()]
    );
    assert_eq!(
        texts("a<noscript><img src=x>You need to enable JavaScript to run this app.</noscript>"),
        ["a"]
    );
}

#[test]
fn a_caption_inside_a_paragraph_is_a_block_of_its_own() {
    let page = Document::parse("<p>Before<span class=wp-caption-text>The well</span>after</p>");
    let blocks: Vec<_> = segment(&page)
        .into_iter()
        .map(|block| (block.shape, block.text))
        .collect();
    let expected = [
        (Shape::Paragraph, "Before"),
        (Shape::Caption, "The well"),
        (Shape::Paragraph, "after"),
    ];
    assert_eq!(
        blocks,
        expected.map(|(shape, text)| (shape, text.to_owned()))
    );
}

#[test]
fn images_are_counted_with_the_block_they_stand_before_or_in() {
    let page = Document::parse("<p>a</p><img src=1><p>b<picture><img src=2></picture></p>c");
    let images: Vec<_> = segment(&page).iter().map(|block| block.images).collect();
    assert_eq!(images, [0, 2, 0]);
}

#[test]
fn shapes_come_from_the_elements_around() {
    let page = Document::parse(
        "<h2>h</h2><ul><li>a<ol><li>b</ol></ul><blockquote><p>q</blockquote><pre>x\n  y</pre>",
    );
    let shapes: Vec<_> = segment(&page)
        .into_iter()
        .map(|b| (b.shape, b.text))
        .collect();
    assert_eq!(shapes[0].0, Shape::Heading(2));
    assert!(matches!(
        shapes[1].0,
        Shape::Item {
            ordered: false,
            depth: 0,
            ..
        }
    ));
    assert!(matches!(
        shapes[2].0,
        Shape::Item {
            ordered: true,
            depth: 1,
            ..
        }
    ));
    assert_eq!(shapes[3], (Shape::Quote, "q".to_owned()));
    assert_eq!(shapes[4], (Shape::Code, "x\n  y".to_owned()));
}

#[test]
fn ruby_readings_and_scripts_are_no_text() {
    assert_eq!(
        texts("<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby>字<script>x</script>"),
        ["漢字"]
    );
}

#[test]
fn link_density_is_the_share_of_linked_characters() {
    let blocks = segment(&Document::parse("<p>abc <a href=x>def</a>"));
    assert!((blocks[0].link_density() - 0.5).abs() < 1e-9);
    assert_eq!(blocks[0].links, 1);
}

#[test]
fn a_line_that_is_mostly_links_is_a_block_beside_lines_of_text() {
    let more = "<a href=/politics>More in Politics</a>";
    for (around, close) in [
        ("<table><tr><td>", "</table>"),
        ("<table><tr><td><font size=2>", "</font></table>"),
        ("<div>", "</div>"),
        ("<center>", "</center>"),
        ("", ""),
    ] {
        let html = format!("{around}It rained.<br>It snowed.<br>{more}<br>It thawed.{close}");
        let expected = ["It rained.\nIt snowed.", "More in Politics", "It thawed."];
        assert_eq!(texts(&html), expected, "{html}");
    }
    for (html, expected) in [
        (
            "<td>Έβρεξε χθες.<br><img src=b.gif><a href=/p>Περισσότερα στην Πολιτική</a><br>Χιόνισε.",
            ["Έβρεξε χθες.", "Περισσότερα στην Πολιτική", "Χιόνισε."],
        ),
        (
            "<div>昨天下雨。<br>[<a href=/p>更多新闻</a>]<br>今天下雪。",
            ["昨天下雨。", "[更多新闻]", "今天下雪。"],
        ),
        (
            "<div>Шёл дождь.<br>Ещё: <a href=/p>Новости политики</a><br>Шёл снег.",
            ["Шёл дождь.", "Ещё: Новости политики", "Шёл снег."],
        ),
    ] {
        assert_eq!(texts(html), expected, "{html}");
    }
}

#[test]
fn a_block_of_lines_has_the_links_and_images_of_its_own_lines() {
    let blocks = segment(&Document::parse(
        "<div>It rained.<br><img src=b.gif><a href=/p>Politics</a><br><b>It snowed.</b><br>It thawed.",
    ));
    let links: Vec<_> = blocks
        .iter()
        .map(|b| (b.links, b.link_chars, b.chars))
        .collect();
    assert_eq!(links, [(0, 0, 9), (1, 8, 8), (0, 0, 18)]);
    assert_eq!(
        blocks.iter().map(|b| b.images).collect::<Vec<_>>(),
        [0, 1, 0]
    );
    assert_eq!(
        blocks.iter().map(|b| b.bold).collect::<Vec<_>>(),
        [false; 3]
    );
}

#[test]
fn lines_that_belong_together_are_one_block() {
    for html in [
        "<div>The rain in spring<br>falls on everything<br>and sings.",
        "<div>Town Hall<br>12 High Street<br><a href=mailto:a@hall.example>a@hall.example</a><br>Tel. 5",
        "<div>Town Hall<br>12 High Street<br><a href=http://hall.example>www.hall.example</a><br>Tel. 5",
        "<div>It opens on Monday.<br>Registration: <a href=https://fair.example/in>https://fair.example/in</a><br>Hall 5.",
        "<div>Rain cover<br>&nbsp;<a href=/t>Tent</a><br>Ground tarp<br><a href=/p>Pillow</a> (optional)",
        "<div>It says so in<br><a href=/r>The Report on the Rain</a><br>of last year.",
        "<div>It is about<br><a href=/r>the rain of last year</a><br>The end",
        "<p>It rained.<br><a href=/p>Politics</a><br>It snowed.",
        "<ul><li>It rained.<br><a href=/p>Politics</a><br>It snowed.</ul>",
    ] {
        assert_eq!(texts(html).len(), 1, "{html}");
    }
}

#[test]
fn an_indented_line_begins_a_paragraph() {
    assert_eq!(
        texts(
            "<p>\u{3000}\u{3000}天气<br>\u{3000}\u{3000}昨天下雨。<br>\u{3000}\u{3000}<b>今天</b>下雪。<br>明天"
        ),
        ["天气", "昨天下雨。", "今天下雪。\n明天"]
    );
    assert_eq!(
        texts("<td>\u{3000}雨が降った。<br>\u{3000}雪が降った。"),
        ["雨が降った。", "雪が降った。"]
    );
    assert_eq!(
        texts("<div>Шёл дождь.<br>&nbsp;&nbsp; Шёл снег.<br> Таяло."),
        ["Шёл дождь.", "Шёл снег.\nТаяло."]
    );
    let poem = "<div>The rain in spring<br>&nbsp;&nbsp;falls on everything<br>and sings.";
    assert_eq!(texts(poem).len(), 1);
}

#[test]
fn a_summary_is_a_subhead_of_what_it_unfolds() {
    let page = Document::parse("<details><summary>Rain</summary><p>It rained.</details>");
    let shapes: Vec<_> = segment(&page).iter().map(|b| b.shape).collect();
    assert_eq!(shapes, [Shape::Heading(3), Shape::Paragraph]);
}
