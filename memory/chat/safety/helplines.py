"""Helpline directory: whom somebody in danger can call, from ``helplines.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from memory.types import ByLanguage, Language, RiskKind, User

LineKind: TypeAlias = Literal[
    "emergency",
    "crisis",
    "violence",
    "youth",
    "poison",
    "directory",
    "consular",
    "fallback",
]

LINES_FILE = Path(__file__).parent / "helplines.toml"
INTERNATIONAL = "*"

_ORDER: dict[RiskKind, tuple[LineKind, ...]] = {
    "suicide": ("crisis", "emergency"),
    "self_harm": ("crisis", "emergency"),
    "danger": ("emergency", "violence", "crisis"),
    "friend": ("crisis", "emergency"),
    "threat": ("emergency", "crisis"),
    "distress": ("crisis", "emergency"),
}
# Something may have been swallowed: what to do until the ambulance comes.
_POISON: frozenset[RiskKind] = frozenset({"suicide", "self_harm", "friend"})
# A body is in danger: the ambulance before the police where each has its number.
_BODY: frozenset[RiskKind] = frozenset({"suicide", "self_harm"})
# Where people who read Chinese are at home, China's consulates are no help line.
_CHINESE_REGIONS = frozenset({"CN", "HK", "MO", "TW", "SG"})

_NAMES: dict[Language, dict[str, str]] = ByLanguage({
    "zh": {
        "zh": "普通话", "yue": "粤语", "en": "英语", "ja": "日语", "ko": "韩语", "de": "德语",
        "fr": "法语", "es": "西班牙语", "pt": "葡萄牙语", "ms": "马来语", "ta": "泰米尔语",
        "hi": "印地语", "th": "泰语",
    },
    "en": {
        "zh": "Mandarin", "yue": "Cantonese", "en": "English", "ja": "Japanese", "ko": "Korean",
        "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "ms": "Malay",
        "ta": "Tamil", "hi": "Hindi", "th": "Thai",
    },
})  # fmt: skip
_ONLY: dict[Language, str] = ByLanguage({"zh": "只说{names}", "en": "answers in {names} only"})
_SPOKEN: dict[Language, str] = ByLanguage({"zh": "接听用{names}", "en": "answers in {names}"})
_INTERPRETER: dict[Language, str] = ByLanguage(
    {
        "zh": "只说{names}，可以请对方找翻译（说 Mandarin, please）",
        "en": "answers in {names}; ask for an interpreter",
    }
)
_FRIENDS: dict[Language, str] = ByLanguage(
    {
        "zh": "担心朋友也可以打",
        "en": "also for people who worry about somebody",
    }
)


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number to call.

    Attributes:
        region: ISO 3166 country code, or ``*`` for every country.
        kind: What the line is for, see :data:`LineKind`.
        name: In the reader's language.
        number: As people dial it there; an address where the line has no number.
        hours: In the reader's language, ``""`` where it has none.
        languages: Answered on the line (BCP 47; ``zh`` is Mandarin, ``yue`` Cantonese).
        url: Its page, or ``""``.
        source: What was read to confirm the number.
        checked_on: The day the number was found in ``source``; None where it wasn't yet.
        speaks: Whether the line answers in the reader's language.
        note: What to know before calling, in the reader's language: which languages it
            speaks where that isn't plain, that it takes calls about a friend; or ``""``.
        friends: Whether it takes calls of people who worry about somebody.
        ambulance: An emergency number that sends an ambulance, beside one for the police.
    """

    region: str
    kind: LineKind
    name: str
    number: str
    hours: str
    languages: tuple[str, ...]
    url: str
    source: str
    checked_on: date | None
    speaks: bool = True
    note: str = ""
    friends: bool = False
    ambulance: bool = False


