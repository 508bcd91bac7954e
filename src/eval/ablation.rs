//! What each rule of the body is worth: every page extracted with all rules, and once without each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;

use super::comparison::{Comparison, MeasureChange, PageChange, compare};
use super::corpus::CorpusPage;
use super::evaluation::pages_of_folder;
use super::page_score::{compared_text, kind_of};
use super::token_overlap::{self, ShingleOverlap, tokens};
use super::{EvaluationOptions, Extractor, PageScore};
use crate::Error;
use crate::block::ratio;
use crate::body::switches::{RULES, RuleEntry, Switches};
use crate::dom::Document;
use crate::record::{Kind, Record};

/// Probability up to which a difference is more than chance (two-sided).
const LEVEL: f64 = 0.05;

/// What the rules are worth on the pages of one corpus, or of several together.
#[derive(Debug)]
pub struct Ablation {
    /// The corpus, or how many there are.
    pub name: String,
    /// Pages with a gold text.
    pub pages: usize,
    /// Each rule, in the order of [`RULES`].
    pub effects: Vec<RuleEffect>,
}

/// What a rule is worth: all differences are from without it to with it.
#[derive(Debug)]
pub struct RuleEffect {
    /// The rule.
    pub rule: &'static RuleEntry,
    /// Pages whose text or kind it changes.
    pub touched: usize,
    /// Of these, pages whose shingle F1 is higher with it, and lower.
    pub better_and_worse: (usize, usize),
    /// The mean change of shingle F1 over the pages whose text it changes.
    pub mean_change: f64,
    /// Pages that with it are rightly taken for an article, or for none, and wrongly.
    pub kinds_right_and_wrong: (usize, usize),
    /// Each measure over all pages, with the error of a paired bootstrap.
    pub measures: Vec<MeasureChange>,
}

/// Whether a rule earns its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No page comes out otherwise.
    Untouched,
    /// What it changes may as well be chance.
    Chance,
    /// Better by more than chance by one test, and worse by none.
    Earns,
    /// Worse by one test, and better by none.
    Harms,
    /// Better by one test and worse by another.
    Both,
}

/// How one page comes out.
#[derive(Debug, Clone, PartialEq)]
struct PageOutcome {
    /// With those measures alone that the tables have.
    score: PageScore,
    is_kind_right: bool,
}

/// A page with all rules, and without those that change it, by their places in [`RULES`].
struct PageOutcomes {
    with_all: PageOutcome,
    without: BTreeMap<usize, PageOutcome>,
}

impl Ablation {
    /// Extracts the pages of corpora with all rules and without each; one result a corpus, and a last one for all
    /// of them where there are several. Of `options` the choice of pages counts.
    ///
    /// # Errors
    /// When a corpus or page cannot be read, or has no gold text.
    pub fn of(
        corpora: &[impl AsRef<Path>],
        options: &EvaluationOptions,
        extractor: &Extractor,
    ) -> Result<Vec<Self>, Error> {
        let mut results = Vec::new();
        let mut all = Vec::new();
        for corpus in corpora {
            let pages = pages_of_folder(corpus.as_ref(), options)?;
            let outcomes = pages
                .par_iter()
                .filter(|page| page.text.as_deref().is_some_and(|text| !text.is_empty()))
                .map(|page| PageOutcomes::of(page, extractor))
                .collect::<Result<Vec<_>, _>>()?;
            let name = corpus.as_ref().display().to_string();
            if outcomes.is_empty() {
                return Err(Error::input(
                    name,
                    "without gold texts no rule has a figure",
                ));
            }
            results.push(Self::from(name, &outcomes));
            all.extend(outcomes);
        }
        if corpora.len() > 1 {
            results.push(Self::from(format!("{} corpora", corpora.len()), &all));
        }
        Ok(results)
    }

