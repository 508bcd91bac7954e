//! Bootstrap: how far a figure may be off, from pages drawn with replacement.

use crate::block::ratio;

/// Resamplings of the bootstrap, as in article-extraction-benchmark.
const RESAMPLINGS: usize = 1000;

/// Places of pages drawn with replacement, as many in each drawing as there are pages; the same ones
/// in every run.
pub(super) fn resamplings(pages: usize) -> impl Iterator<Item = Vec<usize>> {
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    // xorshift64* (Marsaglia, "Xorshift RNGs", 2003; Vigna, 2016).
    let mut draw = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let random = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(random).unwrap_or(0) % pages.max(1)
    };
    (0..RESAMPLINGS).map(move |_| (0..pages).map(|_| draw()).collect())
}

/// Standard deviation of values around their mean; 0 when there are none.
pub(super) fn deviation(values: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / ratio(values.len().max(1), 1);
    let center = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - center).powi(2)).collect();
    mean(&squares).sqrt()
}
