#!/bin/sh
# Retrains the learned stage and says how good it is:
#
#     sh config/model/retrain.sh OUT_FOLDER CORPUS...
#
# What words speak for is learned first, then the trees, which see it as features; then the model in this
# folder and those of the gate in tests/gate/folds are replaced, and each corpus extracted by those models that
# have not seen its sites. Needs what requirements.txt names.
#
# With LEAVE_OUT=language or LEAVE_OUT=corpus in the environment, the models by which each corpus is extracted
# have seen no page of its language, or none of the corpus; nothing is replaced.
set -eu
out=$1
shift
leave_out=${LEAVE_OUT:-site}
mkdir -p "$out"
here=$(dirname "$0")
gleaner() {
    cargo run --locked --release --quiet --manifest-path "$here/../../Cargo.toml" -- "$@"
}
gleaner eval "$@" --features "$out/texts.npy" --altered --leave-out "$leave_out"
python3 "$here/lexicon.py" "$out/texts.npy" "$out"
gleaner eval "$@" --features "$out/features.npy" --altered --lexicons "$out/folds"
python3 "$here/train.py" "$out/features.npy" "$out"
if [ "$leave_out" = site ]; then
    cp "$out/model.words" "$out/model.trees" "$out/parity.npy" "$out/kinds_parity.npy" "$here"
    # The gate's models (tests/it/eval/gate.rs); its baselines hold for the old ones: tests/update-baseline.
    gate=$here/../../tests/gate/folds
    mkdir -p "$gate"
    cp "$out/folds/folds.json" "$out/folds/"[0-9].trees "$out/folds/"[0-9].words "$gate"
fi
for corpus; do
    gleaner eval "$corpus" --folds "$out/folds"
done
