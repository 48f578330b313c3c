"""Output moderation: what a sentence of a reply does to somebody in danger.

A closed table of good wishes and laughter, and a softmax regression on sentence vectors
(``replies.npz``) that ``python -m scripts.train_reply_check`` fits to the examples in
``reply_examples`` and to the lines of the built-in companion.

    >>> verdict_on("Good luck tomorrow!", None)
    'amiss'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from memory.chat.safety.classifier import Encoder
from memory.chat.safety.nearest_means import nearest_means
from memory.errors import ReplyCut
from memory.system.lazy_imports import LazyModule
from memory.system.once import computed_once
from memory.types import ThoughtRetraction
from memory.types.vectors import Floats

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

EXAMPLES = Path(__file__).parent / "reply_examples"
WEIGHTS_FILE = Path(__file__).parent / "replies.npz"

CLASSES = ("caring", "plain", "astray", "cheers", "harms")
"""What a sentence can be; the last two are never said to somebody in danger."""

AMISS = 0.5
"""Probability of cheers and harms together from which a sentence is one."""

CARING = 0.5
"""Probability from which a sentence belongs to what such a reply is for."""

ASTRAY = 0.5
"""Probability of everything that doesn't fit from which a sentence is out of place."""

LONGEST = 240
"""Characters after which a sentence without an end is looked at all the same."""

CHEERS = re.compile(
    r"加油|恭喜|太棒|真棒|好耶|哈哈|嘻嘻|祝你(?:顺利|好运|成功|一路)|好运|你一定行|冲呀|奖励自己|"
    r"\bcongrat|good luck|go for it|\bawesome\b|\byay\b|\bha(?:ha)+\b|\blol\b|well done|"
    r"have fun|you've got this|break a leg|i knew you could|reward yourself|[😀-😆😂🤣🎉🥳]",
    re.IGNORECASE,
)
"""Good wishes, applause and laughter, which nobody should have for somebody in danger."""

Verdict: TypeAlias = Literal["caring", "plain", "astray", "amiss"]
Judge: TypeAlias = Callable[[str], Verdict]

_SENTENCE = re.compile(r"[^。！？!?…\n.]*(?:[。！？!?…\n]|\.(?=\s))+[\"”’」』)\s]*")
_LETTER = re.compile(r"\w")


NEAREST = (1, 4)
"""How many of a class's nearest examples a mean likeness is taken over."""

LIKENESS = 2.0
"""What a likeness counts beside a number of the sentence vector."""


@dataclass(frozen=True)
class ReplyWeights:
    """``replies.npz``: a column of ``matrix`` for each of :data:`CLASSES`, and the vectors of
    the examples, a row each, by class."""

    matrix: Floats
    bias: Floats
    examples: tuple[Floats, ...]
    digest: str

    def odds_of(self, vector: Floats) -> list[float]:
        """Probability of each class for a sentence vector."""
        cosines = (vector[None] @ rows.T for rows in self.examples)
        likeness = np.concatenate([likeness_of(one) for one in cosines], axis=1)[0]
        raw = np.concatenate([vector, likeness]) @ self.matrix + self.bias
        odds = np.exp(raw - raw.max())
        found: list[float] = (odds / odds.sum()).tolist()
        return found


def likeness_of(cosines: Floats) -> Floats:
    """Weighted means of the highest :data:`NEAREST` of each row of cosines with one class."""
    return LIKENESS * nearest_means(cosines, NEAREST)


@computed_once
def stored_weights() -> ReplyWeights:
    """The weights in the package, read once."""
    with np.load(WEIGHTS_FILE, allow_pickle=False) as file:
        vectors = file["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return ReplyWeights(
            matrix=file["matrix"].astype(np.float32),
            bias=file["bias"].astype(np.float32),
            examples=tuple(vectors[file["labels"] == place] for place in range(len(CLASSES))),
            digest=str(file["examples"]),
        )


def verdict_on(sentence: str, encoder: Encoder | None) -> Verdict:
    """What ``sentence`` does; by the closed table alone where no encoder is ready."""
    if CHEERS.search(sentence):
        return "amiss"
    if encoder is None or not encoder.ready or not _LETTER.search(sentence):
        return "plain"
    odds = stored_weights().odds_of(encoder.encode([sentence.strip().lower()])[0])
    likely = dict(zip(CLASSES, odds, strict=True))
    wrong = likely["cheers"] + likely["harms"]
    if wrong >= AMISS:
        return "amiss"
    if likely["caring"] >= CARING:
        return "caring"
    return "astray" if wrong + likely["astray"] >= ASTRAY else "plain"


def checked(
    pieces: Iterable[str],
    judge: Judge,
    instead: Callable[[], Iterable[str]],
    *,
    needs_care: bool,
) -> Iterator[str]:
    """``pieces`` as they come, a sentence at a time, for as long as nothing is amiss in them.

    One sentence that is amiss takes everything back, and ``instead`` is said. Where care is
    needed nothing is shown before a caring sentence came: a reply without any is followed by
    ``instead``, or replaced where it speaks of something else.

    Args:
        pieces: A model's reply; may take back what it said.
        judge: What one sentence does.
        instead: Gives the pieces of a reply that is safe to say; asked once at the most.
        needs_care: Somebody is in danger now.

    Raises:
        ReplyCut: as ``pieces`` does; what was said before and is fit to be shown is shown.
    """
    reading = _Reading(judge, needs_care=needs_care)
    cut: ReplyCut | None = None
    try:
        for piece in pieces:
            if isinstance(piece, ThoughtRetraction):
                if reading.shown:
                    yield piece
                reading = _Reading(judge, needs_care=needs_care)
                continue
            fit = reading.take(piece)
            if reading.amiss:
                break
            if fit:
                yield fit
    except ReplyCut as error:
        cut = error
    fit = reading.end()
    replaced = reading.amiss or (needs_care and not reading.cared and reading.astray)
    if replaced and reading.shown:
        yield ThoughtRetraction()
    if not replaced and fit:
        yield fit
    if cut is not None and not replaced:
        raise cut
    if replaced or (needs_care and not reading.cared):
        if not replaced and fit.strip():
            yield "\n\n"
        yield from instead()


class _Reading:
    """A reply as far as it came: what was shown, what waits, and what was found in it."""

    def __init__(self, judge: Judge, *, needs_care: bool) -> None:
        self._judge = judge
        self._waits = needs_care
        self._held = ""
        self._open = ""
        self.shown = self.cared = self.astray = self.amiss = False

    def take(self, piece: str) -> str:
        """What may be shown now that ``piece`` came."""
        self._open += piece
        while not self.amiss and (end := self._first_end()):
            self._read(self._open[:end])
            self._open = self._open[end:]
        return self._released()

    def end(self) -> str:
        """What is left to show, caring or not; it still has to be asked what was found."""
        if self._open and not self.amiss:
            self._read(self._open)
            self._open = ""
        self._waits = False
        return self._released()

    def _first_end(self) -> int:
        match = _SENTENCE.match(self._open)
        # What stands at the very end may go on: "3." "5 metres", "Wait." "..".
        if match and match.end() < len(self._open):
            return match.end()
        return LONGEST if len(self._open) > LONGEST else 0

    def _read(self, sentence: str) -> None:
        verdict = self._judge(sentence)
        self.amiss = self.amiss or verdict == "amiss"
        self.cared = self.cared or verdict == "caring"
        self.astray = self.astray or verdict == "astray"
        self._held += sentence

    def _released(self) -> str:
        if self.amiss or (self._waits and not self.cared):
            return ""
        fit, self._held = self._held, ""
        self.shown = self.shown or bool(fit)
        return fit
