"""The lines of the built-in companion, and choosing one that wasn't just said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from memory.types import Language

LINES_FOLDER = Path(__file__).parent / "lines"
REMEMBERED_REPLIES = 14

Table = Mapping[str, Mapping[str, Sequence[str]]]


@cache
def lines(language: Language) -> Table:
    """All lines of a language: intent -> voice or "ask" -> lines."""
    path = LINES_FOLDER / f"{language}.toml"
    data: Table = tomllib.loads(path.read_text(encoding="utf-8"))
    return data


class Chooser:
    """Chooses lines for one reply: in the persona's voice, and not the last ones again."""

    def __init__(
        self, language: Language, persona_id: str, replies: Sequence[str], seed: str
    ) -> None:
        self._table = lines(language)
        self._persona = persona_id
        self._replies = [_flat(reply) for reply in replies[-REMEMBERED_REPLIES:]]
        self._seed = seed

    def react(self, intent: str, slots: Mapping[str, str | None]) -> str:
        """A statement for ``intent``; lines whose slots are empty are left out."""
        table = self._table.get(intent) or self._table["fallback"]
        own = [*table.get(self._persona, ()), *table["any"]]
        return self._fill(self.fresh(_usable(own, slots), intent), slots)

    def ask(self, intent: str) -> str:
        """A question that may follow; empty when the intent has none that is new."""
        options = self._table.get(intent, {}).get("ask", ())
        unused = [line for line in options if self._age(line) is None]
        return self.one(unused, f"ask {intent}") if unused else ""

    def one(self, options: Sequence[str], salt: str = "") -> str:
        """One of the options, by the seed."""
        digest = blake2b(f"{self._seed}|{salt}".encode(), digest_size=8).digest()
        return options[int.from_bytes(digest, "big") % len(options)]

    def fresh(self, options: Sequence[str], salt: str = "") -> str:
        """One that wasn't said lately, else the one said longest ago."""
        unused = [line for line in options if self._age(line) is None]
        if unused:
            return self.one(unused, salt)
        return max(options, key=lambda line: self._age(line) or 0)

    def has_new(self, intent: str, slots: Mapping[str, str | None]) -> bool:
        """Whether there is a line for ``intent`` that wasn't said lately."""
        table = self._table.get(intent, {})
        own = [*table.get(self._persona, ()), *table.get("any", ())]
        return any(self._age(line) is None for line in _usable(own, slots))

    def said_before(self, text: str) -> bool:
        """Whether an earlier reply of this talk held ``text``."""
        return self._age(text) is not None

    def _age(self, line: str) -> int | None:
        """How many replies ago ``line`` was said; None if it wasn't."""
        parts = [part for part in re.split(r"\{\w+\}", _flat(line)) if len(part) >= 2]
        if not parts:
            return None
        for age, reply in enumerate(reversed(self._replies)):
            if all(part in reply for part in parts):
                return age
        return None

    @staticmethod
    def _fill(line: str, slots: Mapping[str, str | None]) -> str:
        for name, value in slots.items():
            line = line.replace(f"{{{name}}}", value or "")
        return line


def _usable(options: Sequence[str], slots: Mapping[str, str | None]) -> list[str]:
    return [
        line for line in options if all(slots.get(slot) for slot in re.findall(r"\{(\w+)\}", line))
    ]


def _flat(text: str) -> str:
    return re.sub(r"[\s，。！？,.!?…~～“”\"'’]+", "", text.lower())
