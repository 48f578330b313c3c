"""Comparison features of a memory, computed once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from memory.memories.relations.attributes import Attribute, attributes, holder_of
from memory.memories.relations.relations import Statement, days, numberless, takes_back
from memory.memories.subject import Names
from memory.nlp.similarity import content, letters, normal, without_negation
from memory.types import Kind, Memory, Subject


@dataclass(frozen=True, slots=True)
class ComparedMemory:
    """A memory ready for comparing.

    Attributes:
        units: The content of what it says, without dates and words of intention.
        letters: The same with pairs of characters taken apart.
        slots: What it says of things of which a person has only one at a time.
        days: First and last day of its date; ``None`` without one.
        words: Keys under which memories of the same words meet, whatever the units.
        named: Whom its first words name; ``None``: nobody.
        takes_back: Whether it may call off or move what another one tells of.
    """

    memory: Memory
    statement: Statement
    units: frozenset[str]
    letters: frozenset[str]
    slots: tuple[Attribute, ...]
    days: tuple[date, date] | None
    words: tuple[Hashable, ...]
    named: Subject | None
    takes_back: bool


def fact_of(memory: Memory, names: Names) -> ComparedMemory:
    """The memory with all that comparing needs."""
    statement = statement_of(memory, names)
    rest = statement.rest
    units = content(statement.bare)
    return ComparedMemory(
        memory=memory,
        statement=statement,
        units=units,
        letters=letters(units),
        slots=tuple(attributes(rest)),
        days=days(memory.event_date),
        words=tuple(_words(memory, rest)),
        named=names.split(memory.text)[0],
        takes_back=takes_back(rest),
    )


def statement_of(memory: Memory, names: Names) -> Statement:
    """The memory as :func:`memory.memories.relations.relations.relate` compares it."""
    return Statement(
        text=memory.text,
        rest=names.split(memory.text)[1],
        subject=memory.subject,
        kind=memory.kind,
        category=memory.category,
        event_date=memory.event_date,
    )


def _words(memory: Memory, rest: str) -> list[Hashable]:
    side = memory.subject
    found: list[Hashable] = [("same", side, normal(rest), memory.event_date)]
    if memory.kind is Kind.CONSTANT:
        # Yes and no to the same thing, and other numbers of it, share no units.
        found.append(("denied", side, holder_of(rest), content(without_negation(rest))))
        bare = numberless(rest)
        if bare != normal(rest):
            found.append(("counted", side, bare))
    return found
