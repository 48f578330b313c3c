"""Train the clause classifier of memory/builtin/extraction, and say how good it is.

    python -m scripts.train_clauses           # measure, then write clauses.npz
    python -m scripts.train_clauses --dry-run # measure only

Softmax regression with weight decay: the same examples give the same weights. All
sentences of one line of a file, and near copies of them, fall into the same fold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/train_clauses.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.builtin.examples import Example, digest, read_examples
from memory.builtin.extraction.clauses import CLASSES, EXAMPLES, NOTHING, WEIGHTS_FILE, numbers_of
from memory.llm.sentence_encoder import DIMS, SentenceEncoder
from memory.types.vectors import Encode, Floats
from scripts.softmax_regression import fitted, likely

FOLDS = 5
SEED = 7
DECAY = 0.002
STEPS = 500
ALIKE = 0.85
"""Cosine from which two clauses are near copies."""


def files(folder: Path = EXAMPLES) -> list[Path]:
    """The files of labelled clauses."""
    return sorted(folder.glob("*.txt"))


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """Every clause once, with its class as label."""
    found: dict[str, Example] = {}
    for file in files(folder):
        nothing = file.name.startswith(NOTHING)
        for one in read_examples(file):
            label = NOTHING if nothing else one.label
            found.setdefault(one.text, Example(label, one.text, one.language, one.weight))
    return list(found.values())


def folds_of(vectors: Floats) -> npt.NDArray[np.intp]:
    """The fold of each row; near copies stay together."""
    group = np.arange(len(vectors))
    for row in range(len(vectors)):
        alike = np.flatnonzero(vectors[:row] @ vectors[row] > ALIKE)
        if len(alike):
            group[row] = group[alike[0]]
    random = np.random.default_rng(SEED)
    names = np.unique(group)
    fold = dict(zip(names.tolist(), random.integers(0, FOLDS, len(names)).tolist(), strict=True))
    return np.array([fold[name] for name in group.tolist()])


def numbered(found: Sequence[Example], encode: Encode) -> Floats:
    """A row of numbers for each example."""
    return np.asarray(numbers_of([one.text for one in found], encode), dtype=np.float32)


def trained(found: Sequence[Example], numbers: Floats) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of clauses.npz, but for the digest."""
    labels = np.array([CLASSES.index(one.label) for one in found])
    weights = np.array([one.weight for one in found], dtype=np.float32)
    model = fitted(numbers, labels, weights, len(CLASSES), DECAY / len(CLASSES), STEPS)
    return {"matrix": model[:-1].astype(np.float16), "bias": model[-1]}


def report(found: Sequence[Example], numbers: Floats) -> None:
    """Print what the model says of clauses that it hasn't seen."""
    labels = np.array([CLASSES.index(one.label) for one in found])
    weights = np.array([one.weight for one in found], dtype=np.float32)
    folds = folds_of(numbers[:, :DIMS])
    odds = np.zeros((len(found), len(CLASSES)), dtype=np.float32)
    for fold in range(FOLDS):
        train = folds != fold
        model = fitted(
            numbers[train], labels[train], weights[train], len(CLASSES), DECAY / len(CLASSES), STEPS
        )
        odds[~train] = likely(model, numbers[~train])
    worth = 1 - odds[:, 0]
    for language in ("zh", "en"):
        mine = np.array([one.language == language for one in found])
        yes, no = mine & (labels > 0), mine & (labels == 0)
        print(f"{language}: {yes.sum()} memories, {no.sum()} that are none")
        for threshold in (0.5, 0.6, 0.7, 0.8, 0.9):
            print(
                f"  {threshold:.1f}  found {np.mean(worth[yes] >= threshold):.3f}"
                f"  false {np.mean(worth[no] >= threshold):.3f}"
            )
        best = odds[:, 1:].argmax(axis=1) + 1
        print(f"  category right: {np.mean((best == labels)[yes]):.3f}")


def main() -> None:
    """Measure, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="measure only")
    options = parser.parse_args()
    found = examples()
    numbers = numbered(found, SentenceEncoder().encode)
    report(found, numbers)
    if not options.dry_run:
        arrays = trained(found, numbers) | {"examples": np.array(digest(*files()))}
        np.savez_compressed(WEIGHTS_FILE, **arrays)
        print(f"{WEIGHTS_FILE.name}: {WEIGHTS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
