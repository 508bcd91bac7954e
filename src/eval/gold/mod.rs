//! Making gold: a page's blocks, chosen one by one, and its fields, saved beside the page.
//!
//! [`Draft`] is a page as the editor shows it, [`Choice`] what comes back; [`server`] shows drafts in
//! a browser on this machine.

mod editor;
pub mod server;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::corpus::{self, Page};
use super::report::marks::Gold;
use crate::Error;
use crate::article::{Options, extract};
use crate::block::{self, Shape, TextBlock};
use crate::body;
use crate::dom::Document;
use crate::record::Record;

/// Key of the gold file under which the chosen blocks' places stand, so that of two equal blocks the
/// one that was meant is chosen again.
const BLOCKS_KEY: &str = "blocks_chosen";

/// A page with what is known of its gold: saved before, or as extracted.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The page's name.
    pub name: String,
    /// Whether gold was saved before.
    pub has_gold: bool,
    /// The fields' values.
    pub fields: Fields,
    /// The page's blocks in its order.
    pub blocks: Vec<Line>,
}

/// One block of a page, as the editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The block's text.
    pub text: String,
    /// What it is, for the reader.
    pub shape: &'static str,
    /// Whether it is part of the body.
    pub chosen: bool,
    /// Whether the extractor takes it for part of the body.
    pub extracted: bool,
}

/// The fields of a gold; empty ones are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    /// The headline.
    pub title: String,
    /// The page's own summary.
    pub description: String,
    /// Names, one an element.
    pub authors: Vec<String>,
    /// A date, or date and time in RFC 3339.
    pub published: String,
    /// BCP 47 tag.
    pub language: String,
}

/// What was chosen in the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The fields.
    pub fields: Fields,
    /// Places of the blocks that are part of the body.
    pub blocks: Vec<usize>,
}

/// The pages that `inputs` name: HTML files, and folders of them.
///
/// # Errors
/// When one is not there, is no page, or keeps its gold in a manifest.
pub fn pages(inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut pages = Vec::new();
    for input in inputs {
        let about = fs::metadata(input).map_err(Error::io(input))?;
        let refused = |message: &str| Error::input(input.display().to_string(), message);
        if about.is_dir() {
            if input.join("manifest.jsonl").is_file() {
                return Err(refused(
                    "its gold is in manifest.jsonl, and gold is written beside pages only; name \
                     the pages themselves, and move their gold out of the manifest",
                ));
            }
            let names = corpus::html_names(input)?;
            if names.is_empty() {
                return Err(refused("no NAME.html files here"));
            }
            pages.extend(names.into_iter().map(|name| input.join(name)));
        } else {
            let name = input.file_name().unwrap_or_default().to_string_lossy();
            if corpus::stem(&name) == name {
                return Err(refused(
                    "a page is a file NAME.html, NAME.htm or one with .gz",
                ));
            }
            pages.push(input.clone());
        }
    }
    Ok(pages)
}

/// The file a page's gold is written to: `NAME.json` beside it.
#[must_use]
pub fn gold_path(page: &Path) -> PathBuf {
    let name = page.file_name().unwrap_or_default().to_string_lossy();
    page.with_file_name(format!("{}.json", corpus::stem(&name)))
}

impl Draft {
    /// Reads a page and its gold.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let page = page_at(path)?;
        let markup = page.markup()?;
        let document = Document::parse(&markup);
        let options = Options {
            explain: true,
            ..Options::default()
        };
        let record = extract(&markup, page.address().as_ref(), &options).record;
        let blocks = block::segment(&document);
        let kept = kept(&blocks, &record);
        let chosen = match (&page.text, saved_choice(path)?) {
            (None, _) => kept.clone(),
            // The places hold as long as they still give the text that was saved.
            (Some(text), Some(places)) if body(&document, &blocks, &places) == *text => {
                (0..blocks.len()).map(|at| places.contains(&at)).collect()
            }
            (Some(text), _) => {
                let gold = Gold::of(text);
                blocks.iter().map(|block| gold.holds(&block.text)).collect()
            }
        };
        let lines = blocks.into_iter().zip(chosen).zip(kept);
        Ok(Self {
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            has_gold: page.text.is_some(),
            fields: Fields::of(&page, &record),
            blocks: lines
                .map(|((block, chosen), extracted)| Line {
                    shape: shape_name(&block),
                    text: block.text,
                    chosen,
                    extracted,
                })
                .collect(),
        })
    }
}

