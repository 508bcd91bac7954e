//! The body's rules, each with a name and a switch, so that what each is worth can be measured.
//!
//! A rule is what is written by hand and keeps or removes blocks, changes their scores or overrules the kind of
//! page; or a table of words that such rules ask. `gleaner eval --without NAME` switches it off, `tests/it/rules.rs`
//! has a page for each that comes out otherwise without it, and `gleaner eval --ablate` says what each is
//! worth. Where it decides, a rule asks `Switches::on`.

use crate::block::Cues;
use crate::block::phrases::Category;

/// Where a rule stands on the way from blocks to a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Tables of words that the other rules ask.
    Table,
    /// Before the model: which container holds the story, and what in it is chrome.
    Rules,
    /// The model's scores.
    Scores,
    /// From scores to blocks.
    Selection,
    /// What belongs to a story whatever its score, and what does not.
    Repair,
    /// A story that stands in scripts alone.
    ScriptData,
    /// What the page is.
    PageType,
    /// From blocks to the record.
    Assembling,
}

/// A rule or table. Their order is that of [`RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)] // `RULES` says what each is.
pub enum Rule {
    ClassNames,
    Phrases,
    PhrasesRelated,
    PhrasesShare,
    PhrasesNewsletter,
    PhrasesAd,
    PhrasesCredit,
    PhrasesTags,
    PhrasesByline,
    PhrasesComments,
    PhrasesConsent,
    PhrasesContact,
    PhrasesCopyright,
    PhrasesPaywall,
    PhrasesRepublished,
    PhrasesNavigation,
    PhrasesPopular,
    PhrasesBarrier,
    ConsentBanners,
    SilentNames,
    TightContainer,
    ContainerNames,
    AroundStory,
    NotShown,
    NamedElements,
    DoubtfulNames,
    EmbeddedPosts,
    Titles,
    MetaLines,
    EntryHeadlines,
    ClockTimes,
    Recordings,
    MailAddresses,
    MostlyLinks,
    LinkedSentences,
    LinkedHeadings,
    Wordless,
    StoryWords,
    FormFields,
    BeforeTitle,
    LoneHeadings,
    OtherStories,
    LinkLists,
    MachineSummaries,
    Menus,
    MenuNames,
    OutsideLabels,
    TemplateShare,
    RowShare,
    ListShare,
    HopelessPages,
    KindWeights,
    PhraseBar,
    BylineBar,
    DateLines,
    RuledCaptions,
    CreditedCaptions,
    Structure,
    Siblings,
    LongStory,
    AnnouncedLists,
    Refrains,
    LiveEntries,
    NamedStory,
    Kickers,
    SectionNames,
    DekInColumn,
    DekExcerpts,
    ScriptBodies,
    ScriptChrome,
    ScriptPlaceholders,
    SaidWalls,
    PromptWalls,
    LoginWalls,
    ListsOfLinks,
    Teasers,
    LineNumbers,
    FrontHeadline,
    FrontBylines,
    EndPrompts,
}

/// A rule with its name, its stage and what it says.
#[derive(Debug, Clone, Copy)]
pub struct RuleEntry {
    /// Which one.
    pub rule: Rule,
    /// Its name on the command line and in tables.
    pub name: &'static str,
    /// Where it stands.
    pub stage: Stage,
    /// What it says.
    pub meaning: &'static str,
}

const fn entry(rule: Rule, name: &'static str, stage: Stage, meaning: &'static str) -> RuleEntry {
    RuleEntry {
        rule,
        name,
        stage,
        meaning,
    }
}

