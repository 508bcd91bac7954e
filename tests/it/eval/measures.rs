//! The measures against an independent computation, `tests/measures.py`.

use std::io::Write;
use std::process::{Command, Stdio};

use gleaner::Record;
use gleaner::eval::corpus::{self, CorpusPage};
use gleaner::eval::{self, Extractor, PageScore};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::{development, root, skip};

/// Words of gold times words of output up to which Python's tables take no more than a second.
const MAX_TABLE: usize = 250_000;

/// Pages compared.
const PAGES: usize = 200;

fn compare(pages: &[(CorpusPage, Record)]) {
    let mut python = match Command::new("python3")
        .arg(root().join("tests/measures.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(python) => python,
        Err(error) => return skip("the check of the measures", &format!("python3: {error}")),
    };
    let mut lines = String::new();
    for (page, record) in pages {
        let line = json!({"gold": page.text, "found": record.text,
            "with": page.with, "without": page.without});
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    let mut stdin = python.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = python.wait_with_output().expect("python runs");
    writer
        .join()
        .expect("no panic")
        .expect("python reads everything");
    let theirs: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    assert_eq!(theirs.len(), pages.len());
    for ((page, record), theirs) in pages.iter().zip(&theirs) {
        let ours = eval::score_record(page, record);
        let id = &page.id;
        assert_eq!(ours.exact, theirs["exact"].as_bool(), "{id}");
        for (name, ours, theirs) in numbers(&ours, page, theirs) {
            let theirs = theirs.as_f64().expect("a number");
            assert!(
                (ours - theirs).abs() < 1e-6,
                "{id}, {name}: {ours} is not {theirs}"
            );
        }
    }
}

fn numbers<'a>(
    ours: &PageScore,
    page: &CorpusPage,
    theirs: &'a Value,
) -> Vec<(&'static str, f64, &'a Value)> {
    let number = |value: Option<f64>| value.expect("there is a gold text");
    let count = |n: usize| f64::from(u32::try_from(n).expect("few snippets"));
    let shares = ours.shingles.expect("there is a gold text");
    vec![
        ("tp", shares.tp, &theirs["shingles"][0]),
        ("fp", shares.fp, &theirs["shingles"][1]),
        ("fn", shares.fn_, &theirs["shingles"][2]),
        ("word F1", number(ours.word_f1), &theirs["word_f1"]),
        (
            "ROUGE",
            number(ours.rouge_lsum_f1),
            &theirs["rouge_lsum_f1"],
        ),
        (
            "Levenshtein",
            number(ours.levenshtein),
            &theirs["levenshtein"],
        ),
        ("with", count(ours.with.0), &theirs["with"]),
        (
            "without",
            count(page.without.len() - ours.without.0),
            &theirs["without"],
        ),
    ]
}

fn pair(id: &str, gold: &str, found: &str) -> (CorpusPage, Record) {
    let page = CorpusPage {
        id: id.to_owned(),
        text: Some(gold.to_owned()),
        with: vec!["one two".to_owned()],
        without: vec!["three".to_owned()],
        ..CorpusPage::default()
    };
    let record = Record::default().with(|record| found.clone_into(&mut record.text));
    (page, record)
}

#[test]
fn degenerate_texts_are_measured_as_python_measures_them() {
    let same = "one two ".repeat(40);
    compare(&vec![
        pair("both empty", "", ""),
        pair("no gold", "", "one two three four five"),
        pair("no output", "one two three four five", ""),
        pair("white space", " \n\t", "\u{a0}\u{1c}"),
        pair("one token", "one", "one"),
        pair("another token", "one", "two"),
        pair("three tokens", "one two three", "one two three"),
        pair("repeated", &same, &same),
        pair("repeated more often", &same, &same[..80]),
        pair(
            "marks",
            "नमस्ते दुनिया naı̈ve_1 cafe\u{301} Ⅻ ½ ①",
            "नमस्ते दुनिया naive_1 café Ⅻ ½",
        ),
        pair("case", "İstanbul ΟΔΟΣ straße", "i̇stanbul οδος STRASSE"),
        pair(
            "sentences",
            "A b. C d! E f? G h…\nI j。k l！",
            "A b.C d! E f? X h… I j。 k l！",
        ),
        pair(
            "separators",
            "a\u{1c}b\u{85}c\u{2028}d\u{200b}e",
            "a b c d e",
        ),
        pair("order", "a b c d e f g h", "e f g h a b c d"),
    ]);
}

#[test]
fn measures_are_those_of_python_on_200_pages() {
    // Any output will do to measure, and this one is quick.
    let mut extractor = Extractor::default();
    extractor.options.density_only = true;
    let mut checked = Vec::new();
    for name in ["fundus-dev", "wcxb-dev"] {
        let Some(corpus) = development(name) else {
            return skip("the check on 200 pages", "../shared/corpora is not there");
        };
        let mut pages = corpus::read(&corpus).expect("the corpus is sound");
        pages.retain(|page| page.text.is_some());
        corpus::sample(&mut pages, PAGES * 3);
        let extracted: Vec<(CorpusPage, Record)> = pages
            .into_par_iter()
            .map(|page| {
                let record = eval::score_page(&page, &extractor).0;
                (page, record)
            })
            .collect();
        let words = |text: &str| text.split_whitespace().count();
        checked.extend(extracted.into_iter().filter(|(page, record)| {
            let gold = page.text.as_deref().unwrap_or_default();
            words(gold) * words(&record.text) <= MAX_TABLE
        }));
    }
    checked.truncate(PAGES);
    assert_eq!(checked.len(), PAGES);
    compare(&checked);
}
