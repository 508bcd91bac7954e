//! Our own stories (`fixtures/stories`): one in twelve kinds of markup, and eleven in other
//! languages. `NAME.txt` is the exact body of `NAME.html`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use gleaner::dom::Document;
use gleaner::eval::comparison::diff;
use gleaner::record::Explained;
use gleaner::{Options, extract};

use crate::robust::{letters_of, stray_word};

/// A page and its body.
pub(crate) struct Story {
    pub(crate) name: String,
    pub(crate) html: String,
    pub(crate) body: String,
}

/// All stories, by name.
pub(crate) fn all() -> Vec<Story> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stories");
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the fixtures are part of the project")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
        .collect();
    pages.sort();
    pages
        .into_iter()
        .map(|path| {
            let read = |path: &Path| fs::read_to_string(path).expect("fixtures are UTF-8 files");
            Story {
                name: path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                html: read(&path),
                body: read(&path.with_extension("txt")).trim_end().to_owned(),
            }
        })
        .collect()
}

#[test]
fn bodies_are_exact() {
    let mut failures = String::new();
    let stories = all();
    let mut failed = 0;
    for story in &stories {
        let text = extract(&story.html, None, &Options::default()).record.text;
        if text == story.body {
            continue;
        }
        failed += 1;
        let _ = writeln!(failures, "\n== {}", story.name);
        failures.push_str(&diff(&story.body, &text));
    }
    assert!(
        failed == 0,
        "{failed} of {} bodies differ (- missing, + too much):{failures}",
        stories.len()
    );
}

#[test]
fn every_gold_block_stands_in_its_page_in_order() {
    let stories = all();
    assert!(stories.len() >= 23, "{} stories", stories.len());
    for story in &stories {
        let page = letters_of(&Document::parse(&story.html));
        assert!(story.body.len() > 300, "{}", story.name);
        assert_eq!(stray_word(&story.body, &page), None, "{}", story.name);
    }
}

#[test]
fn every_block_of_a_story_is_explained() {
    for story in all() {
        for density_only in [false, true] {
            let options = Options::default().explain(true).density_only(density_only);
            let record = extract(&story.html, None, &options).record;
            let (kept, removed) = (&record.kept, &record.removed);
            for block in gleaner::block::segment(&Document::parse(&story.html)) {
                assert!(
                    kept.iter().chain(removed).any(|one| one.text == block.text),
                    "{}: {}",
                    story.name,
                    block.text
                );
            }
            let scored = |one: &Explained| one.score.is_some() != density_only;
            assert!(kept.iter().all(scored), "{}", story.name);
            assert!(!kept.is_empty(), "{}", story.name);
        }
        let plain = extract(&story.html, None, &Options::default()).record;
        assert!(plain.kept.is_empty() && plain.removed.is_empty());
    }
}
