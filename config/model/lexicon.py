#!/usr/bin/env python3
"""Learns what words speak for, from what `gleaner eval --features` writes.

    python3 config/model/lexicon.py FEATURES.npy OUT_FOLDER

writes model.words (learned from everything) and, in the folder `folds`, 0.words and so on, each learned
without the pages of one fold, and 0-1.words and so on, without those of two: what a word speaks for
must be learned from other pages than those whose blocks the trees learn from, or the trees believe it
more than it deserves. `src/body/model/lexicon.rs` describes the format. The same files give the same files.
"""

import multiprocessing
import os
import struct
import sys
from pathlib import Path

# One thread a model, so that sums are taken in the same order on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy
import scipy.sparse
from sklearn.linear_model import LogisticRegression

from train import KINDS, Samples, kind_of, write_folds

# Sites that have to use a word: what fewer do is a name, or their own way to build pages.
MIN_SITES = 4

# Corpora of which only numbers may be handed on: a word that they use needs so many sites of each of two corpora.
NUMBERS_ONLY = {"daniel-dev"}

# How strongly weights are drawn towards none (the reciprocal of the penalty), by what they are learned of. A
# third or three times as much lowers the share of pairs that the words alone put in order by .002 to .01.
STRENGTH = {"words": 0.1, "names": 0.03, "kinds": 100.0}
# Log-odds of a kind of which no page is known.
NO_PAGES = -20.0
MAX_STEPS = {"words": 60, "names": 60, "kinds": 200}
TOLERANCE = 1e-3

# The lists of a row in the file of words.
LISTS = ["words", "own", "near", "around"]


class Rows:
    """The words of each row, as sparse matrices with a column for each word that enough sites use."""

    def __init__(self, path, sites, corpora):
        numbers = numpy.fromfile(path, "<u4")
        lists = {name: ([], []) for name in LISTS}
        at = 0
        for _ in sites:
            for name in LISTS:
                count = int(numbers[at])
                words, ends = lists[name]
                words.append(numbers[at + 1 : at + 1 + count])
                ends.append(count)
                at += count + 1
        assert at == len(numbers), "the words are not those of the matrix"
        self.words = common(lists["words"], sites, corpora)
        self.names = common(lists["around"], sites, corpora)
        # Of a text each word counts as often as it stands there.
        self.texts = matrix(lists["words"], self.words)
        self.own, self.near, self.around = (
            matrix(lists[name], self.names) for name in ["own", "near", "around"]
        )


def common(rows, sites, corpora):
    """The words that enough sites use, in order. `corpora` has the name of each site's corpus."""
    words, ends = rows
    words = numpy.concatenate(words).astype(numpy.uint64)
    used_by = numpy.unique(words << 32 | numpy.repeat(sites, ends).astype(numpy.uint64))
    words, sites = used_by >> 32, used_by & 0xFFFFFFFF
    known, word = numpy.unique(words, return_inverse=True)
    counts = {
        corpus: numpy.bincount(word, corpora[sites] == corpus, len(known)) for corpus in set(corpora)
    }
    often = sum(counts.values()) >= MIN_SITES
    in_several = sum(count >= MIN_SITES for count in counts.values()) >= 2
    closed = sum(counts[corpus] for corpus in NUMBERS_ONLY & set(counts)) > 0
    return known[in_several | often & ~closed].astype(numpy.uint32)


def matrix(rows, known):
    """How often each known word stands in each row, evened out as src/body/features/word_scores.rs does."""
    words, ends = rows
    row = numpy.repeat(numpy.arange(len(ends)), ends)
    words = numpy.concatenate(words)
    column = numpy.minimum(numpy.searchsorted(known, words), len(known) - 1)
    is_known = known[column] == words
    ones = numpy.ones(int(is_known.sum()), numpy.float32)
    shape = (len(ends), len(known))
    counts = scipy.sparse.coo_matrix((ones, (row[is_known], column[is_known])), shape)
    return evened(counts.tocsr())


def evened(counts):
    total = numpy.maximum(numpy.asarray(counts.sum(1)).ravel(), 1)
    return (scipy.sparse.diags(1 / numpy.sqrt(total)) @ counts).tocsr().astype(numpy.float32)


def seen(texts, page_of, pages):
    """Which words stand on each page."""
    rows = numpy.arange(len(page_of))
    pages = scipy.sparse.csr_matrix((numpy.ones(len(rows)), (page_of, rows)), (pages, len(rows)))
    counts = (pages @ texts).tocsr()
    counts.data[:] = 1
    return evened(counts)


