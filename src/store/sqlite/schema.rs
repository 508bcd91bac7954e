//! The store's tables, and how an older store becomes a newer one.
//!
//! ```text
//! run ──< fetch >── url >── host          one row of `fetch` for each try of a URL
//!                    │
//!                    └──< article ──< version        (versions only with track_changes)
//!                            │ ├──< alias            other addresses of the article
//!                            │ └──< simhash_band     near-duplicate index
//!                            └── article_fts         full text of title and body
//!
//! url ──< evidence                                    who named it, what it was taken for and why
//! left_alone                                          how many addresses of a site are not fetched, by reason
//! sitewide_site ──< sitewide_block                     what repeats across a site's articles
//! shape                                               what a site's addresses were, by pattern
//! export_mark                                         how far `export --follow` came, by reader
//! ```
//!
//! `host` holds the leases and what politeness knows of the host. `url` is the frontier: what each
//! address is believed to be (`role`), when it is due, how its last visit ended. `shape` counts, for
//! each site and pattern of address ([`crate::discover::url_pattern`]), how many pages were articles and
//! how many were not. `evidence` holds what else speaks for and against a story at an address; both
//! decide whether it is fetched, and as what ([`crate::discover::story_odds`]). One that is not fetched has
//! a row of `url` with the outcome `left_alone` and the reason, and no `due_at`.
//!
//! Times are Unix milliseconds. A URL is work when `due_at` is not null. What is due waits in its
//! host's queue (`waiting`), in the order of `priority`; what falls due later is put there when its
//! time has come. Each is found by an index of its own, so that neither costs more when many URLs are
//! known. Hosts are leased, never single URLs, so several workers can share a store as long as they
//! lease different hosts.
//!
//! Articles get into `article_fts` when their transaction ends, so a search finds what was committed.

use rusqlite::{Connection, Transaction};

/// "glnr": tells a store of ours from any other `SQLite` file.
pub(super) const APPLICATION_ID: i32 = 0x676c_6e72;

/// One script for each version of the schema; a store at version n still needs those from n on.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
    include_str!("schema/9.sql"),
];

/// The version this program writes.
pub(super) fn newest() -> usize {
    MIGRATIONS.len()
}

/// Brings a store to the newest version, in one transaction.
pub(super) fn migrate(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    migrate_to(connection, from, newest())
}

/// Brings a store from one version to another, in one transaction.
pub(super) fn migrate_to(
    connection: &mut Connection,
    from: usize,
    to: usize,
) -> rusqlite::Result<()> {
    let transaction: Transaction<'_> = connection.transaction()?;
    for script in MIGRATIONS.iter().take(to).skip(from) {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", to)?;
    transaction.commit()
}
