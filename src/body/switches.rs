//! The body's rules, each with a name and a switch, so that what each is worth can be measured.
//!
//! `config/tables/rules.tsv` says what each rule is. `gleaner eval --without NAME` switches it off,
//! `tests/it/rules.rs` has a page for each that comes out otherwise without it, and `gleaner eval --ablate` says
//! what each is worth. Where it decides, a rule asks `Switches::on`.

use std::sync::LazyLock;

use crate::block::Cues;
use crate::table::rows;

/// A rule or table, in the order of [`RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)] // The table says what each is.
pub enum Rule {
    ClassNames,
    Phrases,
    ConsentBanners,
    SilentNames,
    ContainerNames,
    AroundStory,
    NotShown,
    NamedElements,
    EmbeddedPosts,
    Titles,
    MetaLines,
    EntryHeadlines,
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
    KindWeights,
    PhraseBar,
    DateLines,
    RuledCaptions,
    CreditedCaptions,
    Structure,
    Siblings,
    LongStory,
    AnnouncedLists,
    NamedStory,
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

/// A rule with its name and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleEntry {
    /// Its place among the rules, which is its number as a [`Rule`].
    at: u8,
    /// Its name on the command line and in tables.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// All rules.
pub static RULES: LazyLock<Vec<RuleEntry>> = LazyLock::new(|| {
    let table = rows(include_str!("../../config/tables/rules.tsv")).skip(1);
    let entry = |(at, row): (u8, Vec<&'static str>)| RuleEntry {
        at,
        name: row[0],
        meaning: row[1],
    };
    (0..).zip(table).map(entry).collect()
});

/// Which rules are switched off: none, unless somebody measures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// A bit for each rule that is off.
    off: u128,
}

impl Switches {
    /// These, and one more off.
    #[must_use]
    pub fn without(self, rule: &RuleEntry) -> Self {
        let off = self.off | (1 << rule.at);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_the_rules_in_their_order() {
        let kebab = |rule: Rule| {
            let mut name = String::new();
            for letter in format!("{rule:?}").chars() {
                if letter.is_uppercase() && !name.is_empty() {
                    name.push('-');
                }
                name.push(letter.to_ascii_lowercase());
            }
            name
        };
        let last = RULES.last().expect("the table has rows");
        for (rule, name) in [
            (Rule::ClassNames, RULES[0].name),
            (Rule::Phrases, RULES[Rule::Phrases as usize].name),
            (Rule::OtherStories, RULES[Rule::OtherStories as usize].name),
            (Rule::Structure, RULES[Rule::Structure as usize].name),
            (Rule::EndPrompts, last.name),
        ] {
            assert_eq!(kebab(rule), name);
            let off = Switches::default().without(&RULES[rule as usize]);
            assert!(!off.on(rule) && !off.all_on() && Switches::default().on(rule));
        }
    }
}