impl Fields {
    /// The gold's, and where it has none the extractor's.
    fn of(page: &Page, record: &Record) -> Self {
        let or = |gold: &Option<String>, found: &Option<String>| {
            gold.clone().or_else(|| found.clone()).unwrap_or_default()
        };
        Self {
            title: or(&page.title, &record.title),
            description: or(&page.description, &record.description),
            authors: page
                .authors
                .clone()
                .unwrap_or_else(|| record.authors.clone()),
            published: or(&page.published, &record.published),
            language: or(&page.language, &record.language),
        }
    }
}

/// Saves a page's gold beside it, all or nothing. Other keys of a gold that is there stay.
///
/// # Errors
/// When a chosen block is not on the page, or a file cannot be read or written.
pub fn save(path: &Path, choice: &Choice) -> Result<PathBuf, Error> {
    let page = page_at(path)?;
    let document = Document::parse(&page.markup()?);
    let blocks = block::segment(&document);
    if let Some(place) = choice.blocks.iter().find(|at| **at >= blocks.len()) {
        let message = format!(
            "there is no block {place}: the page has {} and may have changed; load it again",
            blocks.len()
        );
        return Err(Error::input(path.display().to_string(), message));
    }
    let target = gold_path(path);
    let mut gold: Map<String, Value> = if target.is_file() {
        corpus::read_json(&target)?
    } else {
        Map::new()
    };
    let fields = &choice.fields;
    let mut set = |key: &str, value: Value, is_known: bool| {
        if is_known {
            gold.insert(key.to_owned(), value);
        } else {
            gold.remove(key);
        }
    };
    for (key, text) in [
        ("title", &fields.title),
        ("description", &fields.description),
        ("published", &fields.published),
        ("language", &fields.language),
    ] {
        set(key, text.trim().into(), !text.trim().is_empty());
    }
    let authors = fields.authors.iter().map(|name| name.trim().to_owned());
    let authors: Vec<String> = authors.filter(|name| !name.is_empty()).collect();
    set("authors", authors.clone().into(), !authors.is_empty());
    set(
        "text",
        body(&document, &blocks, &choice.blocks).into(),
        true,
    );
    set(BLOCKS_KEY, choice.blocks.clone().into(), true);
    let text = serde_json::to_string_pretty(&gold).map_err(|error| {
        Error::input(target.display().to_string(), error.to_string()).caused_by(error)
    })?;
    // A gold that is half written would be worse than none.
    let draft = target.with_extension("json.part");
    fs::write(&draft, text + "\n").map_err(Error::io(&draft))?;
    fs::rename(&draft, &target).map_err(Error::io(&target))?;
    Ok(target)
}

fn page_at(path: &Path) -> Result<Page, Error> {
    let mut pages = corpus::open(path)?;
    match pages.next() {
        Some(page) => page.map_err(|failure| failure.error),
        None => Ok(Page::default()),
    }
}

/// The places a gold was saved with.
fn saved_choice(path: &Path) -> Result<Option<Vec<usize>>, Error> {
    let path = gold_path(path);
    if !path.is_file() {
        return Ok(None);
    }
    let gold: Map<String, Value> = corpus::read_json(&path)?;
    let places = gold.get(BLOCKS_KEY).cloned();
    Ok(places.and_then(|places| serde_json::from_value(places).ok()))
}

/// Which blocks the extractor kept: those it does not explain the removal of.
fn kept(blocks: &[TextBlock], record: &Record) -> Vec<bool> {
    let mut removed: HashMap<&str, usize> = HashMap::new();
    for one in &record.removed {
        *removed.entry(&one.text).or_default() += 1;
    }
    let is_kept = |block: &TextBlock| match removed.get_mut(block.text.as_str()) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    blocks.iter().map(is_kept).collect()
}

