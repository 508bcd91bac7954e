//! The language of the text.

use whatlang::{Detector, Lang};

use crate::block::languages::{function_words, place_of};
use crate::evidence::claim::Claim;
use crate::fields::Inputs;
use crate::fields::explain::Decision;
use crate::table;

/// Letters of the text that are looked at: beyond them the detector gets no surer, only slower.
const SAMPLE_CHARS: usize = 1200;

/// Confidence of the detector, 0 to 1, below which what the page declares is believed.
const SURE: f64 = 0.5;

/// ISO 639-1 codes of whatlang's languages (ISO 639-3; SIL's tables).
const CODES: &str = include_str!("../../config/tables/languages.tsv");

/// Fewest function words that confirm a language.
const MIN_FUNCTION_WORDS: u32 = 20;

/// Whether the text's function words are those of the declared language, and of every other
/// language at most two thirds as many: then the slow detector need not be asked.
fn confirmed(declared: &str, sample: &str) -> bool {
    let mut counts = function_words(sample);
    let primary = declared.split('-').next().unwrap_or(declared);
    let Some(own) = place_of(primary) else {
        return false;
    };
    let own = std::mem::take(&mut counts[own]);
    let most_of_others = counts.into_iter().max().unwrap_or(0);
    own >= MIN_FUNCTION_WORDS && most_of_others * 3 <= own * 2
}

/// The language that the caller gives, else that of the text where the detector is sure of one that the
/// page does not declare, else the declared one.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    if let Some(given) = inputs.options.language {
        let claims = vec![Claim::new("settings", given.to_owned())];
        return Decision::first(claims).because("given");
    }
    let json_ld = inputs.json_ld(|article| article.language.clone());
    let fed = inputs.evidence.hints.language.clone();
    let fed = fed.map(|language| Claim::new("feed", language));
    let claims = inputs.declared("language").chain(json_ld).chain(fed);
    let claims = claims.map(|claim| match tag(&claim.value) {
        Some(value) => Claim { value, ..claim },
        None => claim.unless(Some("it is no language tag")),
    });
    let mut declared = Decision::first(claims.collect());
    let tag = declared.value.as_deref();
    let sample: String = inputs.text.chars().take(SAMPLE_CHARS).collect();
    if tag.is_some_and(|tag| confirmed(tag, &sample)) {
        return declared.because("declared, and the text's function words say the same");
    }
    let Some(detected) = Detector::new().detect(&sample) else {
        return declared.because("declared, and there is too little text to tell");
    };
    let code = code(detected.lang());
    let text = Claim::new("text", code.to_owned());
    match tag {
        Some(tag) if is_same(tag, code) => {
            declared.claims.push(text);
            declared.because("declared, and the text says the same")
        }
        Some(_) if !(detected.is_reliable() || detected.confidence() >= SURE) => {
            let text = text.unless(Some("the text is no sure sign"));
            declared.claims.push(text);
            declared.because("declared, and the text says nothing for sure")
        }
        _ => {
            declared.claims.insert(0, text);
            Decision::first(declared.claims).because("the text says so")
        }
    }
}

/// The language of a text, where the detector is sure: ISO 639-1 where there is such a code.
pub(crate) fn identify(text: &str) -> Option<&'static str> {
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    let detected = Detector::new().detect(&sample)?;
    detected.is_reliable().then(|| code(detected.lang()))
}

/// The language that a text looks most like, sure or not; none where nothing in it tells.
pub(crate) fn likeliest_language(text: &str) -> Option<&'static str> {
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    Some(code(Detector::new().detect_lang(&sample)?))
}

/// Whether a declared tag means the language that was detected.
fn is_same(declared: &str, code: &str) -> bool {
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
    let is_part = |part: &&str| part.bytes().all(|b| b.is_ascii_alphanumeric());
    for part in parts.filter(is_part).take(2) {
        match part.len() {
            2 | 3 => tag = format!("{tag}-{}", part.to_ascii_uppercase()),
            4 => {
                let (first, rest) = part.split_at(1);
                let (first, rest) = (first.to_ascii_uppercase(), rest.to_ascii_lowercase());
                tag = format!("{tag}-{first}{rest}");
            }
            _ => break,
        }
    }
    Some(tag)
}

/// The ISO 639-1 code of a language, or its ISO 639-3 code where there is none.
fn code(language: Lang) -> &'static str {
    let long = language.code();
    let row = table::rows(CODES).find(|row| row[0] == long);
    row.map_or(long, |row| row[1])
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
    fn function_words_confirm_their_language_and_no_other() {
        let text =
            "After ninety dry days it rained in the valley on Monday, and the farmers stood \
            in their yards to watch it fall on the fields, as they had hoped that it would. "
                .repeat(2);
        assert!(confirmed("en-GB", &text));
        assert!(!confirmed("de", &text), "another language");
        assert!(!confirmed("en", "Rain in the valley"), "too little text");
        assert!(!confirmed("xx", &text), "no list of words");
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
