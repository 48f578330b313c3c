"""English clause splitting: cuts clauses further, and joins what was cut too far."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.builtin.extraction.en_text import lead_stripped
from memory.builtin.extraction.en_words import JOBS, RELATION

_I = re.IGNORECASE
_SPLIT = re.compile(
    r"(?<!\s),?\s+so (?=(?:the|my|our|i|i'm|we|it|it's|he|she|they|there|that's|this)\b)|(?<!\s)\s+and\s+(?:also\s+|I\s+)?(?=(?:work(?:s|ing)? (?:as|at|in|for)|live in|love|hate|have (?:a|an|two|three|one)|study|am (?:a|an|from|allergic)|'m|enjoy|speak|don't|can't|play the|my|allergic|like)\b)",
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
    rf"(?:(?:[Yy]esterday|[Tt]oday|[Tt]omorrow|[Ll]ast \w+|[Tt]his \w+|[Oo]n \w+),? )?(?:[Mm]y {RELATION}s?(?: [A-Z][a-z]+)?|[A-Z][a-z]+)$"
)


# What people say of themselves without "I'm" or "I": "vegetarian since 2015".
_I_AM_UNSAID = re.compile(
    r"(?:(?:also|still|just|currently|now|proud|newly|happily|recently|fully|absolutely|totally|a bit) )*(?:(?:big|huge|massive|lifelong|die-hard) (?:[\w']+ ){1,3}(?:fan|supporter)$|obsessed with|scared of|afraid of|terrified of|allergic to|addicted to|born (?:and raised |on |in )|single(?=$| and| with| at| for| since| mum| mom| dad)|married|divorced|widowed|engaged|vegetarian|vegan|pescatarian|left[- ]?handed|right[- ]?handed|retired(?=$| [a-z]| from)|unemployed|getting (?:married|divorced)|learning (?:to (?:drive|play|swim|code|sew|knit|cook)|(?:the )?(?:guitar|piano|violin|drums)|[a-z]+(?:ish|ese|ian)\b|french|german|korean)|saving (?:up )?for|pregnant|dyslexic|colou?r ?-?blind|self[- ]employed|doing (?:a|an|my) (?:phd|ph\.?d|masters?|degree|apprenticeship|mba|pgce)\b|(?:type [12] )?diabetic|coeliac|celiac|asthmatic|off to|in (?:year|my) (?:\d|first|second|third|final|last)|(?:a |an )?stay[- ]at[- ]home (?:mum|mom|dad|parent)|on (?:maternity|paternity|sick) leave)",
    _I,
)
_I_UNSAID = re.compile(
    r"(?:(?:really|still|also|always) )*(?:can(?:'t|not) (?:stand|eat|have|drink|swim|drive)|don't (?:eat|drink|smoke|drive)|don't like (?!it\b|this\b|that\b|them\b|you\b|the\b|how\b|when\b)\w+$|had my \w+ (?:out|removed)|got (?:divorced|married|engaged|made redundant|laid off|fired)|used to (?:play|be|work|live|do|teach|dance|sing)|live (?:in|with|near|alone)|work (?:as|at|in|for|nights|part|full)|play (?:the |football|bass|guitar)|teach \w+|study (?!hard)\w+ at|drive an? \w+ (?:van|lorry|truck|bus|taxi|cab|tram|train)|drive an? (?:van|lorry|truck|bus|taxi|cab|tram|train)) ?",
    _I,
)
_OF_THEM = re.compile(
    rf"(?:just |only )?(?:one|two|three|four|five|six|a couple of|\d) (?:(?:little|grown|young|older|younger|big|small|teenage|rescue) ){{0,2}}(?:kids|children|boys|girls|sons|daughters|brothers|sisters|grandkids|grandchildren|cats|dogs|{RELATION}s)\b",
    _I,
)
_HERE = re.compile(rf"(?:(?:a|an|another|fellow) )?((?:[a-z-]+ ){{0,3}}{JOBS}) here", _I)


_FROM = re.compile(r"from ((?!(?:the|a|my|work|now|here|there|home|school)\b)[a-z]{3,20})$")


_STATE = re.compile(r"(single|married|divorced|widowed) and (?!I\b|my\b).+$", _I)
_I_HAVE_UNSAID = re.compile(
    r"(?:a )?(?:slipped disc|(?:bad|dodgy|gammy) (?:back|knee|hip|shoulder|ankle))(?: (?:from|since|after) .+)?$",
    _I,
)


_I_HAVE = re.compile(
    rf"(?:have|got) (?:an? |two |three |four |one )(?:[a-z]+ ){{0,2}}(?:cat|dog|kitten|puppy|rabbit|hamster|tortoise|turtle|parrot|budgie|horse|pony|snake|lizard|{RELATION})s?\b(?! (?:to|for|of)\b)",
    _I,
)
_AHEAD = re.compile(
    r"(?:having|getting) (?:my|an?|the) .+ (?:out|off|done|removed|fixed|checked|surgery|operation)\b.*\b(?:today|tomorrow|tonight|next|on|this|in)\b",
    _I,
)


def with_speaker(clause: str) -> str:
    """``clause`` with the "I" or "I'm" that it leaves out.

    Example:
        >>> with_speaker("scared of flying")
        "I'm scared of flying"
    """
    here = _HERE.fullmatch(clause)
    if here:
        return f"I'm {'an' if here[1][0].lower() in 'aeiou' else 'a'} {here[1]}"
    state = _STATE.match(clause)
    if state:
        return f"I'm {state[1]}"
    if _I_AM_UNSAID.match(clause):
        if re.match(r"born\b", clause, _I):
            return f"I was {clause}"
        if re.search(r"\bsince\b|\bfor (?:\w+ )?(?:years|months|\d+ \w+)$", clause):
            return f"I've been {clause}"
        article = "a " if re.match(r"(?:big|huge|stay)\b", clause, _I) else ""
        return f"I'm {article}{clause}"
    if _I_HAVE_UNSAID.match(clause):
        return f"I've had a {clause.removeprefix('a ')}"
    if _I_HAVE.match(clause):
        return f"I {clause}"
    if _AHEAD.match(clause):
        return f"I'm {clause}"
    if _OF_THEM.match(clause):
        return f"I have {clause}"
    return f"I {clause}" if _I_UNSAID.match(clause) else clause


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
        if (not told and len(parts) > 1 and re.fullmatch(r"[1-9]\d", bare)) or (
            introducing and _ALSO_I_AM.match(bare)
        ):
            part = f"I'm {bare}"
        elif introducing and (home := _FROM.match(bare)):
            part = f"I'm from {home[1][:1].upper()}{home[1][1:]}"
        introducing = bool(
            re.match(r"(?:I'm|I am|my name(?:'s| is)|name's) ", lead_stripped(part), _I)
        )
        told.append((part, last))
    return told