class Lessons:
    """All that lexicons are learned from."""

    def __init__(self, features):
        samples = Samples(features)
        plain = numpy.array([page["variant"] == "plain" for page in samples.described])
        is_plain = plain[samples.page_of]
        # Numbered among the plain pages alone.
        self.page_of = (numpy.cumsum(plain) - 1)[samples.page_of[is_plain]]
        pages = [page for page in samples.described if page["variant"] == "plain"]
        site_of_page = [(page["corpus"], page["site"]) for page in pages]
        known_sites = sorted(set(site_of_page))
        sites = numpy.array([known_sites.index(site) for site in site_of_page])
        corpora = numpy.array([corpus for corpus, _ in known_sites])
        self.rows = Rows(Path(features).with_suffix(".words"), sites[self.page_of], corpora)
        taken = samples.taken[is_plain]
        self.taken = numpy.nonzero(taken)[0]
        self.labels = samples.labels[is_plain[samples.taken]] >= 0.5
        self.weights = samples.weights[is_plain[samples.taken]]
        self.folds = numpy.array([page["fold"] for page in pages])
        self.kinds = numpy.array([KINDS.index(kind_of(page)) if kind_of(page) in KINDS else -1 for page in pages])
        rows = self.rows
        self.of_pages = scipy.sparse.hstack(
            [seen(rows.texts, self.page_of, len(pages)), seen(rows.around, self.page_of, len(pages))]
        ).tocsr()
        self.of_names = scipy.sparse.hstack([rows.own, rows.near, rows.around]).tocsr()

    def lexicon(self, left_out):
        """Learns from the pages of all folds but those left out."""
        learned_from = ~numpy.isin(self.folds, left_out)
        is_row = learned_from[self.page_of[self.taken]]
        rows = self.taken[is_row]
        labels, weights = self.labels[is_row], self.weights[is_row]
        words = regression("words", self.rows.texts[rows], labels, weights).coef_[0]
        names = regression("names", self.of_names[rows], labels, weights).coef_[0]
        is_page = learned_from & (self.kinds >= 0)
        priors, kinds = of_kinds(self.of_pages[is_page], self.kinds[is_page])
        count = len(self.rows.words)
        return written(
            priors,
            (self.rows.words, words[:, None], kinds[:, :count].T),
            (self.rows.names, names.reshape(3, -1).T, kinds[:, count:].T),
        )


def of_kinds(rows, kinds):
    """The log-odds of each kind and the weights of words for it; without a fold's language, a kind may have no
    page at all."""
    known = numpy.unique(kinds)
    priors, weights = numpy.full(len(KINDS), NO_PAGES), numpy.zeros((len(KINDS), rows.shape[1]))
    if len(known) == 1:
        priors[known] = 0
        return priors, weights
    model = regression("kinds", rows, kinds, None)
    # Of two kinds, the regression has the second's weights alone.
    two = len(known) == 2
    priors[known] = [-model.intercept_[0] / 2, model.intercept_[0] / 2] if two else model.intercept_
    weights[known] = numpy.concatenate([-model.coef_, model.coef_]) / 2 if two else model.coef_
    return priors, weights


def regression(name, rows, labels, weights):
    model = LogisticRegression(C=STRENGTH[name], max_iter=MAX_STEPS[name], tol=TOLERANCE)
    return model.fit(rows, labels, weights)


def written(kinds, *tables):
    """A lexicon in the format that src/body/model/lexicon.rs describes."""
    out = bytearray(b"glwords1")
    out += struct.pack("<II", *(len(hashes) for hashes, _, _ in tables))
    out += kinds.astype("<f4").tobytes()
    for hashes, body, of_kinds in tables:
        weights = numpy.column_stack([body, of_kinds]).astype("<f4")
        for word, row in zip(hashes, weights):
            out += struct.pack("<I", word) + row.tobytes()
    return out


def learn(features, out, jobs):
    lessons = Lessons(features)
    for left_out in jobs:
        name = "-".join(map(str, left_out))
        file = out / "folds" / f"{name}.words" if left_out else out / "model.words"
        file.write_bytes(lessons.lexicon(left_out))
        print(f"words of all but fold {name}" if left_out else "words of everything", flush=True)


def main():
    features, out = sys.argv[1], Path(sys.argv[2])
    folds = write_folds(features, out)
    jobs = [[], *[sorted({one, other}) for one in folds for other in folds if one <= other]]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(learn, [(features, out, jobs[half::2]) for half in range(2)], chunksize=1)


if __name__ == "__main__":
    main()
