"""Taught examples: what designers say that messages mean, kept in the data folder.

One file in the format of the shipped examples (:mod:`memory.builtin.examples`), so that what
proved right can be moved there. A message counts as such an example when it says the same in
nearly the same words; the classifiers are asked only about all others.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memory.builtin.examples import labelled_lines
from memory.errors import BadInput
from memory.nlp.similarity import similarity
from memory.system.files import atomic_write
from memory.types import Action, ExtractionRequest, Operation
from memory.types.vectors import Encode

if TYPE_CHECKING:
    pass


FILE = "taught_examples.txt"
NEVER = "never"
"""The label of what must never become a memory."""

NEAR = 0.8
"""Cosine from which a message says the same as an example."""

LONGEST = 200
MOST = 500


@dataclass(frozen=True, slots=True)
class TaughtExample:
    """A sentence and what it means: an intent of the chat, or :data:`NEVER`."""

    text: str
    meaning: str


class TaughtExamples:
    """The examples of one installation.

    Args:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._lock = threading.Lock()
        self._read: tuple[float, tuple[TaughtExample, ...]] = (-1.0, ())

    def __call__(self) -> tuple[TaughtExample, ...]:
        """All of them, in the order in which they were taught."""
        try:
            changed = self._file.stat().st_mtime
        except OSError:
            return ()
        if changed != self._read[0]:
            lines = labelled_lines(self._file.read_text(encoding="utf-8"))
            taught = (TaughtExample(text, meaning) for _, meaning, text in lines if meaning)
            self._read = (changed, tuple(taught))
        return self._read[1]

    def add(self, text: str, meaning: str) -> None:
        """Teach one; what was taught of the same sentence before is replaced.

        Raises:
            BadInput: it is empty, too long, or there are too many.
        """
        plain = " ".join(text.split()).lstrip("[#")
        if not re.search(r"\w", plain):
            raise BadInput(code="example_empty")
        if len(plain) > LONGEST:
            raise BadInput(code="example_long", given=len(plain), limit=LONGEST)
        with self._lock:
            others = [one for one in self() if one.text != plain]
            if len(others) >= MOST:
                raise BadInput(code="examples_many", limit=MOST)
            self._write([*others, TaughtExample(plain, meaning)])

    def remove(self, text: str) -> None:
        """Forget what was taught of a sentence."""
        with self._lock:
            self._write([one for one in self() if one.text != text])

    def _write(self, examples: Sequence[TaughtExample]) -> None:
        atomic_write(self._file, "".join(f"[{one.meaning}]\n{one.text}\n" for one in examples))
        self._read = (-1.0, ())


def taught_meaning(
    text: str, examples: Sequence[TaughtExample], encode: Encode | None
) -> str | None:
    """The meaning of the nearest example that says the same as ``text``; None if none does.

    Args:
        text: A message or a sentence.
        examples: Where to look.
        encode: Gives unit vectors; without it only the very words count.
    """
    if not examples:
        return None
    for one in examples:
        if _bare(one.text) == _bare(text):
            return one.meaning
    if encode is None:
        return None
    rows = encode([text.lower(), *(one.text.lower() for one in examples)])
    near = (rows[1:] @ rows[0]).tolist()
    best = max(range(len(near)), key=near.__getitem__)
    return examples[best].meaning if near[best] >= NEAR else None


def without_never(
    operations: Sequence[Operation],
    request: ExtractionRequest,
    examples: Sequence[TaughtExample],
    encode: Encode | None,
) -> list[Operation]:
    """``operations`` without what must never become a memory.

    Args:
        operations: What was read.
        request: Of which batch.
        examples: What was taught.
        encode: Gives unit vectors.
    """
    never = [one for one in examples if one.meaning == NEVER]
    if not never:
        return list(operations)
    kept = []
    for operation in operations:
        said = [s for place in operation.source for s in _sentences(request, place)]
        unwanted = [s for s in said if taught_meaning(s, never, encode)]
        # Other sentences of the message are remembered: of which is this?
        if (
            operation.action is Action.DELETE
            or not unwanted
            or _nearest(operation.text, said, encode) not in unwanted
        ):
            kept.append(operation)
    return kept


def _nearest(text: str, said: Sequence[str], encode: Encode | None) -> str:
    if encode is None:
        return max(said, key=lambda one: similarity(one, text))
    rows = encode([text.lower(), *(one.lower() for one in said)])
    near = (rows[1:] @ rows[0]).tolist()
    return said[max(range(len(said)), key=near.__getitem__)]


def _sentences(request: ExtractionRequest, place: int) -> list[str]:
    if not 0 < place <= len(request.messages):
        return []
    parts = re.split(r"[。！？!?\n]+|\.\s+", request.messages[place - 1].text)
    return [part.strip() for part in parts if part.strip()]


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


__all__ = ["NEVER", "TaughtExample", "TaughtExamples", "taught_meaning", "without_never"]