/// All rules.
#[rustfmt::skip] // A table.
pub static RULES: [RuleEntry; 80] = [
    entry(Rule::ClassNames, "class-names", Stage::Table, "class_names.tsv: words in the names of elements say what these are"),
    entry(Rule::Phrases, "phrases", Stage::Table, "chrome.tsv: phrases say that a block is chrome; the whole table"),
    entry(Rule::PhrasesRelated, "phrases-related", Stage::Table, "those of its category `related`"),
    entry(Rule::PhrasesShare, "phrases-share", Stage::Table, "those of its category `share`"),
    entry(Rule::PhrasesNewsletter, "phrases-newsletter", Stage::Table, "those of its category `newsletter`"),
    entry(Rule::PhrasesAd, "phrases-ad", Stage::Table, "those of its category `ad`"),
    entry(Rule::PhrasesCredit, "phrases-credit", Stage::Table, "those of its category `credit`"),
    entry(Rule::PhrasesTags, "phrases-tags", Stage::Table, "those of its category `tags`"),
    entry(Rule::PhrasesByline, "phrases-byline", Stage::Table, "those of its category `byline`"),
    entry(Rule::PhrasesComments, "phrases-comments", Stage::Table, "those of its category `comments`"),
    entry(Rule::PhrasesConsent, "phrases-consent", Stage::Table, "those of its category `consent`"),
    entry(Rule::PhrasesContact, "phrases-contact", Stage::Table, "those of its category `contact`"),
    entry(Rule::PhrasesCopyright, "phrases-copyright", Stage::Table, "those of its category `copyright`"),
    entry(Rule::PhrasesPaywall, "phrases-paywall", Stage::Table, "those of its category `paywall`"),
    entry(Rule::PhrasesRepublished, "phrases-republished", Stage::Table, "those of its category `republished`"),
    entry(Rule::PhrasesNavigation, "phrases-navigation", Stage::Table, "those of its category `navigation`"),
    entry(Rule::PhrasesPopular, "phrases-popular", Stage::Table, "those of its category `popular`"),
    entry(Rule::PhrasesBarrier, "phrases-barrier", Stage::Table, "those of its category `barrier`"),
    entry(Rule::ConsentBanners, "consent-banners", Stage::Rules, "a few words about cookies beside a choice are no text of the page"),
    entry(Rule::SilentNames, "silent-names", Stage::Rules, "names of chrome around nearly all running text of a page say nothing"),
    entry(Rule::TightContainer, "tight-container", Stage::Rules, "a child with nearly all of the container's sum is the container"),
    entry(Rule::ContainerNames, "container-names", Stage::Rules, "names of the container and above it say nothing of what stands in it"),
    entry(Rule::AroundStory, "around-story", Stage::Rules, "names of chrome around most of the container's running text say nothing"),
    entry(Rule::NotShown, "not-shown", Stage::Rules, "short blocks whose own element hides them go"),
    entry(Rule::NamedElements, "named-elements", Stage::Rules, "what stands in elements named as chrome goes"),
    entry(Rule::DoubtfulNames, "doubtful-names", Stage::Rules, "long paragraphs in content under a doubtful name of chrome stay"),
    entry(Rule::EmbeddedPosts, "embedded-posts", Stage::Rules, "posts embedded from elsewhere stay, though named as share tools"),
    entry(Rule::Titles, "titles", Stage::Rules, "blocks that repeat the title go"),
    entry(Rule::MetaLines, "meta-lines", Stage::Rules, "short lines in elements named as facts about the story go"),
    entry(Rule::EntryHeadlines, "entry-headlines", Stage::Rules, "headlines that open with a time of day are no date lines"),
    entry(Rule::ClockTimes, "clock-times", Stage::Rules, "times of day that stand alone go"),
    entry(Rule::Recordings, "recordings", Stage::Rules, "names of recordings that end with their length go"),
    entry(Rule::MailAddresses, "mail-addresses", Stage::Rules, "e-mail addresses that stand alone go"),
    entry(Rule::MostlyLinks, "mostly-links", Stage::Rules, "short blocks that are mostly links go"),
    entry(Rule::LinkedSentences, "linked-sentences", Stage::Rules, "sentences that are one link stay"),
    entry(Rule::LinkedHeadings, "linked-headings", Stage::Rules, "headings that are links in part stay"),
    entry(Rule::Wordless, "wordless", Stage::Rules, "blocks without words go"),
    entry(Rule::StoryWords, "story-words", Stage::Rules, "a word or two between kept blocks that nothing else marks as chrome stay, whatever phrase they are"),
    entry(Rule::FormFields, "form-fields", Stage::Rules, "the few words around a field to be filled in go"),
    entry(Rule::BeforeTitle, "before-title", Stage::Rules, "the few words before the title in the container go"),
    entry(Rule::LoneHeadings, "lone-headings", Stage::Rules, "subheads whose text was left out go; after the model, too"),
    entry(Rule::OtherStories, "other-stories", Stage::Rules, "of several stories of one build, the page's own stays, known by signs that add up"),
    entry(Rule::LinkLists, "link-lists", Stage::Rules, "lists of links to other stories between paragraphs go"),
    entry(Rule::MachineSummaries, "machine-summaries", Stage::Rules, "boxes that say that a machine summed the story up go"),
    entry(Rule::Menus, "menus", Stage::Rules, "links to the front page, to the page itself among others, or to sections alone go"),
    entry(Rule::MenuNames, "menu-names", Stage::Rules, "links in lines under a menu's name go"),
    entry(Rule::OutsideLabels, "outside-labels", Stage::Rules, "titles and chrome phrases outside the container are known as such"),
    entry(Rule::TemplateShare, "template-share", Stage::Scores, "blocks of one template share a part of their score"),
    entry(Rule::RowShare, "row-share", Stage::Scores, "cells of a row of data share their score"),
    entry(Rule::ListShare, "list-share", Stage::Scores, "entries of a list share half of their score"),
    entry(Rule::HopelessPages, "hopeless-pages", Stage::Selection, "where no block is likely, none is kept"),
    entry(Rule::KindWeights, "kind-weights", Stage::Selection, "of lists, goods and services finding counts for more"),
    entry(Rule::PhraseBar, "phrase-bar", Stage::Selection, "chrome phrases need a high score"),
    entry(Rule::BylineBar, "byline-bar", Stage::Selection, "bylines in stories and threads need a high score"),
    entry(Rule::DateLines, "date-lines", Stage::Selection, "few words around a marked date in stories and threads need a high score"),
    entry(Rule::RuledCaptions, "ruled-captions", Stage::Selection, "whether captions stay the rules say, not the score"),
    entry(Rule::CreditedCaptions, "credited-captions", Stage::Selection, "captions that say what is shown stay with their credit"),
    entry(Rule::Structure, "structure", Stage::Repair, "tables, code, quotations and subheads inside the story stay at low scores"),
    entry(Rule::Siblings, "siblings", Stage::Repair, "sentences right behind a paragraph or the headline stay at low scores"),
    entry(Rule::LongStory, "long-story", Stage::Repair, "sentences of an element with a hundred of them stay at low scores"),
    entry(Rule::AnnouncedLists, "announced-lists", Stage::Repair, "lists that a line of the story announces stay at low scores"),
    entry(Rule::Refrains, "refrains", Stage::Repair, "lines that return in one element stay at low scores"),
    entry(Rule::LiveEntries, "live-entries", Stage::Repair, "entries of a live blog stay at low scores"),
    entry(Rule::NamedStory, "named-story", Stage::Repair, "a second first-level headline named as related begins another story"),
    entry(Rule::Kickers, "kickers", Stage::Repair, "what is as short as a section's name before the headline goes"),
    entry(Rule::SectionNames, "section-names", Stage::Repair, "a first heading that is the name of a section goes"),
    entry(Rule::DekInColumn, "dek-in-column", Stage::Repair, "the page's summary in the story's column stays at low scores"),
    entry(Rule::DekExcerpts, "dek-excerpts", Stage::Repair, "the page's summary where a theme prints it from a field goes"),
    entry(Rule::ScriptBodies, "script-bodies", Stage::ScriptData, "a story that stands in scripts alone is the body"),
    entry(Rule::ScriptChrome, "script-chrome", Stage::ScriptData, "chrome phrases in it go"),
    entry(Rule::ScriptPlaceholders, "script-placeholders", Stage::ScriptData, "placeholders of widgets in it go"),
    entry(Rule::SaidWalls, "said-walls", Stage::PageType, "walls.tsv: a page with little text whose title, heading or first lines say that it is not the page is a wall"),
    entry(Rule::PromptWalls, "prompt-walls", Stage::PageType, "a page that asks for a subscription or consent and shows nothing else is a wall"),
    entry(Rule::LoginWalls, "login-walls", Stage::PageType, "a page that asks for a password and shows nothing else is a wall"),
    entry(Rule::ListsOfLinks, "lists-of-links", Stage::PageType, "a page with many times its text in links is a list"),
    entry(Rule::Teasers, "teasers", Stage::PageType, "a body of linked headlines with their first words is a list"),
    entry(Rule::LineNumbers, "line-numbers", Stage::Assembling, "numbers of lines beside code go"),
    entry(Rule::FrontHeadline, "front-headline", Stage::Assembling, "the headline as a line of the first block goes"),
    entry(Rule::FrontBylines, "front-bylines", Stage::Assembling, "bylines and date lines among the first lines go"),
    entry(Rule::EndPrompts, "end-prompts", Stage::Assembling, "rows of prompts in the last lines go"),
];

