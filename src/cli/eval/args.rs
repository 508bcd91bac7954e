//! The arguments of `gleaner eval`.

use std::path::PathBuf;

use gleaner::body::switches::{RULES, RuleEntry};
use gleaner::eval::corpus::Include;
use gleaner::eval::{EvaluationOptions, GroupBy, LeaveOut};

use crate::cli::selection::one_of;

/// Measure how good extraction is on saved pages with gold
///
/// A corpus is a folder with manifest.jsonl, a folder of NAME.html with NAME.txt, NAME.md or
/// NAME.json beside them, the folder of a published benchmark, or a WARC archive.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner eval my-pages --worst 10 --json before.json\n  \
    gleaner eval my-pages --baseline before.json --fail-on-drop\n  \
    gleaner eval my-pages --records trafilatura.jsonl"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(in crate::cli) struct Args {
    /// Folders of saved pages with gold
    #[arg(required = true, value_name = "CORPUS")]
    pub(super) corpora: Vec<PathBuf>,
    /// Score only pages of this kind, such as `article`
    #[arg(long)]
    pub(super) kind: Option<String>,
    /// Score only this many pages, chosen by their names: the same ones each time
    #[arg(long, value_name = "N")]
    pub(super) sample: Option<usize>,
    /// What the gold's text holds beside the body, where the gold does not say
    #[arg(long, value_delimiter = ',', value_name = "PART", value_parser = one_of([
        ("title".into(), Include::Title),
        ("byline".into(), Include::Byline),
        ("captions".into(), Include::Captions),
    ]))]
    pub(super) includes: Vec<Include>,
    /// Also give figures by this [default: kind, where there are several]
    #[arg(long, value_parser = one_of(GroupBy::ALL.map(|by| (by.name().into(), by))))]
    pub(super) by: Vec<GroupBy>,
    /// List this many of the worst pages, or of the pages that changed
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) worst: usize,
    /// Write all figures to this file
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write a report to this file: one HTML page, complete in itself
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Pages shown in full in the report, the worst ones
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(super) report_pages: usize,
    /// Also look for what is missing, unlikely or repeated; done anyway where there is no gold
    #[arg(long)]
    pub(super) health: bool,
    /// Put another tool's records of the same pages (JSON lines) beside gleaner's; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) records: Vec<PathBuf>,
    /// Compare with figures that --json wrote, or with the records (.jsonl) of another version
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write every block's features and label to this file, for training, instead of scoring
    #[arg(long, value_name = "FILE")]
    pub(super) features: Option<PathBuf>,
    /// With --features: add copies of each page without names, and with most of the story cut out
    #[arg(long, requires = "features")]
    pub(super) altered: bool,
    /// With --features: what each fold of a cross-validation leaves out of its model [default: site]
    #[arg(long, requires = "features", value_name = "WHAT",
        value_parser = one_of(LeaveOut::ALL.map(|(name, what)| (name.into(), what))))]
    pub(super) leave_out: Option<LeaveOut>,
    /// With --features: learn what words speak for from the lexicons in this folder, which leave out each
    /// page's own fold
    #[arg(
        long,
        requires = "features",
        value_name = "FOLDER",
        conflicts_with = "leave_out"
    )]
    pub(super) lexicons: Option<PathBuf>,
    /// Cross-validate: extract each page by the model in this folder that has not seen its fold
    #[arg(long, value_name = "FOLDER", conflicts_with = "density_only")]
    pub(super) folds: Option<PathBuf>,
    /// Leave the learned stage out
    #[arg(long)]
    pub(super) density_only: bool,
    /// Switch rules of the extractor off, to see what they are worth; a wrong name lists all
    #[arg(long, value_delimiter = ',', value_name = "RULE", hide_possible_values = true,
        value_parser = one_of(RULES.iter().map(|known| (known.name.into(), *known))))]
    pub(super) without: Vec<RuleEntry>,
    /// Say in Markdown what each rule of the extractor is worth, instead of scoring
    #[arg(long, conflicts_with_all = ["features", "without"])]
    pub(super) ablate: bool,
    /// End with status 1 when shingle F1 is lower than this
    #[arg(long, value_name = "F1")]
    pub(super) fail_under: Option<f64>,
    /// End with status 1 when a measure is lower than the baseline's by more than its error
    #[arg(long, requires = "baseline")]
    pub(super) fail_on_drop: bool,
}

impl Args {
    /// What each corpus is evaluated with.
    pub(super) fn options(&self) -> EvaluationOptions {
        EvaluationOptions {
            kind: self.kind.clone(),
            sample: self.sample,
            includes: self.includes.clone(),
            with_health: self.health,
            records: self.records.clone(),
            baseline: self.baseline.clone(),
            digests: self.json.is_some(),
            diffs: self.worst,
        }
    }
}
