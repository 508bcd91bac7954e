//! Texts spelled for comparison.

/// Letters and digits in lower case, everything else one space: what two spellings of one headline
/// have in common.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if !key.ends_with(' ') && !key.is_empty() && !matches!(c, '\'' | '’' | '\u{ad}') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// A text for comparison: letters and digits in lower case.
pub(crate) fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_forget_case_and_signs() {
        assert_eq!(key("“Rain’s back”, he said!"), "rains back he said");
    }
}
