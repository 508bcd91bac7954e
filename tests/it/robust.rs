//! What must hold for any page, however broken: the same record each time, no panic, and no word
//! that the page does not hold.

use gleaner::Record;
use gleaner::dom::{Document, NodeData, NodeId, Tag};
use gleaner::record::BlockKind;
use gleaner::{Options, extract};
use proptest::prelude::*;

use crate::stories;

/// All text of a page, scripts included, as letters and digits alone: markup may part a word and
/// white space may be missing between two, so neither counts.
pub(crate) fn letters_of(page: &Document) -> String {
    letters_outside(page, &[])
}

/// The same without what stands in some elements.
fn letters_outside(page: &Document, left_out: &[Tag]) -> String {
    let mut text = String::new();
    for (_, node) in page.subtree(NodeId::ROOT) {
        if let NodeData::Text(run) = &node.data
            && !left_out.contains(&page.tag(node.parent))
        {
            text.extend(run.chars().filter(|c| c.is_alphanumeric()));
        }
    }
    text
}

/// The first word of `text` that is not in `letters`, each looked for after the one before.
pub(crate) fn stray_word<'a>(text: &'a str, letters: &str) -> Option<&'a str> {
    let mut at = 0;
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .find(|word| match letters[at..].find(word) {
            Some(place) => {
                at += place + word.len();
                false
            }
            None => true,
        })
}

#[test]
fn a_stray_word_is_seen() {
    let page = letters_of(&Document::parse("<p>Rain f<b>all</b>s</p><p>at last</p>"));
    assert_eq!(stray_word("Rain falls at last", &page), None);
    assert_eq!(stray_word("Rain fell at last", &page), Some("fell"));
    assert_eq!(stray_word("falls Rain", &page), Some("Rain"));
}

#[test]
fn a_style_in_a_word_is_no_part_of_it() {
    let page = Document::parse("<p>fer<style>p{}</style>ry</p>");
    let shown = letters_outside(&page, &[Tag::Style, Tag::Script]);
    assert_eq!(stray_word("ferry", &shown), None);
    assert_eq!(stray_word("ferry", &letters_of(&page)), Some("ferry"));
    check("<p>fer<style>p{}</style>ry</p>").expect("it is a word of the page");
}

fn read(html: &str) -> Record {
    let options = Options::default().explain(true);
    extract(html, None, &options).record
}

/// Checks what must hold for a page.
fn check(html: &str) -> Result<(), TestCaseError> {
    let record = read(html);
    prop_assert_eq!(&record, &read(html), "the same page gave two records");
    prop_assert!((0.0..=1.0).contains(&record.confidence));
    prop_assert_eq!(&record.text, &Record::join_blocks(&record.blocks));
    let page = Document::parse(html);
    // A style or script in the middle of a word does not part it; a body may stand in a script.
    let shown = letters_outside(&page, &[Tag::Style, Tag::Script]);
    let whole = letters_outside(&page, &[Tag::Style]);
    for block in &record.blocks {
        // An address hidden by Cloudflare stands in an attribute, and a caption may come from one.
        if matches!(block.kind, BlockKind::Caption) || block.text.contains('@') {
            continue;
        }
        let stray = stray_word(&block.text, &shown).and(stray_word(&block.text, &whole));
        prop_assert_eq!(stray, None, "not a word of the page");
    }
    Ok(())
}

/// One way of breaking a page.
#[derive(Debug, Clone)]
enum Damage {
    /// Only the part up to here is left.
    CutEnd(prop::sample::Index),
    /// Only the part from here is left.
    CutStart(prop::sample::Index),
    /// The part between the two stands twice.
    Double(prop::sample::Index, prop::sample::Index),
    /// The part between the two is gone.
    Drop(prop::sample::Index, prop::sample::Index),
    /// A byte has another value.
    Flip(prop::sample::Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        index().prop_map(Damage::CutEnd),
        index().prop_map(Damage::CutStart),
        (index(), index()).prop_map(|(a, b)| Damage::Double(a, b)),
        (index(), index()).prop_map(|(a, b)| Damage::Drop(a, b)),
        (index(), 1..=255u8).prop_map(|(a, bits)| Damage::Flip(a, bits)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let between = |a: &prop::sample::Index, b: &prop::sample::Index| {
        let (a, b) = (a.index(bytes.len()), b.index(bytes.len()));
        a.min(b)..a.max(b)
    };
    match damage {
        Damage::CutEnd(at) => bytes.truncate(at.index(bytes.len())),
        Damage::CutStart(at) => drop(bytes.drain(..at.index(bytes.len()))),
        Damage::Double(a, b) => {
            let range = between(a, b);
            let (end, again) = (range.end, bytes[range].to_vec());
            bytes.splice(end..end, again);
        }
        Damage::Drop(a, b) => drop(bytes.drain(between(a, b))),
        Damage::Flip(at, bits) => {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_pages_give_their_own_words(
        story in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(), 0..6),
    ) {
        let stories = stories::all();
        let mut bytes = story.get(&stories).html.clone().into_bytes();
        for damage in &damages {
            apply(&mut bytes, damage);
        }
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_markup_is_a_page(parts in prop::collection::vec(part(), 0..40)) {
        check(&parts.concat())?;
    }
}

/// A scrap of markup or text, closed or not.
fn part() -> impl Strategy<Value = String> {
    let tag = prop::sample::select(vec![
        "p",
        "div",
        "article",
        "table",
        "tr",
        "td",
        "li",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "code",
        "h1",
        "h2",
        "h6",
        "figure",
        "figcaption",
        "br",
        "a",
        "b",
        "ruby",
        "rt",
        "script",
        "style",
        "template",
        "svg",
        "math",
        "select",
        "option",
        "iframe",
        "noscript",
        "title",
        "body",
        "html",
    ]);
    prop_oneof![
        tag.clone().prop_map(|name| format!("<{name}>")),
        tag.prop_map(|name| format!("</{name}>")),
        "[a-zA-Zéßжا中 ,.\u{ad}\u{200d}]{0,60}",
        Just("&nbsp;&amp;&#x202e;&#0;".to_owned()),
        Just("<a href='/cdn-cgi/l/email-protection#zz'>".to_owned()),
        Just("<div class='related sharedaddy' id=comments hidden>".to_owned()),
    ]
}

#[test]
fn stories_give_their_own_words() {
    for story in stories::all() {
        check(&story.html).unwrap_or_else(|error| panic!("{}: {error}", story.name));
    }
}

#[test]
fn deep_and_wide_pages_are_read() {
    for page in [
        "<div>".repeat(20_000) + "A word or two at the bottom of it all.",
        "<p>One short paragraph, and another one.".repeat(3_000),
        "<table><tr><td>".repeat(600) + "a cell",
        "<ul><li>an item".repeat(2_000),
    ] {
        let record = read(&page);
        assert_eq!(record, read(&page));
    }
}

#[test]
fn a_story_of_a_thousand_paragraphs_is_whole() {
    let line = |day: usize| {
        format!(
            "On day {day} of the drought the farmers stood in their yards before dawn, and the \
             river had sunk by another finger when they went in to eat."
        )
    };
    let lines: Vec<String> = (0..1000).map(line).collect();
    let story = lines.join("<p>");
    let menu = "<nav><a href=/>Home</a> <a href=/weather>Weather</a></nav>";
    let record = read(&format!(
        "<h1>Dry</h1>{menu}<article><p>{story}</article><footer>All made up"
    ));
    assert_eq!(record.text, lines.join("\n\n"));
}
