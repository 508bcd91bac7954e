#!/bin/sh
# Retrains the learned stage and says how good it is:
#
#     sh config/model/retrain.sh OUT_FOLDER CORPUS...
#
# What words speak for is learned first, then the trees, which see it as features; then the model in this
# folder is replaced, and each corpus extracted by those models that have not seen its sites. Needs what
# requirements.txt names.
set -eu
out=$1
shift
mkdir -p "$out"
here=$(dirname "$0")
gleaner() {
    cargo run --locked --release --quiet --manifest-path "$here/../../Cargo.toml" -- "$@"
}
gleaner eval "$@" --features "$out/texts.npy" --altered
python3 "$here/lexicon.py" "$out/texts.npy" "$out"
gleaner eval "$@" --features "$out/features.npy" --altered --lexicons "$out/folds"
python3 "$here/train.py" "$out/features.npy" "$out"
cp "$out/model.words" "$out/model.trees" "$out/parity.npy" "$out/kinds_parity.npy" "$here"
for corpus; do
    gleaner eval "$corpus" --folds "$out/folds"
done
