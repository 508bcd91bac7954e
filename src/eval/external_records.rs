//! What another extractor, or another version of this one, made of the same pages.
//!
//! A record a line, as `gleaner extract --format jsonl` writes them; names that other tools use are
//! understood too: `page_id` for `id`, `articleBody` and `plaintext` for `text`, `author` (one name
//! or a list) for `authors`, `date` for `published`. An output file of article-extraction-benchmark,
//! one object by id, is taken as well.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::PageScore;
use super::corpus::{CorpusPage, corpus_error};
use super::page_score::{score_nothing, score_record};
use crate::{Error, Record};

/// Other names of the record's fields.
const OTHER_NAMES: [(&str, &str); 8] = [
    ("page_id", "id"),
    ("articleBody", "text"),
    ("plaintext", "text"),
    ("body", "text"),
    ("author", "authors"),
    ("date", "published"),
    ("publish_date", "published"),
    ("excerpt", "description"),
];

/// Records that another extractor wrote, by the names and addresses of their pages.
#[derive(Debug, Default)]
pub(super) struct ExternalRecords {
    by_key: HashMap<String, Record>,
}

impl ExternalRecords {
    /// Reads a file of records; an error names the file and the line that is no record.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(Error::io(path))?;
        let mut records = Self::default();
        if let Ok(by_id) = serde_json::from_str::<Map<String, Value>>(&text)
            && by_id.values().all(Value::is_object)
        {
            for (id, mut value) in by_id {
                value["id"] = Value::String(id);
                let added = records.add(value);
                added.map_err(|message| corpus_error(path, None, message))?;
            }
            return Ok(records);
        }
        let lines = (1..).zip(text.lines());
        for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let value = serde_json::from_str(line).map_err(|fault| fault.to_string());
            let added = value.and_then(|value| records.add(value));
            added.map_err(|message| corpus_error(path, Some(number), message))?;
        }
        Ok(records)
    }

    fn add(&mut self, value: Value) -> Result<(), String> {
        let Value::Object(mut fields) = value else {
            return Err("a record is a JSON object with `id` and `text`".to_owned());
        };
        // A page that failed has no record.
        if fields.get("error").is_some_and(|error| !error.is_null()) {
            return Ok(());
        }
        rename(&mut fields);
        let record: Record =
            serde_json::from_value(Value::Object(fields)).map_err(|fault| fault.to_string())?;
        let Some(key) = record.id.clone().or_else(|| record.url.clone()) else {
            return Err("a record needs the `id` or the `url` of its page".to_owned());
        };
        self.by_key.insert(key, record);
        Ok(())
    }

    /// The record of a page.
    pub(super) fn of(&self, page: &CorpusPage) -> Option<&Record> {
        let by_url = || self.by_key.get(page.url.as_ref()?);
        self.by_key.get(&page.id).or_else(by_url)
    }

    /// Scores every page; a page without a record counts as one with an empty body.
    pub(super) fn scores(&self, pages: &[CorpusPage]) -> Vec<PageScore> {
        pages
            .par_iter()
            .map(|page| match self.of(page) {
                Some(record) => score_record(page, record),
                None => score_nothing(page, "no record of this page".to_owned()),
            })
            .collect()
    }
}

fn rename(fields: &mut Map<String, Value>) {
    for (other, name) in OTHER_NAMES {
        if !fields.contains_key(name)
            && let Some(value) = fields.remove(other)
        {
            fields.insert(name.to_owned(), value);
        }
    }
    // Other tools write null for what they did not find, and one name where there is one.
    fields.retain(|_, value| !value.is_null());
    if let Some(Value::String(name)) = fields.get("authors") {
        let names = name.split(';').map(|name| name.trim().to_owned());
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        fields.insert("authors".to_owned(), names.into());
    }
    // Other tools have other names for kinds of pages.
    let known = fields
        .get("kind")
        .is_none_or(|kind| serde_json::from_value::<crate::record::Kind>(kind.clone()).is_ok());
    if !known {
        fields.remove("kind");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<ExternalRecords, Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("records.jsonl");
        fs::write(&path, text).expect("the folder can be written");
        ExternalRecords::read(&path)
    }

    #[test]
    fn records_of_other_tools_are_understood() {
        let records = written(
            "{\"page_id\":\"a\",\"articleBody\":\"It rained.\",\"author\":\"Ann Bell; Bo Dahl\",\"title\":null}\n\n\
             {\"url\":\"https://b.example/\",\"text\":\"Sun.\",\"kind\":\"NewsArticle\"}\n\
             {\"source\":\"c.html\",\"error\":{\"stage\":\"read\",\"message\":\"gone\"}}\n",
        )
        .expect("they can be read");
        let page = |id: &str, url: &str| CorpusPage {
            id: id.to_owned(),
            url: Some(url.to_owned()),
            text: Some("It rained.".to_owned()),
            ..CorpusPage::default()
        };
        let a = records.of(&page("a", "")).expect("it is there");
        assert_eq!(a.text, "It rained.");
        assert_eq!(a.authors, ["Ann Bell", "Bo Dahl"]);
        let b = records.of(&page("b", "https://b.example/"));
        assert_eq!(b.expect("found by address").text, "Sun.");
        let scores = records.scores(&[page("a", ""), page("lost", "")]);
        assert_eq!(scores[0].exact, Some(true));
        assert_eq!(
            (scores[1].exact, scores[1].error.is_some()),
            (Some(false), true)
        );
    }

    #[test]
    fn an_object_by_id_is_a_file_of_records() {
        let records = written("{\n \"a\": {\"articleBody\": \"Rain.\"}\n}").expect("it is read");
        assert_eq!(records.by_key["a"].text, "Rain.");
    }

    #[test]
    fn faults_name_their_line() {
        for (text, said) in [
            ("{\"id\":\"a\"}\nnot json\n", ":2: "),
            ("{\"text\":\"Rain.\"}\n", "`id`"),
            ("[1]\n", "JSON object"),
        ] {
            let message = written(text).expect_err("it is no record").to_string();
            assert!(message.contains(said), "{message}");
        }
    }
}
