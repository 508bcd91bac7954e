//! The editor's pages.

use maud::{DOCTYPE, Markup, html};

use super::{EditorBlock, GoldDraft};
use crate::block;

/// The editor's script.
pub(super) const SCRIPT: &str = include_str!("editor.js");

/// The editor's style.
pub(super) const STYLE: &str = include_str!("editor.css");

fn document(title: &str, base: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(format!("{base}editor.css"));
                link rel="icon" href="data:,";
            }
            body { (body) }
        }
    }
    .into_string()
}

/// The list of pages; `base` is the path everything is under.
pub(super) fn list(base: &str, pages: &[(String, bool)]) -> String {
    let done = pages.iter().filter(|(_, has_gold)| *has_gold).count();
    document(
        "Gold",
        base,
        &html! {
            h1 { "Gold for " (pages.len()) " pages, " (done) " done" }
            ol {
                @for (place, (name, has_gold)) in pages.iter().enumerate() {
                    li {
                        a href=(format!("{base}page/{place}")) { (name) }
                        @if *has_gold { " ✓ gold is there" }
                    }
                }
            }
        },
    )
}

/// The editor of one page.
pub(super) fn page(base: &str, place: usize, pages: usize, draft: &GoldDraft) -> String {
    let fields = &draft.fields;
    let input = |name: &str, label: &str, value: &str| {
        html! { label { (label) input name=(name) value=(value) autocomplete="off"; } }
    };
    document(
        &format!("Gold: {}", draft.name),
        base,
        &html! {
            h1 { (draft.name) }
            p .note {
                a href=(base) { "All pages" }
                @if place > 0 { " · " a href=(format!("{base}page/{}", place - 1)) { "Previous" } }
                @if place + 1 < pages { " · " a href=(format!("{base}page/{}", place + 1)) { "Next" } }
                br;
                "Click a block, or press Space on it, to take it into the body or out; with Shift, all from the last one. \
                 Arrow keys move, Ctrl+S saves. "
                @if draft.has_gold { "Shown is the gold that was saved." }
                @else { "Shown is what gleaner would take." }
            }
            main {
                div role="group" aria-label="Blocks of the page" {
                    @for line in &draft.blocks { (block_line(line)) }
                }
                form {
                    (input("title", "Title", &fields.title))
                    label { "Description"
                        textarea name="description" rows="4" { (fields.description) }
                    }
                    label { "Authors, a line each"
                        textarea name="authors" rows="3" { (fields.authors.join("\n")) }
                    }
                    (input("published", "Published", &fields.published))
                    (input("language", "Language", &fields.language))
                    div .row {
                        button #save type="submit" { "Save" }
                        button #extracted .plain type="button" { "As extracted" }
                    }
                    p #count .note {}
                    p #said .note role="status" {
                        @if draft.has_gold { "Gold is saved" } @else { "No gold yet" }
                    }
                }
            }
            script src=(format!("{base}editor.js")) {}
        },
    )
}

fn block_line(line: &EditorBlock) -> Markup {
    html! {
        div role="checkbox" tabindex="0" dir="auto" data-block data-words=(block::word_count(&line.text))
            data-extracted=(line.extracted) aria-checked=(line.chosen) {
            @if !line.shape.is_empty() { span .shape { (line.shape) } }
            (line.text)
        }
    }
}