/// The text that these blocks make, as the extractor would write it.
fn body(document: &Document, blocks: &[TextBlock], places: &[usize]) -> String {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.dedup();
    let chosen: Vec<&TextBlock> = places.iter().filter_map(|at| blocks.get(*at)).collect();
    let assembled = body::assemble(document, &chosen);
    let assembled: Vec<_> = assembled.into_iter().map(|(block, _)| block).collect();
    Record::join_blocks(&assembled)
}

fn shape_name(block: &TextBlock) -> &'static str {
    match block.shape {
        _ if block.cell.is_some() => "cell",
        Shape::Paragraph => "",
        Shape::Heading(_) => "heading",
        Shape::Item { .. } => "item",
        Shape::Quote => "quote",
        Shape::Code => "code",
        Shape::Caption => "caption",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<title>Rain</title><nav><p>Home</p></nav><article><h1>Rain</h1>\
        <p>After ninety dry days it rained in the valley on Monday, and farmers stood in their yards.</p>\
        <p>Same words.</p><h2>Why</h2><p>Same words.</p>\
        <p>Nobody knows why it rained, said the keeper of the lock, who has seen many years of it.</p></article>";

    fn saved() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("rain.html");
        fs::write(&path, PAGE).expect("the folder can be written");
        (folder, path)
    }

    fn places(draft: &Draft) -> Vec<usize> {
        (0..draft.blocks.len())
            .filter(|at| draft.blocks[*at].chosen)
            .collect()
    }

    #[test]
    fn what_is_saved_comes_back_even_where_blocks_are_equal() {
        let (folder, path) = saved();
        let draft = Draft::read(&path).expect("the page is sound");
        assert!(!draft.has_gold);
        let same: Vec<usize> = (0..draft.blocks.len())
            .filter(|at| draft.blocks[*at].text == "Same words.")
            .collect();
        assert_eq!(same.len(), 2);
        let choice = Choice {
            fields: Fields {
                title: " Rain at last ".to_owned(),
                authors: vec!["Ann Bell".to_owned(), " ".to_owned()],
                ..Fields::default()
            },
            blocks: vec![same[1], same[1] - 1],
        };
        fs::write(gold_path(&path), "{\"with\": [\"words\"]}").expect("it can be written");
        let target = save(&path, &choice).expect("it can be saved");
        assert_eq!(target, folder.path().join("rain.json"));
        let again = Draft::read(&path).expect("the page is sound");
        assert!(again.has_gold);
        assert_eq!(places(&again), [same[1] - 1, same[1]]);
        assert_eq!(again.fields.title, "Rain at last");
        assert_eq!(again.fields.authors, ["Ann Bell"]);
        let page = page_at(&path).expect("the gold is read");
        assert_eq!(page.text.as_deref(), Some("Why\n\nSame words."));
        assert_eq!(page.with, ["words"], "other keys stay");
        let names = fs::read_dir(folder.path())
            .expect("it can be listed")
            .count();
        assert_eq!(names, 2, "nothing else is written");
    }

    #[test]
    fn blocks_that_are_not_there_and_pages_that_are_none_are_refused() {
        let (folder, path) = saved();
        let choice = Choice {
            blocks: vec![1000],
            ..Choice::default()
        };
        let message = save(&path, &choice).expect_err("no such block").to_string();
        assert!(
            message.contains("rain.html") && message.contains("load it again"),
            "{message}"
        );
        assert!(!gold_path(&path).exists());
        let text = folder.path().join("notes.txt");
        fs::write(&text, "x").expect("the folder can be written");
        for (input, why) in [
            (text, "NAME.html"),
            (folder.path().join("gone.html"), "No such file"),
        ] {
            let message = pages(&[input]).expect_err("it is no page").to_string();
            assert!(message.contains(why), "{message}");
        }
        fs::write(folder.path().join("manifest.jsonl"), "").expect("the folder can be written");
        let message = pages(&[folder.path().to_owned()])
            .expect_err("a manifest")
            .to_string();
        assert!(message.contains("manifest.jsonl"), "{message}");
    }
}
