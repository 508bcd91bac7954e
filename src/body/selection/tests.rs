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
fn entries_of_a_list_share_half_of_their_score() {
    let odds = [
        ("a coat", 0.9),
        ("a coin", 0.9),
        ("a map", 0.9),
        ("a hat", 0.35),
    ];
    let list = "<ul><li>a coat<li>a coin<li>a map<li>a hat</ul>";
    assert_eq!(kept(list, Kind::Article, &odds).len(), 4);
    let lines = "<p>a coat<p>a coin<p>a map<p>a hat";
    assert_eq!(kept(lines, Kind::Article, &odds).len(), 3);
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
fn what_themes_print_over_the_headline_is_none_of_the_text() {
    let page = |kicker: &str| {
        let page = Document::parse(&format!(
            "<title>Ferry returns</title><p>{kicker}</p><h1>Ferry returns</h1><p>{STORY}"
        ));
        let mut rules = rules_of(&page);
        rules.mark_menus_and_phrases(&page, None);
        let scores = vec![0.9; rules.blocks.len()];
        choose(&page, &rules, &scores, Kind::Article).kept[0].is_some()
    };
    assert!(!page("HARBOURS"));
    assert!(page("The boat is back."));
    assert!(page("What the lake has to say"));
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
fn who_wrote_when_needs_a_sure_score() {
    let line = "<p>Jane Doe <time>3 May, 09:40</time>";
    let odds = [("Jane Doe 3 May, 09:40", 0.6)];
    assert!(kept(line, Kind::Article, &odds).is_empty());
    assert!(kept(line, Kind::Forum, &odds).is_empty());
    assert_eq!(kept(line, Kind::Product, &odds).len(), 1);
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
fn the_name_of_a_section_opens_no_story() {
    let story = |front: &str| {
        let page = Document::parse(&format!(
            "{front}<article><h2>Weather</h2><p>{STORY}</article>"
        ));
        let rules = rules_of(&page);
        let score = |block: &TextBlock| if block.link_density() < 0.5 { 0.9 } else { 0.0 };
        let scores: Vec<f32> = rules.blocks.iter().map(score).collect();
        let kept = choose(&page, &rules, &scores, Kind::Article).kept;
        kept.iter().flatten().count()
    };
    assert_eq!(story("<nav><a href=/w>Weather</a></nav>"), 1);
    assert_eq!(story("<nav><a href=/s>Sport</a></nav>"), 2);
    assert_eq!(story("<title>Ferry returns | Weather</title>"), 1);
    assert_eq!(story("<title>Ferry returns in hard weather</title>"), 2);
}

#[test]
fn where_nothing_is_likely_nothing_is_kept() {
    let page = Document::parse("<p>Home<p>Contact<p>All rights reserved");
    let mut rules = rules_of(&page);
    rules.verdicts.fill(None);
    let count = |p: f32| {
        let choice = choose(&page, &rules, &[p; 3], Kind::Listing);
        choice.kept.iter().flatten().count()
    };
    assert_eq!((count(0.2), count(0.3)), (0, 3));
}

#[test]
fn the_last_entry_of_a_live_blog_is_kept() {
    let entries = |times: &[&str]| {
        let entry = |time: &&str| format!("<p>{time}<p>It is now {time} here.");
        times.iter().map(entry).collect::<String>()
    };
    let odds = [
        ("It is now 09:40 here.", 0.9),
        ("It is now 08:15 here.", 0.9),
        ("It is now 07:10 here.", 0.3),
    ];
    let three = kept(&entries(&["09:40", "08:15", "07:10"]), Kind::Article, &odds);
    assert_eq!(three.len(), 3, "{three:?}");
    let two = kept(&entries(&["08:15", "07:10"]), Kind::Article, &odds);
    assert_eq!(two, ["It is now 08:15 here."]);
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
