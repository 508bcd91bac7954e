//! The gate: no change may lower the figures on our own pages, or on a fixed sample of the
//! development corpora where they are there, by more than the error. `tests/update-baseline` writes
//! the baselines anew, and the change shows in review.

use std::path::Path;

use super::{development, gleaner, root, said, skip};

/// Pages of the sample of each development corpus.
pub(super) const SAMPLE: &str = "100";

fn hold(corpus: &Path, baseline: &str, more: &[&str]) {
    let baseline = root().join("tests/gate").join(baseline);
    let (corpus, baseline) = (corpus.display().to_string(), baseline.display().to_string());
    let mut arguments = vec!["eval", &corpus, "--baseline", &baseline, "--fail-on-drop"];
    arguments.extend(["--worst", "5"]);
    arguments.extend(more);
    let output = gleaner(&arguments);
    let hint = "if this is meant, run tests/update-baseline and say why in the commit";
    assert_eq!(output.status.code(), Some(0), "{}{hint}", said(&output));
}

#[test]
fn our_own_stories_do_not_get_worse() {
    hold(Path::new("fixtures/stories"), "stories.json", &[]);
}

#[test]
fn the_development_corpora_do_not_get_worse() {
    for name in ["fundus-dev", "wcxb-dev"] {
        match development(name) {
            Some(corpus) => hold(&corpus, &format!("{name}.json"), &["--sample", SAMPLE]),
            None => skip(
                &format!("the gate on {name}"),
                "../shared/corpora is not there",
            ),
        }
    }
}
