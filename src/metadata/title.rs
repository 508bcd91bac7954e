//! The headline: what the page's own heading, its structured data and its `<title>` agree on.

use super::clean::key;

/// What may stand between a headline and the site's name, surrounded by spaces.
const SEPARATORS: [&str; 12] = [
    " | ", " - ", " – ", " — ", " · ", " » ", " « ", " :: ", " • ", " // ", " / ", " ‹ ",
];

/// Share of words two texts must have in common to be one headline in two versions.
const SAME_STORY: f64 = 0.5;

/// Words two texts have in common, as a share of the shorter one's.
pub(super) fn overlap(a: &str, b: &str) -> f64 {
    let (a, b) = (key(a), key(b));
    if a == b {
        return 1.0;
    }
    let words = |t: &str| {
        t.split(' ')
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect::<std::collections::HashSet<_>>()
    };
    let (a, b) = (words(&a), words(&b));
    let shorter = a.len().min(b.len());
    if shorter == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
    let share = a.intersection(&b).count() as f64 / shorter as f64;
    share
}

/// The title without the site's name, or a section's, at its end or start.
pub(super) fn without_site(title: &str, sites: &[String]) -> String {
    let mut title = title.trim();
    // A page's title names at most section, site and slogan after the headline.
    for _ in 0..3 {
        let last = SEPARATORS
            .iter()
            .filter_map(|s| title.rfind(s).map(|at| (at, s.len())))
            .max();
        let first = SEPARATORS
            .iter()
            .filter_map(|s| title.find(s).map(|at| (at, s.len())))
            .min();
        if let Some((at, length)) = last
            && is_site(&title[at + length..], sites)
        {
            title = title[..at].trim_end();
        } else if let Some((at, length)) = first
            && is_site(&title[..at], sites)
        {
            title = title[at + length..].trim_start();
        } else {
            break;
        }
    }
    title.to_owned()
}

fn is_site(part: &str, sites: &[String]) -> bool {
    let part: String = key(part).split(' ').collect();
    !part.is_empty()
        && sites.iter().any(|site| {
            let site: String = key(site).split(' ').collect();
            !site.is_empty()
                && (part == site
                    || (part.len() >= 4
                        && site.len() >= 4
                        && (part.starts_with(&site)
                            || site.starts_with(&part)
                            || part.ends_with(&site))))
        })
}

/// Whether `title` is `whole` cut off, as schema.org's old limit of 110 characters made pages do.
pub(super) fn is_cut(title: &str, whole: &str) -> bool {
    let start = key(title.trim_end_matches(['.', '…', ' ']));
    let whole = key(whole);
    whole.len() > start.len()
        && whole.starts_with(&start)
        && (title.ends_with('…') || title.ends_with("...") || title.chars().count() >= 100)
}

/// A headline candidate.
#[derive(Debug, Clone)]
pub(super) struct Headline {
    pub(super) source: &'static str,
    pub(super) value: String,
}

/// Headlines, best first: the visible heading the page's data agree with, then the data.
pub(super) fn rank(
    h1: &[String],
    data: &[Headline],
    page_title: Option<&str>,
    sites: &[String],
) -> Vec<Headline> {
    let mut ranked: Vec<Headline> = Vec::new();
    let data: Vec<Headline> = data
        .iter()
        .map(|h| Headline {
            source: h.source,
            value: without_site(&h.value, sites),
        })
        .filter(|h| !h.value.is_empty())
        .collect();
    let tag = page_title.map(|t| without_site(t, sites));
    let support = |heading: &str| {
        data.iter()
            .map(|h| overlap(heading, &h.value))
            .chain(tag.iter().map(|t| overlap(heading, t)))
            .fold(0.0, f64::max)
    };
    let best = h1
        .iter()
        .filter(|h| !is_site(h, sites) || h.split_whitespace().count() > 4)
        .map(|h| (support(h), h))
        .fold(None, |best: Option<(f64, &String)>, next| {
            if best.is_some_and(|b| b.0 >= next.0) {
                best
            } else {
                Some(next)
            }
        });
    if let Some((share, heading)) = best {
        let alone = h1.len() == 1 && heading.split_whitespace().count() >= 3;
        if share >= SAME_STORY || alone || (data.is_empty() && tag.is_none()) {
            ranked.push(Headline {
                source: "h1",
                value: without_site(heading, sites),
            });
        }
    }
    ranked.extend(data);
    ranked.extend(tag.map(|value| Headline {
        source: "title",
        value: shortest(&value, &ranked),
    }));
    ranked.retain(|h| !h.value.is_empty());
    ranked
}

/// The part of a `<title>` that reads like the headline: the longest, where separators stand in it.
fn shortest(title: &str, known: &[Headline]) -> String {
    if !known.is_empty() {
        return title.to_owned();
    }
    for separator in [" | ", " » ", " « ", " :: ", " • "] {
        if title.contains(separator) {
            return title
                .split(separator)
                .max_by_key(|part| part.chars().count())
                .unwrap_or(title)
                .trim()
                .to_owned();
        }
    }
    title.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_goes_and_dashes_in_headlines_stay() {
        let sites = ["The Valley Post".to_owned(), "valleypost".to_owned()];
        assert_eq!(
            without_site("Rain - at last | The Valley Post", &sites),
            "Rain - at last"
        );
        assert_eq!(
            without_site("Valley Post: Rain", &sites),
            "Valley Post: Rain"
        );
        assert_eq!(without_site("The Valley Post – Rain", &sites), "Rain");
    }

    #[test]
    fn a_logo_in_a_heading_is_no_headline() {
        let data = [Headline {
            source: "og:title",
            value: "Rain at last".into(),
        }];
        let ranked = rank(
            &["The Valley Post".into(), "Rain at last".into()],
            &data,
            None,
            &["The Valley Post".into()],
        );
        assert_eq!(ranked[0].value, "Rain at last");
    }
}
