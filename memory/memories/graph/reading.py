"""Relation extraction without a model: names, kin words, homes, employers and schools.

It reads single memories, which are sentences about the user or the persona; what a model
found is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from memory.db.relations import GraphEdge
from memory.memories.people import LOVE, NEEDS_NAME, OVER, mentions
from memory.memories.relations.attribute_patterns import SLOTS
from memory.nlp.kin import HOLDERS_ZH, KIN_EN, KIN_ZH
from memory.nlp.surnames import NO_NAME, SURNAMES
from memory.types import (
    PERSONA_ENTITY,
    SHARED_RELATIONS,
    USER_ENTITY,
    EntityType,
    Language,
    Memory,
    Status,
    Subject,
    Triple,
    sound_triples,
)

RULES_VERSION = "2"
"""Raise it when the rules below read differently: stored connections are read again then."""

_SLOTS = {
    "home": "lives_in",
    "origin": "from",
    "study_place": "studies_at",
    "school": "studies_at",
    "employer": "works_at",
}
_PATTERNS = [(slot, pattern) for slot, pattern in SLOTS if slot in _SLOTS]
_USER = re.compile(r"\s*(?:用户|(?:the )?user\b)\s*", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\s*([A-Z][\w’'-]{0,30})(?!['’]s)\s*(?=在|是|住|来自|is |lives |works |stud)"
)
# A name is told by how names begin: "奶奶记性越来越差" has none.
_NAME_ZH = (
    r"(?:阿[\u4e00-\u9fff]|小(?!时|的|区|心|学|声|气)[\u4e00-\u9fff]"
    r"|老(?!了|是|在|爱|家|板|师|人|的|得|说|想)[\u4e00-\u9fff]"
    rf"|(?!{NO_NAME})[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|[A-Z][\w-]+)"
)
_HOLDER_ZH = re.compile(
    rf"的(?P<kin>(?:前)?(?:{HOLDERS_ZH}))"
    rf"(?P<name>{_NAME_ZH}(?=[住在是叫有喜对去搬今爱]|来自))?"
)
_HOLDER_EN = re.compile(rf"['’]s (?P<kin>{KIN_EN})(?:,? (?P<name>[A-Z][\w’-]+),?)? ?")
_KIN_OF = re.compile(
    rf"是\s*(?P<z>[A-Za-z\u4e00-\u9fff]{{1,12}}?)\s*的(?P<zk>{KIN_ZH})"
    rf"|is (?P<e>[A-Z]\w+)['’]s (?P<ek>{KIN_EN})\b"
    rf"|is (?:an? |the )?(?P<ek2>{KIN_EN}) of (?P<e2>[A-Z]\w+)"
)
_CALLED = re.compile(
    rf"(?P<kin>{KIN_ZH})(?:的名字)?[，,]?(?:名字)?(?:叫做?|名叫)(?P<name>[^\W\d]{{1,6}})(?=$|[，,。；])"
)
_CLAUSE = re.compile(
    r"[，,。；;]\s*(?:and |but |也|还|并且|而且)?|(?<!\s)\s++and (?=(?:is|has|works|lives|comes)\b)"
)
_GENERIC = re.compile(
    r"(?:[那这家哪某]|公司|学校|宿舍|外地|国外|附近|一[家个所]|there|here|home\b|abroad|an? |the |"
    r"my |his |her |their |your )",
    re.IGNORECASE,
)
_PET = re.compile(r"猫|狗|兔|鹦鹉|^(?:cat|dog|puppy|kitten|rabbit|parrot)s?$")
_TAIL = re.compile(r"(?<!了)(?<!工作)(?<!上班)(?<!生活)(?:工作|上班|生活|了)++$|[\"“”'‘’「」《》]")
_NO_LONGER = re.compile(r"no longer", re.IGNORECASE)


def triples_of(memory: Memory) -> tuple[Triple, ...]:
    """What a memory connects: as a model found it, else as rules read it."""
    if memory.relations:
        return memory.relations
    ends = USER_ENTITY if memory.subject is Subject.USER else PERSONA_ENTITY
    return read(memory.text, memory.language, ends)


def edges_of(memory: Memory) -> list[GraphEdge]:
    """A memory's triples, and when they held; none of what was put aside as wrong or off."""
    if memory.status not in (Status.ACTIVE, Status.SUPERSEDED):
        return []
    over = memory.updated_at.date().isoformat() if memory.status is Status.SUPERSEDED else None
    since = memory.event_date or memory.created_at.date().isoformat()
    until = over or memory.expiration_date
    return [
        GraphEdge(memory.owner, memory.id, triple, since, until) for triple in triples_of(memory)
    ]


