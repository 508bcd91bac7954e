//! Longest common subsequences of token sequences, 64 columns of the table at a time.
//!
//! Source: Hyyrö, "Bit-Parallel LCS-length Computation Revisited" (AWOCA 2004). A row of the table
//! is kept as bits: a zero where the row grows by one. Two texts of 50,000 tokens take 50,000 rows
//! of 782 words, some tens of milliseconds.

use std::collections::HashMap;

/// Numbers that stand for tokens, from 0; equal tokens have the same.
#[derive(Debug, Default)]
pub(super) struct TokenIds<'a> {
    known: HashMap<&'a str, u32>,
}

impl<'a> TokenIds<'a> {
    /// The numbers of a sequence of tokens.
    pub(super) fn of(&mut self, tokens: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        tokens
            .into_iter()
            .map(|token| {
                let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                *self.known.entry(token).or_insert(next)
            })
            .collect()
    }

    /// How many different tokens there were so far; all numbers are lower than this.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}

/// Length of the longest common subsequence of two sequences of token numbers.
pub(super) fn length(a: &[u32], b: &[u32]) -> usize {
    let same = |a: &[u32], b: &[u32]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let start = same(a, b);
    let (a, b) = (&a[start..], &b[start..]);
    let backwards = a.iter().rev().zip(b.iter().rev());
    let end = backwards.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    let mut places: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, token) in (0..).zip(b) {
        places.entry(*token).or_default().push(at);
    }
    let mut table = LcsTable::default();
    table.restart(b.len());
    for token in a {
        if let Some(places) = places.get(token) {
            table.advance(places);
        }
    }
    start + end + zeros_among(&table.row, b.len())
}

/// The current row of the table, and the rows kept to trace a subsequence back from its end.
#[derive(Debug, Default)]
pub(super) struct LcsTable {
    row: Vec<u64>,
    mask: Vec<u64>,
    /// The first row of each band.
    kept: Vec<u64>,
    /// The rows of the band that is walked through.
    rows: Vec<u64>,
}

impl LcsTable {
    fn restart(&mut self, columns: usize) {
        let words = columns.div_ceil(64);
        self.row.clear();
        self.row.resize(words, u64::MAX);
        self.mask.clear();
        self.mask.resize(words, 0);
    }

    /// Moves down one row; `places` are the columns that have its token.
    fn advance(&mut self, places: &[u32]) {
        for place in places {
            self.mask[*place as usize / 64] |= 1 << (place % 64);
        }
        let mut carry = 0;
        for (row, mask) in self.row.iter_mut().zip(&self.mask) {
            let (sum, over) = row.overflowing_add(*row & mask);
            let (sum, over_again) = sum.overflowing_add(carry);
            carry = u64::from(over || over_again);
            *row = sum | (*row & !mask);
        }
        for place in places {
            self.mask[*place as usize / 64] = 0;
        }
    }

    /// Which of `rows` are part of the longest common subsequence with `columns`; each row is given by the
    /// columns that have its token, in order, of which there is at least one.
    ///
    /// Of several longest subsequences it is the one that `rouge_score` (Google Research) reads out:
    /// from the end, a match wherever tokens are equal, else a row up unless a column to the left is
    /// longer.
    pub(super) fn subsequence(&mut self, rows: &[&[u32]], columns: usize) -> Vec<usize> {
        if rows.len() <= 1 {
            return (0..rows.len()).collect();
        }
        let words = columns.div_ceil(64);
        // A band of rows is kept at a time, so that memory grows with the root of the table's height.
        let band = rows.len().isqrt().max(64);
        self.restart(columns);
        self.kept.clear();
        for (at, places) in rows.iter().enumerate() {
            if at % band == 0 {
                self.kept.extend_from_slice(&self.row);
            }
            if rows.len() > band {
                self.advance(places);
            }
        }
        let mut found = Vec::new();
        let (mut row, mut column) = (rows.len(), columns);
        let mut loaded = usize::MAX;
        while row > 0 && column > 0 {
            let first = (row - 1) / band * band;
            if loaded != first {
                self.load(
                    &rows[first..rows.len().min(first + band)],
                    first / band,
                    words,
                );
                loaded = first;
            }
            let below = &self.rows[(row - first) * words..][..words];
            let above = &self.rows[(row - 1 - first) * words..][..words];
            let place = u32::try_from(column - 1).unwrap_or(u32::MAX);
            if rows[row - 1].binary_search(&place).is_ok() {
                found.push(row - 1);
                row -= 1;
                column -= 1;
                continue;
            }
            // The value to the left against the value above.
            let grows = below[(column - 1) / 64] >> ((column - 1) % 64) & 1 == 0;
            let left = zeros_among(below, column) - usize::from(grows);
            if left > zeros_among(above, column) {
                column -= 1;
            } else {
                row -= 1;
            }
        }
        found.reverse();
        found
    }

    fn load(&mut self, rows: &[&[u32]], band: usize, words: usize) {
        self.row.clear();
        self.row
            .extend_from_slice(&self.kept[band * words..(band + 1) * words]);
        self.rows.clear();
        self.rows.extend_from_slice(&self.row);
        for places in rows {
            self.advance(places);
            self.rows.extend_from_slice(&self.row);
        }
    }
}

/// Zeros among the first `columns` bits of a row: the table's value in that column.
fn zeros_among(row: &[u64], columns: usize) -> usize {
    let whole = columns / 64;
    let mut zeros: u32 = row[..whole].iter().map(|word| word.count_zeros()).sum();
    if !columns.is_multiple_of(64) {
        zeros += (row[whole] | u64::MAX << (columns % 64)).count_zeros();
    }
    zeros as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The table as it stands in textbooks.
    fn table(a: &[u32], b: &[u32]) -> Vec<Vec<usize>> {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..a.len() {
            for j in 0..b.len() {
                table[i + 1][j + 1] = if a[i] == b[j] {
                    table[i][j] + 1
                } else {
                    table[i][j + 1].max(table[i + 1][j])
                };
            }
        }
        table
    }

    fn read_out(a: &[u32], b: &[u32]) -> Vec<usize> {
        let table = table(a, b);
        let (mut i, mut j) = (a.len(), b.len());
        let mut found = Vec::new();
        while i > 0 && j > 0 {
            if a[i - 1] == b[j - 1] {
                found.push(i - 1);
                i -= 1;
                j -= 1;
            } else if table[i][j - 1] > table[i - 1][j] {
                j -= 1;
            } else {
                i -= 1;
            }
        }
        found.reverse();
        found
    }

    fn subsequence(a: &[u32], b: &[u32]) -> Vec<usize> {
        let places = |token: &u32| -> Vec<u32> {
            let places = (0..).zip(b).filter(|(_, other)| *other == token);
            places.map(|(at, _)| at).collect()
        };
        let all: Vec<Vec<u32>> = a.iter().map(places).collect();
        let matching: Vec<usize> = (0..a.len()).filter(|at| !all[*at].is_empty()).collect();
        let rows: Vec<&[u32]> = matching.iter().map(|at| all[*at].as_slice()).collect();
        let rows = LcsTable::default().subsequence(&rows, b.len());
        rows.into_iter().map(|row| matching[row]).collect()
    }

    proptest! {
        #[test]
        fn bits_and_textbook_agree(
            a in prop::collection::vec(0..6u32, 0..200),
            b in prop::collection::vec(0..6u32, 0..200),
        ) {
            prop_assert_eq!(length(&a, &b), table(&a, &b)[a.len()][b.len()]);
            prop_assert_eq!(subsequence(&a, &b), read_out(&a, &b));
        }
    }
}
