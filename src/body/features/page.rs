//! What holds for the page as a whole, so that the model can tell a story from a list or a manual.

use crate::block::{Cue, Shape, TextBlock, words_in};
use crate::body::clean::{self, MOSTLY_LINKS};
use crate::body::features::{PageContext, Row, kind_signs, log_number, number, share};
use crate::dom::Tag;
use crate::evidence::Evidence;

/// The page's features, the same for all its blocks.
pub(crate) fn values(context: &PageContext, evidence: &Evidence) -> Vec<f32> {
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
    row.push(number(context.landmarks.articles.min(100) as usize));
    row.push(number(of_shape(|s| s == Shape::Heading(1)).min(50)));
    row.push(log_number(blocks.iter().filter(|b| b.is_heading()).count()));
    row.push(share(
        of_shape(|s| matches!(s, Shape::Item { .. })),
        all.blocks,
    ));
    let in_p = |block: &&TextBlock| context.page.tag(block.node) == Tag::P;
    row.push(share(words_in(blocks.iter().filter(in_p)), all.words));
    row.push(log_number(all.chrome));
    row.push(log_number(context.script_runs));
    row.flag(context.title > 0);
    row.flag(evidence.own_article.is_some());
    row.push(match evidence.declared.first("type") {
        None => 0.0,
        Some("website") => 1.0,
        Some("article") => 2.0,
        Some("product") => 3.0,
        Some(_) => 4.0,
    });
    push_layout(&mut row, context);
    push_elements(&mut row, context);
    for field in ["published", "author"] {
        row.flag(evidence.declared.first(field).is_some());
    }
    kind_signs::push(&mut row, context.page, evidence);
    row.values
}

/// Words of a link from which it may be another page's headline.
const HEADLINE_WORDS: usize = 4;

/// Blocks of one template from which on they are entries of a list.
const MIN_ENTRIES: usize = 4;

/// How text and links are spread over the page: together in a story, entry by entry in a list.
fn push_layout(row: &mut Row, context: &PageContext) {
    let (blocks, all) = (context.blocks, context.all);
    let is_link = |block: &TextBlock| block.link_density() > MOSTLY_LINKS;
    let headings = || blocks.iter().filter(|block| block.is_heading());
    row.push(share(
        headings().filter(|b| is_link(b)).count(),
        headings().count(),
    ));
    let is_headline = |block: &&TextBlock| is_link(block) && block.words >= HEADLINE_WORDS;
    row.push(share(blocks.iter().filter(is_headline).count(), all.blocks));
    let running = || blocks.iter().filter(|block| clean::is_running(block));
    let is_cut_off = |block: &&TextBlock| !block.ends_sentence() || ends_cut_off(&block.text);
    row.push(share(
        running().filter(is_cut_off).count(),
        running().count(),
    ));
    row.push(share(all.running, running().count()));
    let runs = blocks.chunk_by(|one, next| clean::is_running(one) == clean::is_running(next));
    let longest = runs
        .filter(|run| clean::is_running(&run[0]))
        .map(words_in)
        .max();
    row.push(share(longest.unwrap_or(0), all.running));
    let kept = context.between(context.first_kept, blocks.len().min(context.last_kept + 1));
    row.push(share(kept.kept, kept.words));
    row.push(share(context.title, all.blocks));
    let templates = || (0..blocks.len()).map(|at| context.same_template.of(at));
    let entries = templates().filter(|sums| sums.blocks >= MIN_ENTRIES);
    row.push(share(
        entries.map(|sums| sums.words).max().unwrap_or(0),
        all.words,
    ));
    row.push(log_number(
        templates().map(|sums| sums.blocks).max().unwrap_or(0),
    ));
}

/// Whether a text ends as those do that a machine cuts off.
fn ends_cut_off(text: &str) -> bool {
    let text = text.trim_end_matches([']', ')']);
    text.ends_with('…') || text.ends_with("...")
}

/// Elements that are counted: dates, forms, pictures.
const COUNTED: [&[Tag]; 4] = [
    &[Tag::Time],
    &[Tag::Input, Tag::Textarea, Tag::Select],
    &[Tag::Img],
    &[Tag::Button],
];

/// Words up to which a block with a sign of a currency is a price.
const PRICE_WORDS: usize = 8;

/// Signs of currencies.
const CURRENCIES: [char; 7] = ['$', '€', '£', '¥', '₽', '₹', '₩'];

/// Which elements and shapes the page is made of.
fn push_elements(row: &mut Row, context: &PageContext) {
    let mut counts = [0; COUNTED.len()];
    for (_, element) in context.page.elements() {
        for (count, tags) in counts.iter_mut().zip(COUNTED) {
            *count += usize::from(tags.contains(&element.tag));
        }
    }
    for count in counts {
        row.push(log_number(count));
    }
    let is_made_of: [fn(&&TextBlock) -> bool; 5] = [
        |block| block.shape == Shape::Code,
        |block| block.tabular,
        |block| block.shape == Shape::Quote,
        |block| block.cues.has(Cue::Comment),
        |block| block.is_heading(),
    ];
    for wanted in is_made_of {
        let words = words_in(context.blocks.iter().filter(wanted));
        row.push(share(words, context.all.words));
    }
    let is_price = |block: &&TextBlock| {
        block.words <= PRICE_WORDS
            && block.text.contains(CURRENCIES)
            && block.text.contains(|c: char| c.is_ascii_digit())
    };
    row.push(log_number(context.blocks.iter().filter(is_price).count()));
}
