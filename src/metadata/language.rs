//! The language of the text.

use whatlang::{Detector, Lang};

use super::Evidence;
use crate::extract::Options;

/// Letters of the text that are looked at: beyond them the detector gets no surer, only slower.
const SAMPLE_CHARS: usize = 1200;

/// Share of the detector's certainty below which what the page declares is believed.
const SURE: f64 = 0.5;

/// ISO 639-1 codes of whatlang's languages (ISO 639-3; SIL's tables).
const CODES: &str = include_str!("../../config/tables/languages.tsv");

/// The text's language where the detector is sure, else the declared one.
pub(super) fn decide(evidence: &Evidence, options: &Options, text: &str) -> Option<String> {
    if let Some(given) = &options.language {
        return Some(given.clone());
    }
    let declared = evidence
        .notes
        .of("language")
        .iter()
        .map(|f| f.value.as_str())
        .chain(evidence.article().and_then(|a| a.language.as_deref()))
        .chain(options.hints.language.as_deref())
        .find_map(tag);
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    let Some(seen) = Detector::new().detect(&sample) else {
        return declared;
    };
    let code = code(seen.lang());
    match declared {
        Some(declared) if same(&declared, code) => Some(declared),
        Some(declared) if !(seen.is_reliable() || seen.confidence() >= SURE) => Some(declared),
        _ => Some(code.to_owned()),
    }
}

/// The language of a text, where the detector is sure: ISO 639-1 where there is such a code.
#[must_use]
pub fn identify(text: &str) -> Option<&'static str> {
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    let seen = Detector::new().detect(&sample)?;
    seen.is_reliable().then(|| code(seen.lang()))
}

/// Whether a declared tag means the language that was seen.
fn same(declared: &str, code: &str) -> bool {
    let primary = declared.split('-').next().unwrap_or(declared);
    // Norwegian is declared as such and detected as Bokmål.
    primary == code || (matches!(primary, "no" | "nn") && code == "nb")
}

/// A BCP 47 tag in its usual case, or none where the text is no tag.
fn tag(raw: &str) -> Option<String> {
    let raw = raw.split([',', ';', '.', ' ']).next()?.trim();
    let mut parts = raw.split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len())
        || !primary.bytes().all(|b| b.is_ascii_alphabetic())
        || primary == "und"
    {
        return None;
    }
    let mut tag = primary;
    for part in parts
        .filter(|p| p.bytes().all(|b| b.is_ascii_alphanumeric()))
        .take(2)
    {
        match part.len() {
            2 | 3 => tag = format!("{tag}-{}", part.to_ascii_uppercase()),
            4 => {
                tag = format!(
                    "{tag}-{}{}",
                    part[..1].to_ascii_uppercase(),
                    part[1..].to_ascii_lowercase()
                );
            }
            _ => break,
        }
    }
    Some(tag)
}

fn code(language: Lang) -> &'static str {
    let long = language.code();
    CODES
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .find_map(|(three, two)| (three == long).then_some(two))
        .unwrap_or(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_put_in_their_usual_case() {
        assert_eq!(tag("en_us").as_deref(), Some("en-US"));
        assert_eq!(tag("zh-hans-cn").as_deref(), Some("zh-Hans-CN"));
        assert_eq!(tag("English"), None);
        assert_eq!(tag("{{lang}}"), None);
    }

    #[test]
    fn every_language_has_a_code() {
        for language in Lang::all() {
            assert!(
                CODES.contains(&format!("{}\t", language.code())),
                "{}",
                language.code()
            );
        }
    }
}
