//! One page of a report in full.

use maud::{Markup, html};

use super::block_outcomes::{self, BlockOutcome, ComparedBlock, DiffSpan};
use super::number;
use crate::Record;
use crate::article::Extraction;
use crate::eval::corpus::CorpusPage;
use crate::eval::page_score::compared_text;
use crate::eval::{Extractor, PageScore};

/// Characters shown of a block that is left out, which few readers want in full.
const LEFT_OUT_CHARS: usize = 160;

/// Characters shown of any other block.
const BLOCK_CHARS: usize = 1500;

/// Characters shown of one page's blocks, and as many of the extraction beside them, so that a report of
/// a hundred pages stays within some megabytes.
const PAGE_CHARS: usize = 60_000;

/// A page's text beside its extraction, and its fields.
pub(super) fn detail(page: &CorpusPage, score: &PageScore, extractor: &Extractor) -> Markup {
    let read = page.markup().and_then(|markup| {
        let extraction = extractor.extract(page)?;
        let blocks = block_outcomes::blocks(&markup, &extraction.record, page.text.as_deref());
        Ok((extraction, blocks))
    });
    html! {
        details {
            summary {
                (number(score.shingle_f1)) " · " (page.id)
                @if let Some(address) = page.address() { " · " (address.host_str().unwrap_or_default()) }
            }
            div .inside {
                p .note {
                    (score.kind) ", " (score.words) " words, confidence " (format!("{:.2}", score.confidence))
                    @if let Some(shares) = score.shingles {
                        ", precision " (super::three_digits(shares.precision()))
                        ", recall " (super::three_digits(shares.recall()))
                    }
                    @if let Some(address) = page.address().filter(|a| matches!(a.scheme(), "http" | "https")) {
                        br;
                        a href=(address) rel="noreferrer noopener" { (address) }
                    }
                }
                @match &read {
                    Err(error) => p .not-right { (error) },
                    Ok((extraction, blocks)) => {
                        (fields(page, score, extraction))
                        (texts(page, &extraction.record, blocks))
                    },
                }
            }
        }
    }
}

fn fields(page: &CorpusPage, score: &PageScore, extraction: &Extraction) -> Markup {
    let record = &extraction.record;
    let joined = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
    let description = page.gold_description().cloned();
    let language = page.language.clone().or_else(|| language_of(page));
    let names = page.authors.as_deref().and_then(joined);
    let rows = [
        ("title", &page.title, &record.title),
        ("description", &description, &record.description),
        ("authors", &names, &joined(&record.authors)),
        ("published", &page.published, &record.published),
        ("language", &language, &record.language),
    ];
    let why = |field: &str| {
        let evidence = extraction.evidence.iter().filter(|c| c.field == field);
        let lines =
            evidence.map(|c| format!("{}: {} ({})", c.source, cut(&c.value, 100), c.verdict));
        lines.collect::<Vec<_>>()
    };
    super::scrolled(
        "Fields",
        &html! {
            table .fields {
                thead { tr { th { "field" } th { "gold" } th { "found" } th { "" } th { "chosen from" } } }
                tbody {
                    @for (field, gold, found) in rows {
                        @if gold.is_some() || found.is_some() {
                            tr {
                                td { (field) }
                                td { (cut(gold.as_deref().unwrap_or("–"), 300)) }
                                td { (cut(found.as_deref().unwrap_or("–"), 300)) }
                                @match score.metadata.get(field) {
                                    Some(true) => td .right { "right" },
                                    Some(false) => td .not-right { "wrong" },
                                    None => td {},
                                }
                                td .left-out { @for line in why(field) { (line) br; } }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// The language identified in a gold's text, which counts where the gold names none.
fn language_of(page: &CorpusPage) -> Option<String> {
    let identified = crate::fields::identify(page.text.as_deref()?)?;
    Some(format!("{identified} (of the gold's text)"))
}

fn texts(page: &CorpusPage, record: &Record, blocks: &[ComparedBlock]) -> Markup {
    html! {
        div .columns {
            section {
                h3 { "The page" }
                div .text tabindex="0" role="region" aria-label="The page's blocks" { (page_blocks(blocks)) }
            }
            section {
                h3 { @if page.text.is_some() { "The extraction against the gold" } @else { "The extraction" } }
                div .text.diff dir="auto" tabindex="0" role="region" aria-label="The extraction" {
                    @match &page.text {
                        Some(gold) => {
                            @let includes = page.includes.as_deref().unwrap_or_default();
                            (diff_spans(&block_outcomes::diff_spans(gold, &compared_text(record, includes))))
                        },
                        None => (cut(&record.text, PAGE_CHARS)),
                    }
                }
            }
        }
    }
}

fn page_blocks(blocks: &[ComparedBlock]) -> Markup {
    let mut room = PAGE_CHARS;
    let shown: Vec<(&ComparedBlock, String)> = blocks
        .iter()
        .map_while(|block| {
            let most = if block.outcome == BlockOutcome::LeftOut {
                LEFT_OUT_CHARS
            } else {
                BLOCK_CHARS
            };
            let text = cut(&block.text, most);
            room = room.checked_sub(text.len())?;
            Some((block, text))
        })
        .collect();
    html! {
        @for (block, text) in &shown {
            @match block.outcome {
                BlockOutcome::Kept => p .block.kept dir="auto" { (text) },
                BlockOutcome::WronglyKept => p .block.wrong { span .tag { "wrongly kept" } bdi { (text) } },
                BlockOutcome::Missed => p .block.missed {
                    span .tag { "missed: " (block.reason.as_deref().unwrap_or_default()) } bdi { (text) }
                },
                BlockOutcome::LeftOut => p .block.left-out {
                    bdi { (text) } " — " (block.reason.as_deref().unwrap_or_default())
                },
            }
        }
        @if shown.len() < blocks.len() { p .note { (blocks.len() - shown.len()) " more blocks" } }
    }
}

fn diff_spans(spans: &[DiffSpan]) -> Markup {
    let mut room = PAGE_CHARS;
    let shown: Vec<(&DiffSpan, String)> = spans
        .iter()
        .map_while(|span| {
            let text = cut(&span.text, room);
            room = room.checked_sub(text.len()).filter(|room| *room > 0)?;
            Some((span, text))
        })
        .collect();
    html! {
        @for (span, text) in &shown {
            @match span.outcome {
                BlockOutcome::WronglyKept => ins { (text) },
                BlockOutcome::Missed => del { (text) },
                BlockOutcome::Kept | BlockOutcome::LeftOut => (text),
            }
        }
        @if shown.len() < spans.len() { "\n…" }
    }
}

/// A text's first characters, `…` after them where there are more.
fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
