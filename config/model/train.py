#!/usr/bin/env python3
"""Trains the learned stage from the matrix that `gleaner eval --features` writes.

    python3 config/model/train.py FEATURES.npy OUT_FOLDER [WITHOUT]

writes model.trees (trained on everything), parity.npy and kinds_parity.npy (rows with the trainer's
own predictions), and folds/0.trees, folds/1.trees and so on, each trained without the pages of one fold, for
`gleaner eval --folds OUT_FOLDER/folds`; folds/folds.json says what each fold leaves out, as the matrix does. A
file holds one set of trees for blocks, then one for each kind of page. The same matrix gives the same files.
Columns whose whole name matches the regular expression WITHOUT are made zero, to see what they are worth.
"""

import json
import multiprocessing
import re
import struct
import sys
from pathlib import Path

import lightgbm
import numpy

# Trees and their growth. More trees than these, or larger ones, raise the figures on the pages
# that were trained on and no others. Of several seeds, which differ by chance, the one that also keeps our
# own pages exact.
TREES = 200
PARAMETERS = {
    "objective": "cross_entropy",
    "num_leaves": 48,
    "learning_rate": 0.1,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "seed": 17,
    # One thread a model, so that sums are taken in the same order on every machine.
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}

# What all blocks of a page weigh together. The regularisation (`min_data_in_leaf` counts rows,
# `lambda_l2` weights) is relative to it; half of it gave .001 to .002 less.
PAGE_WEIGHT = 400
# A block weighs what it adds to its page's figures, up to this share of the page's gold, and at
# least this much for being there; every page weighs the same, altered copies half of that.
WEIGHT_CAP = 0.05
WEIGHT_FLOOR = 0.2
ALTERED_WEIGHT = 0.5
# Pages of news sites with gold by their publisher's own markup are few and the most exact.
NEWS_GOLD_WEIGHT = 2.0

# Pages of 2011 and 2012 are many, of few sites each, and their golds keep a caption here and leave out a lead
# there. At full weight news pages of today lose .003, and of other kinds than articles fewer are known.
OLD_NEWS = "daniel-dev"
OLD_NEWS_WEIGHT = 0.5

# Lists, threads, goods and services are few and of many builds: at the weight of stories they lose .002.
OTHER_KINDS_WEIGHT = 2.5

# What the gain of a split by words counts for, where another column's counts in full. Words of real sites say
# much, but a page of a build that no corpus has may say the wrong thing with them.
WORDING_GAIN = 0.5

# Most blocks of a page are links of menus and lists. Of those in no story one in so many is looked
# at, with as many times the weight.
LINKS_THINNED = 4
THINNED_LINK_DENSITY = 0.5

# After every so many trees a row may be settled; most are after a few dozen.
MARK_TREES = 8
# A settled row may end anywhere below the first of these probabilities, or above the second; the bars of
# src/body/selection.rs lie between them.
SETTLED = (0.07, 0.8)
# One in so many rows that are still open may be settled on the wrong side: with none of them, rows that
# nobody doubts walk a third more trees for a few whose doubt makes no difference.
MARK_ERRORS = 1e-4
# Sums are taken in 32 bits there and in 64 here.
MARK_MARGIN = 0.001

# The model of page kinds sees one row a page. The order is that of src/body/page_type/learned.rs.
KINDS = ["article", "listing", "forum", "product", "documentation", "service"]
# What the corpora call a collection is a list of a shop's goods.
SAME_KIND = {"collection": "listing"}
KIND_TREES = 200
KIND_PARAMETERS = PARAMETERS | {
    "objective": "binary",
    "num_leaves": 4,
    "learning_rate": 0.08,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "seed": 4,
}
# Each page is looked at once more with the words of another, at this share of its weight, so that words
# do not decide alone.
MIXED_WEIGHT = 0.2
# The columns from here on, up to those of words, hold for the page as a whole.
FIRST_PAGE_COLUMN = "page_blocks"

PARITY_ROWS = 200


class Samples:
    """Rows of features with labels, weights, and the page of each. Where a fold is given, words speak in
    them as far as is known without its pages."""

    def __init__(self, path, without=None, fold=None):
        matrix = numpy.load(path, mmap_mode="r")
        description = json.loads(Path(path).with_suffix(".json").read_text())
        self.columns = description["columns"]
        description["unseen"] = [
            without is not None and bool(re.fullmatch(without, name)) for name in self.columns
        ]
        pages = description["pages"]
        self.page_of = numpy.repeat(numpy.arange(len(pages)), [page["rows"] for page in pages])
        labels, tokens = numpy.array(matrix[:, 0]), numpy.array(matrix[:, 1])
        link_density = numpy.array(matrix[:, 2 + self.columns.index("link_density")])
        thinned = (labels == 0) & (link_density > THINNED_LINK_DENSITY)
        self.taken = ~thinned | (numpy.arange(len(labels)) % LINKS_THINNED == 0)
        self.labels = labels[self.taken]
        self.features = features_of(matrix, self.taken, description, fold)
        self.folds = numpy.array([page["fold"] for page in pages])[self.page_of][self.taken]
        weight = weights(tokens, pages, self.page_of) * numpy.where(thinned, LINKS_THINNED, 1)
        self.weights = weight[self.taken]
        start, end = description["wording"]["start"], description["wording"]["end"]
        self.gains = [WORDING_GAIN if start <= at < end else 1.0 for at in range(len(self.columns))]
        self.described = pages
        self.pages = Pages(matrix, description, fold)


