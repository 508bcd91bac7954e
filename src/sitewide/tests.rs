//! Made-up sites whose stories share what is not theirs.

use super::*;

fn record(blocks: &[(BlockKind, &str)]) -> Record {
    let blocks: Vec<Block> = blocks
        .iter()
        .map(|(kind, text)| Block::new(kind.clone(), *text))
        .collect();
    Record {
        text: Record::join_blocks(&blocks),
        blocks,
        ..Record::default()
    }
}

/// A story of its own for each number, with what is put before and after it.
fn story(number: usize, before: &[&str], after: &[&str]) -> Record {
    let word = ["river", "tower", "market", "ferry", "school", "orchard"][number % 6];
    let own = [
        format!("The {word} of {} burned on Monday.", "x".repeat(number + 1)),
        format!(
            "Nobody near the {word} slept, said {}.",
            "y".repeat(number + 1)
        ),
    ];
    let own = own.iter().map(String::as_str);
    let texts = before
        .iter()
        .copied()
        .chain(own)
        .chain(after.iter().copied());
    let blocks: Vec<_> = texts.map(|text| (BlockKind::Paragraph, text)).collect();
    record(&blocks)
}

fn cleaned(mut pages: Vec<Record>) -> Vec<String> {
    let mut learner = Learner::default();
    for page in &pages {
        learner.learn("site.example", page);
    }
    for page in &mut pages {
        learner.clean("site.example", page, false);
    }
    pages.into_iter().map(|page| page.text).collect()
}

#[test]
fn what_stands_under_most_stories_goes_whatever_its_numbers() {
    let pages: Vec<Record> = (0..8)
        .map(|n| story(n, &[], &[&format!("Write to us, {n} people did so today.")]))
        .collect();
    for text in cleaned(pages) {
        assert!(
            text.contains("burned") && !text.contains("Write to us"),
            "{text}"
        );
    }
}

#[test]
fn a_series_a_quote_and_a_repeated_line_of_one_page_stay() {
    let part = "This is part of our series about the river, which runs all summer.";
    let quote = "“We will rebuild it, stone by stone,” the mayor said.";
    let tick = "The fire is still burning, the brigade says.";
    let pages: Vec<Record> = (0..12)
        .map(|n| match n {
            0..5 => story(n, &[part], &[]),
            5..8 => story(n, &[], &[quote]),
            8 => story(
                n,
                &[tick, tick, tick, tick, tick, tick, tick, tick],
                &[tick],
            ),
            _ => story(n, &[], &[]),
        })
        .collect();
    let before: Vec<String> = pages.iter().map(|page| page.text.clone()).collect();
    assert_eq!(cleaned(pages), before);
}

#[test]
fn labels_and_subheads_inside_stay_and_those_over_chrome_go() {
    let heading = |text| (BlockKind::Heading { level: 2 }, text);
    let pages: Vec<Record> = (0..6)
        .map(|n| {
            let other = format!("The {} comes to town", "w".repeat(n + 1));
            let (one, two, three) = (
                format!("First came the {} and the long wait.", "x".repeat(n + 1)),
                format!(
                    "Then the {} arrived, to everyone's surprise.",
                    "y".repeat(n + 1)
                ),
                format!(
                    "In the end {} was all that remained of it.",
                    "z".repeat(n + 1)
                ),
            );
            record(&[
                (BlockKind::Paragraph, one.as_str()),
                heading("Why it matters"),
                (BlockKind::Paragraph, two.as_str()),
                (BlockKind::Paragraph, "Verdict"),
                (BlockKind::Paragraph, three.as_str()),
                (BlockKind::Paragraph, "See also"),
                (
                    BlockKind::ListItem {
                        ordered: false,
                        depth: 0,
                    },
                    other.as_str(),
                ),
                heading("Before you go"),
                (
                    BlockKind::Paragraph,
                    "Ledger stories arrive by post on request.",
                ),
            ])
        })
        .collect();
    for text in cleaned(pages) {
        assert!(
            text.contains("Why it matters") && text.contains("Verdict"),
            "{text}"
        );
        assert!(
            !["See also", "Before you go", "by post"]
                .iter()
                .any(|chrome| text.contains(chrome)),
            "{text}"
        );
    }
}

#[test]
fn an_article_at_two_addresses_is_counted_once() {
    let pages: Vec<Record> = (0..6).map(|_| story(1, &[], &["The end."])).collect();
    let before: Vec<String> = pages.iter().map(|page| page.text.clone()).collect();
    assert_eq!(cleaned(pages), before);
}

#[test]
fn a_record_that_is_mostly_repeated_keeps_all() {
    let long = "The terms of the competition are the same each week and are printed here in full.";
    let pages: Vec<Record> = (0..6)
        .map(|n| story(n, &[long, "And so on."], &[]))
        .collect();
    let before: Vec<String> = pages.iter().map(|page| page.text.clone()).collect();
    assert_eq!(cleaned(pages), before);
}

#[test]
fn what_is_removed_is_said() {
    let mut page = story(1, &[], &["Write to us today."]);
    let found = Frequency { with: 5, pages: 6 };
    let fingerprint = fingerprints(&page)[2];
    assert!(clean(
        &mut page,
        |other| (other == fingerprint).then_some(found),
        true
    ));
    assert_eq!(page.removed.len(), 1);
    assert_eq!(
        page.removed[0].reason,
        "stands in 5 of 6 articles of the site"
    );
    assert_eq!(page.word_count, dedup::count_words(&page.text));
}

#[test]
fn chrome_stands_in_many_articles_or_in_most() {
    for (with, pages, is_chrome) in [
        (9, 12, true),    // "Sign up for our letter" under most stories
        (4, 12, false),   // "This is part three of our series on the river"
        (60, 500, true),  // the note under one section's stories
        (20, 500, false), // a long series
    ] {
        let found = Frequency { with, pages };
        assert_eq!(found.is_chrome(), is_chrome, "{found:?}");
    }
}
