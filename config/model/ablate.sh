#!/bin/sh
# Says what each rule and table of the extractor is worth on pages that the models have not seen:
#
#     sh config/model/ablate.sh FOLDS_FOLDER CORPUS...
#
# FOLDS_FOLDER is what retrain.sh leaves in OUT_FOLDER/folds. Prints tables in Markdown, first with all stages,
# then without the learned one; `src/eval/ablation.rs` says what the columns are.
set -eu
folds=$1
shift
here=$(dirname "$0")
gleaner() {
    cargo run --locked --release --quiet --manifest-path "$here/../../Cargo.toml" -- "$@"
}
echo "### All stages, out of fold"
echo
gleaner eval "$@" --ablate --folds "$folds"
echo "### Density and rules only"
echo
gleaner eval "$@" --ablate --density-only
