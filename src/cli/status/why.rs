//! `gleaner status --why URL`: how an address came to be fetched and stored, or not.

use std::io::{self, Write};

use gleaner::store::{EvidenceRow, LeftAloneCount, PastVisit, UrlHistory};

use super::time;

pub(super) fn print(history: &UrlHistory, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", history.url)?;
    if history.is_known {
        print_known(history, out)?;
    } else {
        writeln!(
            out,
            "not known: nothing named it, or only what has no room for a row"
        )?;
    }
    if let Some(article) = &history.article {
        writeln!(out, "stored as {article}")?;
    }
    if let Some(twin) = &history.twin {
        writeln!(out, "the same page as {twin}")?;
    }
    for count in &history.full {
        print_full(count, out)?;
    }
    Ok(())
}

fn print_known(history: &UrlHistory, out: &mut impl Write) -> io::Result<()> {
    let on = history.found_on.as_deref().unwrap_or("the settings");
    let found = time(Some(history.found_ms));
    writeln!(out, "found      {found} on {on}")?;
    for row in history
        .evidence
        .iter()
        .filter(|row| row.kind != "pattern" && row.kind != "page")
    {
        print_named(row, out)?;
    }
    if matches!(history.role.as_str(), "article" | "section") {
        print_odds(history, out)?;
    } else {
        writeln!(out, "taken for  {}", history.role)?;
    }
    for visit in &history.visits {
        print_visit(visit, out)?;
    }
    let why = history.reason.as_deref().unwrap_or_default();
    match (history.outcome.as_deref(), history.due_ms) {
        (Some("left_alone"), _) => writeln!(out, "not fetched: {why}"),
        (Some(outcome), due) => {
            let next = due.map_or_else(String::new, |_| format!("; due again {}", time(due)));
            writeln!(out, "outcome    {outcome}{}{next}", in_brackets(why))
        }
        (None, due) => writeln!(out, "not fetched yet: due {}", time(due)),
    }
}

fn print_named(row: &EvidenceRow, out: &mut impl Write) -> io::Result<()> {
    let by = row.kind.replace('_', " ");
    let source = row.source.as_deref().unwrap_or("the settings");
    let signs = in_brackets(&row.signs);
    writeln!(
        out,
        "named by   {by} {source}{signs}, {}",
        time(Some(row.at_ms))
    )
}

/// What it was taken for, and what each kind of evidence adds.
fn print_odds(history: &UrlHistory, out: &mut impl Write) -> io::Result<()> {
    let odds = &history.odds;
    let total = odds.total();
    let word = if total >= 0.0 { "a story" } else { "no story" };
    writeln!(
        out,
        "taken for  {word}: {total:+.1} in all (log-odds; from 0 on a story)"
    )?;
    let page = history.evidence.iter().find(|row| row.kind == "page");
    let seen = page.map_or("not read", |row| row.signs.as_str());
    let pages = &history.pattern_pages;
    let pattern = format!(
        "{}: {} stories and {} others so far",
        history.pattern, pages.articles, pages.others
    );
    for (kind, weight, why) in [
        ("named", odds.named, "by a feed, sitemap or setting"),
        ("link", odds.link, "its words and place"),
        ("address", odds.address, history.address.as_str()),
        ("pattern", odds.pattern, pattern.as_str()),
        ("page", odds.page, seen),
    ] {
        writeln!(out, "  {kind:<8} {weight:+5.1}  {why}")?;
    }
    Ok(())
}

fn print_visit(visit: &PastVisit, out: &mut impl Write) -> io::Result<()> {
    let status = visit
        .status
        .map_or_else(String::new, |status| format!(" status {status},"));
    let why = in_brackets(visit.reason.as_deref().unwrap_or_default());
    writeln!(
        out,
        "visited    {},{status} {}{why}",
        time(Some(visit.at_ms)),
        visit.outcome
    )
}

/// A reason of a site for which no more rows are made.
pub(super) fn print_full(count: &LeftAloneCount, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "  {}: {} more mentions of addresses without a row ({}; bound of {} rows reached)",
        count.site, count.more, count.reason, count.noted
    )
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" ({text})")
    }
}
