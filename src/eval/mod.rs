//! How good extraction is on saved pages: with gold, and what can be said without.
//!
//! | module | what it does |
//! |---|---|
//! | [`corpus`], `layouts`, `gold_markdown` | reads pages and their gold |
//! | [`inputs`] | opens what `gleaner extract` is given: a page, an archive or a corpus |
//! | [`token_overlap`], [`rouge_lsum`], [`levenshtein`], `field_scores` | the measures, each with its definition and source |
//! | `page_score`, `metrics`, `groups`, `bootstrap` | the measures of one page, and over many with their errors |
//! | `digest` | what figures were made with |
//! | `external_records`, `corpus_results`, [`comparison`] | what other extractors and earlier runs made of the pages, and what changed |
//! | [`ablation`] | what each rule of the body is worth |
//! | [`corpus_health`], `warning_signs` | what can be said without gold |
//! | `evaluation` | all of it for one corpus |
//! | [`html_report`] | all of it in one HTML file |
//! | [`gold_editor`] | making gold in the browser |
//! | [`training_matrix`], `training_labels`, `lexicon_training`, `cross_validation` | what the learned stage is trained on, and how it is tested on pages it has not seen |

pub mod ablation;
mod bootstrap;
pub mod comparison;
pub mod corpus;
pub mod corpus_health;
mod corpus_results;
mod cross_validation;
mod digest;
mod evaluation;
mod external_records;
mod field_scores;
#[doc(hidden)]
pub mod gold_editor;
mod gold_markdown;
mod groups;
pub mod html_report;
pub mod inputs;
mod layouts;
pub mod levenshtein;
mod lexicon_training;
mod longest_common_subsequence;
mod metrics;
mod page_score;
pub mod rouge_lsum;
pub mod token_overlap;
mod training_labels;
#[doc(hidden)]
pub mod training_matrix;
mod warning_signs;

pub use corpus_results::CorpusResults;
pub use cross_validation::{Extractor, Folds, LeaveOut};
pub use digest::MadeWith;
pub use evaluation::{Evaluation, EvaluationOptions, ToolResults};
pub use groups::{GroupBy, groups};
pub use metrics::Metrics;
pub use page_score::{PageScore, score_page, score_record};
