//! `gleaner eval`.

mod args;
mod print;

use std::io::Write;
use std::path::Path;

use gleaner::Error;
use gleaner::eval::ablation::Ablation;
use gleaner::eval::{Evaluation, Extractor, Folds, corpus, html_report, training_matrix};

use super::Status;
pub(super) use args::Args;

pub(super) fn run(args: &Args) -> anyhow::Result<Status> {
    let out = &mut std::io::BufWriter::new(std::io::stdout());
    if let Some(file) = &args.features {
        return write_features(args, file);
    }
    let mut extractor = Extractor::default();
    extractor.options.density_only = args.density_only;
    for rule in &args.without {
        let switches = &mut extractor.options.switches;
        *switches = switches.without(rule);
    }
    if let Some(folder) = &args.folds {
        extractor.read_folds(folder)?;
    }
    if args.ablate {
        for ablation in Ablation::of(&args.corpora, &args.options(), &extractor)? {
            writeln!(out, "{}", ablation.to_markdown())?;
        }
        return Ok(Status::Done);
    }
    let mut status = Status::Done;
    let mut evaluations = Vec::new();
    for folder in &args.corpora {
        let evaluation = Evaluation::of(folder, &args.options(), &extractor)?;
        print::evaluation(out, &evaluation, &args.by, args.worst)?;
        out.flush()?;
        for reason in evaluation.failures(args.fail_under, args.fail_on_drop) {
            writeln!(std::io::stderr(), "error: {}: {reason}", folder.display())?;
            status = Status::SomeFailed;
        }
        evaluations.push(evaluation);
    }
    if let Some(path) = &args.report {
        let html = html_report::render(&mut evaluations, &extractor, args.report_pages)?;
        std::fs::write(path, html).map_err(Error::io(path))?;
    }
    if let Some(path) = &args.json {
        std::fs::write(path, Evaluation::to_json(&evaluations)?).map_err(Error::io(path))?;
    }
    Ok(status)
}

fn write_features(args: &Args, file: &Path) -> anyhow::Result<Status> {
    let mut pages = Vec::new();
    for folder in &args.corpora {
        pages.extend(corpus::read(folder)?);
    }
    // With lexicons, the folds are those that these leave out.
    let folds = match &args.lexicons {
        Some(folder) => Folds::read(folder)?,
        None => Folds::of(args.leave_out.unwrap_or_default(), &pages)?,
    };
    let lexicons = args.lexicons.as_deref();
    let rows = training_matrix::write(&pages, args.altered, folds, lexicons, file)?;
    writeln!(std::io::stderr(), "{rows} blocks in {}", file.display())?;
    if rows == 0 {
        anyhow::bail!("none of the pages has a gold text: there is nothing to learn from");
    }
    Ok(Status::Done)
}
