"""How much the built-in companion understands without a key.

    python -m benchmarks.understanding                      # the talks of this repository
    python -m benchmarks.understanding -v                   # each reply as well
    python -m benchmarks.understanding -v --talks benchmarks/talks/everyday  # to be judged
    python -m benchmarks.understanding --utterances FILE    # things people say
    python -m benchmarks.understanding --turns FILE         # ordinary talk: what is left of it

Talks are in ``benchmarks/talks``: people with memories who talk and ask. Those in its folder
``everyday`` are of ordinary days; whether a reply is on topic, a reader judges. Those in
``indirect`` ask in everyday words; with the others, the answers are fitted on them. Utterances are
JSON lines with ``messages`` (or ``text`` and ``date``), ``lang`` and ``keys``, patterns
that the memories must match; without keys they are only counted. Turns are a public set
of dialogues (see docs/benchmarks.md); what was remembered of them is printed to be judged.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memory.builtin.chat import BuiltinChat
from memory.builtin.chat.memories_talk import DID_YOU_MEAN, FORGOT, FORGOT_DAYS, KNOWN_PART
from memory.builtin.extraction import BuiltinExtraction
from memory.chat.personas import load_personas
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from memory.types import (
    DEFAULT_CATEGORIES,
    Context,
    ContextItem,
    ExtractionRequest,
    Kind,
    Language,
    Memory,
    Message,
    Operation,
    Owner,
    Reason,
    ReplyRequest,
    Subject,
)

TALKS = Path(__file__).parent / "talks"
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
TIMEZONE = "Asia/Shanghai"
OWNER = Owner("someone", "niannian")
PERSONA = load_personas()["niannian"]
_NOTED = re.compile(
    r"记(?:下|住|在|牢)了?|替你记|\b(?:noted|written (?:that|it) down|wrote (?:that|it) down)\b",
    re.I,
)
_ECHO = re.compile(r"讲给我听，真好|谢谢你讲给我听|听着像是会记住的一天")


@dataclass(slots=True)
class Line:
    """One line of a talk: "u" said, "q" asked and answerable, "n" asked and never told."""

    kind: str
    text: str
    wanted: str = ""
    unwanted: str = ""


@dataclass(slots=True)
class Person:
    """Somebody with what is remembered of them and what they say."""

    name: str
    language: Language
    memories: list[ContextItem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def people(folder: Path = TALKS) -> Iterator[Person]:
    """The people of all talk files."""
    for file in sorted(folder.glob("*.txt")):
        language: Language = "zh" if file.stem == "zh" else "en"
        person: Person | None = None
        for raw in file.read_text(encoding="utf-8").splitlines():
            if not raw or raw.startswith("#"):
                continue
            mark, _, rest = raw.partition(" ")
            if mark == "person":
                if person:
                    yield person
                person = Person(rest, language)
            elif person is None:
                raise ValueError(f"{file.name}: a line before the first person: {raw}")
            elif mark == "+":
                person.memories.append(_remembered(rest, language))
            else:
                text, _, unwanted = rest.partition(" !")
                text, _, wanted = text.partition(" => ")
                person.lines.append(Line(mark, text, wanted, unwanted))
        if person:
            yield person


def _remembered(line: str, language: Language) -> ContextItem:
    text, category, *day = (part.strip() for part in line.split("|"))
    at = START - timedelta(days=10)
    memory = Memory(
        id=text,
        owner=OWNER,
        text=text,
        subject=Subject.USER,
        kind=Kind.TEMPORAL if day else Kind.CONSTANT,
        category=category,
        created_at=at,
        updated_at=at,
        event_date=day[0] if day else None,
        language=language,
        importance=5 if category == "health" else 3,
    )
    return ContextItem(memory, Reason.PROFILE, text, 8)


def talk(
    person: Person,
    encoder: SentenceEncoder | None,
    heard: Callable[[Line, ReplyRequest], object] = lambda _line, _request: None,
) -> Iterator[tuple[Line, str]]:
    """Each line with the reply to it; ``heard`` is told of each request."""
    chat = BuiltinChat(BuiltinExtraction(encoder), encoder)
    history: list[Message] = []
    for number, line in enumerate(person.lines):
        now = START + timedelta(minutes=number)
        request = ReplyRequest(
            owner=OWNER,
            persona=PERSONA,
            language=person.language,
            message=line.text,
            history=tuple(history),
            context=Context(tuple(person.memories), "", 0, 1500, True),
            now=now,
            timezone=TIMEZONE,
            user_name="",
        )
        heard(line, request)
        reply = "".join(chat.reply(request))
        yield line, reply
        for role, text in (("user", line.text), ("assistant", reply)):
            history.append(
                Message(
                    id=f"{len(history)}",
                    session_id="s",
                    owner=OWNER,
                    number=len(history) + 1,
                    role=role,  # type: ignore[arg-type]
                    text=text,
                    created_at=now,
                )
            )


def verdict(line: Line, reply: str, person: Person, encoder: SentenceEncoder | None) -> set[str]:
    """What is to be said of a reply: "right", "denied", "honest", "noted falsely", …"""
    found: set[str] = set()
    forgot = any(text in reply for text in (*FORGOT[person.language], FORGOT_DAYS[person.language]))
    # That no more is known was said as well.
    asks_back = any(
        re.search(re.escape(shape).replace(r"\{told\}", ".+"), reply)
        for shape in (*DID_YOU_MEAN[person.language], *KNOWN_PART[person.language])
    )
    if line.kind == "q":
        right = re.search(line.wanted, reply, re.I) is not None
        found.add("right" if right else "denied" if forgot else "wrong")
    elif line.kind == "n":
        found.add(
            "honest" if forgot or asks_back else "made up" if _tells(reply, person) else "evaded"
        )
    if line.unwanted and re.search(line.unwanted, reply, re.I):
        found.add("hurts")
    if _ECHO.search(reply):
        found.add("echo")
    if _NOTED.search(reply) and not extracted([line.text], person.language, encoder):
        found.add("noted falsely")
    return found


def _tells(reply: str, person: Person) -> bool:
    values = (
        item.memory.text.removeprefix("用户").removeprefix("The user ") for item in person.memories
    )
    return any(value[:12] in reply for value in values)


def extracted(
    texts: Sequence[str], language: Language, encoder: SentenceEncoder | None, at: datetime = START
) -> tuple[Operation, ...]:
    """The memories of messages."""
    messages = tuple(
        Message(
            id=f"{number}",
            session_id="s",
            owner=OWNER,
            number=number,
            role="assistant" if text.startswith("assistant: ") else "user",
            text=text.removeprefix("assistant: ").removeprefix("user: "),
            created_at=at,
        )
        for number, text in enumerate(texts, 1)
    )
    request = ExtractionRequest(
        OWNER,
        PERSONA,
        language,
        messages,
        (),
        TIMEZONE,
        "",
        DEFAULT_CATEGORIES,
        max_memories=50,
    )
    return BuiltinExtraction(encoder).extract(request).operations


def talks(encoder: SentenceEncoder | None, verbose: bool, folder: Path = TALKS) -> Counter[str]:
    """Counts over all talks."""
    seen: Counter[str] = Counter()
    for person in people(folder):
        if verbose:
            print(f"\n== {person.name}")
        for line, reply in talk(person, encoder):
            found = verdict(line, reply, person, encoder)
            seen.update(found)
            seen[line.kind] += 1
            if verbose:
                print(f"{line.kind} {line.text}\n    {reply}  {' '.join(sorted(found))}")
    return seen


def utterances(file: Path, encoder: SentenceEncoder | None, verbose: bool) -> Counter[str]:
    """Of each utterance whether its memories match all of its patterns."""
    seen: Counter[str] = Counter()
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        said = row.get("messages") or [
            {"role": row.get("role", "user"), "content": row["text"], "timestamp": row["date"]}
        ]
        texts = [f"{one['role']}: {one['content']}" for one in said]
        at = datetime.fromisoformat(said[-1]["timestamp"])
        found = [one.text for one in extracted(texts, row["lang"], encoder, at) if one.text]
        keys = row.get("keys", [])
        right = all(any(re.search(key, text, re.I) for text in found) for key in keys)
        kind = "counted" if not keys else "right" if right else "not right"
        seen[kind] += 1
        seen["memories"] += len(found)
        if verbose or kind == "not right":
            print(f"{kind}: {texts} -> {found}")
    return seen


def turns(file: Path, encoder: SentenceEncoder | None, most: int) -> Counter[str]:
    """What is remembered of ordinary turns, printed to be judged by a reader."""
    seen: Counter[str] = Counter()
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        for entry in row["corpus"][:most]:
            text = entry["text"].partition(":")[2].strip()
            seen["turns"] += 1
            for one in extracted([text], row["lang"], encoder):
                seen["memories"] += 1
                print(f"{one.text} | {one.category} | {text[:80]}")
    return seen


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=Path)
    parser.add_argument("--turns", type=Path)
    parser.add_argument("--talks", type=Path, default=TALKS, help="a folder of talks")
    parser.add_argument("--most", type=int, default=100, help="turns of each dialogue")
    parser.add_argument("--rules-alone", action="store_true", help="without the encoder")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    encoder = None if options.rules_alone else shared_encoder()
    if encoder is not None:
        encoder.encode(["warm"])
    if options.utterances:
        print(dict(utterances(options.utterances, encoder, options.verbose)))
        return
    if options.turns:
        print(dict(turns(options.turns, encoder, options.most)))
        return
    seen = talks(encoder, options.verbose, options.talks)
    print(f"| {'talks':40} | {'':9} |\n|{'-' * 42}|{'-' * 11}|")
    for title, value, of in (
        ("memory questions answered right", "right", "q"),
        ("  denied although it is known", "denied", "q"),
        ("  answered wrongly or not at all", "wrong", "q"),
        ("unanswerable: honest", "honest", "n"),
        ("unanswerable: something else told", "made up", "n"),
        ("glad where it hurts", "hurts", "u"),
        ("empty echoes", "echo", "u"),
        ("claims of having noted, false", "noted falsely", "u"),
    ):
        print(f"| {title:40} | {seen[value]:3} of {seen[of]:2} |")


if __name__ == "__main__":
    main()
