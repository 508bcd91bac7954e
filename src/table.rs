//! The data tables under `config/tables`, which are built into the program.

/// The rows of a table: columns between tabs, `#` opens a comment line. Rows of a single column are
/// left out.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::trim).collect::<Vec<_>>())
        .filter(|row| row.len() > 1)
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