def helplines(
    region: str | None,
    language: Language,
    kind: RiskKind = "suicide",
    *,
    urgent: bool = False,
    young: bool = False,
) -> tuple[Helpline, ...]:
    """Whom to call in ``region``, best first, in the words of ``language``.

    Example: for a 15-year-old in Tokyo who reads Chinese and thinks of suicide, first the
    24-hour line for children, then the crisis line that has Chinese, then 110 and 119, then
    China's consular line and the international directory.

    Args:
        region: ISO 3166 code; None or an unknown one gets the directory and 112.
        language: Which language the person reads. Within a kind, lines that answer in it
            come first; the others say in ``note`` what they speak.
        kind: What was noticed.
        urgent: Something is happening now: the emergency number first (the ambulance's,
            after an attempt), then where something may have been taken the poison centre.
        young: Under 18: lines for the young come early.
    """
    code = (region or "").upper()
    order = _order(kind, urgent=urgent, young=young)
    found = [line for line in _lines(language) if line.region == code and line.kind in order]
    hurt = urgent and kind in _BODY

    def rank(line: Helpline) -> tuple[int, bool, bool]:
        return order.index(line.kind), hurt and not line.ambulance, not line.speaks

    found.sort(key=rank)
    if kind == "friend":
        found = [_for_a_friend(line, language) for line in found]
    general = {line.kind: line for line in _lines(language) if line.region == INTERNATIONAL}
    # Local numbers first; then somebody who speaks one's language, wherever one is.
    consular = [general["consular"]] if language == "zh" and code not in _CHINESE_REGIONS else []
    if not found:
        return (general["directory"], general["fallback"], *consular)
    # The region's own emergency number is better than a general one.
    return (*found, *consular, general["directory"])


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


def region_for(user: User, default_timezone: str, language: Language) -> str | None:
    """The region whose lines ``user`` sees: the chosen one, else what the zone suggests."""
    return user.region or region_of(user.timezone or default_timezone, language)


def _order(kind: RiskKind, *, urgent: bool, young: bool) -> tuple[LineKind, ...]:
    order = list(_ORDER[kind])
    if urgent:
        order.remove("emergency")
        order.insert(0, "emergency")
        if kind in _POISON:
            order.insert(1, "poison")
    if young:
        after = [at for at, known in enumerate(order) if known in ("emergency", "poison")]
        first = 0 if not after or order[0] != "emergency" else after[-1] + 1
        order.insert(first, "youth")
    return tuple(order)


def _for_a_friend(line: Helpline, language: Language) -> Helpline:
    if not line.friends:
        return line
    said = _FRIENDS[language]
    return replace(line, note=f"{line.note} · {said}" if line.note else said)


def _language_note(languages: tuple[str, ...], language: Language, *, interpreters: bool) -> str:
    """What to say of the languages; nothing where the reader is simply understood."""
    if language in languages or not languages:
        return ""
    names = _NAMES[language]
    joined = ("、" if language == "zh" else " and ").join(names[code] for code in languages)
    if language == "zh" and "yue" in languages:
        return _SPOKEN[language].format(names=joined)
    wording = _INTERPRETER if interpreters else _ONLY
    return wording[language].format(names=joined)


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
    found: list[Helpline] = []
    for entry in entries:
        languages = tuple(entry["languages"])
        interpreters = bool(entry.get("interpreters"))
        found.append(
            Helpline(
                region=entry["region"],
                kind=entry["kind"],
                name=ByLanguage(entry["name"])[language],
                number=entry["number"],
                hours=ByLanguage(entry["hours"])[language],
                languages=languages,
                url=entry["url"],
                source=entry["source"],
                checked_on=entry.get("checked_on"),
                # Who reads Chinese is understood in Cantonese more than in any third language.
                speaks=language in languages or (language == "zh" and "yue" in languages),
                note=_language_note(languages, language, interpreters=interpreters),
                friends=bool(entry.get("friends")),
                ambulance=entry.get("service") == "ambulance",
            )
        )
    return tuple(found)
