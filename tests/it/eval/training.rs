//! `gleaner eval --features`: what the learned stage learns from.

use serde_json::Value;

use super::{BODY, PAGE, gleaner, json, said, write};

#[test]
fn features_are_written_of_pages_with_gold() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    let file = folder.path().join("features.npy");
    let written = file.display().to_string();
    write(folder.path(), "a.html", PAGE);
    let output = gleaner(&["eval", &path, "--features", &written]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("gold text"), "{}", said(&output));
    write(folder.path(), "a.txt", BODY);
    let output = gleaner(&["eval", &path, "--features", &written]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let matrix = std::fs::read(&file).expect("the matrix is there");
    let description = std::fs::read(file.with_extension("json")).expect("its description, too");
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    let rows = description["pages"][0]["rows"].as_u64().expect("a count");
    let columns = description["columns"].as_array().expect("names").len() as u64;
    // A header of 128 bytes, then 32-bit floats: label, tokens and features.
    assert_eq!(matrix.len() as u64, 128 + rows * (2 + columns) * 4);
    assert!(rows >= 3 && matrix.starts_with(b"\x93NUMPY"), "{rows} rows");
}

#[test]
fn words_of_blocks_come_from_lexicons_that_leave_out_their_site() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    write(folder.path(), "a.html", PAGE);
    write(folder.path(), "a.txt", BODY);
    let lexicons = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("features.npy");
    let run = || {
        let (features, words) = (file.display(), lexicons.path().display());
        gleaner(&[
            "eval",
            &path,
            "--features",
            &features.to_string(),
            "--lexicons",
            &words.to_string(),
        ])
    };
    let output = run();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("folds.json"), "{}", said(&output));
    let folds = json(&serde_json::json!({"leave_out": "site", "names": ["0", "1", "2", "3", "4"]}));
    write(lexicons.path(), "folds.json", folds);
    let output = run();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("0.words"), "{}", said(&output));
    assert!(
        !file.exists(),
        "nothing is written before all lexicons are read"
    );
    let embedded = std::fs::read("config/model/model.words").expect("part of the project");
    for one in 0..5 {
        write(lexicons.path(), &format!("{one}.words"), &embedded);
        for other in one + 1..5 {
            write(lexicons.path(), &format!("{one}-{other}.words"), &embedded);
        }
    }
    let output = run();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let description = std::fs::read(file.with_extension("json")).expect("the description");
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    let count = |value: &Value| usize::try_from(value.as_u64().expect("a count")).expect("a few");
    let (start, end) = (
        &description["wording"]["start"],
        &description["wording"]["end"],
    );
    let (start, end) = (2 + count(start), 2 + count(end));
    let width = end + 5 * (end - start);
    let matrix = std::fs::read(&file).expect("the matrix");
    let values: Vec<f32> = matrix[128..]
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes")))
        .collect();
    assert_eq!(
        values.len(),
        width * count(&description["pages"][0]["rows"])
    );
    for row in values.chunks_exact(width) {
        let wording = &row[start..end];
        assert!(
            wording.iter().any(|said| *said != 0.0),
            "the words say something"
        );
        // All lexicons are the same here, so that it makes no difference which site one leaves out.
        assert!(
            row[end..]
                .chunks_exact(end - start)
                .all(|again| again == wording)
        );
    }
    write(lexicons.path(), "3-4.words", "no lexicon");
    let output = run();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("3-4.words: this is no lexicon"),
        "{}",
        said(&output)
    );
}

#[test]
fn folds_leave_out_languages_and_corpora() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let corpora = ["old", "new"].map(|name| folder.path().join(name));
    for (corpus, languages) in corpora.iter().zip([["el", "de"], ["en", "el"]]) {
        for (name, language) in ["a", "b"].iter().zip(languages) {
            write(corpus, &format!("{name}.html"), PAGE);
            let gold = json(&serde_json::json!({"text": BODY, "language": language}));
            write(corpus, &format!("{name}.json"), gold);
        }
    }
    let [old, new] = corpora
        .each_ref()
        .map(|corpus| corpus.display().to_string());
    let file = folder.path().join("features.npy");
    let features = file.display().to_string();
    let folds = |more: &[&str]| -> (Value, Vec<Value>) {
        let output = gleaner(&[&["eval", &old, &new, "--features", &features], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let description = std::fs::read(file.with_extension("json")).expect("the description");
        let description: Value = serde_json::from_slice(&description).expect("JSON");
        let pages = description["pages"].as_array().expect("pages").iter();
        let folds = pages.map(|page| page["fold"].clone()).collect();
        (description["fold_assignment"].clone(), folds)
    };
    let (assignment, of_languages) = folds(&["--leave-out", "language"]);
    assert_eq!(assignment["leave_out"], "language");
    let names = serde_json::json!(["el", "en", "zh", "ru", "pl", "other"]);
    assert_eq!(assignment["names"], names);
    assert_eq!(of_languages, [0, 5, 1, 0]);
    let (assignment, of_corpora) = folds(&["--leave-out", "corpus"]);
    assert_eq!(assignment["names"], serde_json::json!(["new", "old"]));
    assert_eq!(of_corpora, [1, 1, 0, 0]);
    let (assignment, of_sites) = folds(&[]);
    assert_eq!(assignment["leave_out"], "site");
    assert_eq!(of_sites[0], of_sites[2], "pages of one name and no address");
    // Pages are extracted by the model that has not seen them; of a third corpus nobody knows which.
    for fold in ["0", "1"] {
        for ending in ["trees", "words"] {
            let model = std::fs::read(format!("config/model/model.{ending}"));
            let name = format!("folds/{fold}.{ending}");
            write(folder.path(), &name, model.expect("part of the project"));
        }
    }
    let assignment = serde_json::json!({"leave_out": "corpus", "names": ["new", "old"]});
    write(folder.path(), "folds/folds.json", json(&assignment));
    let models = folder.path().join("folds").display().to_string();
    let output = gleaner(&["eval", &old, &new, "--folds", &models]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    write(folder.path(), "third/a.html", PAGE);
    write(folder.path(), "third/a.txt", BODY);
    let third = folder.path().join("third").display().to_string();
    let output = gleaner(&["eval", &third, "--folds", &models]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let reason = "no fold leaves out third, only new, old";
    assert!(said(&output).contains(reason), "{}", said(&output));
}
