"""Dated events and plans, feelings and cancellations in English."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.draft import Draft, Scene
from memory.builtin.extraction.en_text import conjugated, tail_stripped, third_person, with_dates
from memory.builtin.extraction.en_words import ADVERBS, DEGREE, EMOTION, NOT_PAST
from memory.nlp.dates import DateMention
from memory.nlp.english_verbs import PAST
from memory.types import Kind

_I = re.IGNORECASE
RECENT = re.compile(r"\b(?:lately|recently|these days|this past while)\b,?\s*", _I)
_FEELING = re.compile(
    rf"(?P<verb>am|was|felt|feel|am feeling|have been feeling|have been|got|is|feels|been|were|are) {DEGREE}{EMOTION}(?:(?: and|,) {DEGREE}{EMOTION}){{0,6}}(?: (?:about|because|that|of|by|for|at|over|with) [\w ,'-]{{2,60}})?",
    _I,
)
_FEELING_NOW = re.compile(r"(?:am|feel|am feeling|have been feeling|have been)\b", _I)
_GOING = re.compile(
    r"^((?:\w+ly |also |just |still ){0,6})(?:am|are|is) (?:going to|gonna|planning to|about to)(?= (?!(?:bed|sleep|the|a|an|my|our|this|that|his|her|their|work|school|church)\b)(?-i:[a-z]))",
    _I,
)
_WILL = re.compile(r"^((?:\w+ly |also |just ){0,6})will(?= (?!be able|never|always)[a-z])", _I)
_FUTURE = re.compile(
    r"\b(?:going to|gonna|will|plan(?:ning)? (?:to|on)|have to|has to|need to|must|about to|want to|booked|scheduled|tickets|appointment|hoping to|leaving|flying|starting|moving|visiting|meeting|seeing|having|getting|taking|attending|hosting|interview|exam|due|deadline)\b",
    _I,
)
_EMPTY = re.compile(
    r"^(?:(?:\w+ly|just|so) ){0,6}(?:was (?:bored|tired|busy|sleepy|going to|like)|\w+ (?:it|that|this|them|so|all that)$|was (?:\w+ ){0,6}(?:remembering|thinking|wondering)\b|(?:made|took|got|did|bought|found|saw|had|used|tried) (?:it|them|these|those)\b|.*\b(?:this|these|that) (?:pic|pics|photo|photos|picture|one|shot)\b|.*\b(?:a few|some|one) more$|was going to|think|guess|hope|wonder|wish|mean|know|suppose|believe|am (?:fine|good|ok(?:ay)?|well|here|back|alright|sure|tired|busy|bored|sleepy|hungry|so|just|not)\b|was thinking|feel like|need you|want you|am thinking|was wondering|don't know|am sorry|have no idea|am talking|am telling|was saying|said|told you|asked|see you|talk to)"
    r"|(?<!the )(?<!in )\b(?:rain(?:s|ed|ing)?|snow(?:s|ed|ing)?|weather|sunny)\b",
    _I,
)
_BIG = re.compile(
    r"\b(?:broke up|divorc|married|engaged|wedding|proposed|passed away|died|funeral|pregnant|miscarr|surgery|diagnosed|hospital|quit my job|fired|laid off|promot|accepted|got the job|graduat|moved|moving|gave birth|born|accident|broke my|lost my|stolen|bought (?:a|our|my) (?:first )?(?:house|apartment|flat|home))",
    _I,
)
_MIDDLE = re.compile(
    r"\b(?:interview|exam|test|competition|speech|concert|travel|trip|fl(?:y|ew|ying)|birthday|party|appointment|date|match|marathon|race|presentation|started|first|new job|deadline|festival|exhibition|hik|visit|sick|flu|covid|fight|argu|won|award|adopted|bought|ran)\b",
    _I,
)
_ILL = re.compile(
    r"\b(?:caught (?:a cold|the flu)|(?:had|have|got) (?:a (?:cold|fever|migraine|headache|stomach ache)|the flu|covid|food poisoning|surgery)|sprained|broke my|doctor|dentist|hospital|threw up|diagnos|sick|twisted my|pulled a|hurt my|injured|fever|vaccin)",
    _I,
)
_NOTABLE = re.compile(
    r"(?:(?:just|recently|finally|have just|have finally|have|unfortunately|actually) ){0,6}(?:broke up(?: with .{2,40})?|(?:come|came|got) back from (?!work|the|there|school|it)[\w ]{3,40}|got (?:engaged|married|divorced|promoted|fired|laid off|accepted.{0,50}|into .{2,50}|the job.{0,40}|a (?:new )?(?:job|promotion|raise|offer|puppy|kitten|dog|cat)\b.{0,50}|my (?:driver's license|driving licen[cs]e|degree|results?).{0,40}|robbed|dumped|hurt|covid|the flu|sick|a cold)"
    r"|quit (?:my|his|her|their) job.{0,40}|lost (?:my|our|his|her) [\w ]{2,40}|(?:passed|failed|aced) (?:my|the|his|her|all my) [\w' ]{2,40}|won (?:a|the|my|first) [\w ]{2,40}|passed away.{0,30}|died.{0,30}|graduated.{0,50}|retired|had a (?:baby|miscarriage|car accident|fight with .{2,30}|panic attack|falling out with .{2,30})"
    r"|broke (?:my|his|her) (?:arm|leg|wrist|ankle|foot|nose|collarbone)(?: [\w ]{2,40})?|sprained (?:my|his|her) \w+|bought (?:a|our|my) (?:first )?(?:house|apartment|flat|car|home|bike)|started (?:a new job|working .{2,40}|therapy|university|college|learning .{2,40})|found a (?:new )?(?:job|apartment|flat).{0,40}|adopted .{3,40}|found out (?:that )?I(?:'m| am) pregnant|am pregnant|am getting (?:married|divorced)|published .{3,40}|finished (?:my|writing my) (?:thesis|dissertation|degree|book|novel|A[- ]levels|GCSEs|exams|finals|coursework|internship|PhD|master's|first year|second year|placement).{0,30}|(?:got|have got|have) (?:an offer|the keys|a puppy|a kitten) .{2,40})",
    _I,
)
_AT_ONCE = re.compile(
    r"^(?:just|finally|have just|have finally)\b|\bback from\b|\b(?:failed|passed|aced|sick|a cold|the flu|covid|sprained|fight|won)\b",
    _I,
)

_MISSED = re.compile(
    r"(?:(?:just )?found out (?:that )?I )?(?:didn't|did not) get (?:the (?:job|promotion|role|place|part|flat|apartment|offer|grades?|grant|visa).{0,30}|in(?:to .{2,40})?)",
    _I,
)


# A single verb is a whole story only with these.
_ENOUGH = frozenset(
    {"died", "proposed", "resigned", "fainted", "cried", "graduated", "retired", "married", "moved"}
)
_FINITE = re.compile(
    rf"(?:(?:{'|'.join(sorted(ADVERBS))}) ){{0,6}}(?:{'|'.join(sorted(PAST))}|[a-z]+ed|am|have|will|can|could|want|need|plan)\b",
    _I,
)


def past_verb(predicate: str) -> bool:
    """Whether the first verb of ``predicate`` is a past form."""
    for word in predicate.lower().split():
        if word in ADVERBS:
            continue
        return (
            word in PAST
            or (word.endswith("ed") and word not in NOT_PAST)
            or word in ("did", "didn't", "couldn't", "had", "was", "wasn't")
        )
    return False


def is_future(predicate: str, mention: DateMention) -> bool:
    """Whether ``predicate`` speaks of a plan on the day of ``mention``."""
    if mention.past is not None:
        return not mention.past
    if mention.earlier is None:
        return bool(_FUTURE.search(predicate)) and not past_verb(predicate)
    return not past_verb(predicate) and not predicate.startswith(
        ("have been", "have had", "has been", "has had")
    )


def event(
    who: str,
    predicate: str,
    mentions: list[DateMention],
    scene: Scene,
    first: bool,
    explicit: bool = True,
) -> Draft | None:
    """A dated event or plan of ``who``; dates stand in ``predicate`` as they were said."""
    future = is_future(_without(predicate, mentions), mentions[0])
    mentions = [mention.towards(future) for mention in mentions]
    core = tail_stripped(_without(predicate, mentions))
    if " " not in core and core not in _ENOUGH:
        return None
    if not explicit and not _FINITE.match(core):
        return None
    if len(core) < 4 or _EMPTY.search(core) or re.search(r"\byou(?:r|'re)?\b", core, _I):
        return None
    # "Today I found a ticket from 1987": the day it happened is the most exact one.
    start = next((mention for mention in mentions if mention.grain == "day"), mentions[0])
    future = start.start > scene.said_on or (future and start.end >= scene.said_on)
    text = tail_stripped(with_dates(predicate, mentions))
    text = re.sub(r"^(?:(?:just|actually|even) )+", "", text)
    text = re.sub(r"^have got (?=an? |my |the )", "have ", text[:1].lower() + text[1:])
    if future:
        text = _WILL.sub(r"\1plans to", _GOING.sub(r"\1plans to", text))
    if first and not text.startswith("plans to"):
        text = conjugated(text, past_said=not future)
    if len(text) > 160:
        return None
    return Draft(
        f"{who} {third_person(text)}",
        category_of(core, future),
        importance_of(core, future),
        kind=Kind.TEMPORAL,
        event_date=start.date_str,
    )


def _without(text: str, mentions: list[DateMention]) -> str:
    for mention in reversed(mentions):
        text = text[: mention.begin] + text[mention.stop :]
    return " ".join(text.split()).strip(" ,")


def feeling(predicate: str) -> bool:
    """Whether the predicate only names a feeling ("am so nervous about it")."""
    match = _FEELING.fullmatch(predicate)
    if re.search(r"\b(?:scared|afraid|terrified) of\b", predicate, _I):
        return False
    return bool(match) and not re.search(r"\byou\b|\b(?:is|are) ", predicate, _I)


def felt(predicate: str, future: bool = False) -> str:
    """A feeling to go on after an event ("felt really sad", "is nervous")."""
    if future:
        return third_person(conjugated(predicate))
    return third_person(
        re.sub(rf"^{_FEELING_NOW.pattern}|^(?:was|felt|got|been)\b", "felt", predicate, flags=_I)
    )


def notable(predicate: str) -> bool:
    """An event worth keeping even without a date ("broke up with my boyfriend")."""
    if _MISSED.fullmatch(predicate):
        return True
    return bool(_NOTABLE.fullmatch(predicate)) and not re.search(
        r"\byou\b|\bnot\b|n't\b", predicate, _I
    )


def at_once(predicate: str) -> bool:
    """Whether such an event is told on the day it happens."""
    if re.search(r"\b(?:once|twice|\w+ times|before)\b", predicate, _I):
        return False
    return bool(_AT_ONCE.search(predicate) or _MISSED.fullmatch(predicate))


def category_of(core: str, future: bool) -> str:
    """Category of a dated event."""
    if future:
        return "plan"
    if _ILL.search(core):
        return "health"
    return "emotion" if feeling(core) else "event"


def importance_of(core: str, future: bool) -> int:
    """1 to 5: turning points, things worth asking about, the rest of the day."""
    if _BIG.search(core):
        return 4
    return 3 if future or _MIDDLE.search(core) else 2
