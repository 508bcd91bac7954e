//! The rule of the house: a room uses only rooms below it, in its unit tests, too. The order of the rooms
//! is the table in `src/lib.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Lines that a file of code may have at the most.
const MAX_LINES: usize = 400;

/// Crates that the extractor alone must not bring: of fetching, storing and the command line.
const FORBIDDEN: [&str; 16] = [
    "anyhow",
    "aws-lc-rs",
    "aws-lc-sys",
    "brotli",
    "clap",
    "governor",
    "hyper",
    "indicatif",
    "libsqlite3-sys",
    "reqwest",
    "robotstxt",
    "rusqlite",
    "rustls",
    "tokio",
    "tracing-subscriber",
    "zstd",
];

/// A file of the library or the program.
struct Source {
    /// From the package's folder.
    path: String,
    room: String,
    /// Without comments.
    code: String,
    lines: usize,
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let rooms = rooms();
    let exports = exports();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room != "main") {
        let Some(own) = rooms.iter().position(|room| *room == source.room) else {
            wrong.push(format!("{}: its room is not in the table", source.path));
            continue;
        };
        for name in used(&source.code) {
            let exported = exports.iter().find(|(item, _)| *item == name);
            let room = exported.map_or(name, |(_, room)| room);
            match rooms.iter().position(|known| known == room) {
                Some(at) if at >= own => {}
                Some(_) => wrong.push(format!("{} uses `{room}`, which is above", source.path)),
                None => wrong.push(format!("{}: `crate::{room}` is no room", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let all = sources()
        .into_iter()
        .map(|source| (source.path, source.lines));
    let tests = rust_files(&Path::new(ROOT).join("tests"));
    let tests = tests
        .into_iter()
        .map(|path| (relative(&path), lines(&read(&path))));
    let long: Vec<String> = all
        .chain(tests)
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{path} has {lines} lines, {MAX_LINES} are the most"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_extractor_alone_brings_no_crate_of_crawling_or_storing() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--no-default-features"])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(ROOT)
        .output()
        .expect("cargo runs");
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let tree = String::from_utf8_lossy(&tree.stdout);
    let brought: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        brought.contains("html5ever"),
        "this is the tree of the extractor"
    );
    let forbidden: Vec<_> = FORBIDDEN
        .iter()
        .filter(|name| brought.contains(*name))
        .collect();
    assert!(forbidden.is_empty(), "{forbidden:?}");
}

#[test]
fn the_rule_sees_what_it_must_see() {
    let code = code_of(
        "use crate::{dom, fields::{dates, title}};
// crate::comment
fn f() { crate::store::open() }
\
         fn g() -> crate::Error {}
use crate::text::key;
",
    );
    let names: Vec<&str> = used(&code).into_iter().collect();
    assert_eq!(names, ["Error", "dom", "fields", "store", "text"]);
}

/// The first column of the table of rooms in `src/lib.rs`, from the top floor down.
fn rooms() -> Vec<String> {
    let library = read(&Path::new(ROOT).join("src/lib.rs"));
    let table = library
        .lines()
        .skip_while(|line| !line.starts_with("//! | room |"))
        .skip(2)
        .map_while(|line| line.strip_prefix("//! | "));
    let names = table.filter_map(|row| row.split('`').nth(1));
    names.map(str::to_owned).collect()
}

/// What `src/lib.rs` hands out at the crate's root, each with its room.
fn exports() -> Vec<(String, String)> {
    let library = code_of(&read(&Path::new(ROOT).join("src/lib.rs")));
    let uses = library
        .split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next());
    uses.filter_map(|path| path.split_once("::"))
        .flat_map(|(room, names)| {
            let names = names.trim_matches(['{', '}']).split(',');
            let pairs = names.map(|name| (name.trim().to_owned(), room.trim().to_owned()));
            pairs.collect::<Vec<_>>()
        })
        .collect()
}

fn sources() -> Vec<Source> {
    let folder = Path::new(ROOT).join("src");
    let files = rust_files(&folder).into_iter();
    let all = files.filter(|path| path.file_name().is_some_and(|name| name != "lib.rs"));
    all.map(|path| {
        let text = read(&path);
        let inside = path.strip_prefix(&folder).expect("it is in the folder");
        let room = inside
            .iter()
            .next()
            .expect("it has a name")
            .to_string_lossy();
        Source {
            path: relative(&path),
            room: room.trim_end_matches(".rs").to_owned(),
            code: code_of(&text),
            lines: lines(&text),
        }
    })
    .collect()
}

/// Code without its comments.
fn code_of(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next());
    lines
        .flatten()
        .fold(String::new(), |code, line| code + line + "\n")
}

/// The names right behind `crate::` in code, also those in braces.
fn used(code: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(top_names(list)),
            None => {
                names.insert(name_at(rest));
            }
        }
    }
    names
}

/// The first names of the paths in a list of a `use`, whose opening brace was read.
fn top_names(list: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let (mut depth, mut begins) = (0, true);
    for (at, sign) in list.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if begins && !sign.is_whitespace() => {
                names.push(name_at(&list[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file of ours can be read")
}

fn lines(text: &str) -> usize {
    text.lines().count()
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(ROOT).unwrap_or(path);
    path.display().to_string()
}
