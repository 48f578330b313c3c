"""Train the check of replies to somebody in danger, and say how good it is.

    python -m scripts.train_reply_check           # measure, then write replies.npz
    python -m scripts.train_reply_check --dry-run # measure only

Besides the examples in ``memory/chat/safety/reply_examples`` it is trained on the built-in
companion's own lines: those for somebody in danger are caring, those for good, funny and
everyday things are astray. Softmax regression: the same examples give the same weights.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/train_reply_check.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.builtin.chat import lines as builtin_lines
from memory.builtin.chat.meaning import tone_of
from memory.builtin.examples import Example, digest, read_examples
from memory.chat.safety.reply_check import (
    CARING,
    CLASSES,
    EXAMPLES,
    WEIGHTS_FILE,
    likeness_of,
)
from memory.chat.safety.window import sentences
from memory.llm.sentence_encoder import SentenceEncoder
from memory.types.vectors import Floats
from scripts.eight_bits import eight_bits
from scripts.softmax_regression import fitted, likely
from scripts.train_clauses import folds_of

LINES = Path(builtin_lines.__file__).parent / "lines"
ELSEWHERE = {"food", "drink", "coffee", "film", "music", "book", "game", "sport", "shopping"} | {
    "travel",
    "trip_plan",
    "hobby",
    "pets",
    "plants",
    "joke",
}
"""Intents whose lines speak of pleasant things."""

LINE_WEIGHT = 0.1
"""What a line of the built-in companion counts beside an example that was written for this."""

DECAY = 0.0002
STEPS = 600

Folds = npt.NDArray[np.intp]


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """Every sentence once: the written ones first, then the built-in companion's lines."""
    found: dict[str, Example] = {}
    for file in sorted(folder.glob("*.txt")):
        for one in read_examples(file):
            found.setdefault(one.text.lower(), one)
    for one in _lines():
        found.setdefault(one.text.lower(), one)
    return list(found.values())


def _lines() -> Iterator[Example]:
    for file in sorted(LINES.glob("*.toml")):
        language = file.stem.rpartition(".")[2]
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for intent, sets in table.items():
            if file.stem.startswith("safety"):
                label = "caring"
            elif intent in ELSEWHERE or tone_of(intent) in ("good", "funny"):
                label = "astray"
            else:
                continue
            for name, lines in sets.items():
                if label == "astray" and name == "ask":
                    continue
                # Of thousands of pleasant lines a part tells as much, and lies in the package.
                for line in lines if label == "caring" else lines[::3]:
                    if "{" not in line:
                        # As a reply is read: a sentence at a time.
                        for sentence in sentences(line):
                            yield Example(label, sentence, language, LINE_WEIGHT)


def vectors_of(found: list[Example], encoder: SentenceEncoder) -> Floats:
    """A row for each sentence."""
    return np.concatenate(
        [
            encoder.encode([one.text.lower() for one in found[start : start + 64]])
            for start in range(0, len(found), 64)
        ]
    )


def model_of(found: list[Example], vectors: Floats, folds: Folds) -> Floats:
    """Weights, a column for each class, from vectors and from likeness to other folds' examples."""
    labels = labels_of(found)
    weights = np.array([one.weight for one in found], dtype=np.float32)
    for place in range(len(CLASSES)):
        # A small class counts more than its examples, if not as much as a large one.
        weights[labels == place] /= np.sqrt(weights[labels == place].sum())
    cosines = vectors @ vectors.T
    cosines[folds[:, None] == folds] = -1
    numbers = with_likeness(vectors, cosines, labels)
    return fitted(numbers, labels, weights, len(CLASSES), DECAY, STEPS)


def with_likeness(vectors: Floats, cosines: Floats, labels: Folds) -> Floats:
    """``vectors``, and after them how near the nearest examples of each class are."""
    near = [likeness_of(cosines[:, labels == place]) for place in range(len(CLASSES))]
    return np.concatenate([vectors, *near], axis=1).astype(np.float32)


def labels_of(found: list[Example]) -> Folds:
    """The place in CLASSES of each sentence's label."""
    return np.array([CLASSES.index(one.label) for one in found])


def report(found: list[Example], vectors: Floats, folds: Folds) -> None:
    """Print what the model says of written sentences that it hasn't seen."""
    labels = labels_of(found)
    odds = np.zeros((len(found), len(CLASSES)), dtype=np.float32)
    for fold in sorted(set(folds.tolist())):
        seen = folds != fold
        rows = [one for one, known in zip(found, seen.tolist(), strict=True) if known]
        model = model_of(rows, vectors[seen], folds[seen])
        cosines = vectors[~seen] @ vectors[seen].T
        odds[~seen] = likely(model, with_likeness(vectors[~seen], cosines, labels[seen]))
    wrong = odds[:, 3:].sum(axis=1)
    for name in CLASSES:
        mine = np.array([one.label == name and one.weight == 1 for one in found])
        amiss = "  ".join(f"{bar}: {np.mean(wrong[mine] >= bar):.2f}" for bar in (0.5, 0.6, 0.7))
        caring = np.mean(odds[mine, 0] >= CARING)
        print(f"{name:8} {mine.sum():5}  caring {caring:.2f}  amiss {amiss}")


def main() -> None:
    """Measure, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="measure only")
    options = parser.parse_args()
    found = examples()
    vectors = vectors_of(found, SentenceEncoder())
    folds = folds_of(vectors)
    report(found, vectors, folds)
    if not options.dry_run:
        model = model_of(found, vectors, folds)
        np.savez_compressed(
            WEIGHTS_FILE,
            vectors=eight_bits(vectors, axis=1)[0],
            labels=labels_of(found).astype(np.int8),
            matrix=model[:-1].astype(np.float16),
            bias=model[-1],
            examples=np.array(digest(*sorted(EXAMPLES.glob("*.txt")))),
        )
        print(f"{WEIGHTS_FILE.name}: {WEIGHTS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
