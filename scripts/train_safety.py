"""Train the classifier of memory/chat/safety, and say how good it is on what it hasn't seen.

    python -m scripts.train_safety           # measure, then write memory/chat/safety/classifier.npz
    python -m scripts.train_safety --dry-run # measure only

Ridge regression with its scores made log odds: the same examples give the same weights.
How near the nearest examples of each kind are comes in with the second step. Sentences that
are near copies of each other, also across languages, fall into the same fold, so that the
figures are about what wasn't seen.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/train_safety.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.chat.safety.classifier import (
    ALARMS,
    CLASSES,
    NEAREST,
    RULE_WEIGHT,
    WEIGHTS_FILE,
    Features,
    Hashes,
    features_of,
    grams_of,
)
from memory.chat.safety.nearest_means import nearest_means
from memory.chat.safety.normalization import normalized
from memory.chat.safety.rules import KINDS
from memory.llm.sentence_encoder import DIMS, SentenceEncoder
from memory.types.vectors import Floats
from scripts.eight_bits import eight_bits
from scripts.safety_examples import SEED, Example, digest, everyday, examples, training_set

FOLDS = 5
ALIKE = 0.8
"""Cosine from which two sentences are near copies."""

RIDGE = 1.0
SOLVER_STEPS = 120
TOLERANCE = 2e-3
"""What is left of the targets' length when the coefficients are good enough."""

STEPS = 400
BLOCK = 500
"""Rows that are compared with those before them in one go."""

COMMON = 60
"""An n-gram of more examples than these is multiplied as a dense column."""

NEIGHBOUR_DIMS = 64
"""Numbers that are kept of an example's vector, to find the nearest ones."""


AT_ONCE = 256
"""Windows that are encoded together."""


def vocabulary(texts: Sequence[str]) -> tuple[Hashes, Floats]:
    """The n-grams that at least two texts share, and how rare each is."""
    documents: Counter[int] = Counter()
    for text in texts:
        for counted in grams_of(text):
            documents.update(counted.keys())
    kept = sorted(gram for gram, count in documents.items() if count >= 2)
    counts = np.array([documents[gram] for gram in kept], dtype=np.float32)
    rarity = np.log((1 + len(texts)) / (1 + counts)) + 1
    return np.array(kept, dtype=np.uint32), rarity.astype(np.float16).astype(np.float32)


def kernel_of_grams(features: Sequence[Features], grams: int) -> Floats:
    """Dot products of the n-gram parts of every two examples."""
    size = len(features)
    place = np.concatenate([one.grams for one in features])
    value = np.concatenate([one.values for one in features])
    row = np.repeat(np.arange(size), [len(one.grams) for one in features])
    order = np.argsort(place, kind="stable")
    row, value = row[order], value[order]
    ends = np.cumsum(np.bincount(place, minlength=grams))
    kernel = np.zeros((size, size), dtype=np.float32)
    common: list[Floats] = []
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        rows, values = row[start:end], value[start:end]
        if len(rows) <= COMMON:
            np.add.at(kernel, (rows[:, None], rows), np.outer(values, values))
        else:
            column = np.zeros(size, dtype=np.float32)
            np.add.at(column, rows, values)  # a gram of words and one of characters may meet
            common.append(column)
    add_products(kernel, np.ascontiguousarray(np.array(common).T))
    return kernel


def add_products(kernel: Floats, rows: Floats) -> None:
    """Add ``rows @ rows.T`` to ``kernel``, in place and block by block.

    The product of so many rows with themselves takes gigabytes of its own, and numpy's BLAS
    crashes over it on some machines.
    """
    for start in range(0, len(rows), BLOCK):
        kernel[start : start + BLOCK] += rows[start : start + BLOCK] @ rows.T


