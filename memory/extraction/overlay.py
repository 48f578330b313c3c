"""Hypothetical memories: a dry run on other memories than the stored ones.

To extract a session again, what was learnt from it must not count as known, and what
its earlier batches would give now must. Nothing of that is in the store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from memory.nlp.similarity import similarity
from memory.types import Hit, Memory, Status, Subject


@dataclass(frozen=True, slots=True)
class HypotheticalMemories:
    """What a dry run treats as remembered, instead of what is stored.

    ``without`` are ids of stored memories that don't count; ``everything`` leaves them
    all out. ``memories`` count instead or beside; one that is stored, too, replaces it.
    """

    without: Collection[str] = frozenset()
    memories: tuple[Memory, ...] = ()
    everything: bool = False

    @property
    def hidden(self) -> frozenset[str]:
        """Ids of stored memories that a search must not give."""
        return frozenset(self.without) | {memory.id for memory in self.memories}

    def among(
        self, stored: Sequence[Hit], text: str, subject: Subject | None, limit: int
    ) -> list[Hit]:
        """The nearest memories as they would be; ``stored`` is what the store found
        without those in :attr:`hidden`.

        The supposed ones come by the words that they share with ``text``: they have no
        vectors, and there are few of them.
        """
        near = [
            Hit(memory, min(1.0, shared))
            for memory in self.memories
            if memory.status is Status.ACTIVE
            and (subject is None or memory.subject is subject)
            and (shared := similarity(text, memory.text)) > 0
        ]
        near.sort(key=lambda hit: -hit.score)
        return [*near[:limit], *stored][: max(limit, len(near[:limit]))]