def features_of(matrix, rows, description, fold):
    """The features of some rows."""
    count = len(description["columns"])
    features = numpy.array(matrix[rows, 2 : 2 + count])
    if fold is not None and description["folds"]:
        start, end = description["wording"]["start"], description["wording"]["end"]
        again = 2 + count + fold * (end - start)
        features[:, start:end] = matrix[rows, again : again + end - start]
    features[:, description["unseen"]] = 0
    return features


class Pages:
    """One row a page of the features that hold for the whole page, with its kind and weight."""

    def __init__(self, matrix, description, fold):
        pages = description["pages"]
        rows = [page["rows"] for page in pages]
        starts = numpy.cumsum([0, *rows[:-1]])
        known = [at for at, page in enumerate(pages) if page["rows"] and kind_of(page) in KINDS]
        columns = description["columns"]
        of_page = range(columns.index(FIRST_PAGE_COLUMN), description["wording"]["start"])
        of_words = [columns.index(f"{kind}_by_wording") for kind in KINDS]
        features = features_of(matrix, starts[known], description, fold)
        self.features = features[:, [*of_page, *of_words]]
        self.kinds = numpy.array([KINDS.index(kind_of(pages[at])) for at in known])
        self.folds = numpy.array([pages[at]["fold"] for at in known])
        self.plain = numpy.array([pages[at]["variant"] == "plain" for at in known])
        old = numpy.array([pages[at]["corpus"] == OLD_NEWS for at in known])
        self.weights = numpy.where(self.plain, 1.0, ALTERED_WEIGHT)
        self.weights *= numpy.where(old, OLD_NEWS_WEIGHT, 1.0)


def kind_of(page):
    """A page's kind, as our own kinds name it."""
    return "article" if page["news_gold"] else SAME_KIND.get(page["kind"], page["kind"])


def weights(tokens, pages, page_of):
    """The weight of each block."""
    gold = numpy.array([max(page["gold_tokens"], 50) for page in pages])
    share = numpy.minimum(tokens / gold[page_of], WEIGHT_CAP) / WEIGHT_CAP
    weight = share * (1 - WEIGHT_FLOOR) + WEIGHT_FLOOR
    total = numpy.bincount(page_of, weight, len(pages))
    of_page = numpy.array(
        [
            (1.0 if page["variant"] == "plain" else ALTERED_WEIGHT)
            * (NEWS_GOLD_WEIGHT if page["news_gold"] else 1.0)
            * (1.0 if kind_of(page) == "article" else OTHER_KINDS_WEIGHT)
            * (OLD_NEWS_WEIGHT if page["corpus"] == OLD_NEWS else 1.0)
            for page in pages
        ]
    )
    return weight / total[page_of] * of_page[page_of] * PAGE_WEIGHT


def train(samples, rows):
    data = lightgbm.Dataset(
        samples.features[rows], label=samples.labels[rows], weight=samples.weights[rows]
    )
    return lightgbm.train(PARAMETERS | {"feature_contri": samples.gains}, data, TREES)


def train_kinds(pages, rows):
    """One model for each kind: that kind against all others."""
    features, kinds, weights = mixed(
        pages.features[rows], pages.kinds[rows], pages.weights[rows], pages.plain[rows]
    )
    return [
        lightgbm.train(
            KIND_PARAMETERS,
            lightgbm.Dataset(features, label=kinds == kind, weight=weights),
            KIND_TREES,
        )
        for kind in range(len(KINDS))
    ]


def mixed(features, kinds, weights, plain):
    """The pages, and those that are no altered copies once more with the words of others."""
    plain = numpy.nonzero(plain)[0]
    copies = features[plain]
    others = numpy.random.default_rng(1).permutation(plain)
    copies[:, -len(KINDS) :] = features[others, -len(KINDS) :]
    return (
        numpy.concatenate([features, copies]),
        numpy.concatenate([kinds, kinds[plain]]),
        numpy.concatenate([weights, weights[plain] * MIXED_WEIGHT]),
    )


