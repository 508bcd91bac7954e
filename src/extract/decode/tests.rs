use super::*;
use crate::block::segment;
use crate::extract::Options;
use crate::extract::rules::Rules;
use crate::metadata;

const STORY: &str = "The white ferry came round the point at ten past seven on Thursday morning, and \
    the people who had been standing on the quay since before dawn began to clap.";

/// What is kept of a story whose paragraphs are sure and whose other blocks have the probability.
fn kept(html: &str, kind: Kind, others: &[(&str, f32)]) -> Vec<String> {
    let page = Document::parse(&format!(
        "<title>Ferry returns</title><article><h1>Ferry returns</h1><p>{STORY}<p>{STORY} Nobody had \
         told them to.{html}</article>"
    ));
    let evidence = metadata::gather(&page, None, &Options::default());
    let rules = Rules::apply(&page, segment(&page), &evidence);
    let scores: Vec<f32> = rules
        .blocks
        .iter()
        .map(|block| {
            let other = others.iter().find(|(text, _)| block.text == *text);
            other.map_or(if block.words > 20 { 0.95 } else { 0.01 }, |(_, p)| *p)
        })
        .collect();
    let choice = choose(&page, &rules.blocks, &scores, &rules.verdicts, kind);
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
fn the_title_comes_back_in_no_story() {
    let odds = [("Ferry returns", 0.6)];
    assert!(kept("", Kind::Article, &odds).is_empty());
    assert_eq!(kept("", Kind::Service, &odds), ["Ferry returns"]);
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
fn blocks_of_one_build_share_a_part_of_their_score() {
    let page = Document::parse("<p>one two<p>three four<p>five six<p>seven eight");
    let blocks = segment(&page);
    let level = |verdict: Option<Reason>, kind: Kind| {
        let mut scores = [0.9, 0.9, 0.9, 0.4];
        let verdicts = [None, None, None, verdict];
        level_alike(&blocks, &[0, 0, 0, 0], &verdicts, kind, &mut scores);
        scores[3]
    };
    assert!(level(None, Kind::Article) > 0.5);
    assert!(level(None, Kind::Forum) > level(None, Kind::Article));
    let link = level(Some(Reason::LinkDensity), Kind::Article);
    assert!((link - 0.4).abs() < 1e-6, "{link}");
    assert!(level(Some(Reason::LinkDensity), Kind::Listing) > 0.6);
}
