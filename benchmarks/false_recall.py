"""False recall: whether a message that concerns no memory recalls one, beside those that do.

    python -m benchmarks.false_recall            # the held-out people
    python -m benchmarks.false_recall --fit      # those that the gate's weights were made from
    python -m benchmarks.false_recall -v         # with every false and every missed one

``benchmarks/messages`` holds memories of people and messages, in the form of
:mod:`memory.vector_store.search.example_messages`; nothing is learnt from them. Every message
goes to every person of its language, with the sentence encoder and with hashed n-grams.
"""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

# Also as a script: python benchmarks/false_recall.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contestants import our_store
from memory.llm.hashing_embedder import HashingEmbedder
from memory.nlp.language import detect
from memory.types import Kind, Memory, Owner, Subject
from memory.vector_store.search.example_messages import (
    EXAMPLES,
    ExampleMemory,
    ExamplePerson,
    of_no_concern,
    people,
)
from memory.vector_store.store import MemoryStore

HELD_OUT = Path(__file__).parent / "messages"
TODAY = date(2026, 12, 1)
NOW = datetime.combine(TODAY, time(12), UTC)
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class About:
    """A message and the memory that it concerns; ``shared``: they have words in common."""

    text: str
    memory_id: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """A person's memories, and messages that concern them."""

    owner: Owner
    language: str
    memories: tuple[Memory, ...]
    messages: tuple[About, ...]


@dataclass(slots=True)
class Counts:
    """What was recalled in one language.

    Messages that concern nothing: ``strange``, of which ``false`` recalled anything,
    ``recalled`` memories in all. Messages that concern a memory, by whether they share words
    with it: how many there are, how many found it among the first five, how many recalled
    nothing at all.
    """

    strange: int = 0
    false: int = 0
    recalled: int = 0
    asked: tuple[int, int] = (0, 0)
    found: tuple[int, int] = (0, 0)
    silent: tuple[int, int] = (0, 0)


def remembered(folder: Path) -> list[Remembered]:
    """The people of a folder."""
    return [_remembered(one) for one in people(folder)]


def fill(store: MemoryStore, persons: Sequence[Remembered]) -> None:
    """Put everybody's memories into a store."""
    for person in persons:
        store.writes.put(list(person.memories))


def measure(
    store: MemoryStore, persons: Sequence[Remembered], folder: Path
) -> Iterator[tuple[str, Counts, list[str]]]:
    """For each language what was counted, and a line for each message that went wrong."""
    for language in LANGUAGES:
        counts, wrong = Counts(), []
        for person in (one for one in persons if one.language == language):
            texts = {memory.id: memory.text for memory in person.memories}
            for message in of_no_concern(folder, language):
                hits = _recalled(store, person, message)
                counts.strange += 1
                counts.false += bool(hits)
                counts.recalled += len(hits)
                if hits:
                    wrong.append(f"false   {message} -> {texts[hits[0]]}")
            for one in person.messages:
                hits = _recalled(store, person, one.text)
                at = (int(one.shared), int(not one.shared))
                counts.asked = _plus(counts.asked, at)
                if one.memory_id in hits[:5]:
                    counts.found = _plus(counts.found, at)
                else:
                    wrong.append(f"missed  {one.text} -> {texts[one.memory_id]}")
                    wrong[-1] += "" if hits else " (nothing)"
                if not hits:
                    counts.silent = _plus(counts.silent, at)
        yield language, counts, wrong


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both embedders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="the people that were learnt from")
    parser.add_argument("-v", "--verbose", action="store_true", help="every message that failed")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(arguments)
    folder = EXAMPLES if options.fit else HELD_OUT
    persons = remembered(folder)
    figures: dict[str, dict[str, float]] = {}
    print("embedder lang  false in 100   R@5: shared words, none, all   nothing recalled")
    for name, embedder in (("encoder", None), ("hashed", HashingEmbedder())):
        with our_store(embedder) as store:
            fill(store, persons)
            for language, counts, wrong in measure(store, persons, folder):
                figures[f"{name}.{language}"] = row = {
                    "false": 100 * counts.false / counts.strange,
                    "shared": counts.found[0] / counts.asked[0],
                    "unshared": counts.found[1] / counts.asked[1],
                    "all": sum(counts.found) / sum(counts.asked),
                    "silent": sum(counts.silent) / sum(counts.asked),
                }
                print(
                    f"{name:<9}{language:<6}{row['false']:>8.1f}{row['shared']:>18.3f}"
                    f"{row['unshared']:>9.3f}{row['all']:>7.3f}{row['silent']:>15.3f}"
                )
                if options.verbose:
                    print("\n".join(wrong))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def _remembered(person: ExamplePerson) -> Remembered:
    owner = Owner(person.name, "niannian")
    memories = [_memory(owner, one) for one in person.memories]
    messages = [
        About(message.text, memory.id, message.shared)
        for memory, one in zip(memories, person.memories, strict=True)
        for message in one.messages
    ]
    return Remembered(owner, person.language, tuple(memories), tuple(messages))


def _memory(owner: Owner, told: ExampleMemory) -> Memory:
    own = told.text.startswith(("念念", "Niannian"))
    return Memory(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{owner.user_id}#{told.text}")),
        owner=owner,
        text=told.text,
        subject=Subject.AI if own else Subject.USER,
        kind=Kind.TEMPORAL if told.event_date else Kind.CONSTANT,
        category="event" if told.event_date else "other",
        created_at=NOW,
        updated_at=NOW,
        event_date=told.event_date,
        language=detect(told.text),
    )


def _recalled(store: MemoryStore, person: Remembered, message: str) -> list[str]:
    hits = store.reads.search(person.owner, message, limit=20, today=TODAY, now=NOW)
    return [hit.memory.id for hit in hits]


def _plus(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    return first[0] + second[0], first[1] + second[1]


if __name__ == "__main__":
    main()
