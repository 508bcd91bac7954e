//! The names and meanings of the columns of features, from `config/tables/features.tsv`.

use crate::block::Cue;
use crate::body::features::containers::LEVELS;
use crate::body::features::position::NEIGHBOURS;
use crate::body::page_type::learned::KINDS;
use crate::table::rows;

/// Groups of columns that come from a lexicon, which stand behind all others.
const OF_WORDS: [&str; 2] = ["words", "kind_by_words"];

/// Name and meaning of every column of [`super::compute`], in order.
pub(crate) fn names() -> Vec<(String, String)> {
    names_of(|group| !OF_WORDS.contains(&group))
}

/// Those of the columns of [`super::word_scores`]; the last, one for each kind of page, are the same for
/// all blocks of a page.
pub(crate) fn word_names() -> Vec<(String, String)> {
    names_of(|group| OF_WORDS.contains(&group))
}

/// Those of the columns of some groups.
pub(crate) fn names_of(is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let table: Vec<_> = rows(include_str!("../../../config/tables/features.tsv"))
        .filter(|row| row.len() == 3 && is_wanted(row[0]))
        .collect();
    let mut names = Vec::new();
    for group in table.chunk_by(|one, next| one[0] == next[0]) {
        for (in_name, in_meaning) in fillings(group[0][0]) {
            names.extend(group.iter().map(|row| {
                let meaning = row[2].replace("{}", &in_meaning);
                (row[1].replace("{}", &in_name), meaning)
            }));
        }
    }
    names
}

/// What stands in a group's columns in place of `{}`, once for each time that the group is there: in the
/// name, and in the meaning.
fn fillings(group: &str) -> Vec<(String, String)> {
    let twice = |name: String| (name.clone(), name);
    match group {
        "cue" | "own_cue" => Cue::ALL.map(|cue| twice(cue.name().to_owned())).into(),
        "level" => (0..)
            .zip(LEVELS)
            .map(|(level, meaning)| (level.to_string(), meaning.to_owned()))
            .collect(),
        "neighbour" => NEIGHBOURS
            .map(|distance| twice(format!("{distance:+}")))
            .into(),
        _ if group.starts_with("kind_by_") => KINDS.map(|(_, name)| twice(name.to_owned())).into(),
        _ => vec![twice(String::new())],
    }
}
