//! Function words of many languages (`config/tables/stopwords.tsv`).

static TABLE: &str = include_str!("../../config/tables/stopwords.tsv");

/// Each language (BCP 47) with its words in lower case.
pub(crate) fn lists() -> impl Iterator<Item = (&'static str, std::str::Split<'static, char>)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(language, words)| (language, words.split(' ')))
}
