//! Other stories on the page: streams of posts behind the page's own, teasers beside it, cards between its
//! paragraphs.
//!
//! A story of several begins with a headline that leads to another page, or that looks as the page's own does.
//! Signs add up, none decides alone: what the headline says and where it leads, what stands around both
//! stories, how long they are. The page's own is known by the titles and addresses that the page gives.

use std::collections::BTreeMap;
use std::ops::Range;

use url::Url;

use crate::block::{self, Shape, TextBlock};
use crate::body::clean::is_running;
use crate::body::density::CHROME;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::own_article::leads_elsewhere;
use crate::text::to_letters;

/// Words from which a headline says more than the name of a section.
pub(super) const MIN_HEADLINE_WORDS: usize = 2;

/// Link density from which a line is one link.
pub(super) const WHOLE_LINK: f64 = 0.9;

/// Words from which what follows a linked headline tells of a story.
const MIN_TEASER_WORDS: usize = 6;

/// Words from which what follows a headline without a link is a story rather than a list's entry.
pub(super) const MIN_STORY_WORDS: usize = 40;

/// Words up to which a headline and its text are a teaser.
const MAX_TEASER_WORDS: usize = 60;

/// Words that may stand before a headline: a section, a date.
const MAX_KICKER_WORDS: usize = 12;

/// Signs that must agree that a story is another one.
const MIN_SIGNS: usize = 3;

/// How many times as many words as the page's own story another may have, or all teasers of one build together:
/// of a list, the stories are what the page is about, and what would be its own is their announcement.
const MAX_TIMES_OWN: usize = 12;

/// A story of several: its headline and the blocks of the largest element around that holds no other headline
/// of the same build.
#[derive(Debug)]
struct Story {
    headline: usize,
    linked: bool,
    element: NodeId,
    blocks: Range<usize>,
}

/// A page's blocks, and what is known of its own story.
struct Stories<'a> {
    page: &'a Document,
    blocks: &'a [TextBlock],
    address: Option<&'a Url>,
    /// The page's own headline.
    own: usize,
}

/// Whether each block is part of another story. `titles` are the page's as [`to_letters`] spells them.
pub(crate) fn find(
    page: &Document,
    blocks: &[TextBlock],
    titles: &[String],
    address: Option<&Url>,
) -> Vec<bool> {
    let mut found = vec![false; blocks.len()];
    let Some(own) = own_headline(page, blocks, titles, address) else {
        return found;
    };
    let stories = Stories {
        page,
        blocks,
        address,
        own,
    };
    let groups = stories.groups();
    let mut in_story = vec![false; blocks.len()];
    for story in groups.iter().flatten() {
        in_story[story.blocks.clone()].fill(true);
    }
    let is_own_text = |at: &usize| {
        is_running(&blocks[*at]) && !in_story[*at] && !blocks[*at].cues.has_any(&CHROME)
    };
    let own_text: Vec<usize> = (0..blocks.len()).filter(is_own_text).collect();
    for group in &groups {
        if stories.are_others(group, &own_text) {
            stories.mark(group, &mut found);
        }
    }
    found
}

/// Whether a block says what one of the page's titles says.
pub(super) fn says_title(block: &TextBlock, titles: &[String]) -> bool {
    let longest = titles.iter().map(String::len).max().unwrap_or(0);
    block.words >= MIN_HEADLINE_WORDS
        && block.text.len() <= 2 * longest
        && titles.contains(&to_letters(&block.text))
}

