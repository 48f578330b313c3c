"""The persona's own small life: a day for every date, a place for every hour, likes.

Told the same way whenever it is asked for, because it becomes memories of the
AI: what it does on a date depends on the persona and the date alone.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from memory.types import Language

LIVES_FOLDER = Path(__file__).parent / "lives"

Said = Mapping[str, str]


@dataclass(frozen=True)
class Life:
    """What ``lives/<persona>.toml`` tells; every text by language."""

    days: Sequence[Said]
    now: Mapping[str, Said]
    facts: Mapping[str, Said]


@cache
def life(persona_id: str) -> Life | None:
    """The persona's life; None for a persona that has no file of one."""
    path = LIVES_FOLDER / f"{Path(persona_id).name}.toml"
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Life(days=data["day"], now=data["now"], facts=data["facts"])


def of_day(persona_id: str, day: date, language: Language, more: int = 0) -> str | None:
    """What the persona did on ``day``, as told on that day; ``more`` gives a further thing.

    All days of the pool pass before one comes again, in an order of the persona's own.
    """
    found = life(persona_id)
    if found is None:
        return None
    count = len(found.days)
    turn, place = divmod(day.toordinal() + more * (count // 3), count)
    order = list(range(count))
    random.Random(f"{persona_id}:{turn}").shuffle(order)
    return found.days[order[place]][language]


def at_hour(persona_id: str, hour: int, language: Language) -> str | None:
    """Where the persona is at this hour (0 to 23) of the user's day."""
    found = life(persona_id)
    if found is None:
        return None
    if 5 <= hour < 11:
        part = "morning"
    elif 11 <= hour < 14:
        part = "noon"
    elif 14 <= hour < 18:
        part = "afternoon"
    elif 18 <= hour < 23:
        part = "evening"
    else:
        part = "night"
    return found.now[part][language]


def fact(persona_id: str, key: str, language: Language) -> str | None:
    """A lasting fact about the persona (``drink``, ``home``, …); None if there is none."""
    found = life(persona_id)
    if found is None or key not in found.facts:
        return None
    return found.facts[key][language]
