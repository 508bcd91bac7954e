#!/usr/bin/env python3
"""The measures of `gleaner eval`, computed a second time with nothing but Python's standard library.

Reads JSON lines with `gold`, `found`, `with` and `without` from standard input and writes a JSON
line of measures for each. Written from the definitions, not from gleaner's code: whole tables and
big integers where gleaner packs bits, `re` where it has character classes of its own.
"""

import json
import re
import sys
from collections import Counter


def tokens(text):
    return re.findall(r"\w+", text)


def shingles(text, size=4):
    words = tokens(text)
    runs = [tuple(words[at:at + size]) for at in range(max(1, len(words) - size + 1))]
    return Counter(run for run in runs if run)


def shingle_shares(gold, found):
    gold, found = shingles(gold), shingles(found)
    both = sum((gold & found).values())
    parts = [both, sum(found.values()) - both, sum(gold.values()) - both]
    whole = sum(parts)
    return [part / whole if whole else 0.0 for part in parts]


def word_f1(gold, found):
    gold, found = Counter(tokens(gold.lower())), Counter(tokens(found.lower()))
    both = sum((gold & found).values())
    if not gold and not found:
        return 1.0
    if not both:
        return 0.0
    precision, recall = both / sum(found.values()), both / sum(gold.values())
    return 2 * precision * recall / (precision + recall)


def sentences(text):
    parts = re.split(r"\n|(?<=[。！？])|(?<=[.!?…])(?=\s)", text)
    return [words for words in (part.split() for part in parts) if words]


def chosen(gold, found):
    """Places in `gold` of the longest common subsequence, read out as rouge_score does."""
    table = [[0] * (len(found) + 1)]
    for word in gold:
        above, row = table[-1], [0]
        for at, other in enumerate(found):
            row.append(above[at] + 1 if word == other else max(above[at + 1], row[at]))
        table.append(row)
    places, i, j = set(), len(gold), len(found)
    while i and j:
        if gold[i - 1] == found[j - 1]:
            i, j = i - 1, j - 1
            places.add(i)
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return places


def rouge_lsum_f1(gold, found):
    gold, found = sentences(gold), sentences(found)
    gold_left = Counter(word for sentence in gold for word in sentence)
    found_left = Counter(word for sentence in found for word in sentence)
    gold_size, found_size = sum(gold_left.values()), sum(found_left.values())
    if not gold_size and not found_size:
        return 1.0
    found_words = [set(sentence) for sentence in found]
    hits = 0
    for sentence in gold:
        union = set()
        for other, words in zip(found, found_words):
            if not words.isdisjoint(sentence):
                union |= chosen(sentence, other)
        for place in sorted(union):
            word = sentence[place]
            if gold_left[word] > 0 and found_left[word] > 0:
                gold_left[word] -= 1
                found_left[word] -= 1
                hits += 1
    if not hits:
        return 0.0
    precision, recall = hits / found_size, hits / gold_size
    return 2 * precision * recall / (precision + recall)


def levenshtein(gold, found):
    """1 - distance / length, for a distance of insertions and deletions of words."""
    gold, found = gold.split(), found.split()
    if not gold and not found:
        return 1.0
    # Crochemore et al. (2001): a row of the table as one big integer.
    places = {}
    for at, word in enumerate(found):
        places[word] = places.get(word, 0) | 1 << at
    whole = (1 << len(found)) - 1
    row = whole
    for word in gold:
        here = places.get(word, 0)
        row = ((row + (row & here)) | (row & ~here)) & whole
    common = len(found) - row.bit_count()
    distance = len(gold) + len(found) - 2 * common
    return 1 - distance / (len(gold) + len(found))


def snippets(text, wanted):
    flat = "".join(text.split())
    return sum("".join(snippet.split()) in flat for snippet in wanted)


for line in sys.stdin:
    page = json.loads(line)
    gold, found = page["gold"], page["found"]
    print(json.dumps({
        "shingles": shingle_shares(gold, found),
        "exact": tokens(gold) == tokens(found),
        "word_f1": word_f1(gold, found),
        "rouge_lsum_f1": rouge_lsum_f1(gold, found),
        "levenshtein": levenshtein(gold, found),
        "with": snippets(found, page["with"]),
        "without": snippets(found, page["without"]),
    }))