    fn from(name: String, pages: &[PageOutcomes]) -> Self {
        let rules = RULES.iter().enumerate();
        Self {
            name,
            pages: pages.len(),
            effects: rules
                .map(|(at, rule)| RuleEffect::of(at, rule, pages))
                .collect(),
        }
    }

    /// A table in Markdown. Rules that change no page stand in a line below it.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!(
            "{}, {} pages\n\n| rule | pages | better / worse | mean | kinds right / wrong | shingle F1 | word F1 | exact | sign test | |\n\
             |---|---|---|---|---|---|---|---|---|---|\n",
            self.name, self.pages
        );
        let (touched, untouched): (Vec<_>, Vec<_>) =
            self.effects.iter().partition(|effect| effect.touched > 0);
        for effect in touched {
            let _ = writeln!(text, "{}", effect.row());
        }
        if !untouched.is_empty() {
            let names: Vec<&str> = untouched.iter().map(|effect| effect.rule.name).collect();
            let _ = writeln!(
                text,
                "\nNo page comes out otherwise without: {}.",
                names.join(", ")
            );
        }
        text
    }
}

impl PageOutcomes {
    fn of(page: &CorpusPage, extractor: &Extractor) -> Result<Self, Error> {
        let document = Document::parse(&page.markup()?);
        let record = |switches| extractor.extract_without(page, &document, switches);
        let with_all = record(Switches::default())?;
        let mut without = BTreeMap::new();
        for (at, entry) in RULES.iter().enumerate() {
            let other = record(Switches::default().without(entry))?;
            if other.text != with_all.text || other.kind != with_all.kind {
                without.insert(at, PageOutcome::of(page, &other));
            }
        }
        Ok(Self {
            with_all: PageOutcome::of(page, &with_all),
            without,
        })
    }
}

impl PageOutcome {
    fn of(page: &CorpusPage, record: &Record) -> Self {
        let gold = page.text.as_deref().unwrap_or_default();
        let found = compared_text(record, page.includes.as_deref().unwrap_or_default());
        let overlap = ShingleOverlap::of(gold, &found);
        let is_article = kind_of(page) == "article";
        Self {
            score: PageScore {
                // Two corpora may have pages of one name.
                id: format!("{} {}", page.corpus, page.id),
                shingles: Some(overlap),
                shingle_f1: Some(token_overlap::f1(overlap.precision(), overlap.recall())),
                exact: Some(tokens(gold) == tokens(&found)),
                word_f1: Some(token_overlap::word_f1(gold, &found)),
                ..PageScore::default()
            },
            is_kind_right: is_article == (record.kind == Kind::Article),
        }
    }
}

impl RuleEffect {
    fn of(at: usize, rule: &'static RuleEntry, pages: &[PageOutcomes]) -> Self {
        let without = |page: &PageOutcomes| {
            let outcome = page.without.get(&at).unwrap_or(&page.with_all);
            outcome.score.clone()
        };
        let touched = pages
            .iter()
            .filter_map(|page| Some((page.without.get(&at)?, &page.with_all)));
        let touched: Vec<(&PageOutcome, &PageOutcome)> = touched.collect();
        let is_untouched = touched.is_empty();
        let comparison = if is_untouched {
            Comparison::default()
        } else {
            let before: Vec<PageScore> = pages.iter().map(without).collect();
            let after: Vec<PageScore> = pages
                .iter()
                .map(|page| page.with_all.score.clone())
                .collect();
            compare(&before, &after)
        };
        let changes: Vec<f64> = comparison
            .changed_pages
            .iter()
            .map(PageChange::difference)
            .collect();
        let count = |is_counted: fn(&f64) -> bool| {
            changes.iter().filter(|change| is_counted(change)).count()
        };
        let kinds = |is: bool| {
            let turned = touched
                .iter()
                .filter(|(without, with)| without.is_kind_right != with.is_kind_right);
            turned.filter(|(_, with)| with.is_kind_right == is).count()
        };
        Self {
            rule,
            touched: touched.len(),
            better_and_worse: (count(|change| *change > 0.0), count(|change| *change < 0.0)),
            mean_change: changes.iter().sum::<f64>() / ratio(changes.len().max(1), 1),
            kinds_right_and_wrong: (kinds(true), kinds(false)),
            measures: comparison.changes,
        }
    }

