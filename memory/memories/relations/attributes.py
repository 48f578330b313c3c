"""Single-valued attributes: home, work, age, partner …; a new value replaces the old one.

"用户住在北京" and "用户搬到上海了" fill the same slot with different values, so the
later one changes the world; "用户的妹妹住在北京" fills another person's slot. All by
rules: a table of patterns a slot, in both languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.memories.relations.attribute_patterns import SLOTS, STATUS
from memory.nlp.glosses import segment, senses
from memory.nlp.kin import HOLDERS_ZH, ONLY_ONE, SEVERAL
from memory.nlp.language import has_cjk
from memory.nlp.similarity import content, negative, normal, without_negation

_LIKING = re.compile(
    r"(?:不再|不|没有|没|很不|超级|非常|特别|很|最|真的|开始|已经|一直|也|更|越来越){0,6}"
    r"(?:喜欢|喜爱|热爱|爱上了?|迷上了?|爱(?=[吃喝看听玩])|讨厌|厌恶|反感|受不了|戒了|"
    r"戒掉了?)(?:上了?|了)?(?!的)"
    r"(?P<z>[^，。,；]{1,15})"
    r"|(?:no longer |doesn['’]t |does not |really |also |has started to |started to |has "
    r"stopped |stopped ){0,6}"
    r"(?:likes?|loves?|enjoys?|adores?|hates?|dislikes?|liking|can['’]t stand|quit|gave up)"
    r" (?P<e>[^,.;]{2,30})",
    re.IGNORECASE,
)
_HOLDER_ZH = re.compile(
    rf"的(?P<who>(?:前)?(?:{HOLDERS_ZH}))"
    r"(?P<name>(?![住在是叫有喜对去搬今的也很爱])[A-Za-z\u4e00-\u9fff]{1,3}?(?=[住在是叫有喜对去搬今爱]))?"
)
_SELF_EN = re.compile(
    r"^['’]s (?:name|age|job|birthday|phone|mobile|cell|e-?mail|hometown|favou?rite|major|"
    r"weight|height|"
    r"girlfriend|boyfriend|wife|husband|partner|fianc)",
    re.IGNORECASE,
)


_THING = re.compile(r"了$|^[吃喝看听玩](?=.)|^to \w+ |^\w+ing (?=\w)")
# "又开始抽烟了" is the opposite of "不抽烟": that it began again is no part of what is done.
_ASPECT = re.compile(
    r"又|重新|再次|(?:又|重新)?开始|恢复|现在|"
    r"\b(?:has |have )?(?:started|began|resumed|gone back to|"
    r"went back to|back to|again|now)\b",
    re.IGNORECASE,
)
_PLACES = ("home", "origin")
_MANY = re.compile(SEVERAL)
_ONLY_ONE_NAMED = re.compile(ONLY_ONE)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One slot of one holder, and what fills it. ``holder`` is empty for the subject itself."""

    holder: str
    slot: str
    value: str


def holder_of(rest: str) -> str:
    """Whose fact it is: ``""`` for the subject's own, else e.g. ``妹妹`` or ``sister``.

    Args:
        rest: A memory without whom it is about.
    """
    return _held(rest)[0]


def _held(rest: str) -> tuple[str, str]:
    """The holder, and the rest without it."""
    chinese = _HOLDER_ZH.match(rest)
    if chinese:
        return chinese["who"] + (chinese["name"] or ""), rest[chinese.end() :]
    english = re.match(r"['’]s (\w+)(?: (?-i:[A-Z]\w+))? ?", rest)
    if english and not _SELF_EN.match(rest):
        return english[1].lower(), rest[english.end() :]
    return "", rest


def attributes(rest: str) -> list[Attribute]:
    """The slots that a memory fills.

    Args:
        rest: A memory without whom it is about.
    """
    holder, body = _held(rest)
    if holder and _MANY.search(holder):
        return []
    found = []
    for slot, pattern in SLOTS:
        match = pattern.match(body)
        if match is None:
            continue
        groups = match.groupdict()
        value = (groups.get("v") or groups.get("v2") or "").strip()
        name = f"{slot}:{normal(groups['k'])}" if groups.get("k") else slot
        if slot == "name" and holder and not _ONLY_ONE_NAMED.search(holder):
            continue
        if normal(value):
            found.append(Attribute(holder, name, _value(slot, value)))
    liking = _LIKING.match(body)
    if liking:
        thing = normal(_THING.sub("", liking["z"] or liking["e"] or ""))
        if thing:
            found.append(Attribute(holder, f"like:{thing}", "no" if negative(liking[0]) else "yes"))
    return found


def _value(slot: str, value: str) -> str:
    plain = normal(value)
    if slot == "status":
        for name, words in STATUS.items():
            if any(normal(word) in plain for word in words):
                return name
    if slot in ("home", "origin"):
        plain = re.sub(r"[市省]$|^(?:the)?cityof", "", plain)
    return plain


def same_value(one: Attribute, other: Attribute) -> bool | None:
    """Whether two values of one slot are the same, or one says it more exactly.

    ``None`` if that can't be told: 老师 and "lecturer" may be the same job. Of
    places the dictionary knows the names in both languages.
    """
    mine, theirs = one.value, other.value
    if mine == theirs or (len(mine) > 1 and mine in theirs) or (len(theirs) > 1 and theirs in mine):
        return True
    if has_cjk(mine) == has_cjk(theirs):
        return False
    chinese, english = (mine, theirs) if has_cjk(mine) else (theirs, mine)
    if one.slot not in _PLACES or not english.isalpha():
        return None
    names = {"".join(sense) for word in segment(chinese) for sense in senses(word)}
    return any(name.startswith(english) or english in name for name in names) if names else None


def opposite(one: str, other: str) -> bool:
    """Whether one sentence denies what the other says, and they share the rest."""
    if negative(one) == negative(other):
        return False
    mine, theirs = (content(without_negation(_ASPECT.sub("", text))) for text in (one, other))
    return mine == theirs and bool(mine)
