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
//! sitewide_site ──< sitewide_block                     what repeats across a site's articles
//! ```
//!
//! Times are Unix milliseconds. A URL is work when `due_at` is not null; hosts are leased, never
//! single URLs, so several workers can share a store as long as they lease different hosts.

use rusqlite::{Connection, Transaction};

/// "glnr": tells a store of ours from any other `SQLite` file.
pub(super) const APPLICATION_ID: i32 = 0x676c_6e72;

/// One script for each version of the schema; a store at version n still needs those from n on.
const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The version this program writes.
pub(super) fn newest() -> usize {
    MIGRATIONS.len()
}

/// Brings a store to the newest version, in one transaction.
pub(super) fn migrate(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    let transaction: Transaction<'_> = connection.transaction()?;
    for script in MIGRATIONS.iter().skip(from) {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.commit()
}
