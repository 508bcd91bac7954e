//! The data tables under `config/tables`, which are built into the program.

use std::fmt::Debug;

/// The rows of a table: columns between tabs, `#` opens a comment line. Rows of a single column are
/// left out.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::trim).collect::<Vec<_>>())
        .filter(|row| row.len() > 1)
}

/// The name that tables have for a variant of an enum: the variant's own in lower case.
pub(crate) fn name_of(variant: impl Debug) -> String {
    format!("{variant:?}").to_ascii_lowercase()
}

/// The one of the variants that a table names so.
pub(crate) fn named<T: Debug + Copy>(name: &str, variants: &[T]) -> Option<T> {
    variants
        .iter()
        .copied()
        .find(|variant| name_of(variant) == name)
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn comments_and_lines_without_columns_are_no_rows() {
        let table = "# kind\twords\n\nby\tvon |by\nalone\nnone\t\n";
        let found: Vec<Vec<&str>> = rows(table).collect();
        assert_eq!(found, [["by", "von |by"], ["none", ""]]);
    }
}