def marks_of(model, features):
    """Where rows may be settled: after how many trees, and the sums, outside the probabilities of
    `SETTLED`, below and above which all but `MARK_ERRORS` of the rows of `features` that were not settled
    before end outside them, too."""
    final = 1 / (1 + numpy.exp(-model.predict(features, raw_score=True)))
    low, high = SETTLED
    lowest, highest = numpy.log(low / (1 - low)), numpy.log(high / (1 - high))
    sums = numpy.zeros(len(features))
    open_rows = numpy.ones(len(features), bool)
    marks = []
    for start in range(0, TREES - MARK_TREES, MARK_TREES):
        sums += model.predict(
            features, raw_score=True, start_iteration=start, num_iteration=MARK_TREES
        )
        above_low, below_high = (numpy.sort(sums[open_rows & side]) for side in (final > low, final < high))
        below = above_low[int(MARK_ERRORS * len(above_low))] - MARK_MARGIN
        above = below_high[-1 - int(MARK_ERRORS * len(below_high))] + MARK_MARGIN
        below, above = min(below, lowest), max(above, highest)
        open_rows &= (sums >= below) & (sums <= above)
        marks.append((start + MARK_TREES, below, above))
    return marks


def trees_of(model, marks=()):
    """A set of trees in the format that src/body/model.rs describes."""
    trees = model.dump_model()["tree_info"]
    out = bytearray(b"gltrees2")
    out += struct.pack("<III", model.num_feature(), len(trees), len(marks))
    for mark in marks:
        out += struct.pack("<Iff", *mark)
    for tree in trees:
        nodes, leaves = [], []
        root = tree["tree_structure"]
        # Where a fold's training has no page of a kind, that kind's trees are leaves; the format wants a node.
        alone = {"threshold": 0.0, "split_feature": 0, "left_child": root, "right_child": root}
        number(alone if "leaf_value" in root else root, nodes, leaves)
        out += struct.pack("<B", len(nodes))
        for threshold, feature, left, right in nodes:
            out += struct.pack("<fHBB", threshold, feature, left, right)
        for value in leaves:
            out += struct.pack("<f", value)
    return out


def number(node, nodes, leaves):
    """Numbers a tree's nodes from the root on, so that children come after their parents."""
    if "leaf_value" in node:
        leaves.append(node["leaf_value"])
        return 128 + len(leaves) - 1
    at = len(nodes)
    nodes.append(None)
    left = number(node["left_child"], nodes, leaves)
    right = number(node["right_child"], nodes, leaves)
    nodes[at] = (down(node["threshold"]), node["split_feature"], left, right)
    return at


def down(threshold):
    """The largest 32-bit float that is not larger: features are 32-bit floats, so that comparing
    with it gives what comparing with the threshold gives."""
    single = numpy.float32(threshold)
    if float(single) > threshold:
        single = numpy.nextafter(single, numpy.float32(-numpy.inf))
    return float(single)


def write_parity(models, features, path):
    """Writes rows spread over the corpus, each behind the models' predictions for it."""
    rows = numpy.linspace(0, len(features) - 1, PARITY_ROWS).astype(int)
    features = features[rows]
    predictions = [model.predict(features) for model in models]
    numpy.save(path, numpy.column_stack([*predictions, features]).astype(numpy.float32))


def train_fold(features, out, without, fold):
    """Trains without one fold's pages, or on everything where there is no fold."""
    samples = Samples(features, without, fold)
    pages = samples.pages
    rows = samples.folds != fold
    model = train(samples, rows)
    kinds = train_kinds(pages, pages.folds != fold)
    sets = [trees_of(model, marks_of(model, samples.features[rows]))]
    trees = b"".join(sets + [trees_of(one) for one in kinds])
    if fold is None:
        (out / "model.trees").write_bytes(trees)
        write_parity([model], samples.features, out / "parity.npy")
        write_parity(kinds, pages.features, out / "kinds_parity.npy")
    else:
        (out / "folds" / f"{fold}.trees").write_bytes(trees)
    print("everything" if fold is None else f"all but fold {fold}", flush=True)


def write_folds(features, out):
    """Writes what each fold leaves out beside the folds' own files; gives the folds' numbers."""
    assignment = json.loads(Path(features).with_suffix(".json").read_text())["fold_assignment"]
    (out / "folds").mkdir(parents=True, exist_ok=True)
    (out / "folds" / "folds.json").write_text(json.dumps(assignment) + "\n")
    return range(len(assignment["names"]))


def main():
    features, out = sys.argv[1], Path(sys.argv[2])
    without = sys.argv[3] if len(sys.argv) > 3 else None
    folds = write_folds(features, out)
    # No fold's number is None, so that leaving out None leaves out nothing.
    jobs = [(features, out, without, fold) for fold in [*folds, None]]
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        pool.starmap(train_fold, jobs, chunksize=1)


if __name__ == "__main__":
    main()
