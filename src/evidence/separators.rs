//! The signs that separate headline and site, the names in a byline, prompts in a row, tags: all from
//! `config/tables/separators.tsv`, which says what each list is for.

use std::sync::LazyLock;

use crate::table;

/// The table's signs, in its order, by what they separate.
pub(crate) struct Separators {
    /// With a space on either side.
    pub(crate) title: Vec<String>,
    /// With a space on either side.
    pub(crate) lone_title: Vec<String>,
    pub(crate) bar: Vec<char>,
    pub(crate) prompts: Vec<char>,
    pub(crate) line: Vec<char>,
    /// With a space on either side.
    pub(crate) spaced_line: Vec<String>,
    pub(crate) names: Vec<char>,
    pub(crate) persons: Vec<char>,
    pub(crate) team: Vec<char>,
    pub(crate) by: Vec<char>,
    pub(crate) tags: Vec<char>,
    pub(crate) agencies: Vec<char>,
}

pub(crate) static SEPARATORS: LazyLock<Separators> = LazyLock::new(|| {
    let rows: Vec<_> = table::rows(include_str!("../../config/tables/separators.tsv")).collect();
    let of = |list: &'static str| {
        let rows = rows
            .iter()
            .filter(move |row| row[1].split(' ').any(|l| l == list));
        rows.map(|row| if row[0] == r"\n" { "\n" } else { row[0] })
    };
    let signs = |list| of(list).flat_map(str::chars).collect::<Vec<char>>();
    let spaced = |list| of(list).map(|sign| format!(" {sign} ")).collect::<Vec<_>>();
    Separators {
        title: spaced("title"),
        lone_title: spaced("lone_title"),
        bar: signs("bar"),
        prompts: signs("prompts"),
        line: signs("line"),
        spaced_line: spaced("spaced_line"),
        names: signs("names"),
        persons: signs("persons"),
        team: signs("team"),
        by: signs("by"),
        tags: signs("tags"),
        agencies: signs("agencies"),
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_table_is_read() {
        assert_eq!(SEPARATORS.title[0], " | ");
        assert!(SEPARATORS.title.contains(&" :: ".to_owned()));
        assert!(SEPARATORS.bar.contains(&'ㅣ'));
        assert!(SEPARATORS.names.contains(&'\n'));
        let lists =
            "title lone_title bar prompts line spaced_line names persons team by tags agencies";
        for row in table::rows(include_str!("../../config/tables/separators.tsv")) {
            for list in row[1].split(' ') {
                assert!(lists.split(' ').any(|known| known == list), "{row:?}");
            }
        }
    }
}
