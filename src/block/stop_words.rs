//! Function words of many languages (`config/tables/stopwords.tsv`).

use crate::table::rows;

/// Each language (BCP 47) with its words in lower case.
pub(crate) fn lists() -> impl Iterator<Item = (&'static str, std::str::Split<'static, char>)> {
    rows(include_str!("../../config/tables/stopwords.tsv")).map(|row| (row[0], row[1].split(' ')))
}