/// The page's own headline: the block that says what its titles say, or a heading that leads to the page itself.
fn own_headline(
    page: &Document,
    blocks: &[TextBlock],
    titles: &[String],
    address: Option<&Url>,
) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, block) in blocks.iter().enumerate() {
        let says = says_title(block, titles);
        if !says && !block.is_heading() {
            continue;
        }
        let link = link_of(page, block);
        let leads_away = link.is_some_and(|href| leads_elsewhere(href, address));
        let leads_here = link.is_some() && address.is_some() && !leads_away;
        if !says && (leads_away || !leads_here) {
            continue;
        }
        let signs = 2 * usize::from(says)
            + usize::from(leads_here)
            + usize::from(block.is_heading())
            + usize::from(block.shape == Shape::Heading(1))
            + usize::from(!leads_away);
        if best.is_none_or(|(most, _)| signs > most) {
            best = Some((signs, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Where the link leads that a block is, or that its first line is.
pub(super) fn link_of<'a>(page: &'a Document, block: &TextBlock) -> Option<&'a str> {
    if block.link_chars == 0 {
        return None;
    }
    let link = page
        .ancestors(block.first)
        .find(|node| page.tag(*node) == Tag::A)?;
    let whole = block.link_density() > WHOLE_LINK;
    let is_first_line = || {
        let first = block.text.split_once('\n').map(|(first, _)| first);
        first.is_some_and(|first| to_letters(first) == to_letters(&page.text_of(link)))
    };
    page.attribute(link, "href")
        .filter(|_| whole || is_first_line())
}

/// The tags and classes of an element and the one around it.
pub(super) fn markup(page: &Document, node: NodeId) -> u64 {
    let outer = page.tag_and_class_hash(page.node(node).parent);
    page.tag_and_class_hash(node) ^ outer.rotate_left(1)
}

impl Stories<'_> {
    fn markup(&self, at: usize) -> u64 {
        markup(self.page, self.blocks[at].node)
    }

    /// Whether a headline has most of its words from the page's own: it is one of its parts.
    fn says_the_same(&self, at: usize) -> bool {
        let [own, text] = [self.own, at].map(|at| self.blocks[at].text.to_lowercase());
        let is_shared = |word: &&str| own.split_whitespace().any(|known| known == *word);
        2 * text.split_whitespace().filter(is_shared).count() > self.blocks[at].words
    }

    fn holds(&self, element: NodeId, at: usize) -> bool {
        (element..self.page.node(element).end).contains(&self.blocks[at].first)
    }

    /// Stories with headlines of one build, those of each build together.
    fn groups(&self) -> Vec<Vec<Story>> {
        let own = self.own;
        let mut headlines: BTreeMap<(bool, u64), Vec<usize>> = BTreeMap::new();
        for (at, block) in self.blocks.iter().enumerate() {
            let says_enough = (MIN_HEADLINE_WORDS..=MAX_TEASER_WORDS).contains(&block.words);
            if at == own || !says_enough || block.shape == Shape::Caption {
                continue;
            }
            let link = link_of(self.page, block);
            let linked = link.is_some_and(|href| leads_elsewhere(href, self.address));
            let as_own = block.shape == self.blocks[own].shape
                && (block.is_heading() || self.markup(at) == self.markup(own));
            if linked || link.is_none() && at > own && as_own && !self.says_the_same(at) {
                let build = (linked, self.markup(at));
                headlines.entry(build).or_default().push(at);
            }
        }
        let groups = headlines.into_iter().map(|((linked, _), headlines)| {
            let story = |of: usize| self.story(&headlines, of, linked);
            let stories: Vec<Story> = (0..headlines.len()).filter_map(story).collect();
            stories
        });
        groups
            .filter(|group| group.len() > 1 || group.iter().any(|story| self.may_be_alone(story)))
            .collect()
    }

    /// The story of a headline among those of its build, if it has text.
    fn story(&self, headlines: &[usize], of: usize, linked: bool) -> Option<Story> {
        let (page, blocks) = (self.page, self.blocks);
        let headline = headlines[of];
        let mut others = vec![self.own];
        others.extend(of.checked_sub(1).map(|before| headlines[before]));
        others.extend(headlines.get(of + 1));
        let element = std::iter::once(blocks[headline].node)
            .chain(page.ancestors(blocks[headline].node))
            .take_while(|node| !others.iter().any(|other| self.holds(*node, *other)))
            .last()?;
        let mut inside = block::inside(page, blocks, element);
        // What a term means stands behind it.
        let is_meaning =
            |at: usize| page.tag(element) == Tag::Dt && page.tag(blocks[at].node) == Tag::Dd;
        while inside.end < blocks.len() && is_meaning(inside.end) {
            inside.end += 1;
        }
        let before = block::words_in(&blocks[inside.start..headline]);
        let text = if linked {
            let lines = blocks[headline].text.lines();
            let below = lines.skip(1).map(block::word_count).sum::<usize>();
            below + block::words_in(&blocks[headline + 1..inside.end])
        } else {
            let behind = &blocks[headline + 1..inside.end];
            block::words_in(behind.iter().filter(|block| is_running(block)))
        };
        let min = if linked {
            MIN_TEASER_WORDS
        } else {
            MIN_STORY_WORDS
        };
        (before <= MAX_KICKER_WORDS && text >= min).then_some(Story {
            headline,
            linked,
            element,
            blocks: inside,
        })
    }

    /// Whether a story that no other is built like may be another one: all of it is one link, or its
    /// headline has no link.
    fn may_be_alone(&self, story: &Story) -> bool {
        let is_linked = |block: &TextBlock| block.link_density() > WHOLE_LINK;
        !story.linked
            || story.blocks.len() > 1 && self.blocks[story.blocks.clone()].iter().all(is_linked)
    }

    /// Whether the stories of one build are other stories than the page's own, of which `own_text` may be.
    fn are_others(&self, group: &[Story], own_text: &[usize]) -> bool {
        let (page, blocks) = (self.page, self.blocks);
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            return false;
        };
        let Some(text) = own_text.iter().copied().find(|at| *at > self.own) else {
            return false;
        };
        let words = |story: &Story| block::words_in(&blocks[story.blocks.clone()]);
        let are_short = group.iter().all(|story| words(story) <= MAX_TEASER_WORDS);
        let counted = group
            .iter()
            .filter(|story| blocks[story.headline].is_counted());
        if 2 * counted.count() > group.len() {
            return false;
        }
        let own_words: usize = own_text.iter().map(|at| blocks[*at].words).sum();
        let group_words: usize = group.iter().map(words).sum();
        let stories = if first.linked { 1 } else { group.len() };
        if group_words > stories * MAX_TIMES_OWN * own_words {
            return false;
        }
        let goes_on = |at: &usize| *at >= last.blocks.end && self.markup(*at) == self.markup(text);
        if first.linked && text < first.blocks.start && own_text.iter().any(goes_on) {
            return are_short && group_words <= own_words;
        }
        // The largest element around the story's text that does not hold the others.
        let around_text = std::iter::once(blocks[text].node)
            .chain(page.ancestors(blocks[text].node))
            .take_while(|node| !self.holds(*node, first.headline));
        let own_elements: Vec<NodeId> = around_text.collect();
        let own_element = own_elements.last().copied();
        let is_of_own = |at: &usize| own_element.is_some_and(|element| self.holds(element, *at));
        let before = own_text
            .iter()
            .filter(|at| **at > self.own && **at < first.blocks.start);
        let is_contained = own_element.is_some_and(|element| element != blocks[text].node)
            && before.copied().all(|at| is_of_own(&at));
        let looks_alike = self.markup(first.headline) == self.markup(self.own)
            || own_element.is_some_and(|own| {
                self.holds(own, self.own)
                    && page.tag_and_class_hash(own) == page.tag_and_class_hash(first.element)
            });
        let is_landmark = |node: &NodeId| matches!(page.tag(*node), Tag::Article | Tag::Main);
        let is_apart =
            own_elements.iter().any(is_landmark) || blocks[first.headline].cues.has_any(&CHROME);
        let is_signed = |story: &Story| {
            let inside = &blocks[story.blocks.clone()];
            inside.iter().any(|block| block.cues.has_any(&SIGNED))
                || page
                    .subtree(story.element)
                    .any(|(id, _)| page.tag(id) == Tag::Time)
        };
        let signs = usize::from(first.linked)
            + usize::from(is_contained)
            + usize::from(are_short)
            + usize::from(is_apart)
            + 2 * usize::from(looks_alike)
            + usize::from(group.iter().all(is_signed));
        signs >= MIN_SIGNS
    }

    /// Marks the stories of a group, what stands between them, and the heading over them all.
    fn mark(&self, group: &[Story], found: &mut [bool]) {
        let (page, blocks) = (self.page, self.blocks);
        for pair in group.windows(2) {
            let between = pair[0].blocks.end..pair[1].blocks.start.max(pair[0].blocks.end);
            let parent = |story: &Story| page.node(story.element).parent;
            if parent(&pair[0]) == parent(&pair[1])
                && !between.contains(&self.own)
                && !blocks[between.clone()].iter().any(is_running)
            {
                found[between].fill(true);
            }
        }
        for story in group {
            found[story.blocks.clone()].fill(true);
        }
        let over = group
            .first()
            .and_then(|story| story.blocks.start.checked_sub(1));
        if let Some(over) = over.filter(|at| *at != self.own && blocks[*at].is_heading()) {
            found[over] = true;
        }
    }
}