impl Rule {
    /// Its entry in [`RULES`].
    #[must_use]
    pub fn entry(self) -> &'static RuleEntry {
        &RULES[self as usize]
    }

    /// The rule with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = RULES.iter().find(|entry| entry.name == name);
        found.map(|entry| entry.rule)
    }
}

/// Which rules are switched off: none, unless somebody measures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// A bit for each rule that is off.
    off: u128,
}

impl Switches {
    /// These, and one more off.
    #[must_use]
    pub fn without(self, rule: Rule) -> Self {
        let off = self.off | (1 << rule as u8);
        Self { off }
    }

    /// Whether a rule is on.
    pub(crate) fn on(self, rule: Rule) -> bool {
        self.off & (1 << rule as u8) == 0
    }

    /// Whether all are.
    pub(crate) fn all_on(self) -> bool {
        self.off == 0
    }

    /// Cues that a rule gives, or none where it is off.
    pub(crate) fn if_on(self, rule: Rule, cues: Cues) -> Cues {
        if self.on(rule) { cues } else { Cues::NONE }
    }

    /// Whether phrases of a category are looked for.
    pub(crate) fn on_phrases(self, category: Category) -> bool {
        // The categories' rules stand in their order.
        let rule = RULES[Rule::PhrasesRelated as usize + category as usize].rule;
        self.on(Rule::Phrases) && self.on(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_in_their_order_under_names_of_their_own() {
        for (at, entry) in RULES.iter().enumerate() {
            assert_eq!(entry.rule as usize, at, "{}", entry.name);
            assert_eq!(Rule::named(entry.name), Some(entry.rule), "{}", entry.name);
            assert!(std::ptr::eq(entry.rule.entry(), entry));
            let off = Switches::default().without(entry.rule);
            assert!(!off.on(entry.rule) && Switches::default().on(entry.rule));
        }
        for category in Category::ALL {
            let name = format!("phrases-{}", category.name());
            let rule = Rule::named(&name).expect("each category has a rule");
            assert!(!Switches::default().without(rule).on_phrases(category));
        }
    }
}