def read(text: str, language: Language, speaker: str = USER_ENTITY) -> tuple[Triple, ...]:
    """The triples of one sentence, by rules.

    Args:
        text: A memory.
        language: Its language.
        speaker: Whom it is about: :data:`USER_ENTITY` or :data:`PERSONA_ENTITY`.

    >>> [(t.relationship, t.target) for t in read("用户的表妹小葵住在上海", "zh")]
    [('表妹', '小葵'), ('lives_in', '上海')]
    """
    return sound_triples((*_people(text, language, speaker), *_facts(text, speaker)))


def entity_of_kin(kin: str) -> EntityType:
    """Whether a kin word names a person or an animal."""
    return "pet" if _PET.search(kin) else "person"


def _people(text: str, language: Language, speaker: str) -> Iterator[Triple]:
    if speaker == USER_ENTITY and not _USER.match(text):
        return  # somebody else's sentence: whose sister that is can't be told
    over = bool(OVER.search(text))
    held = _holder(text)
    named = {match["kin"]: match["name"] for match in _CALLED.finditer(text)}
    if held and held[1]:
        named[held[0]] = held[1]
    for kin, name in mentions(text, language):
        name = name or named.get(kin, "")
        if not name and (not kin or NEEDS_NAME.match(kin)):
            continue
        yield Triple(
            speaker,
            kin or ("认识" if language == "zh" else "knows"),
            name or kin,
            "user" if speaker == USER_ENTITY else "persona",
            entity_of_kin(kin),
            ended=over and bool(LOVE.match(kin)),
        )


def _facts(text: str, speaker: str) -> Iterator[Triple]:
    """Homes, origins, employers and schools, clause by clause, of one and the same holder."""
    start = _USER.match(text)
    source, kind, body = speaker, _kind_of(speaker), text
    if start is not None:
        body = text[start.end() :]
        if (held := _holder(text)) is not None:
            kin, name, end = held
            source, kind, body = name or kin, entity_of_kin(kin), text[end:]
            if not name and NEEDS_NAME.match(kin):
                return
    elif (somebody := _SOMEBODY.match(text)) is not None:
        source, kind, body = somebody[1], "person", text[somebody.end() :]
    else:
        return
    for clause in _CLAUSE.split(body):
        yield from _of_clause(clause, source, kind)


def _of_clause(clause: str, source: str, kind: EntityType) -> Iterator[Triple]:
    for slot, pattern in _PATTERNS:
        match = pattern.match(clause)
        if match is None:
            continue
        groups = match.groupdict()
        value = _TAIL.sub("", groups.get("v") or groups.get("v2") or "").strip()
        if value and not _GENERIC.match(value):
            relationship = _SLOTS[slot]
            target_type = SHARED_RELATIONS[relationship]
            over = bool(_NO_LONGER.match(clause))
            yield Triple(source, relationship, value, kind, target_type, over)
    if (kin := _KIN_OF.match(clause)) is not None:
        whose, word = kin["z"] or kin["e"] or kin["e2"], kin["zk"] or kin["ek"] or kin["ek2"]
        yield Triple(whose, word, source, "person", entity_of_kin(word))


def _holder(text: str) -> tuple[str, str, int] | None:
    """Kin word and name (perhaps empty) of whom a sentence is about, and where it goes on."""
    start = _USER.match(text)
    if start is None:
        return None
    place = start.end()
    match = _HOLDER_ZH.match(text, place) or _HOLDER_EN.match(text, place)
    if match is None:
        return None
    return match["kin"].lower(), match["name"] or "", match.end()


def _kind_of(speaker: str) -> EntityType:
    return "user" if speaker == USER_ENTITY else "persona"
