//! What holds for the page as a whole, so that the model can tell a story from a list or a manual.

use url::Url;

use crate::block::Shape;
use crate::body::features::{Context, Row, kinds, log_number, number, share};
use crate::dom::Tag;
use crate::evidence::Evidence;

/// Names and meanings of this group.
pub(crate) const NAMES: &[(&str, &str)] = &[
    ("page_blocks", "blocks, as a logarithm"),
    ("page_words", "words, as a logarithm"),
    ("page_running", "share of words in running text"),
    ("page_links", "link density"),
    (
        "page_kept_words",
        "words that the rules keep, as a logarithm",
    ),
    ("page_kept_share", "share of words that the rules keep"),
    ("page_gain", "positive density gains, as a logarithm"),
    (
        "page_kept_gain",
        "share of them inside the density stage's container",
    ),
    ("page_articles", "article elements"),
    ("page_h1", "level-one headings"),
    ("page_headings", "headings, as a logarithm"),
    ("page_items", "share of blocks that are list items"),
    ("page_paragraphs", "share of words in p elements"),
    ("page_phrases", "chrome phrases, as a logarithm"),
    (
        "page_script_body",
        "three-word runs of JSON-LD's articleBody, as a logarithm",
    ),
    ("page_has_title", "whether a block repeats the headline"),
    (
        "url_parts",
        "parts of the address's path; -1 where there is no address",
    ),
    ("url_digits", "digits in the path"),
    ("url_hyphens", "hyphens in the path's longest part"),
    ("url_query", "whether the address has a query"),
    (
        "linked_article",
        "whether structured data describe an article that is this page",
    ),
    (
        "declared_type",
        "OpenGraph's type: 1 website, 2 article, 3 product, 4 another, 0 none",
    ),
];

/// The page's features, the same for all its blocks.
pub(crate) fn values(context: &Context, url: Option<&Url>, evidence: &Evidence) -> Vec<f32> {
    let mut row = Row::default();
    let (blocks, all) = (context.blocks, context.all);
    let of_shape = |wanted: fn(Shape) -> bool| blocks.iter().filter(|b| wanted(b.shape)).count();
    let inside = context.sums_of(context.density.container);
    row.push(log_number(all.blocks));
    row.push(log_number(all.words));
    row.push(share(all.running, all.words));
    row.push(share(all.link_chars, all.chars));
    row.push(log_number(all.kept));
    row.push(share(all.kept, all.words));
    row.push(log_number(all.gain));
    row.push(share(inside.gain, all.gain));
    row.push(number(context.places.articles.min(100) as usize));
    row.push(number(of_shape(|s| s == Shape::Heading(1)).min(50)));
    row.push(log_number(of_shape(|s| matches!(s, Shape::Heading(_)))));
    row.push(share(
        of_shape(|s| matches!(s, Shape::Item { .. })),
        all.blocks,
    ));
    let in_p: usize = blocks
        .iter()
        .filter(|block| context.page.tag(block.node) == Tag::P)
        .map(|block| block.words)
        .sum();
    row.push(share(in_p, all.words));
    row.push(log_number(all.chrome));
    row.push(log_number(context.script_runs));
    row.flag(context.title > 0);
    push_address(&mut row, url);
    row.flag(evidence.names_article());
    row.push(match evidence.declared_type() {
        None => 0.0,
        Some("website") => 1.0,
        Some("article") => 2.0,
        Some("product") => 3.0,
        Some(_) => 4.0,
    });
    kinds::push(&mut row, context.page, url, evidence);
    row.values
}

fn push_address(row: &mut Row, url: Option<&Url>) {
    let Some(url) = url.filter(|url| url.has_host()) else {
        for _ in 0..4 {
            row.push(-1.0);
        }
        return;
    };
    let parts = || url.path().split('/').filter(|part| !part.is_empty());
    row.push(number(parts().count()));
    row.push(number(
        url.path().bytes().filter(u8::is_ascii_digit).count(),
    ));
    let longest = parts().max_by_key(|part| part.len()).unwrap_or_default();
    row.push(number(longest.matches(['-', '_']).count()));
    row.flag(url.query().is_some());
}