/// Cues of a byline or date line.
const SIGNED: [block::Cue; 2] = [block::Cue::Author, block::Cue::Meta];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    const STORY: &str = "<p>The white ferry came round the point at ten past seven on Thursday morning, and the people \
        who had been standing on the quay since before dawn began to clap. Nobody had told them to, \
        and nobody could say afterwards who had been the first.</p>";

    fn others(html: &str) -> Vec<String> {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let address = Url::parse("https://www.valley.example/news/ferry").ok();
        let titles = [to_letters("Ferry returns")];
        let found = find(&page, &blocks, &titles, address.as_ref());
        let marked = blocks.into_iter().zip(found).filter(|(_, found)| *found);
        marked
            .map(|(block, _)| block.text)
            .filter(|text| !STORY.contains(text))
            .collect()
    }

    #[test]
    fn a_headline_built_as_the_pages_own_begins_another_story() {
        let story = |headline: &str| {
            format!("<div><header><h1 class=x>{headline}</h1></header><div>{STORY}</div></div>")
        };
        let two = story("Ferry returns") + &story("Rain at last") + &story("Bread is dear");
        assert_eq!(others(&two), ["Rain at last", "Bread is dear"]);
    }

    #[test]
    fn the_pages_own_story_is_known_by_its_link_where_the_title_says_something_else() {
        let story = |to: &str, headline: &str| {
            format!("<div><h2><a href={to}>{headline}</a></h2>{STORY}</div>")
        };
        let two = story("/news/rain", "Rain at last")
            + &story("/news/ferry", "The ferry is back")
            + &story("/news/bread", "Bread is dear");
        assert_eq!(others(&two), ["Rain at last", "Bread is dear"]);
    }

    #[test]
    fn subheads_and_lists_of_headlines_are_none() {
        let own = format!("<div><h1>Ferry returns</h1>{STORY}");
        for rest in [
            format!("<h1>What was said</h1>{STORY}</div>"),
            format!("<h2>What was said</h2>{STORY}</div>"),
            format!("<section class=part><h1>What was said</h1>{STORY}</section></div>"),
            "</div><div><h1>Rain at last</h1></div><div><h1>Bread is dear</h1></div>".to_owned(),
            "</div><div><h1>Rain at last</h1><p>A course on all that falls from the sky, and on how to \
             keep it.</div>"
                .to_owned(),
        ] {
            assert_eq!(others(&(own.clone() + &rest)), [""; 0], "{rest}");
        }
    }
}
