"""Train the intent classifier of memory/builtin/chat, and say how good it is.

    python -m scripts.embed_intents            # measure, then write intents.npz
    python -m scripts.embed_intents --dry-run  # measure only

Softmax regression on sentence vectors: the same examples give the same weights. The vectors
of the examples in ``intents.*.txt`` are stored as well, each number in a byte.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/embed_intents.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.builtin.chat.meaning import EXAMPLES, VECTORS_FILE, tone_of
from memory.builtin.examples import Example, digest, read_examples
from memory.llm.sentence_encoder import SentenceEncoder
from memory.types.vectors import Encode, Floats
from scripts.softmax_regression import fitted, likely

FOLDS = 5
SEED = 7
DECAY = 3e-5
STEPS = 220


def files(folder: Path = EXAMPLES, name: str = "*") -> list[Path]:
    """The files of example messages."""
    return sorted(folder.glob(f"{name}.*.txt"))


def examples(folder: Path = EXAMPLES, name: str = "*") -> list[Example]:
    """Every example message."""
    return [one for file in files(folder, name) for one in read_examples(file)]


def names_of(found: Sequence[Example]) -> list[str]:
    """The intents, in order."""
    return sorted({one.label for one in found})


def encoded(found: Sequence[Example], encode: Encode) -> Floats:
    """A row of numbers for each example."""
    return np.asarray(encode([one.text.lower() for one in found]), dtype=np.float32)


def model_of(labels: npt.NDArray[np.intp], numbers: Floats, classes: int) -> Floats:
    """Weights and bias; an intent with few examples counts nearly as much as one with many."""
    counts = np.bincount(labels, minlength=classes)
    weights = (1 / counts[labels]).astype(np.float32) ** 0.5
    return fitted(numbers, labels, weights, classes, DECAY, STEPS)


def trained(found: Sequence[Example], numbers: Floats) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of intents.npz, but for the digest."""
    names = names_of(found)
    labels = np.array([names.index(one.label) for one in found])
    model = model_of(labels, numbers, len(names))
    near = {one.text for one in examples(name="intents")}
    rows = [row for row, one in enumerate(found) if one.text in near]
    return {
        "vectors": np.round(numbers[rows] * 127).astype(np.int8),
        "labels": np.array([found[row].label for row in rows]),
        "matrix": model[:-1].astype(np.float16),
        "bias": model[-1],
        "names": np.array(names),
    }


def report(found: Sequence[Example], numbers: Floats) -> None:
    """Print the share of unseen sentences whose intent, and whose tone, is found."""
    names = names_of(found)
    labels = np.array([names.index(one.label) for one in found])
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(found))
    odds = np.zeros((len(found), len(names)), dtype=np.float32)
    for fold in range(FOLDS):
        train = folds != fold
        model = model_of(labels[train], numbers[train], len(names))
        odds[~train] = likely(model, numbers[~train])
    tones = np.array([tone_of(name) for name in names])
    best = odds.argmax(axis=1)
    three = np.argsort(-odds, axis=1)[:, :3]
    kinds = sorted(set(tones.tolist()))
    by_tone = np.stack([odds[:, tones == kind].sum(axis=1) for kind in kinds], axis=1)
    tone = np.array(kinds)[by_tone.argmax(axis=1)]
    in_three = (three == labels[:, None]).any(axis=1)
    print(
        f"{len(found)} examples of {len(names)} intents; unseen: "
        f"intent {np.mean(best == labels):.2f}, among the first three {np.mean(in_three):.2f},"
        f" tone {np.mean(tone == tones[labels]):.2f}"
    )


def main() -> None:
    """Measure, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="measure only")
    options = parser.parse_args()
    found = examples()
    numbers = encoded(found, SentenceEncoder().encode)
    report(found, numbers)
    if not options.dry_run:
        arrays = trained(found, numbers) | {"examples": np.array(digest(*files()))}
        np.savez_compressed(VECTORS_FILE, **arrays)
        print(f"{VECTORS_FILE.name}: {VECTORS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
