"""Make the sentence encoder's vectors of the calibration sentences.

    python -m scripts.embed_calibration   # writes memory/vector_store/search/calibration.npz

The same sentences give the same vectors, each number in two bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

# Also as a script: python scripts/embed_calibration.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import SentenceEncoder
from memory.vector_store.search.calibration import VECTORS_FILE, examples_of, measure


def main() -> None:
    """Write them."""
    embedder = LocalEmbedder(SentenceEncoder())
    scale = measure(embedder)
    chatter, earnest = examples_of(embedder)
    np.savez_compressed(
        VECTORS_FILE,
        chance=np.array(scale.chance),
        spread=np.array(scale.spread),
        chatter=chatter.astype(np.float16),
        earnest=earnest.astype(np.float16),
    )
    print(f"{VECTORS_FILE.name}: {VECTORS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
