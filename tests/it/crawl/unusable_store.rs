//! A store that cannot be used.

use super::{Desk, error_text};

#[test]
fn a_store_that_cannot_be_used_is_an_error_that_says_why() {
    let desk = Desk::new();
    std::fs::write(
        desk.path("notes.db"),
        "my notes, not a database. ".repeat(200),
    )
    .expect("written");
    let output = desk.run(&["crawl", "--store", "notes.db", "http://127.0.0.1:9/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error_text(&output).contains("notes.db: the file is no SQLite database"),
        "{}",
        error_text(&output)
    );
    let notes = std::fs::read_to_string(desk.path("notes.db")).expect("still there");
    assert!(
        notes.starts_with("my notes"),
        "what is not ours is not touched"
    );

    std::fs::create_dir(desk.path("folder.db")).expect("made");
    for command in [
        &["crawl", "http://127.0.0.1:9/"][..],
        &["status"],
        &["export"],
    ] {
        let output = desk.run(&[command, &["--store", "folder.db"]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", error_text(&output));
        let said = error_text(&output);
        assert!(said.contains("folder.db: this is a folder"), "{said}");
    }

    let output = desk.run(&[
        "crawl",
        "--store",
        "no/such/folder/s.db",
        "http://127.0.0.1:9/",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error_text(&output).contains("must exist and be writable"),
        "{}",
        error_text(&output)
    );

    for command in ["export", "status"] {
        let output = desk.run(&[command, "--store", "none.db"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            error_text(&output).contains("none.db: there is no such store"),
            "{}",
            error_text(&output)
        );
    }
    assert!(!desk.path("none.db").exists());
}
