//! Making gold: a page's blocks, chosen one by one, and its fields, saved beside the page.
//!
//! `GoldDraft` is a page as the editor shows it, `EditedGold` what comes back; [`GoldServer`] shows drafts
//! in a browser on this machine.

mod editor_html;
mod server;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::corpus::{self, CorpusPage, corpus_error};
use super::html_report::block_outcomes::{GoldShingles, removal_reasons};
use crate::Error;
use crate::article::{Options, extract};
use crate::block::{self, Shape, TextBlock};
use crate::body::{self, switches::Switches};
use crate::dom::Document;
use crate::record::Record;

pub use server::GoldServer;

/// Key of the gold file for the chosen blocks' indices, so that of two equal blocks the one that was meant
/// is chosen again.
const BLOCKS_KEY: &str = "blocks_chosen";

/// A page with what is known of its gold: saved before, or as extracted.
#[derive(Debug, Clone, PartialEq)]
struct GoldDraft {
    name: String,
    /// Whether gold was saved before.
    has_gold: bool,
    fields: GoldFields,
    blocks: Vec<EditorBlock>,
}

/// One block of a page, as the editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct EditorBlock {
    text: String,
    /// What it is, for the reader.
    shape: &'static str,
    /// Whether it is part of the gold's body.
    chosen: bool,
    /// Whether the extractor takes it for part of the body.
    extracted: bool,
}

/// The fields of a gold; empty ones are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GoldFields {
    title: String,
    description: String,
    authors: Vec<String>,
    /// A date, or date and time in RFC 3339.
    published: String,
    language: String,
}

/// What was chosen in the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditedGold {
    fields: GoldFields,
    /// Indices of the blocks that are part of the body.
    blocks: Vec<usize>,
}

/// The pages that `inputs` name: HTML files, and folders of them.
///
/// # Errors
/// When one is not there, is no page, or keeps its gold in a manifest.
pub fn pages(inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut pages = Vec::new();
    for input in inputs {
        let about = fs::metadata(input).map_err(Error::io(input))?;
        let refused = |message: &str| corpus_error(input, None, message);
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
            let name = file_name(input);
            if corpus::stem(&name) == name {
                let message = "a page is a file NAME.html, NAME.htm or one with .gz";
                return Err(refused(message));
            }
            pages.push(input.clone());
        }
    }
    Ok(pages)
}

