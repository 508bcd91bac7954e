//! Text as a reader sees it: white space collapsed, invisible characters gone.

/// Collects the text of a block.
#[derive(Debug, Default)]
pub(super) struct TextCollector {
    pub(super) text: String,
    pub(super) chars: usize,
    /// White space before the text that is wider than a space.
    pub(super) indent: Indent,
    gap: Gap,
}

/// White space that indents a line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Indent {
    /// Ideographic spaces.
    pub(super) ideographic: u8,
    /// Spaces that do not collapse: no-break, en and em spaces.
    pub(super) unbroken: u8,
}

impl Indent {
    fn widen(&mut self, c: char) {
        match c {
            '\u{3000}' => self.ideographic = self.ideographic.saturating_add(1),
            '\u{a0}' | '\u{2002}' | '\u{2003}' => self.unbroken = self.unbroken.saturating_add(1),
            _ => {}
        }
    }
}

/// What stands between the text so far and the next piece.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// Nothing.
    #[default]
    None,
    /// Two inline elements touch; most often inside a word.
    Joint,
    /// Something that is no text, such as an image.
    Object,
    /// White space with a line feed.
    LineFeed,
    /// White space.
    Space,
}

impl TextCollector {
    /// Adds a piece of the page's text; returns how many characters other than white space it had.
    pub(super) fn push(&mut self, piece: &str, preformatted: bool) -> usize {
        let before = self.chars;
        let mut rest = piece;
        loop {
            let (end, chars) = plain_front(rest);
            let (plain, after) = rest.split_at(end);
            if let Some(first) = plain.chars().next() {
                self.close_gap(first);
                self.text.push_str(plain);
                self.chars += chars;
            }
            let Some(c) = after.chars().next() else { break };
            if self.text.is_empty() {
                self.indent.widen(c);
            }
            if preformatted && c.is_whitespace() {
                self.text.push(c);
            } else if c == '\n' {
                self.gap = Gap::LineFeed;
            } else if c.is_whitespace() && self.gap != Gap::LineFeed {
                self.gap = Gap::Space;
            }
            rest = &after[c.len_utf8()..];
        }
        self.chars - before
    }

    /// Writes the space that belongs before `next`, if one does.
    fn close_gap(&mut self, next: char) {
        let gap = std::mem::take(&mut self.gap);
        let Some(last) = self.text.chars().next_back() else {
            return;
        };
        let parts = match gap {
            Gap::None => false,
            Gap::Joint => {
                last.is_lowercase() && next.is_uppercase()
                    || last.is_alphabetic() && next.is_numeric()
            }
            Gap::Object => last.is_alphanumeric() && next.is_alphanumeric(),
            // CSS Text 3, section 4.1.3: between wide characters a line feed is no space.
            Gap::LineFeed => last != '\n' && !(is_wide(last) && is_wide(next)),
            Gap::Space => last != '\n',
        };
        if parts {
            self.text.push(' ');
        }
    }

    /// Breaks a line of preformatted text.
    pub(super) fn line_feed(&mut self) {
        self.text.push('\n');
    }

    /// Whether the line is long and ends as a sentence does: a paragraph ends where it breaks.
    pub(super) fn is_paragraph(&self) -> bool {
        self.text.len() >= MIN_PARAGRAPH_BYTES && super::ends_sentence(&self.text)
    }

    /// Puts the next line behind this one.
    pub(super) fn append(&mut self, line: &Self) {
        self.text.push('\n');
        self.text.push_str(&line.text);
        self.chars += line.chars;
    }

    /// Replaces the text by another spelling of it.
    pub(super) fn set_text(&mut self, text: String) {
        self.chars = text.chars().filter(|c| !c.is_whitespace()).count();
        self.text = text;
    }

    /// Whether white space stands behind the text so far.
    pub(super) fn ends_in_space(&self) -> bool {
        matches!(self.gap, Gap::LineFeed | Gap::Space)
    }

    /// Drops the white space before the next piece.
    pub(super) fn close_up(&mut self) {
        self.gap = Gap::None;
    }

    /// A space between two pieces that touch in the markup but not on the screen.
    pub(super) fn space(&mut self) {
        self.gap = Gap::Space;
    }

    /// A space between two inline elements that touch, where their letters say that one word ends
    /// and another begins: "Omar" and "Ilhan" are two words, "foun" and "tain" are one.
    pub(super) fn joint(&mut self) {
        self.gap = self.gap.max(Gap::Joint);
    }

