use super::*;
use crate::block::segment;
use crate::body::pooling::share_within_templates;
use crate::evidence;
use crate::evidence::Hints;

const STORY: &str = "The white ferry came round the point at ten past seven on Thursday morning, and \
    the people who had been standing on the quay since before dawn began to clap.";

fn rules_of(page: &Document) -> RuleVerdicts {
    let evidence = evidence::read(page, None, &Hints::default());
    RuleVerdicts::of(page, segment(page), &evidence)
}

/// What is kept of a story whose paragraphs are sure and whose other blocks have the probability.
fn kept(html: &str, kind: Kind, others: &[(&str, f32)]) -> Vec<String> {
    let page = Document::parse(&format!(
        "<title>Ferry returns</title><article><h1>Ferry returns</h1><p>{STORY}<p>{STORY} Nobody had \
         told them to.{html}</article>"
    ));
    let rules = rules_of(&page);
    let scores: Vec<f32> = rules
        .blocks
        .iter()
        .map(|block| {
            let other = others.iter().find(|(text, _)| block.text == *text);
            other.map_or(if block.words > 20 { 0.95 } else { 0.01 }, |(_, p)| *p)
        })
        .collect();
    let choice = choose(&page, &rules, &scores, kind);
    rules
        .blocks
        .iter()
        .zip(choice.kept)
        .filter(|(block, kept)| kept.is_some() && !block.text.starts_with(STORY))
        .map(|(block, _)| block.text.clone())
        .collect()
}

#[test]
fn a_list_that_a_line_announces_comes_with_it() {
    let page = |line: &str| format!("<p>{line}<ul><li>a coat<li>a coin</ul><p>{STORY}");
    let doubtful = [("a coat", 0.2), ("a coin", 0.2)];
    let announced = [&[("Bring these:", 0.9)], doubtful.as_slice()].concat();
    let with = kept(&page("Bring these:"), Kind::Article, &announced);
    assert_eq!(with, ["Bring these:", "a coat", "a coin"]);
    let other = [&[("Bring a lot.", 0.9)], doubtful.as_slice()].concat();
    assert_eq!(
        kept(&page("Bring a lot."), Kind::Article, &other),
        ["Bring a lot."]
    );
}

#[test]
fn of_lists_and_goods_more_is_found_at_the_cost_of_more_that_is_not_theirs() {
    let odds = [("a coat", 0.35), ("a coin", 0.2), ("a hat", 0.1)];
    let lines = |kind| kept("<p>a coat<p>a coin<p>a hat", kind, &odds).len();
    assert_eq!(lines(Kind::Article), 0);
    assert_eq!(lines(Kind::Forum), 0);
    assert_eq!(lines(Kind::Service), 1);
    assert_eq!(lines(Kind::Listing), 2);
    assert_eq!(lines(Kind::Product), 2);
}

#[test]
fn the_title_is_none_of_the_text() {
    let odds = [("Ferry returns", 0.9)];
    for kind in [Kind::Article, Kind::Listing, Kind::Service] {
        assert_eq!(kept("", kind, &odds), [""; 0]);
    }
}

#[test]
fn a_sentence_set_apart_between_two_paragraphs_stays() {
    let html = |apart: &str| {
        let page = format!("<div><p>{STORY}</p>{apart}<p>{STORY}</p></div>");
        kept(&page, Kind::Article, &[("Nobody claps in June.", 0.25)])
    };
    let apart = "<div class=x><p>Nobody claps in June.</p></div>";
    assert_eq!(html(apart), ["Nobody claps in June."]);
    assert_eq!(html(&apart.replace('.', "")), [""; 0]);
}

#[test]
fn a_quotation_set_apart_stays_in_a_story() {
    let quote = format!("<blockquote>Nobody claps in June.</blockquote><p>{STORY}");
    let odds = [("Nobody claps in June.", 0.25)];
    assert_eq!(
        kept(&quote, Kind::Article, &odds),
        ["Nobody claps in June."]
    );
    assert!(kept(&quote, Kind::Documentation, &odds).is_empty());
}

#[test]
fn an_embedded_post_stays_in_a_story() {
    let post = "<p>I meant it.</p>\u{2014} Joel (@joel)";
    let odds = [("I meant it.", 0.02)];
    let embedded = format!("<blockquote class=twitter-tweet>{post}</blockquote><p>{STORY}");
    assert_eq!(kept(&embedded, Kind::Article, &odds).len(), 2);
    let quote = format!("<blockquote>{post}</blockquote><p>{STORY}");
    assert!(kept(&quote, Kind::Article, &odds).is_empty());
}

#[test]
fn a_storys_last_sentence_stays_with_it() {
    let odds = [("The gate opens at six.", 0.25), ("Gate at six", 0.25)];
    let last = "<p>The gate opens at six.";
    let kept = |html: &str, kind| kept(html, kind, &odds).len();
    assert_eq!(kept(last, Kind::Article), 1);
    assert_eq!(kept(last, Kind::Documentation), 0);
    assert_eq!(kept("<p>Gate at six", Kind::Article), 0);
    assert_eq!(
        kept("<div><p>The gate opens at six.</div>", Kind::Article),
        0
    );
    assert_eq!(
        kept("<p>The gate opens <time>at six.</time>", Kind::Article),
        0
    );
}

#[test]
fn a_caption_stays_whatever_its_credit() {
    let caption = |text: &str| {
        format!("<figure><img src=a.jpg><figcaption>{text}</figcaption></figure><p>{STORY}")
    };
    let kept = |text: &str| kept(&caption(text), Kind::Article, &[]).len();
    assert_eq!(kept("The quay at dawn. Photo: Jane Doe"), 1);
    assert_eq!(kept("Photo: Jane Doe"), 0);
}

#[test]
fn blocks_of_one_template_share_a_part_of_their_score() {
    let page = Document::parse("<p>one two<p>three four<p>five six<p>seven eight");
    let mut rules = rules_of(&page);
    let mut level = |verdict: Option<RemovalReason>, kind: Kind| -> f32 {
        let mut scores = [0.9, 0.9, 0.9, 0.4];
        rules.verdicts = vec![None, None, None, verdict];
        share_within_templates(&rules, &[0, 0, 0, 0], kind, &mut scores);
        scores[3]
    };
    assert!(level(None, Kind::Article) > 0.5);
    assert!(level(None, Kind::Forum) > level(None, Kind::Article));
    let link = level(Some(RemovalReason::LinkDensity), Kind::Article);
    assert!((link - 0.4).abs() < 1e-6, "{link}");
    assert!(level(Some(RemovalReason::LinkDensity), Kind::Listing) > 0.6);
}