/// The file a page's gold is written to: `NAME.json` beside it.
fn gold_path(page: &Path) -> PathBuf {
    page.with_file_name(format!("{}.json", corpus::stem(&file_name(page))))
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

impl GoldDraft {
    /// Reads a page and its gold.
    fn read(path: &Path) -> Result<Self, Error> {
        let page = page_at(path)?;
        let markup = page.markup()?;
        let document = Document::parse(&markup);
        let options = Options {
            explain: true,
            ..Options::default()
        };
        let record = extract(&markup, page.address().as_ref(), &options).record;
        let blocks = block::segment(&document);
        // What the extractor keeps: the blocks whose removal it does not explain.
        let kept: Vec<bool> = removal_reasons(&blocks, &record)
            .map(|reason| reason.is_none())
            .collect();
        // The places of the blocks that were chosen when the gold was saved.
        let places = read_gold(&gold_path(path))?.remove(BLOCKS_KEY);
        let places = places.and_then(|places| serde_json::from_value::<Vec<usize>>(places).ok());
        let chosen = match (&page.text, places) {
            (None, _) => kept.clone(),
            // The places hold as long as they still give the text that was saved.
            (Some(text), Some(places)) if body_text(&document, &blocks, &places) == *text => {
                (0..blocks.len()).map(|at| places.contains(&at)).collect()
            }
            (Some(text), _) => {
                let gold = GoldShingles::of(text);
                blocks
                    .iter()
                    .map(|block| gold.contains(&block.text))
                    .collect()
            }
        };
        let lines = blocks.into_iter().zip(chosen).zip(kept);
        Ok(Self {
            name: file_name(path),
            has_gold: page.text.is_some(),
            fields: GoldFields::of(&page, &record),
            blocks: lines
                .map(|((block, chosen), extracted)| EditorBlock {
                    shape: shape_name(&block),
                    text: block.text,
                    chosen,
                    extracted,
                })
                .collect(),
        })
    }
}

impl GoldFields {
    /// The fields of the gold, and those of the extractor where the gold has none.
    fn of(page: &CorpusPage, record: &Record) -> Self {
        let first = |gold: &Option<String>, found: &Option<String>| {
            gold.clone().or_else(|| found.clone()).unwrap_or_default()
        };
        Self {
            title: first(&page.title, &record.title),
            description: first(&page.description, &record.description),
            authors: page.authors.as_ref().unwrap_or(&record.authors).clone(),
            published: first(&page.published, &record.published),
            language: first(&page.language, &record.language),
        }
    }
}

/// Saves a page's gold beside it, all or nothing. Other keys of a gold that is there stay.
fn save(path: &Path, edited: &EditedGold) -> Result<PathBuf, Error> {
    let page = page_at(path)?;
    let document = Document::parse(&page.markup()?);
    let blocks = block::segment(&document);
    if let Some(place) = edited.blocks.iter().find(|at| **at >= blocks.len()) {
        let message = format!(
            "there is no block {place}: the page has {} and may have changed; load it again",
            blocks.len()
        );
        return Err(corpus_error(path, None, message));
    }
    let target = gold_path(path);
    let mut gold = read_gold(&target)?;
    let fields = &edited.fields;
    let authors = fields.authors.iter().map(|name| name.trim());
    let authors: Vec<&str> = authors.filter(|name| !name.is_empty()).collect();
    for (key, value) in [
        ("title", fields.title.trim().into()),
        ("description", fields.description.trim().into()),
        ("published", fields.published.trim().into()),
        ("language", fields.language.trim().into()),
        ("authors", authors.into()),
    ] {
        if value == "" || value == Value::Array(Vec::new()) {
            gold.remove(key);
        } else {
            gold.insert(key.to_owned(), value);
        }
    }
    let text = body_text(&document, &blocks, &edited.blocks);
    gold.insert("text".to_owned(), text.into());
    gold.insert(BLOCKS_KEY.to_owned(), edited.blocks.clone().into());
    let text = serde_json::to_string_pretty(&gold)
        .map_err(|error| corpus_error(&target, None, error.to_string()))?;
    // A gold that is half written would be worse than none.
    let draft = target.with_extension("json.part");
    fs::write(&draft, text + "\n").map_err(Error::io(&draft))?;
    fs::rename(&draft, &target).map_err(Error::io(&target))?;
    Ok(target)
}

fn page_at(path: &Path) -> Result<CorpusPage, Error> {
    let page = corpus::open(path)?.next().transpose();
    Ok(page.map_err(|failure| failure.error)?.unwrap_or_default())
}

/// What a gold file holds; nothing where there is none.
fn read_gold(path: &Path) -> Result<Map<String, Value>, Error> {
    if path.is_file() {
        corpus::read_json(path)
    } else {
        Ok(Map::new())
    }
}

/// The text that these blocks make, as the extractor would write it.
fn body_text(document: &Document, blocks: &[TextBlock], places: &[usize]) -> String {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.dedup();
    let chosen: Vec<&TextBlock> = places.iter().filter_map(|at| blocks.get(*at)).collect();
    let assembled = body::assemble(document, &chosen, Switches::default());
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

    fn places(draft: &GoldDraft) -> Vec<usize> {
        (0..draft.blocks.len())
            .filter(|at| draft.blocks[*at].chosen)
            .collect()
    }

    #[test]
    fn what_is_saved_comes_back_even_where_blocks_are_equal() {
        let (folder, path) = saved();
        let draft = GoldDraft::read(&path).expect("the page is sound");
        assert!(!draft.has_gold);
        let same: Vec<usize> = (0..draft.blocks.len())
            .filter(|at| draft.blocks[*at].text == "Same words.")
            .collect();
        assert_eq!(same.len(), 2);
        let edited = EditedGold {
            fields: GoldFields {
                title: " Rain at last ".to_owned(),
                authors: vec!["Ann Bell".to_owned(), " ".to_owned()],
                ..GoldFields::default()
            },
            blocks: vec![same[1], same[1] - 1],
        };
        fs::write(gold_path(&path), "{\"with\": [\"words\"]}").expect("it can be written");
        let target = save(&path, &edited).expect("it can be saved");
        assert_eq!(target, folder.path().join("rain.json"));
        let again = GoldDraft::read(&path).expect("the page is sound");
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
        let edited = EditedGold {
            blocks: vec![1000],
            ..EditedGold::default()
        };
        let message = save(&path, &edited).expect_err("no such block").to_string();
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
