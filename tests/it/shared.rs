//! Where the corpora are that stay out of the project; tests that need them skip without them.

use std::path::{Path, PathBuf};

/// The folder beside the project, or the one that `GLEANER_SHARED` names.
pub(crate) fn folder() -> PathBuf {
    std::env::var_os("GLEANER_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    )
}
