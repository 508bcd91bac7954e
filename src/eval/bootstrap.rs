//! The bootstrap: how far a figure may be off, from pages drawn with replacement.

use crate::block::ratio;

/// Resamplings of the bootstrap, as in article-extraction-benchmark.
const RESAMPLINGS: usize = 1000;

/// For each item its values over [`RESAMPLINGS`] resamplings, left out where it has none. A resampling
/// draws `pages` of as many pages with replacement, the same ones in every run; `value` takes an item and
/// the indices drawn.
pub(super) fn resampled<T>(
    items: &[T],
    pages: usize,
    value: impl Fn(&T, &[usize]) -> Option<f64>,
) -> Vec<Vec<f64>> {
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    // xorshift64* (Marsaglia, "Xorshift RNGs", 2003; Vigna, 2016).
    let mut draw = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let random = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(random).unwrap_or(0) % pages
    };
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); items.len()];
    for _ in 0..RESAMPLINGS {
        let drawn: Vec<usize> = (0..pages).map(|_| draw()).collect();
        for (values, item) in values.iter_mut().zip(items) {
            values.extend(value(item, &drawn));
        }
    }
    values
}

/// Standard deviation of values around their mean; 0 when there are none.
pub(super) fn deviation(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / ratio(values.len(), 1);
    let center = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - center).powi(2)).collect();
    mean(&squares).sqrt()
}
