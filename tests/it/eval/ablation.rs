//! `gleaner eval --without` and `--ablate`: what each rule is worth.

use super::{BODY, PAGE, gleaner, json, said, write};

/// A corpus of this many pages that end with a prompt, which the gold has not.
fn corpus(pages: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = PAGE.replace("</article>", "<p>Follow us on social media</article>");
    for number in 0..pages {
        write(folder.path(), &format!("{number}.html"), &page);
        write(folder.path(), &format!("{number}.txt"), BODY);
    }
    folder
}

#[test]
fn rules_are_switched_off_by_name() {
    let folder = corpus(1);
    let path = folder.path().display().to_string();
    let exact = |more: &[&str]| {
        let figures = folder.path().join("figures.out").display().to_string();
        let arguments = ["eval", &path, "--density-only", "--json", &figures];
        let output = gleaner(&[&arguments, more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let figures = std::fs::read(figures).expect("the figures were written");
        let figures: serde_json::Value = serde_json::from_slice(&figures).expect("JSON");
        figures["accuracy"].as_f64()
    };
    assert_eq!(exact(&[]), Some(1.0));
    assert_eq!(exact(&["--without", "phrases"]), Some(0.0));
    assert_eq!(exact(&["--without", "titles,phrases"]), Some(0.0));
    assert_eq!(exact(&["--without", "link-lists"]), Some(1.0));
    let output = gleaner(&["eval", &path, "--without", "share"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    for known in ["phrases", "lone-headings", "front-bylines"] {
        assert!(said(&output).contains(known), "{}", said(&output));
    }
}

#[test]
fn a_rule_earns_its_place_where_pages_are_better_with_it() {
    let (several, one) = (corpus(8), corpus(1));
    let [several, one] = [&several, &one].map(|folder| folder.path().display().to_string());
    let output = gleaner(&["eval", &several, &one, "--ablate", "--density-only"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let rows = |rule: &str| -> Vec<&str> {
        let start = format!("| {rule} | ");
        text.lines()
            .filter_map(|line| line.strip_prefix(&start))
            .collect()
    };
    let share = rows("phrases");
    assert!(share[0].starts_with("8 | 8 / 0 | +"), "{text}");
    assert!(share[0].ends_with("| 0.008 | **earns** |"), "{text}");
    assert!(share[1].starts_with("1 | 1 / 0 | +"), "{text}");
    assert!(
        share[2].starts_with("9 | 9 / 0 | +"),
        "both corpora: {text}"
    );
    assert_eq!(rows("link-lists").len(), 0, "{text}");
    assert!(text.contains("otherwise without: "), "{text}");
}

#[test]
fn without_gold_texts_no_rule_has_a_figure() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "a.html", PAGE);
    let title = serde_json::json!({"title": "Rain at last"});
    write(folder.path(), "a.json", json(&title));
    let path = folder.path().display().to_string();
    let output = gleaner(&["eval", &path, "--ablate"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("without gold texts"),
        "{}",
        said(&output)
    );
}
