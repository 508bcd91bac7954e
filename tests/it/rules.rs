//! Every rule of the body has a page in `fixtures/rules` that comes out otherwise when it is switched off.
//!
//! A page says in a comment at its front what the model makes of it and what changes without the rule:
//!
//! | line | meaning |
//! |---|---|
//! | `model: none` | only the rules decide |
//! | `model: article` (or another kind) | scores are those of a model made here: .95 for fifteen words and more, .01 for fewer, and as the class `score-60` says |
//! | `+ text`, `- text` | a block that comes or goes without the rule; `\n` is a line break |
//! | `- 100 blocks` | so many go |
//! | `kind: article` | what the page is without the rule |

mod model;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use gleaner::body::switches::{RULES, RuleEntry, Switches};
use gleaner::record::{Kind, Record};
use gleaner::{Model, Options, extract};
use model::KINDS;
use url::Url;

const FOLDER: &str = "fixtures/rules";

/// What a page's comment says.
#[derive(Debug, Default)]
struct Expected {
    model: String,
    comes: Vec<String>,
    goes: Vec<String>,
    goes_count: Option<usize>,
    kind: Option<String>,
}

impl Expected {
    fn read(html: &str) -> Self {
        let comment = html
            .strip_prefix("<!--")
            .and_then(|rest| rest.split_once("-->"));
        let (comment, _) = comment.expect("the page opens with a comment");
        let mut expected = Self::default();
        for line in comment
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let (sign, value) = line.split_once(' ').expect("a sign and a value");
            let text = value.replace("\\n", "\n");
            let blocks = value
                .strip_suffix(" blocks")
                .and_then(|count| count.parse().ok());
            match sign {
                "model:" => expected.model = text,
                "kind:" => expected.kind = Some(text),
                "+" => expected.comes.push(text),
                "-" if blocks.is_some() => expected.goes_count = blocks,
                "-" => expected.goes.push(text),
                _ => panic!("{line}"),
            }
        }
        expected
    }
}

fn name_of(kind: Kind) -> String {
    format!("{kind:?}").to_lowercase()
}

/// The texts in one list and not in the other, each as often as it is missing there.
fn only_in(one: &Record, other: &Record) -> Vec<String> {
    let mut others: Vec<&str> = other
        .blocks
        .iter()
        .map(|block| block.text.as_str())
        .collect();
    let mut found = Vec::new();
    for block in &one.blocks {
        match others.iter().position(|text| *text == block.text) {
            Some(at) => {
                others.remove(at);
            }
            None => found.push(block.text.clone()),
        }
    }
    found
}

/// What is said of each block.
fn explained(record: &Record) -> String {
    let blocks = record.kept.iter().chain(&record.removed);
    let lines = blocks.map(|block| {
        let text: String = block.text.chars().take(40).collect();
        format!("  {:?} {}: {text}\n", block.score, block.reason)
    });
    lines.collect()
}

/// What is wrong with a rule's page, if anything.
fn fault(entry: &RuleEntry, models: &[Arc<Model>]) -> Option<String> {
    let path = Path::new(FOLDER).join(format!("{}.html", entry.name));
    let Ok(html) = std::fs::read_to_string(&path) else {
        return Some(format!("there is no {}", path.display()));
    };
    let expected = Expected::read(&html);
    let html = model::with_scores(&html);
    let url = Url::parse("https://www.valley.example/lake/ferry-returns").ok();
    let record = |switches| {
        let mut options = match KINDS.iter().position(|kind| *kind == expected.model) {
            Some(kind) => Options::default().model(Arc::clone(&models[kind])),
            None => Options::default().density_only(true),
        };
        options.switches = switches;
        options.explain = true;
        extract(&html, url.as_ref(), &options).record
    };
    let with = record(Switches::default());
    let without = record(Switches::default().without(entry));
    let (comes, goes) = (only_in(&without, &with), only_in(&with, &without));
    let (before, after) = (name_of(with.kind), name_of(without.kind));
    let kind = expected.kind.clone().unwrap_or_else(|| before.clone());
    let is_expected = comes == expected.comes
        && expected
            .goes_count
            .map_or(goes == expected.goes, |count| goes.len() == count)
        && after == kind
        && (expected.kind.is_none() || before != after);
    let changes = !comes.is_empty() || !goes.is_empty() || before != after;
    (!is_expected || !changes).then(|| {
        let name = entry.name;
        let said = explained(&with);
        format!("{name}: {before} to {after}, comes {comes:#?}, goes {goes:#?}, with it\n{said}")
    })
}

#[test]
fn every_rule_changes_its_page() {
    let models = model::models();
    let faults: Vec<String> = RULES
        .iter()
        .filter_map(|rule| fault(rule, &models))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_page_belongs_to_a_rule() {
    let rules: BTreeSet<String> = RULES
        .iter()
        .map(|rule| format!("{}.html", rule.name))
        .collect();
    let files = std::fs::read_dir(FOLDER).expect("the pages are there");
    for file in files {
        let name = file.expect("an entry").file_name().into_string();
        let name = name.expect("a name in ASCII");
        assert!(rules.contains(&name), "{name} belongs to no rule");
    }
}
