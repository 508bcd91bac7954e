//! gleaner's one test binary: each module is a subject.

#[cfg(unix)]
mod browser;
mod chrome;
mod cli;
mod crawl;
mod demo_sites;
mod discover;
#[cfg(unix)]
mod docs;
mod eval;
mod examples;
mod first_lines;
#[cfg(unix)]
mod gold;
mod golden;
mod hostile;
mod house;
mod http2;
mod kinds;
mod metadata;
mod other_stories;
mod page_type;
mod politeness;
#[cfg(unix)]
mod read_only;
mod robust;
mod rules;
mod script_data;
mod seed;
mod shared;
mod site_rules;
mod sitewide;
mod snapshots;
mod stories;
mod structure;
mod themes;
mod web;
