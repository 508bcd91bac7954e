//! The headline: what the page's own heading, its structured data and its `<title>` agree on.

mod ends;

use foldhash::HashSet;

use crate::evidence::separators::SEPARATORS;
use crate::evidence::site_names::SiteNames;
use crate::text::{to_letters, to_words};
use ends::{cut_to_others, longest_part, without_section};
pub(crate) use ends::{outer_separators, shown_part, without_site};

/// Share of words two texts must have in common to be one headline in two versions.
const SAME_STORY: f64 = 0.5;

/// The different words of a text that [`to_words`] spelled.
fn words(text: &str) -> HashSet<&str> {
    text.split(' ').filter(|word| !word.is_empty()).collect()
}

/// Words two texts have in common, as a share of the shorter one's.
pub(crate) fn overlap(a: &str, b: &str) -> f64 {
    let (a, b) = (to_words(a), to_words(b));
    if a == b {
        return 1.0;
    }
    let (a, b) = (words(&a), words(&b));
    let shorter = a.len().min(b.len());
    if shorter == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
    let share = a.intersection(&b).count() as f64 / shorter as f64;
    share
}

/// Whether `title` is `whole` cut off, as schema.org's old limit of 110 characters made pages do.
pub(crate) fn is_cut(title: &str, whole: &str) -> bool {
    let start = to_words(title.trim_end_matches(['.', '…', ' ']));
    let whole = to_words(whole);
    whole.len() > start.len()
        && whole.starts_with(&start)
        && (title.ends_with('…') || title.ends_with("...") || title.chars().count() >= 100)
}

/// A headline candidate.
#[derive(Debug, Clone)]
pub(crate) struct HeadlineCandidate {
    pub(crate) source: &'static str,
    /// As it is compared with blocks of the page.
    pub(crate) value: String,
    /// Where a heading names the site behind a bar: without that.
    shown: Option<String>,
}

impl HeadlineCandidate {
    pub(crate) fn new(source: &'static str, value: String) -> Self {
        Self {
            source,
            value,
            shown: None,
        }
    }

    /// As a record has it.
    pub(crate) fn shown(&self) -> &str {
        self.shown.as_deref().unwrap_or(&self.value)
    }
}

/// What the decision needs to know beside the headlines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadlineContext<'a> {
    /// Names the site goes by.
    pub(crate) sites: &'a SiteNames,
    /// Names of the page's section.
    pub(crate) sections: &'a [String],
    /// Whether the page's own JSON-LD calls it news.
    pub(crate) news: bool,
}

/// Words from which a heading that nothing on the page agrees with is the headline all the same.
const LONE_HEADING_WORDS: usize = 5;

/// Headlines, the one that is taken first, and why it is. `h1` holds the texts of first-level headings,
/// with ` | ` between what stands in different blocks; `data` what the page's data call it.
pub(crate) fn choose(
    h1: &[String],
    data: &[HeadlineCandidate],
    page_title: Option<&str>,
    context: HeadlineContext,
) -> (Vec<HeadlineCandidate>, &'static str) {
    let clean = |value: &str| without_section(&without_site(value, context.sites), context);
    let mut found: Vec<HeadlineCandidate> = data
        .iter()
        .map(|h| HeadlineCandidate::new(h.source, clean(&h.value)))
        .filter(|h| !h.value.is_empty())
        .collect();
    let tag = page_title.map(clean).filter(|t| !t.is_empty());
    if let Some(heading) = heading(h1, &found, tag.as_deref(), context.sites) {
        found.insert(0, heading);
    }
    if let Some(tag) = tag {
        let value = if found.is_empty() {
            longest_part(&tag)
        } else {
            tag
        };
        found.push(HeadlineCandidate::new("title", value));
    }
    cut_to_others(&mut found);
    let (at, why) = decide(&found, context.news);
    if at < found.len() {
        found[..=at].rotate_right(1);
    }
    (found, why)
}

