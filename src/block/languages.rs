//! The languages a page may be in, as far as its markup and its words tell before any text is chosen.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::{RUNNING_WORDS, TextBlock, stop_words};

/// Writing systems of languages without a list of function words, most telling first: the first whose
/// letters are a twentieth of a text (Unicode blocks). Kana come before the Han characters around them.
const SCRIPTS: [(&str, char, char); 6] = [
    ("th", '\u{e00}', '\u{e7f}'),
    ("ko", '\u{ac00}', '\u{d7af}'),
    ("te", '\u{c00}', '\u{c7f}'),
    ("mr", '\u{900}', '\u{97f}'),
    ("ja", '\u{3040}', '\u{30ff}'),
    ("zh", '\u{4e00}', '\u{9fff}'),
];

/// Share of a text's letters, as one in so many, from which a writing system is the text's own.
const SCRIPT_SHARE: usize = 20;

/// Bytes of running text that are looked at: some three hundred words.
const SAMPLE_BYTES: usize = 2_000;

/// Fewest function words that tell a language.
const MIN_FUNCTION_WORDS: u32 = 8;

/// The known languages with the function words of those that have a list; a language's place is its bit.
static KNOWN: LazyLock<(Vec<&str>, HashMap<&str, u64>)> = LazyLock::new(|| {
    let (mut languages, mut words) = (Vec::new(), HashMap::default());
    for (at, (language, list)) in stop_words::lists().enumerate() {
        languages.push(language);
        for word in list {
            *words.entry(word).or_default() |= 1 << at;
        }
    }
    languages.extend(SCRIPTS.map(|(language, _, _)| language));
    // A set of languages has 64 bits.
    languages.truncate(u64::BITS as usize);
    (languages, words)
});

/// A set of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Languages(u64);

impl Languages {
    /// All of them: nothing tells which.
    pub const ANY: Self = Self(u64::MAX);

    /// The languages of some tags (BCP 47, or with `_`); tags of unknown languages are left out.
    pub fn of_tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let bits = tags.into_iter().filter_map(|tag| {
            let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
            let code = match primary.as_str() {
                "nb" | "nn" => "no",
                "bs" | "sh" => "hr",
                other => other,
            };
            KNOWN.0.iter().position(|known| *known == code)
        });
        Self(bits.fold(0, |all, at| all | 1 << at))
    }

    /// The languages that a page declares and those that its running text may be in; all where nothing tells.
    pub(crate) fn of_page<'a>(
        declared: impl IntoIterator<Item = &'a str>,
        blocks: &[TextBlock],
    ) -> Self {
        let mut sample = String::new();
        let runs = |block: &&TextBlock| block.words >= RUNNING_WORDS && block.link_density() < 0.5;
        for block in blocks.iter().filter(runs) {
            sample.push_str(&block.text);
            sample.push(' ');
            if sample.len() > SAMPLE_BYTES {
                break;
            }
        }
        match Self::of_tags(declared).0 | Self::of_text(&sample).0 {
            0 => Self::ANY,
            found => Self(found),
        }
    }

    /// The languages whose function words stand most often in a text, and the one of its writing system.
    fn of_text(text: &str) -> Self {
        let counts = function_words(text);
        let most = counts.iter().copied().max().unwrap_or(0);
        let mut found = 0;
        for (at, count) in counts.into_iter().enumerate() {
            // Danish and Norwegian, Malay and Indonesian share most of their function words.
            let is_near = most >= MIN_FUNCTION_WORDS && count * 5 >= most * 4;
            found |= u64::from(is_near) << at;
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let own = SCRIPTS.into_iter().find(|(_, first, last)| {
            let of_script = text.chars().filter(|c| (first..=last).contains(&c));
            letters > 0 && of_script.count() * SCRIPT_SHARE >= letters
        });
        Self(found | Self::of_tags(own.map(|(language, _, _)| language)).0)
    }

    /// Whether the two sets have a language in common.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// How many function words of each known language stand in a text.
pub(crate) fn function_words(text: &str) -> [u32; 64] {
    let mut counts = [0; 64];
    for word in text.to_lowercase().split(|c: char| !c.is_alphabetic()) {
        let mut bits = KNOWN.1.get(word).copied().unwrap_or(0);
        while bits != 0 {
            counts[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }
    counts
}

/// The place of a language, by its ISO 639-1 code, among [`function_words`]' counts.
pub(crate) fn place_of(code: &str) -> Option<usize> {
    KNOWN.0.iter().position(|known| *known == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;
    use crate::dom::Document;

    fn of(declared: &str, text: &str) -> Languages {
        let page = Document::parse(&format!("<p>{}</p>", format!("{text} ").repeat(6)));
        Languages::of_page(Some(declared), &segment(&page))
    }

    #[test]
    fn a_page_is_in_the_language_it_declares_and_in_that_of_its_words() {
        let portuguese = "A chuva que caiu no vale na segunda-feira não foi a maior do ano, mas \
            os agricultores foram para os campos com os filhos para ver.";
        let found = of("en-US", portuguese);
        assert!(found.meets(Languages::of_tags(["pt"])));
        assert!(found.meets(Languages::of_tags(["en"])));
        assert!(!found.meets(Languages::of_tags(["de", "sv", "ko"])));
        assert_eq!(Languages::of_page(None, &[]), Languages::ANY);
        assert_eq!(of("nb_NO", "Regn"), Languages::of_tags(["no"]));
    }

    #[test]
    fn scripts_without_spaces_tell_their_language() {
        for (code, text) in [
            (
                "ja",
                "九十日ぶりの雨が月曜日に谷に降り、農家の人々は庭に立って見ていた。",
            ),
            (
                "zh",
                "九十天以来第一场雨星期一落在山谷里，农民们站在院子里看着雨落在田野上。",
            ),
            (
                "ko",
                "구십 일 만에 월요일 골짜기에 비가 내렸고 농부들은 마당에 서서 바라보았다.",
            ),
            (
                "th",
                "ฝนตกในหุบเขาเมื่อวันจันทร์หลังจากแห้งแล้งมาเก้าสิบวันชาวนายืนดูอยู่ในสวน",
            ),
        ] {
            assert_eq!(of("", text), Languages::of_tags([code]), "{code}");
        }
    }
}
