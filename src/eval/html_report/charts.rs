//! Plots as inline SVG: bars with error bars, and distributions.

use maud::{Markup, html};

use crate::block::ratio;

/// Width of a plot in user units; it scales with its column.
const WIDTH: f64 = 320.0;

/// A share as a bar from 0 to 1 with a whisker of 1.96 standard errors to each side (95%).
pub(super) fn bar(value: f64, error: f64) -> Markup {
    let x = |value: f64| format!("{:.1}", value.clamp(0.0, 1.0) * 100.0);
    let (low, high) = (value - 1.96 * error, value + 1.96 * error);
    let label = format!(
        "{value:.3}, 95% between {:.3} and {:.3}",
        low.max(0.0),
        high.min(1.0)
    );
    html! {
        svg .bar viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label=(label) {
            rect .track x="0" y="3" width="100" height="6" {}
            rect .value x="0" y="3" width=(x(value)) height="6" {}
            line .whisker x1=(x(low)) x2=(x(high)) y1="6" y2="6" {}
            line .whisker x1=(x(low)) x2=(x(low)) y1="2" y2="10" {}
            line .whisker x1=(x(high)) x2=(x(high)) y1="2" y2="10" {}
        }
    }
}

/// Bins of a distribution over 0 to 1.
const BINS: u32 = 20;

/// How many values of 0 to 1 fall into each twentieth; heights are on a root scale, so that few bad
/// pages among many good ones can be seen.
pub(super) fn distribution(title: &str, values: &[f64]) -> Markup {
    let mut counts = vec![0_usize; BINS as usize];
    for value in values {
        let bin = (0..BINS)
            .rev()
            .find(|bin| *value * f64::from(BINS) >= f64::from(*bin));
        counts[bin.unwrap_or(0) as usize] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let (top, height) = (14.0, 84.0);
    let step = WIDTH / f64::from(BINS);
    html! {
        figure .plot {
            figcaption { (title) }
            svg viewBox=(format!("0 0 {WIDTH} 120")) role="img"
                aria-label=(format!("{title}: distribution over {} pages", values.len())) {
                @for (bin, count) in (0..).zip(&counts) {
                    @let x = f64::from(bin) * step;
                    @let tall = ratio(*count, most).sqrt() * height;
                    @if *count > 0 {
                        rect .value x=(format!("{:.1}", x + 1.0)) y=(format!("{:.1}", top + height - tall))
                            width=(format!("{:.1}", step - 2.0)) height=(format!("{tall:.1}")) {
                            title { (format!("{:.2} to {:.2}: {count} pages", f64::from(bin) / f64::from(BINS), f64::from(bin + 1) / f64::from(BINS))) }
                        }
                        text .count x=(format!("{:.1}", x + step / 2.0))
                            y=(format!("{:.1}", top + height - tall - 3.0)) { (count) }
                    }
                }
                line .axis x1="0" x2=(WIDTH) y1=(top + height) y2=(top + height) {}
                @for tenth in [0_u32, 5, 10] {
                    @let anchor = ["start", "middle", "end"][tenth as usize / 5];
                    text .tick x=(format!("{:.1}", WIDTH * f64::from(tenth) / 10.0)) y="114"
                        text-anchor=(anchor) { (format!("{:.1}", f64::from(tenth) / 10.0)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_a_bin() {
        let svg = distribution("F1", &[0.0, 0.049, 0.05, 1.0, 0.999, 0.5]).into_string();
        let counts = svg.matches("class=\"count\"").count();
        assert_eq!(counts, 4, "{svg}");
        assert!(svg.contains("0.00 to 0.05: 2 pages"), "{svg}");
        assert!(svg.contains("0.95 to 1.00: 2 pages"), "{svg}");
    }

    #[test]
    fn whiskers_stay_on_the_bar() {
        let svg = bar(0.99, 0.1).into_string();
        assert!(svg.contains("x1=\"100.0\""), "{svg}");
        assert!(svg.contains("95% between 0.794 and 1.000"), "{svg}");
    }
}
