//! The gate: no change may lower the figures on our own pages, or on a fixed sample of the
//! development corpora where they are there, by more than the error. `tests/update-baseline` writes
//! the baselines anew, and the change shows in review.
//!
//! The development corpora are extracted by the models in `tests/gate/folds`, which have not seen the pages'
//! sites: on pages that a model was trained on, what only fits these pages looks good. A baseline says which
//! pages and models it was made with, and holds for no others.

use std::path::Path;

use serde_json::Value;

use super::{development, gleaner, root, said, skip};

/// Pages of the sample of each development corpus.
pub(super) const SAMPLE: &str = "100";

/// The models that have not seen the sites of the development corpora; `config/model/retrain.sh` puts them
/// there.
const FOLDS: &str = "tests/gate/folds";

const HINT: &str = "if this is meant, run tests/update-baseline and say why in the commit";

/// Holds a corpus to a baseline.
fn hold(corpus: &Path, baseline: &str, more: &[&str]) {
    if let Err(fault) = held(corpus, &root().join("tests/gate").join(baseline), more) {
        panic!("{fault}\n{HINT}");
    }
}

/// Evaluates a corpus against a baseline; an error says what is wrong.
fn held(corpus: &Path, baseline: &Path, more: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let figures = folder.path().join("figures.json");
    let [corpus, written, before] =
        [corpus, &figures, baseline].map(|path| path.display().to_string());
    let mut arguments = vec!["eval", &corpus, "--json", &written, "--baseline", &before];
    arguments.extend(["--fail-on-drop", "--worst", "5"]);
    arguments.extend(more);
    let output = gleaner(&arguments);
    if figures.is_file() {
        is_comparable(baseline, &figures)?;
    }
    match output.status.code() {
        Some(0) => Ok(()),
        _ => Err(said(&output)),
    }
}

/// Whether two files of figures were made with the same pages and models.
fn is_comparable(baseline: &Path, figures: &Path) -> Result<(), String> {
    let [before, after] = [baseline, figures].map(|path| {
        let text = std::fs::read_to_string(path).expect("figures");
        let figures: Value = serde_json::from_str(&text).expect("JSON");
        figures["made_with"].clone()
    });
    for what in ["corpus", "model"] {
        if before[what] != after[what] || before[what].is_null() {
            let path = baseline.display();
            let digests = format!("{} there, {} here", before[what], after[what]);
            return Err(format!("{path} was made with another {what}: {digests}"));
        }
    }
    Ok(())
}

#[test]
fn our_own_stories_do_not_get_worse() {
    hold(Path::new("fixtures/stories"), "stories.json", &[]);
}

#[test]
fn the_development_corpora_do_not_get_worse() {
    for name in ["daniel-dev", "fundus-dev", "wcxb-dev"] {
        let baseline = format!("{name}.json");
        let is_set =
            root().join(FOLDS).exists() || root().join("tests/gate").join(&baseline).exists();
        let test = format!("the gate on {name}");
        match development(name) {
            None => skip(&test, "../shared/corpora is not there"),
            Some(_) if !is_set => skip(
                &test,
                "config/model/retrain.sh has not been run since it needs folds",
            ),
            Some(corpus) => hold(&corpus, &baseline, &["--sample", SAMPLE, "--folds", FOLDS]),
        }
    }
}

#[test]
fn a_baseline_holds_for_its_own_pages_and_model_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let corpus = folder.path().join("corpus");
    super::write(&corpus, "a.html", super::PAGE);
    super::write(&corpus, "a.txt", super::BODY);
    let baseline = folder.path().join("baseline.json");
    let [path, file] = [&corpus, &baseline].map(|path| path.display().to_string());
    let output = gleaner(&["eval", &path, "--json", &file]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(held(&corpus, &baseline, &[]), Ok(()));
    let fault = |more: &[&str]| held(&corpus, &baseline, more).expect_err("not the same");
    assert!(fault(&["--density-only"]).contains("another model"));
    // One byte of the markup, which changes no figure.
    super::write(&corpus, "a.html", format!("{}\n", super::PAGE));
    assert!(fault(&[]).contains("another corpus"));
    super::write(&corpus, "a.html", super::PAGE);
    super::write(&corpus, "a.txt", format!("{}\n", super::BODY));
    assert!(fault(&[]).contains("another corpus"));
}
