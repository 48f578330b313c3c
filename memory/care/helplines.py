"""Whom somebody in danger can call: the maintained file ``memory/care/lines.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from memory.types import Language

CareKind: TypeAlias = Literal["suicide", "self_harm", "danger"]

LINES_FILE = Path(__file__).parent / "lines.toml"
INTERNATIONAL = "*"


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number to call. ``kind`` is crisis, danger, emergency, directory or fallback.

    ``checked_on`` is the day the number was found in ``source``, None where it wasn't yet.
    """

    region: str
    kind: str
    name: str
    number: str
    hours: str
    languages: tuple[str, ...]
    url: str
    source: str
    checked_on: date | None


def helplines(
    region: str | None, language: Language, kind: CareKind = "suicide"
) -> tuple[Helpline, ...]:
    """Help lines for ``region`` (ISO 3166 code), names in ``language``, best first.

    In danger from others the emergency number comes first, otherwise the crisis
    line. An unknown region gets the international directory and 112.
    """
    code = (region or "").upper()
    order = ("emergency", "danger", "crisis") if kind == "danger" else ("crisis", "emergency")
    found = [line for line in _lines(language) if line.region == code and line.kind in order]
    found.sort(key=lambda line: order.index(line.kind))
    general = [line for line in _lines(language) if line.region == INTERNATIONAL]
    if found:
        # The region's own emergency number is better than a general one.
        general = [line for line in general if line.kind == "directory"]
    return (*found, *general)


def regions() -> tuple[str, ...]:
    """The ISO codes that have lines of their own."""
    codes = (line.region for line in _lines("en"))
    return tuple(dict.fromkeys(code for code in codes if code != INTERNATIONAL))


def unchecked() -> tuple[Helpline, ...]:
    """The lines whose number nobody has found in a source yet: for maintainers to confirm."""
    return tuple(line for line in _lines("en") if line.checked_on is None)


def region_of(timezone: str | None, language: Language) -> str | None:
    """The ISO code that a time zone suggests; by language where it says nothing.

    A Chinese speaker without a telling zone gets CN. For English there is no
    good guess, so ``None``: the international directory.
    """
    zone = timezone or ""
    code = _zones().get(zone)
    if code:
        return code
    area = zone.partition("/")[0]
    if area in {"Australia", "Canada", "US"}:
        return {"Australia": "AU", "Canada": "CA", "US": "US"}[area]
    return "CN" if language == "zh" and area in {"", "UTC", "Etc"} else None


@cache
def _data() -> dict[str, object]:
    return tomllib.loads(LINES_FILE.read_text(encoding="utf-8"))


@cache
def _zones() -> dict[str, str]:
    zones = _data()["zones"]
    assert isinstance(zones, dict)
    return {zone: code for code, names in zones.items() for zone in names}


@cache
def _lines(language: Language) -> tuple[Helpline, ...]:
    entries = _data()["lines"]
    assert isinstance(entries, list)
    return tuple(
        Helpline(
            region=entry["region"],
            kind=entry["kind"],
            name=entry["name"][language],
            number=entry["number"],
            hours=entry["hours"][language],
            languages=tuple(entry["languages"]),
            url=entry["url"],
            source=entry["source"],
            checked_on=entry.get("checked_on"),
        )
        for entry in entries
    )