def groups_of(vectors: Floats) -> npt.NDArray[np.intp]:
    """The number of the group of near copies that each row is in."""
    group = np.arange(len(vectors))
    for start in range(0, len(vectors), BLOCK):
        end = start + BLOCK
        alike = vectors[start:end] @ vectors[:end].T > ALIKE
        for row, other in zip(*np.nonzero(alike), strict=True):
            old, new = group[other], group[start + row]
            if old != new:
                group[group == old] = new
    return group


def together(group: npt.NDArray[np.intp], found: Sequence[Example]) -> npt.NDArray[np.intp]:
    """``group`` with all examples of one origin in the same group."""
    first: dict[str, int] = {}
    for row, one in enumerate(found):
        if one.origin:
            group[group == group[row]] = group[first.setdefault(one.origin, row)]
    return group


def folds_of(groups: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The fold of each row, 0 to FOLDS - 1; groups stay whole."""
    random = np.random.default_rng(SEED)
    names = np.unique(groups)
    random.shuffle(names)
    fold = {name: place % FOLDS for place, name in enumerate(names.tolist())}
    return np.array([fold[name] for name in groups.tolist()])


@dataclass(frozen=True)
class Data:
    """Examples as numbers."""

    found: list[Example]
    features: list[Features]
    hashes: Hashes
    rarity: Floats
    vectors: Floats
    axes: Floats
    short: npt.NDArray[np.int8]
    labels: npt.NDArray[np.intp]
    urgent: npt.NDArray[np.bool_]
    folds: npt.NDArray[np.intp]
    full: Floats
    words: Floats


def prepared(encoder: SentenceEncoder) -> Data:
    """Everything that training needs."""
    written, daily = examples(), everyday()
    # Not of the windows made of them as well: each n-gram of theirs would count twice.
    texts = [" ".join(map(normalized, one.messages)) for one in (*written, *daily)]
    hashes, rarity = vocabulary(texts)
    found = training_set(written, daily)
    windows = [one.messages for one in found]
    features = [
        one
        for start in range(0, len(windows), AT_ONCE)
        for one in features_of(windows[start : start + AT_ONCE], hashes, rarity, encoder)
    ]
    size = len(found)
    vectors = np.array([one.vectors for one in features], dtype=np.float32)
    rules = np.zeros((size, len(KINDS)), dtype=np.float32)
    for row, one in enumerate(features):
        if one.rule is not None:
            rules[row, one.rule] = RULE_WEIGHT
    # In place: each of these matrices is gigabytes.
    words = kernel_of_grams(features, len(hashes))
    add_products(words, rules)
    words += 1
    labels = np.array([one.label for one in found])
    urgent = np.array([one.urgent for one in found])
    full = words.copy()
    add_products(full, vectors)
    folds = folds_of(together(groups_of(vectors[:, :DIMS]), found))
    axes, short = shortened(vectors[:, DIMS:])
    return Data(
        found, features, hashes, rarity, vectors, axes, short, labels, urgent, folds, full, words
    )


def shortened(vectors: Floats) -> tuple[Floats, npt.NDArray[np.int8]]:
    """The axes along which vectors differ most, and the vectors along them in 8 bits."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    axes = directions[:, ::-1][:, :NEIGHBOUR_DIMS].astype(np.float16).astype(np.float32)
    return axes, eight_bits(vectors @ axes, axis=1)[0]


def likeness_of(data: Data) -> Floats:
    """Each example's likeness to the nearest ones of each class in the other folds."""
    vectors = data.short.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    found = np.empty((len(vectors), len(CLASSES) * len(NEAREST)), dtype=np.float32)
    for start in range(0, len(vectors), BLOCK):
        rows = slice(start, start + BLOCK)
        cosines = vectors[rows] @ vectors.T
        cosines[data.folds[rows, None] == data.folds] = -1
        for place in range(len(CLASSES)):
            columns = slice(place * len(NEAREST), (place + 1) * len(NEAREST))
            found[rows, columns] = nearest_means(cosines[:, data.labels == place], NEAREST)
    return found


@dataclass(frozen=True)
class Fit:
    """Coefficients of the examples, of their likeness and of the bias, and the raw scores of
    each example by a model that hasn't seen it.
    """

    alphas: Floats
    likeness: Floats
    bias: Floats
    held_out: Floats


def fitted(data: Data, kernel: Floats, likeness: Floats) -> Fit:
    """Ridge regression on the classes and on "urgent", then softmax regression on its scores
    and on ``likeness``.

    The last columns are those of all examples; before them stand those of each fold,
    from which its examples are left out.
    """
    size, width = len(data.found), len(CLASSES) + 1
    targets = np.zeros((size, width), dtype=np.float32)
    targets[np.arange(size), data.labels] = 1
    targets[:, -1] = data.urgent
    known = np.ones((size, width * (FOLDS + 1)), dtype=np.float32)
    for fold in range(FOLDS):
        known[data.folds == fold, width * fold : width * (fold + 1)] = 0
    alphas = solved(kernel, np.tile(targets, FOLDS + 1), known)
    outside = np.zeros_like(targets)
    for fold in range(FOLDS):
        rows = data.folds == fold
        outside[rows] = kernel[rows] @ alphas[:, width * fold : width * (fold + 1)]
    seen = np.concatenate([outside, likeness], axis=1)
    turn, shift = calibrated(seen, data)
    return Fit(alphas[:, -width:] @ turn[:width], turn[width:], shift, seen @ turn + shift)


def solved(kernel: Floats, targets: Floats, known: Floats) -> Floats:
    """Coefficients of ridge regressions, one a column, by conjugate gradients.

    ``known`` is 1 where the column's regression has the example, 0 where it hasn't. All
    columns are multiplied in one go, which takes a fraction of an inverse's time.
    """
    alphas = np.zeros_like(targets)
    left = targets * known
    ahead = left.copy()
    length = np.sum(left * left, axis=0)
    enough = TOLERANCE**2 * length
    for _ in range(SOLVER_STEPS):
        through = known * (kernel @ ahead) + RIDGE * ahead
        step = length / np.maximum(np.sum(ahead * through, axis=0), 1e-30)
        alphas += step * ahead
        left -= step * through
        shorter = np.sum(left * left, axis=0)
        if np.all(shorter <= enough):
            break
        ahead = left + (shorter / np.maximum(length, 1e-30)) * ahead
        length = shorter
    return alphas


def calibrated(scores: Floats, data: Data) -> tuple[Floats, Floats]:
    """The linear map that makes log odds of ridge scores and likeness, and what is added to it.

    For the classes a softmax regression on all of them, for "urgent" a logistic one.
    """
    middle, spread = scores.mean(axis=0), scores.std(axis=0) + 1e-6
    even = (scores - middle) / spread
    inputs = np.concatenate([even, np.ones((len(scores), 1), dtype=np.float32)], axis=1)
    width = len(CLASSES)
    # float64 from the first step on: the momentum is.
    weights: npt.NDArray[np.floating[Any]] = np.zeros(
        (inputs.shape[1], width + 1), dtype=np.float32
    )
    classes = np.eye(width, dtype=np.float32)[data.labels]
    when = data.urgent.astype(np.float32)
    alarms = (data.labels >= ALARMS).astype(np.float32)
    step = 2 / float(np.linalg.norm(inputs.T @ inputs, 2))
    ahead, momentum = weights, 1.0
    for _ in range(STEPS):
        raw = inputs @ ahead
        odds = np.exp(raw[:, :-1] - raw[:, :-1].max(axis=1, keepdims=True))
        wrong = np.empty_like(raw)
        wrong[:, :-1] = odds / odds.sum(axis=1, keepdims=True) - classes
        wrong[:, -1] = (1 / (1 + np.exp(-raw[:, -1])) - when) * alarms
        following = ahead - step * (inputs.T @ wrong + 0.01 * ahead)
        later = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / later * (following - weights)
        weights, momentum = following, later
    turn = weights[:-1] / spread[:, None]
    return turn, weights[-1] - middle @ turn


def report(data: Data, raw: Floats) -> None:
    """Print noticed and false alarms over the thresholds, and both by topic."""
    odds = np.exp(raw[:, :-1] - raw[:, :-1].max(axis=1, keepdims=True))
    likely = odds / odds.sum(axis=1, keepdims=True)
    alarm = likely[:, ALARMS:].sum(axis=1)
    own = np.array([one.topic not in {"mixed", "kindred"} for one in data.found])
    danger, calm = own & (data.labels >= ALARMS), own & (data.labels < ALARMS)
    mixed = ~own
    print("threshold  noticed  false  false in mixed windows")
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        rates = [float(np.mean(alarm[rows] >= threshold)) for rows in (danger, calm, mixed)]
        print(f"{threshold:9.2f} {rates[0]:8.3f} {rates[1]:6.3f} {rates[2]:7.3f}")
    best = likely[:, ALARMS:].argmax(axis=1) + ALARMS
    print(f"kind right among alarms: {np.mean((best == data.labels)[danger]):.3f}")
    urgent = raw[:, -1] > 0
    print(
        f"urgent: {np.mean(urgent[danger & data.urgent]):.3f} found, "
        f"{np.mean(urgent[danger & ~data.urgent]):.3f} false"
    )
    for title, rows in (("noticed at .5", danger), ("false at .5", calm)):
        by: dict[str, list[bool]] = defaultdict(list)
        for row in np.flatnonzero(rows):
            one = data.found[row]
            hit = bool(alarm[row] >= 0.5)
            by[one.topic.partition(":")[0]].append(hit)
            by[one.language].append(hit)
        print(title, {name: f"{sum(hits)}/{len(hits)}" for name, hits in sorted(by.items())})


def stored(data: Data, fits: dict[str, Fit]) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of classifier.npz, trained on every example."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "hashes": data.hashes,
        "rarity": data.rarity.astype(np.float16),
        "examples": np.array(digest()),
        "axes": data.axes.astype(np.float16),
        "examples_8bit": data.short,
        "classes": data.labels.astype(np.int8),
    }
    for name, fit in fits.items():
        alphas = fit.alphas
        grams = np.zeros((len(data.hashes), alphas.shape[1]), dtype=np.float32)
        rules = np.zeros((len(KINDS), alphas.shape[1]), dtype=np.float32)
        for row, one in enumerate(data.features):
            np.add.at(grams, one.grams, one.values[:, None] * alphas[row])
            if one.rule is not None:
                rules[one.rule] += RULE_WEIGHT * alphas[row]
        whole, scale = eight_bits(grams, axis=0)
        vectors = data.vectors.T @ alphas if name == "full" else np.zeros((0, alphas.shape[1]))
        arrays |= {
            f"{name}_grams": whole,
            f"{name}_scale": scale,
            f"{name}_vectors": vectors.astype(np.float16),
            f"{name}_rules": rules,
            f"{name}_likeness": fit.likeness,
            f"{name}_bias": alphas.sum(axis=0) + fit.bias,
        }
    return arrays


def main() -> None:
    """Measure, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="measure only")
    options = parser.parse_args()
    data = prepared(SentenceEncoder())
    print(f"{len(data.found)} windows, {len(data.hashes)} n-grams")
    nothing = np.zeros((len(data.found), 0), dtype=np.float32)
    fits = {
        "full": fitted(data, data.full, likeness_of(data)),
        "words": fitted(data, data.words, nothing),
    }
    for title, fit in (("with the encoder", fits["full"]), ("words alone", fits["words"])):
        print(f"\n{title}, {FOLDS}-fold held out by group")
        report(data, fit.held_out)
    if not options.dry_run:
        np.savez_compressed(WEIGHTS_FILE, **stored(data, fits))  # type: ignore[arg-type]
        print(f"\n{WEIGHTS_FILE.name}: {WEIGHTS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
