"""Write the sentence vectors of the example messages of memory/builtin/chat.

    python -m scripts.embed_intents

Says how often the nearest examples, without the sentence itself, mean the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

# Also as a script: python scripts/embed_intents.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.builtin.chat.meaning import EXAMPLES, NEAREST, VECTORS_FILE, Encode
from memory.builtin.examples import Example, digest, read_examples
from memory.llm.sentence_encoder import SentenceEncoder


def files(folder: Path = EXAMPLES) -> list[Path]:
    """The files of example messages."""
    return sorted(folder.glob("intents.*.txt"))


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """Every example message."""
    return [one for file in files(folder) for one in read_examples(file)]


def embedded(found: list[Example], encode: Encode) -> dict[str, np.ndarray]:
    """The arrays of intents.npz, but for the digest: each number in a byte."""
    vectors = encode([one.text.lower() for one in found])
    return {
        "vectors": np.round(vectors * 127).astype(np.int8),
        "labels": np.array([one.label for one in found]),
    }


def report(found: list[Example], vectors: np.ndarray) -> None:
    """Print the share of sentences whose nearest other examples mean the same."""
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    labels = np.array([one.label for one in found])
    right = 0
    for row, one in enumerate(found):
        scores = {
            label: np.sort(near[row][labels == label])[-NEAREST:].mean()
            for label in sorted(set(labels.tolist()))
        }
        right += max(scores, key=lambda label: scores[label]) == one.label
    print(f"{right} of {len(found)} by their neighbours")


def main() -> None:
    """Measure, and write the vectors."""
    found = examples()
    arrays = embedded(found, SentenceEncoder().encode)
    report(found, arrays["vectors"].astype(np.float32) / 127)
    np.savez_compressed(VECTORS_FILE, examples=np.array(digest(*files())), **arrays)
    print(f"{VECTORS_FILE.name}: {VECTORS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