    /// A space between words, where something that is no text stands.
    pub(super) fn object(&mut self) {
        self.gap = self.gap.max(Gap::Object);
    }
}

/// The front of a text that a block takes as it stands, visible characters with single spaces
/// between them: its bytes, and its characters without the spaces.
fn plain_front(text: &str) -> (usize, usize) {
    let (mut at, mut end, mut chars) = (0, 0, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            // One space between two visible characters.
            b' ' if at == end && at > 0 => at += 1,
            b'!'..=b'~' => {
                at += 1;
                end = at;
                chars += 1;
            }
            0x80.. => match text[at..].chars().next() {
                Some(c) if !c.is_whitespace() && !is_invisible(c) => {
                    at += c.len_utf8();
                    end = at;
                    chars += 1;
                }
                _ => break,
            },
            _ => break,
        }
    }
    (end, chars)
}

/// Bytes from which a line that ends as a sentence does is a paragraph, not a line of a poem or an
/// address: about 25 words.
const MIN_PARAGRAPH_BYTES: usize = 160;

/// Soft hyphens, zero-width spaces and joiners at break points, byte order marks, directional
/// marks, ASCII's control characters, and the private characters of icon fonts: no reader sees them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{200e}' | '\u{200f}' | '\u{e000}'
            ..='\u{f8ff}'
    ) || (c.is_ascii_control() && !c.is_whitespace())
}

/// Whether a character is as wide as it is high: Han, Kana and their punctuation (East Asian Width
/// W or F, Unicode Annex 11), Hangul left out since Korean has spaces.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{303f}'      // Radicals, CJK symbols and punctuation
        | '\u{3040}'..='\u{312f}'    // Kana, Bopomofo
        | '\u{31a0}'..='\u{9fff}'    // CJK to unified ideographs
        | '\u{f900}'..='\u{faff}'    // CJK compatibility ideographs
        | '\u{ff00}'..='\u{ff60}'    // Fullwidth forms
        | '\u{20000}'..='\u{2fa1f}') // CJK extensions B and on
}

/// Whether a character belongs to a script that is written without spaces between words.
pub(crate) fn is_cjk(c: char) -> bool {
    // Most text lies below them all.
    c >= '\u{0e00}'
        && matches!(c,
        '\u{3040}'..='\u{30ff}'      // Hiragana, Katakana
        | '\u{3400}'..='\u{4dbf}'    // CJK extension A
        | '\u{4e00}'..='\u{9fff}'    // CJK unified ideographs
        | '\u{f900}'..='\u{faff}'    // CJK compatibility ideographs
        | '\u{0e00}'..='\u{0e7f}'    // Thai
        | '\u{20000}'..='\u{2fa1f}') // CJK extensions B and on
}

/// Words of a text: runs between white space that hold a letter or digit; for scripts written
/// without spaces, a word for every two characters, about the mean length of a Chinese word.
pub(crate) fn word_count(text: &str) -> usize {
    let mut words = 0;
    let mut unspaced = 0;
    let mut in_word = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            words += usize::from(!in_word);
            in_word = true;
        } else if is_cjk(c) {
            unspaced += 1;
            in_word = false;
        } else if c.is_whitespace() {
            in_word = false;
        } else if !in_word && c.is_alphanumeric() {
            words += 1;
            in_word = true;
        }
    }
    words + unspaced / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(word_count("It is 5 o'clock – now."), 5);
        assert_eq!(word_count("今日は雨です。"), 3);
        assert_eq!(word_count(" | "), 0);
    }

    #[test]
    fn white_space_collapses_and_invisible_characters_vanish() {
        let mut run = TextCollector::default();
        assert_eq!(run.push("\n a\u{a0}\t b\u{ad}c\u{e901}\u{1} ", false), 3);
        run.push("d", false);
        assert_eq!(run.text, "a bc d");
    }

    #[test]
    fn a_line_feed_is_no_space_between_wide_characters() {
        let mut run = TextCollector::default();
        run.push("町の\n  噴水、\nA\nB 水", false);
        assert_eq!(run.text, "町の噴水、 A B 水");
    }

    #[test]
    fn a_long_sentence_before_a_break_is_a_paragraph() {
        let mut run = TextCollector::default();
        run.push("A line.", false);
        assert!(!run.is_paragraph());
        run.push(&"A long line of words. ".repeat(8), false);
        assert!(run.is_paragraph());
    }
}