    /// Two-sided p-value of the sign test over pages that the rule makes better and worse; a kind that is right
    /// or wrong counts as a page.
    #[must_use]
    pub fn sign_p(&self) -> f64 {
        let (better, worse) = self.better_and_worse;
        let (right, wrong) = self.kinds_right_and_wrong;
        sign_test(better + right, worse + wrong)
    }

    /// Whether the rule earns its place, by the sign test over the pages it changes, and by the paired bootstrap
    /// of shingle F1 and word F1 over all pages.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.touched == 0 {
            return Verdict::Untouched;
        }
        let (better, worse) = self.better_and_worse;
        let (right, wrong) = self.kinds_right_and_wrong;
        let by_sign = self.sign_p() <= LEVEL;
        let measures = self
            .measures
            .iter()
            .filter(|change| change.measure.ends_with("f1"));
        let clear: Vec<f64> = measures
            .filter(|change| change.is_significant())
            .map(MeasureChange::difference)
            .collect();
        let is_better = by_sign && better + right > worse + wrong || clear.iter().any(|d| *d > 0.0);
        let is_worse = by_sign && better + right < worse + wrong || clear.iter().any(|d| *d < 0.0);
        match (is_better, is_worse) {
            (true, true) => Verdict::Both,
            (true, false) => Verdict::Earns,
            (false, true) => Verdict::Harms,
            (false, false) => Verdict::Chance,
        }
    }

    /// The rule's row of a table.
    fn row(&self) -> String {
        let measure = |name: &str| {
            let found = self.measures.iter().find(|change| change.measure == name);
            found.map_or(String::new(), |change| {
                format!("{:+.4} ± {:.4}", change.difference(), change.error)
            })
        };
        let (better, worse) = self.better_and_worse;
        let kinds = match self.kinds_right_and_wrong {
            (0, 0) => String::new(),
            (right, wrong) => format!("{right} / {wrong}"),
        };
        let verdict = match self.verdict() {
            Verdict::Untouched => "untouched",
            Verdict::Chance => "chance",
            Verdict::Earns => "**earns**",
            Verdict::Harms => "**harms**",
            Verdict::Both => "both",
        };
        format!(
            "| {} | {} | {better} / {worse} | {:+.3} | {kinds} | {} | {} | {} | {:.3} | {verdict} |",
            self.rule.name,
            self.touched,
            self.mean_change,
            measure("shingle_f1"),
            measure("word_f1"),
            measure("accuracy"),
            self.sign_p(),
        )
    }
}

/// The two-sided p-value of so many pages better and so many worse, where either is as likely: twice the
/// probability of as few of the rarer ones, at most 1.
fn sign_test(better: usize, worse: usize) -> f64 {
    let (all, rarer) = (better + worse, better.min(worse));
    // In logarithms, since a half to the power of a thousand is no number.
    let mut log_term = ratio(all, 1) * 0.5f64.ln();
    let mut sum = log_term.exp();
    for taken in 1..=rarer {
        log_term += ratio(all - taken + 1, taken).ln();
        sum += log_term.exp();
    }
    (2.0 * sum).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_is_that_of_the_tables() {
        // Conover, "Practical Nonparametric Statistics", 1999: the binomial distribution at one half.
        for (better, worse, p) in [
            (0, 0, "1.0000"),
            (3, 3, "1.0000"),
            (5, 0, "0.0625"),
            (9, 1, "0.0215"),
            (1, 9, "0.0215"),
        ] {
            assert_eq!(format!("{:.4}", sign_test(better, worse)), p);
        }
        assert!(sign_test(1400, 1000) < 1e-9);
    }
}
