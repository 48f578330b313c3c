"""Memory diff: two lists side by side; the same, changed, or only on one side (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from memory.extraction.reconcile import DEFAULT_IMPORTANCE
from memory.nlp.similarity import normal, similarity
from memory.types import Action, Memory, Operation

ALIKE_SHARE = 0.5
"""Sentences that share this much tell the same thing in other words."""

SAME_SOURCE_SHARE = 0.2
"""The same for sentences that come from the same message."""

COMPARED = ("text", "kind", "category", "event_date", "importance")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DiffPair(Generic[T]):
    """What two runs made of the same thing; ``fields`` are those that differ."""

    a: T | None
    b: T | None
    fields: frozenset[str] = frozenset()

    @property
    def what(self) -> str:
        """``same``, ``changed``, ``only_a`` or ``only_b``."""
        if self.a is None:
            return "only_b"
        if self.b is None:
            return "only_a"
        return "changed" if self.fields else "same"


def proposals(a: Sequence[Operation], b: Sequence[Operation]) -> list[DiffPair[Operation]]:
    """Pair what two extractions propose; in A's order, then what only B has."""
    return paired(a, b, _operations_alike, COMPARED)


def memories(
    a: Sequence[Memory], b: Sequence[Memory], compared: Sequence[str] = COMPARED
) -> list[DiffPair[Memory]]:
    """Pair memories; in A's order, then what only B has."""
    return paired(a, b, _memories_alike, compared)


def paired(
    a: Sequence[T], b: Sequence[T], alike: Callable[[T, T], float], compared: Sequence[str]
) -> list[DiffPair[T]]:
    """Each of ``a`` with the one of ``b`` that is most like it, each used once."""
    scored = sorted(
        (
            (score, -i, -j)
            for i, one in enumerate(a)
            for j, other in enumerate(b)
            if (score := alike(one, other)) > 0
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in scored:
        if -i not in partner and -j not in used:
            partner[-i] = -j
            used.add(-j)
    pairs = [
        DiffPair(one, other, _differing(one, other, compared))
        if (other := b[partner[i]] if i in partner else None) is not None
        else DiffPair(one, None)
        for i, one in enumerate(a)
    ]
    return pairs + [DiffPair(None, other) for j, other in enumerate(b) if j not in used]


def _differing(one: object, other: object, compared: Sequence[str]) -> frozenset[str]:
    different = {name for name in compared if _value(one, name) != _value(other, name)}
    return frozenset(different - ({"text"} if _same_words(one, other) else set()))


def _value(thing: object, name: str) -> object:
    value = getattr(thing, name)
    # What a proposal leaves out is filled in so when it is decided on.
    return DEFAULT_IMPORTANCE if name == "importance" and value is None else value


def _same_words(one: object, other: object) -> bool:
    return normal(str(getattr(one, "text", ""))) == normal(str(getattr(other, "text", "")))


def _operations_alike(one: Operation, other: Operation) -> float:
    if Action.DELETE in (one.action, other.action):
        return float((one.action, one.id) == (other.action, other.id))
    return _alike(one.text, other.text) if one.subject is other.subject else 0.0


def _memories_alike(one: Memory, other: Memory) -> float:
    if one.id == other.id:
        return 2.0
    if one.subject is not other.subject:
        return 0.0
    common = set(one.source.message_ids) & set(other.source.message_ids)
    return _alike(one.text, other.text, SAME_SOURCE_SHARE if common else ALIKE_SHARE)


def _alike(one: str, other: str, least: float = ALIKE_SHARE) -> float:
    if normal(one) == normal(other):
        return 1.0
    shared = similarity(one, other)
    return shared if shared >= least else 0.0
