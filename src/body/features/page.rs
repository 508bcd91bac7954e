//! What holds for the page as a whole, so that the model can tell a story from a list or a manual.

use url::Url;

use crate::block::{Shape, TextBlock, words_in};
use crate::body::features::{PageContext, Row, kind_signs, log_number, number, share};
use crate::dom::Tag;
use crate::evidence::Evidence;

/// The page's features, the same for all its blocks.
pub(crate) fn values(context: &PageContext, url: Option<&Url>, evidence: &Evidence) -> Vec<f32> {
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
    push_address(&mut row, url);
    row.flag(evidence.own_article.is_some());
    row.push(match evidence.declared.first("type") {
        None => 0.0,
        Some("website") => 1.0,
        Some("article") => 2.0,
        Some("product") => 3.0,
        Some(_) => 4.0,
    });
    kind_signs::push(&mut row, context.page, url, evidence);
    row.values
}

fn push_address(row: &mut Row, url: Option<&Url>) {
    let Some(url) = url.filter(|url| url.has_host()) else {
        return row.nothing(4);
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