/// The index of the headline among the candidates, and why it is the one.
fn decide(found: &[HeadlineCandidate], news: bool) -> (usize, &'static str) {
    let of = |source: &str| found.iter().position(|h| h.source == source);
    let same = |a: usize, b: usize| to_letters(&found[a].value) == to_letters(&found[b].value);
    let agree = |a: Option<usize>, b: Option<usize>| a.zip(b).is_some_and(|(a, b)| same(a, b));
    let (h1, og, tag, json_ld) = (of("h1"), of("og:title"), of("title"), of("json-ld"));
    if !news {
        let Some(at) = h1 else {
            return (
                0,
                "no heading agrees with the data: the source believed most",
            );
        };
        let (heading, own) = (&found[at].value, (at, "the page's own heading"));
        let (Some(shared), Some(tag)) = (og, tag) else {
            return own;
        };
        let whole = &found[shared].value;
        if is_beside(heading, whole, &found[tag].value) {
            return (shared, "the heading is what <title> has beside og:title");
        }
        let is_rubric = || is_rubric(heading, found) || is_one_word(heading, whole);
        if !same(at, shared) && same(shared, tag) && is_rubric() {
            return (
                shared,
                "the heading is a rubric, og:title and <title> agree",
            );
        }
        return own;
    }
    // Newsrooms write a headline for readers and one for search engines. The latter is in <title>;
    // where heading and JSON-LD repeat it, the former is what the page is shared with.
    let card = of("twitter:title");
    if let Some(shared) = og
        && agree(h1, tag)
        && (json_ld.is_none() || agree(h1, json_ld))
        && !agree(h1, og)
        && !agree(h1, card)
    {
        return (
            shared,
            "news that repeats its <title> everywhere but in the headline it is shared with",
        );
    }
    match (json_ld, h1) {
        (Some(at), Some(whole)) if is_cut(&found[at].value, &found[whole].value) => {
            (whole, "the page's own heading; JSON-LD cuts it off")
        }
        (Some(at), _) => (at, "news: its JSON-LD has the newsroom's headline"),
        (None, Some(at)) => (at, "the page's own heading"),
        (None, None) => (0, "the source believed most"),
    }
}

/// Whether a heading and og:title are the two halves of `<title>`: the site's name and the headline.
fn is_beside(heading: &str, og: &str, tag: &str) -> bool {
    let (heading, og, tag) = (to_words(heading), to_words(og), to_words(tag));
    let rest = tag
        .strip_prefix(&heading)
        .or_else(|| tag.strip_suffix(&heading));
    // The site's name is the shorter one.
    !heading.is_empty()
        && words(&og).len() > words(&heading).len()
        && rest.is_some_and(|rest| rest.trim() == og)
}

/// Fewest words of a headline of which a heading repeats one.
const MIN_WHOLE_WORDS: usize = 4;

/// Whether a heading is a single word from within a headline. One that begins with the word goes on
/// with what the site says of itself: "Kayaks - Paddles and more".
fn is_one_word(heading: &str, whole: &str) -> bool {
    heading.split_whitespace().count() == 1
        && whole.split_whitespace().count() >= MIN_WHOLE_WORDS
        && !to_words(whole).starts_with(&to_words(heading))
        && !whole.contains(&SEPARATORS.bar[..])
}

/// Most words of a heading that is a rubric over the page rather than its headline.
const MAX_RUBRIC_WORDS: usize = 4;

/// Whether a short heading has no word in common with any other headline of the page.
fn is_rubric(heading: &str, found: &[HeadlineCandidate]) -> bool {
    heading.split_whitespace().count() <= MAX_RUBRIC_WORDS
        && found
            .iter()
            .filter(|h| h.source != "h1")
            .all(|h| overlap(heading, &h.value) == 0.0)
}

/// The heading that the page's data support best.
fn heading(
    h1: &[String],
    data: &[HeadlineCandidate],
    tag: Option<&str>,
    sites: &SiteNames,
) -> Option<HeadlineCandidate> {
    let support = |text: &str| {
        data.iter()
            .map(|h| h.value.as_str())
            .chain(tag)
            .map(|other| overlap(text, other))
            .fold(0.0, f64::max)
    };
    let mut best: Option<(f64, &String, String)> = None;
    for line in h1 {
        let text = line.replace(" | ", " ");
        if sites.is_site_part(&text) && text.split_whitespace().count() <= 4 {
            continue;
        }
        let share = support(&text);
        if best.as_ref().is_none_or(|(top, ..)| share > *top) {
            best = Some((share, line, text));
        }
    }
    let (share, line, text) = best?;
    let alone = h1.len() == 1 && text.split_whitespace().count() >= LONE_HEADING_WORDS;
    let speaks = share >= SAME_STORY || alone || (data.is_empty() && tag.is_none());
    // Between the blocks of a heading its signs are lost; the data may have kept them.
    let signed = data
        .iter()
        .filter(|_| line.contains(" | "))
        .find(|h| to_letters(&h.value) == to_letters(&text));
    speaks.then(|| HeadlineCandidate {
        source: "h1",
        value: signed.map_or_else(|| without_site(&text, sites), |h| h.value.clone()),
        shown: Some(without_site(line, sites))
            .filter(|shown| shown.len() < line.len())
            .map(|shown| without_site(&shown.replace(" | ", " "), sites)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_in_a_heading_is_no_headline() {
        let data = [HeadlineCandidate::new("og:title", "Rain at last".into())];
        let h1 = ["The Valley Post", "Rain at last"].map(str::to_owned);
        let context = HeadlineContext {
            sites: &SiteNames::of(&["The Valley Post".into()]),
            sections: &[],
            news: false,
        };
        let (ranked, _) = choose(&h1, &data, None, context);
        assert_eq!(ranked[0].value, "Rain at last");
    }
}
