//! A store on a disk that cannot be written.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

/// The user nobody: root may write anywhere, so a test that runs as root gives its rights up.
const NOBODY: u32 = 65534;

fn permit(path: &Path, mode: u32) {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, permissions).expect("it is ours");
}

/// Whether what this process does can be refused at all.
fn is_root() -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    permit(folder.path(), 0o555);
    std::fs::write(folder.path().join("x"), "x").is_ok()
}

/// Crawls with a copy of the program that nobody may run, too.
fn crawl(program: &Path, store: &Path) -> Output {
    let mut command = Command::new(program);
    command
        .current_dir("/")
        .args(["crawl", "--allow-private", "--store"])
        .arg(store)
        .arg("http://127.0.0.1:9/");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().expect("it starts")
}

#[test]
fn a_store_that_cannot_be_written_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    permit(folder.path(), 0o755);
    let program = folder.path().join("gleaner");
    std::fs::copy(env!("CARGO_BIN_EXE_gleaner"), &program).expect("copied");
    permit(&program, 0o755);
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).expect("made");
    let store = disk.join("news.db");
    let made = Command::new(&program)
        .args(["crawl", "--allow-private", "--store"])
        .arg(&store)
        .arg("http://127.0.0.1:9/")
        .output()
        .expect("it starts");
    assert!(store.exists(), "{}", String::from_utf8_lossy(&made.stderr));
    let before = std::fs::read(&store).expect("read");

    // A folder in which nothing can be made, and a file that cannot be written.
    let lock = disk.join("news.db.lock");
    permit(&store, 0o444);
    permit(&lock, 0o666);
    for mode in [0o555, 0o755] {
        permit(&disk, mode);
        let output = crawl(&program, &store);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(
            errors.contains("news.db") && errors.contains("writ"),
            "{errors}"
        );
    }
    let other = crawl(&program, &disk.join("other.db"));
    let errors = String::from_utf8_lossy(&other.stderr);
    assert_eq!(other.status.code(), Some(1), "{errors}");
    assert!(errors.contains("must exist and be writable"), "{errors}");

    permit(&disk, 0o755);
    assert_eq!(std::fs::read(&store).expect("read"), before);
}
