"""Review state: what is known of one owner's memories between two scans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from memory.memories.relations.relations import Relation
from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.checks import checked
from memory.memories.review.facts import fact_of
from memory.memories.review.finding import Finding, FindingKind
from memory.memories.review.fixes import merged_fields
from memory.memories.review.pairs import MemoryPair, MemoryPairs
from memory.priority import Priority
from memory.types import Memory, Message
from memory.vector_store.search.neighbours import Near

Messages = Callable[[Sequence[str]], Sequence[Message]]
"""The owner's messages of these ids: ``db.messages.by_ids`` with the owner filled in."""

Alike = Callable[[Sequence[Memory]], Mapping[str, Sequence[Near]]]
"""Neighbours of memories by meaning: ``store.alike``."""

_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


@dataclass
class ReviewState:
    """Findings of the memories taken in so far; ``end`` is where the journal ended then."""

    end: int
    about: CheckedOwner
    pairs: MemoryPairs = field(default_factory=MemoryPairs)
    priority: Priority = field(default_factory=Priority)
    singles: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    unasked: dict[str, Memory] = field(default_factory=dict)
    """Memories whose neighbours by meaning weren't looked at, the latest last."""

    def take(self, memories: Iterable[Memory], messages: Messages) -> None:
        """Look at more memories; each only once between two calls of :meth:`forget`."""
        fresh = sorted(memories, key=lambda memory: (memory.created_at, memory.id))
        wanted = dict.fromkeys(id for memory in fresh for id in memory.source.message_ids)
        told = {message.id: message for message in messages(list(wanted))} if wanted else {}
        for memory in self.priority.throttled(fresh):
            sources = [told[id] for id in memory.source.message_ids if id in told]
            found = tuple(checked(memory, sources, self.about))
            if found:
                self.singles[memory.id] = found
        facts = [fact_of(memory, self.about.names) for memory in self.priority.throttled(fresh)]
        self.pairs.add(facts, self.priority)
        self.unasked.update((memory.id, memory) for memory in fresh)

    def ask(self, count: int, alike: Alike) -> None:
        """Look at neighbours by meaning of ``count`` memories, the latest first."""
        some = list(islice(reversed(self.unasked.values()), count))
        found = alike(some)
        for memory in some:
            self.pairs.meet(memory.id, found.get(memory.id, ()))
            del self.unasked[memory.id]

    def forget(self, ids: Iterable[str]) -> None:
        """Forget memories that changed or are gone."""
        gone = list(ids)
        for id in gone:
            self.singles.pop(id, None)
            self.unasked.pop(id, None)
        self.pairs.remove(gone)

    def findings(self, settled: frozenset[str]) -> list[Finding]:
        """Everything but what was settled, by kind, what is about the latest memories first."""
        found = [*self._of_pairs(settled), *self._of_one(settled)]
        # Two passes: sorted() keeps the order of equal ones.
        found.sort(key=_latest, reverse=True)
        return sorted(found, key=lambda finding: _ORDER[finding.kind])

    def _of_one(self, settled: frozenset[str]) -> Iterator[Finding]:
        for findings in self.singles.values():
            yield from (finding for finding in findings if finding.key not in settled)

    def _of_pairs(self, settled: frozenset[str]) -> Iterator[Finding]:
        """Five memories that say the same give four pairs, not ten: each merge makes one fewer."""
        tied: dict[tuple[FindingKind, str], str] = {}

        def root(kind: FindingKind, id: str) -> str:
            while (above := tied.get((kind, id), id)) != id:
                id = above
            return id

        for pair in sorted(self.pairs, key=_newest, reverse=True):
            finding = _finding(pair)
            if finding.key in settled:
                continue
            one, other = (root(pair.kind, memory.id) for memory in finding.memories)
            if one != other:
                tied[pair.kind, one] = other
                yield finding


def _finding(pair: MemoryPair) -> Finding:
    both = (pair.old, pair.new)
    if pair.kind is FindingKind.CONTRADICTION:
        return Finding(pair.kind, both)
    fields = merged_fields(pair.old, pair.new, pair.relation)
    return Finding(pair.kind, both, fields, sure=pair.equal and pair.relation is Relation.SAME)


def _newest(pair: MemoryPair) -> tuple[object, object, str, str]:
    return pair.new.created_at, pair.old.created_at, pair.new.id, pair.old.id


def _latest(finding: Finding) -> tuple[object, str]:
    memory = finding.memories[-1]
    return memory.created_at, memory.id
