"""English clause splitting: cuts clauses further, and joins what was cut too far."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.builtin.extraction.en_text import lead_stripped
from memory.builtin.extraction.en_words import JOBS, RELATION

_I = re.IGNORECASE
_SPLIT = re.compile(
    r"(?<!\s)\s+and\s+(?:also\s+|I\s+)?(?=(?:work(?:s|ing)? (?:as|at|in|for)|live in|love|hate|have (?:a|an|two|three|one)|study|am (?:a|an|from|allergic)|'m|enjoy|speak|don't|can't|play the|my|allergic|like)\b)",
    _I,
)
# "I'm 22 and just moved to Leeds".
_AND_MORE = re.compile(
    r"(?<!\s)\s+and (?=(?:just |recently |currently |already |have just )?(?:moved|live|work|started|graduated|finished|got|trying|training|studying|working|the (?:first|only)|from|in my|based)\b)",
    _I,
)
_AM = re.compile(r"(?:currently )?(?:trying|training|studying|working|the|from|in my|based)\b", _I)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:people|they|he|she|you|who|sure|think|hope|everyone|someone)\b", _I
)
_ALSO_I_AM = re.compile(
    rf"(?:\d{{1,2}}(?: years? old| yo)?$|(?:allergic to|from [A-Z]|originally from|based in|living in|single$|married|divorced|engaged"
    rf"|recently|newly|currently (?:a|an|in|at)|vegan|vegetarian|in my (?:\w+ ){{1,2}}year|studying|working (?:as|at|in|for))\b|(?:an? )?(?:[a-z-]+ ){{0,3}}?{JOBS}(?: (?:in|at|from|for|by|of) .{{2,50}})?$)"
)
_ME_AND = re.compile(rf"(?P<who>[Mm]y {RELATION}(?: [A-Z][a-z]+)?) (?P<rest>.+)$")
_WITH_ME = re.compile(
    rf"(?:(?:[Yy]esterday|[Tt]oday|[Tt]omorrow|[Ll]ast \w+|[Tt]his \w+|[Oo]n \w+),? )?(?:[Mm]y {RELATION}(?: [A-Z][a-z]+)?|[A-Z][a-z]+)$"
)


def statements(clauses: Sequence[str]) -> list[tuple[str, bool]]:
    """What one statement each says, and whether it stands at the end of its sentence."""
    parts = [
        (part, number == len(clauses) - 1)
        for number, clause in enumerate(clauses)
        for part in _coordinated(clause)
    ]
    return _rejoined(_introductions(parts))


def _coordinated(clause: str) -> list[str]:
    """ "I live in Berlin and work as a nurse" is two facts, unless somebody else works."""
    lead = lead_stripped(clause)
    subject = re.match(r"(?:I|I'm|I've|we|she|he|my \w+)\b", lead, _I)
    if not subject or _SOMEBODY_ELSE.search(lead, subject.end()):
        return [clause]
    if re.match(r"I(?:'m| am) (?:\d|an? |from |the )", lead):
        return [piece for part in _SPLIT.split(clause) for piece in _and_i(_AND_MORE.split(part))]
    return _SPLIT.split(clause)


def _and_i(pieces: list[str]) -> list[str]:
    """The pieces with the "I" or "I'm" that their "and" left out."""
    rest = [f"{'I am' if _AM.match(piece) else 'I'} {piece}" for piece in pieces[1:]]
    return [pieces[0], *rest]


def _rejoined(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """ "My boyfriend and I broke up" was taken apart at its "and"."""
    joined: list[tuple[str, bool]] = []
    for part, last in parts:
        if joined and re.match(r"I ", part) and _WITH_ME.match(joined[-1][0]):
            part = f"{joined.pop()[0]} and {part}"
        me = _ME_AND.match(part) if joined and joined[-1][0].lower() in ("me", "so me") else None
        if me:
            joined.pop()
            part = f"{me['who'][0].upper()}{me['who'][1:]} and I {me['rest']}"
        joined.append((part, last))
    return joined


def _introductions(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """ "I'm Maya, 31, a nurse in London": what follows "I'm" says who one is, too."""
    told: list[tuple[str, bool]] = []
    introducing = False
    for part, last in parts:
        bare = lead_stripped(part)
        if introducing and _ALSO_I_AM.match(bare):
            part = f"I'm {bare}"
        introducing = bool(
            re.match(r"(?:I'm|I am|my name(?:'s| is)|name's) ", lead_stripped(part), _I)
        )
        told.append((part, last))
    return told
