"""Candidate pairs (blocking): memories that may say the same or the opposite.

Two sentences say the same if they share :data:`SAME_SHARE` of their content (see
:mod:`memory.memories.relations.relations`). So one of the few rarest units of the one has
to be in the other: each memory is filed under all of its units and under its
rarest ones, and only those that meet there are compared ("prefix filtering",
Chaudhuri, Ganti and Kaushik 2006). What contradicts shares less: it meets under
the slot it fills (home, work …) and under its words without "not" and numbers.

Where an embedder is configured, neighbours by meaning are compared with the same rules
afterwards (:meth:`MemoryPairs.meet`), and may say the same in other words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from math import ceil

from memory.memories.relations.relations import CANCELLED_SHARE, SAME_SHARE, Relation, relate
from memory.memories.review.facts import ComparedMemory
from memory.memories.review.finding import FindingKind
from memory.memories.review.paraphrases import may_be_same, threshold
from memory.nlp.similarity import negative, numbers
from memory.priority import Priority
from memory.types import Memory, Subject
from memory.vector_store.search.neighbours import Near

MOST_ALIKE = 20
"""Relations noted of one memory at most; who has more of them merges in rounds."""

RESTATED_SHARE = 0.9
"""Content that two have to share to say the same if each says something else besides."""

MOST_MET = 400
"""Memories looked at under one key at most, the latest first."""

MAY_REPLACE = "may_replace"
"""Metadata of a memory: the id of another that an extraction model would replace by it."""

NEAREST = 10
"""Plans that a cancellation is compared with."""

KINDS = {
    Relation.SAME: FindingKind.DUPLICATE,
    Relation.WEAKER: FindingKind.DUPLICATE,
    Relation.BETTER: FindingKind.DUPLICATE,
    Relation.HAPPENED: FindingKind.DUPLICATE,
    Relation.REPLACES: FindingKind.CONTRADICTION,
    Relation.CANCELS: FindingKind.CONTRADICTION,
}

Place = dict[Hashable, dict[str, None]]
"""Ids under a key, in the order in which they came."""


@dataclass(frozen=True, slots=True)
class MemoryPair:
    """Two memories, the one remembered earlier first, and what the later is to it.

    ``equal`` if their content is the same word for word.
    """

    old: Memory
    new: Memory
    relation: Relation
    equal: bool

    @property
    def kind(self) -> FindingKind:
        """What it would be in the inbox."""
        return KINDS[self.relation]


class MemoryPairs:
    """The memories of one owner and how they stand to each other. Not for many threads.

    Args:
        zone: The user's time zone: on which day something was said.
    """

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._facts: dict[str, ComparedMemory] = {}
        self._seen: Counter[str] = Counter()
        # Under units with a date ("": none, "*": any); under ways to say the same, and slots.
        self._all: Place = defaultdict(dict)
        self._rare: Place = defaultdict(dict)
        self._keyed: Place = defaultdict(dict)
        self._taking_back: dict[str, None] = {}
        self._places: dict[str, list[tuple[Place, Hashable]]] = {}
        self._pairs: dict[str, dict[str, MemoryPair]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[MemoryPair]:
        """Every pair once."""
        for id, others in self._pairs.items():
            yield from (pair for other, pair in others.items() if id < other)

    def add(self, facts: Iterable[ComparedMemory], priority: Priority | None = None) -> None:
        """Compare more memories with those that are there, and with each other.

        Args:
            facts: What they say.
            priority: Who waits for something, while very many are compared.
        """
        fresh = list(facts)
        # Counted before any is filed: what is rare is rare among all of them.
        for fact in fresh:
            self._seen.update(fact.units)
        for fact in priority.throttled(fresh) if priority else fresh:
            self._compare(fact)
            self._file(fact)

    def meet(self, id: str, near: Sequence[Near]) -> None:
        """Compare a memory that is there with its neighbours by meaning.

        By the same rules; who is as near as a paraphrase counts as one where they see
        nothing against it. Unknown ids are left out.
        """
        fact, enough = self._facts.get(id), threshold(near)
        if fact is None:
            return
        mine = self._pairs[id]
        for one in near:
            other = self._facts.get(one.id)
            if other is None or other is fact or one.id in mine or len(mine) >= MOST_ALIKE:
                continue
            pair = _pair(fact, other, self._zone)
            if pair is None and one.cosine >= enough and may_be_same(fact, other):
                old, new = sorted((other, fact), key=_age)
                pair = MemoryPair(old.memory, new.memory, Relation.SAME, equal=False)
            if pair is not None:
                mine[one.id] = self._pairs[one.id][id] = pair

    def remove(self, ids: Iterable[str]) -> None:
        """Forget memories; unknown ids are left out."""
        for id in ids:
            fact = self._facts.pop(id, None)
            if fact is None:
                continue
            self._seen.subtract(fact.units)
            for place, key in self._places.pop(id):
                place[key].pop(id)
                if not place[key]:
                    del place[key]
            self._taking_back.pop(id, None)
            for other in self._pairs.pop(id, {}):
                self._pairs[other].pop(id, None)

    def _file(self, fact: ComparedMemory) -> None:
        id = fact.memory.id
        places: list[tuple[Place, Hashable]] = [(self._keyed, key) for key in _keys(fact)]
        places.append((self._keyed, _day(fact)))
        for date in (_date(fact), "*"):
            places += [(self._all, (unit, date)) for unit in fact.units]
            places += [(self._rare, (unit, date)) for unit in self._rarest(fact)]
        for place, key in places:
            place[key][id] = None
        self._places[id] = places
        self._facts[id] = fact
        if fact.takes_back:
            self._taking_back[id] = None

    def _compare(self, fact: ComparedMemory) -> None:
        mine = self._pairs[fact.memory.id]
        for id in self._met(fact):
            if len(mine) >= MOST_ALIKE:
                return
            pair = _pair(fact, self._facts[id], self._zone)
            if pair is not None:
                mine[id] = self._pairs[id][fact.memory.id] = pair

    def _met(self, fact: ComparedMemory) -> dict[str, None]:
        """The memories that are worth comparing with ``fact``."""
        met: dict[str, None] = {}
        for key in _keys(fact):
            met.update(dict.fromkeys(self._under(self._keyed, key)))
        if fact.days:
            beside = self._under(self._keyed, _day(fact))
            met.update((id, None) for id in beside if _same_day(self._facts[id], fact))
        near: dict[str, None] = {}
        dates = _dates(fact)
        for unit in self._rarest(fact):
            for date in dates:
                near.update(dict.fromkeys(self._under(self._all, (unit, date))))
        for unit in fact.units:
            for date in dates:
                near.update(dict.fromkeys(self._under(self._rare, (unit, date))))
        met.update((id, None) for id in near if self._close(fact, self._facts[id]))
        met.update(dict.fromkeys(self._plans(fact)))
        return met

    def _plans(self, fact: ComparedMemory) -> list[str]:
        """What ``fact`` may take back, or what may take it back."""
        if not fact.takes_back:
            news = [id for id in self._taking_back if self._shares(fact, self._facts[id])]
            return news if fact.statement.is_plan or fact.days else []
        shared: Counter[str] = Counter()
        for unit in fact.units:
            shared.update(list(self._under(self._all, (unit, "*"))))
        return [id for id, _ in shared.most_common(NEAREST)]

    def _close(self, fact: ComparedMemory, other: ComparedMemory) -> bool:
        """Whether they share enough to be looked at; quicker than looking."""
        if fact.memory.subject is not other.memory.subject:
            return False
        smaller = min(len(fact.units), len(other.units))
        return len(fact.units & other.units) >= SAME_SHARE * smaller

    @staticmethod
    def _shares(fact: ComparedMemory, other: ComparedMemory) -> bool:
        smaller = min(len(fact.units), len(other.units))
        return 0 < CANCELLED_SHARE * smaller <= len(fact.units & other.units)

    def _rarest(self, fact: ComparedMemory) -> list[str]:
        """Its rarest units, enough of them that any pair that shares enough shares one of these."""
        size = len(fact.units)
        count = size - ceil(SAME_SHARE * size) + 1
        return sorted(fact.units, key=lambda unit: (self._seen[unit], unit))[:count]

    @staticmethod
    def _under(place: Place, key: Hashable) -> Iterable[str]:
        found = place.get(key, {})
        return found if len(found) <= MOST_MET else list(found)[-MOST_MET:]


def _pair(fact: ComparedMemory, other: ComparedMemory, zone: tzinfo) -> MemoryPair | None:
    """What the rules say of two memories; ``None``: nothing."""
    if {fact.named, other.named} == set(Subject):
        return None
    old, new = sorted((other, fact), key=_age)
    said_on = new.memory.created_at.astimezone(zone).date()
    relation = relate(new.statement, old.statement, said_on)
    if new.memory.metadata.get(MAY_REPLACE) == old.memory.id and relation is Relation.OTHER:
        relation = Relation.REPLACES
    if relation is Relation.OTHER and _same_day(old, new):
        relation = Relation.HAPPENED if old.statement.is_plan else Relation.SAME
    if relation not in KINDS or (relation is Relation.SAME and not _restated(old, new)):
        return None
    return MemoryPair(old.memory, new.memory, relation, old.units == new.units)


def _same_day(one: ComparedMemory, other: ComparedMemory) -> bool:
    """Whether they tell of the same day in nearly the same characters: 看展, 看了展."""
    if not one.days or one.days != other.days or one.days[0] != one.days[1]:
        return False
    if one.memory.subject is not other.memory.subject:
        return False
    shared = len(one.letters & other.letters)
    if not shared or shared < SAME_SHARE * max(len(one.letters), len(other.letters)):
        return False
    mine, theirs = one.statement.bare, other.statement.bare
    return negative(mine) == negative(theirs) and numbers(mine) == numbers(theirs)


def _restated(one: ComparedMemory, other: ComparedMemory) -> bool:
    """Whether what each has of its own is little enough to be mere wording.

    One word in seven may be another thing: "likes the wooden cake", "… bicycle".
    """
    shared = len(one.units & other.units)
    if (
        _same_day(one, other)
        or shared == min(len(one.units), len(other.units))
        or _slots(one) & _slots(other)
    ):
        return True
    return shared >= RESTATED_SHARE * max(len(one.units), len(other.units))


def _slots(fact: ComparedMemory) -> set[tuple[str, str]]:
    return {(attribute.holder, attribute.slot) for attribute in fact.slots}


def _age(fact: ComparedMemory) -> tuple[object, str]:
    return fact.memory.created_at, fact.memory.id


def _day(fact: ComparedMemory) -> Hashable:
    return ("day", fact.memory.subject, fact.memory.event_date)


def _keys(fact: ComparedMemory) -> Iterator[Hashable]:
    yield from fact.words
    # Met by the memory that may replace it, and by the one that it may replace.
    yield ("doubt", fact.memory.id)
    if doubted := fact.memory.metadata.get(MAY_REPLACE):
        yield ("doubt", doubted)
    for attribute in fact.slots:
        yield ("slot", fact.memory.subject, attribute.holder, attribute.slot)


def _date(fact: ComparedMemory) -> str:
    return (fact.memory.event_date or "") if fact.days else ""


def _dates(fact: ComparedMemory) -> tuple[str, ...]:
    """The dates under which a memory of the same event may be filed.

    A day meets its month, its year and what has no date; anything less exact may
    meet all.
    """
    date = _date(fact)
    return (date, date[:7], date[:4], "") if len(date) == len("2026-01-01") else ("*",)
