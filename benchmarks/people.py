"""Memory owners with questions: the files that retrieval and context are measured on.

One owner a line: ``corpus`` is a list of ``{"id", "text", "date"}`` in the order in
which things were said, ``queries`` of ``{"q", "evidence_ids"}``. Where the same fact
is in several items, ``evidence_groups`` lists the ids of each group, and one item of
a group is enough.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from memory.nlp.language import detect
from memory.types import Kind, Memory, Owner, Subject
from memory.vector_store.search.sparse import without_speaker

PERSONA = "niannian"

_DATE_FORMS = ("%Y-%m-%d", "%I:%M %p on %d %B, %Y", "%d %B, %Y", "%Y-%m", "%Y")
_EVENT_FORMS = {"%Y-%m": "%Y-%m", "%Y": "%Y"}


@dataclass(frozen=True)
class Item:
    """One text of a corpus; a turn of a dialogue after the one before it in the same session.

    (Same ``date``, to the minute where the file says so.) A raw turn often says nothing by
    itself: "Yes, last year!". A sentence that no speaker's name stands before says it all.
    """

    id: str
    text: str
    event_date: str | None


@dataclass(frozen=True)
class Question:
    """A question and its evidence: of each group one item is wanted."""

    text: str
    groups: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Person:
    """One line of a file."""

    name: str
    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    today: date

    @property
    def owner(self) -> Owner:
        """Whose memories these become."""
        return Owner(self.name, PERSONA)

    def item_of(self, memory_id: str) -> Item:
        """The item that a memory was made from."""
        return next(item for item in self.items if _uuid(self.name, item.id) == memory_id)

    def memories(self) -> list[Memory]:
        """The corpus as memories, each stored on the day it is about."""
        return [self._memory(item) for item in self.items]

    def _memory(self, item: Item) -> Memory:
        told = item.event_date if item.event_date and len(item.event_date) == 10 else None
        day = date.fromisoformat(told) if told else self.today
        at = datetime.combine(day, time(12), UTC)
        return Memory(
            id=_uuid(self.name, item.id),
            owner=self.owner,
            text=item.text,
            subject=Subject.USER,
            kind=Kind.TEMPORAL if item.event_date else Kind.CONSTANT,
            category="event" if item.event_date else "other",
            created_at=at,
            updated_at=at,
            event_date=item.event_date,
            language=detect(item.text),
        )


def load(path: Path) -> list[Person]:
    """The owners in a file; those without questions are left out."""
    people = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if line.strip():
            row = json.loads(line)
            # Names may come twice, and mem0 allows no spaces in them.
            person = _person(f"{path.stem}-{number}", row)
            if person.questions:
                people.append(person)
    return people


def _person(name: str, row: dict[str, Any]) -> Person:
    items: list[Item] = []
    before: dict[str, Any] = {}
    for entry in row["corpus"]:
        same_session = bool(before) and before.get("date") == entry.get("date")
        told = same_session and without_speaker(entry["text"]) != entry["text"]
        text = f"{before['text']}\n{entry['text']}" if told else entry["text"]
        before = entry
        items.append(
            Item(
                id=str(entry["id"]),
                text=text,
                event_date=event_date(str(entry.get("date") or "")),
            )
        )
    days = [
        date.fromisoformat(i.event_date) for i in items if i.event_date and len(i.event_date) == 10
    ]
    today = max(days, default=date(2024, 1, 1)) + timedelta(days=1)
    return Person(name, tuple(items), _questions(row.get("queries", ())), today)


def _questions(rows: Sequence[dict[str, Any]]) -> tuple[Question, ...]:
    found = []
    for row in rows:
        single = [[e] for e in row.get("evidence_ids") or row.get("evidence") or ()]
        groups = tuple(frozenset(map(str, g)) for g in row.get("evidence_groups") or single if g)
        if groups:
            found.append(Question(row["q"], groups))
    return tuple(found)


def event_date(given: str) -> str | None:
    """A file's date as ``YYYY-MM-DD`` (or shorter where it says less)."""
    for form in _DATE_FORMS:
        try:
            day = datetime.strptime(given.strip(), form)
        except ValueError:
            continue
        return day.strftime(_EVENT_FORMS.get(form, "%Y-%m-%d"))
    return None


def _uuid(name: str, item_id: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}#{item_id}"))
