//! Text as a reader sees it: white space collapsed, invisible characters gone.

/// Collects the text of a block.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) chars: usize,
    pending_space: bool,
}

impl Run {
    /// Adds a piece of the page's text; returns how many characters other than white space it had.
    pub(super) fn push(&mut self, piece: &str, preformatted: bool) -> usize {
        let before = self.chars;
        for c in piece.chars() {
            match c {
                // Soft hyphen, zero-width space and joiners at break points, byte order mark,
                // directional marks: no reader sees them.
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{200e}' | '\u{200f}' => {}
                _ if preformatted && c.is_whitespace() => self.text.push(c),
                _ if c.is_whitespace() => self.pending_space = true,
                _ => {
                    if self.pending_space && !self.text.is_empty() && !self.text.ends_with('\n') {
                        self.text.push(' ');
                    }
                    self.pending_space = false;
                    self.text.push(c);
                    self.chars += 1;
                }
            }
        }
        self.chars - before
    }

    /// Breaks the line; true when the line before was empty already, so that a paragraph ends.
    pub(super) fn break_line(&mut self) -> bool {
        if self.text.is_empty() {
            return false;
        }
        if self.text.ends_with('\n') {
            return true;
        }
        self.pending_space = false;
        self.text.push('\n');
        false
    }

    /// A space between two pieces that touch in the markup but not on the screen.
    pub(super) fn space(&mut self) {
        self.pending_space = true;
    }
}

/// Whether a character belongs to a script that is written without spaces between words.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}'      // Hiragana, Katakana
        | '\u{3400}'..='\u{4dbf}'    // CJK extension A
        | '\u{4e00}'..='\u{9fff}'    // CJK unified ideographs
        | '\u{f900}'..='\u{faff}'    // CJK compatibility ideographs
        | '\u{0e00}'..='\u{0e7f}'    // Thai
        | '\u{20000}'..='\u{2fa1f}') // CJK extensions B and on
}

/// Words of a text: runs between white space that hold a letter or digit; for scripts written
/// without spaces, a word for every two characters, about the mean length of a Chinese word.
#[must_use]
pub fn word_count(text: &str) -> usize {
    let mut words = 0;
    let mut unspaced = 0;
    let mut in_word = false;
    for c in text.chars() {
        if is_cjk(c) {
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
    fn white_space_collapses_and_soft_hyphens_vanish() {
        let mut run = Run::default();
        assert_eq!(run.push("\n a\u{a0}\t b\u{ad}c ", false), 3);
        run.push("d", false);
        assert_eq!(run.text, "a bc d");
    }
}
