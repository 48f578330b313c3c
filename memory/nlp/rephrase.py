"""Second-person rephrasing: "用户对花生过敏" becomes "你对花生过敏".

Memories are written in the third person so that they stand alone. In a talk
they are turned round: the user becomes "you", the persona becomes "I".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from memory.nlp.dates import say, span
from memory.nlp.dates.names import FULL_MONTHS, SHORT_MONTHS
from memory.nlp.kin import OTHERS_EN
from memory.nlp.language import detect
from memory.types import Kind, Language, Memory, Persona

# "may" begins questions and wishes.
_MONTHS = r"\b(?:" + FULL_MONTHS.replace("May", r"May \d") + r")\b"
_DATE_EN = (
    rf"\b(?:[Oo]n )?(?:\d{{1,2}} (?:{SHORT_MONTHS})[a-z]*,? \d{{4}}|"
    rf"(?:{SHORT_MONTHS})[a-z]* \d{{1,2}},? \d{{4}})\b"
)
# What can't be said of no day: "before the 6th", "the concert of the 6th", "6th to 8th".
_NEEDS_DAY_ZH = "之前|以前|前|之后|以后|后|之内|起|的|到|至|那|开始|或|和|、"
_WEEKEND_ZH = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日那个周末"
_WEEKEND_EN = r"\b(?:over |on )?the weekend of [A-Z][a-z]+ \d{1,2}(?:, \d{4})?"
_IRREGULAR = {
    "is": "are", "was": "were", "has": "have", "does": "do", "goes": "go",
    "isn't": "aren't", "wasn't": "weren't", "hasn't": "haven't", "doesn't": "don't",
}  # fmt: skip
_ADVERBS = (
    "often|always|usually|really|also|never|sometimes|now|still|just|recently|currently|both|only|"
    "already|probably|once|rarely|even|especially|mostly|first|finally|no longer|mainly"
)
# What follows "her" where it is no possessive: "ask her for a portrait".
_AFTER_OBJECT = (
    "for|to|about|at|in|on|with|and|or|but|so|when|while|if|that|because|as|by|from|of|out|up|"
    "again|after|before|until|since|too|than|a|an|the|what|how|why"
)
_JOINS = re.compile(r"\b(?:that|when|what|and|but|how|why|if|as|because|while|which|before|after)$")
_OTHER_PERSON = re.compile(
    r"(?:with|and|called|met|phoned|sees|seeing|love[sd]?|saw) [A-Z]|"
    rf"(?<!her )(?<!his )(?<!their )\b(?:{OTHERS_EN})\b"
)
_MODALS = frozenset(
    {"can", "could", "will", "would", "should", "may", "might", "must", "did", "had"}
)
# After "and" only these are taken for verbs: "and dogs" must stay as it is.
_COMMON_VERBS = frozenset({
    "is", "was", "has", "does", "isn't", "wasn't", "hasn't", "doesn't", "works", "lives",
    "likes", "loves", "hates", "wants", "needs", "goes", "plays", "studies", "keeps", "runs",
    "drinks", "eats", "plans", "feels", "thinks", "prefers", "enjoys", "takes", "makes", "gets",
    "reads", "writes", "calls", "swims", "cooks", "teaches", "dislikes", "hopes", "dreams",
    "sleeps", "walks", "rides", "sings", "paints", "avoids", "struggles", "wakes", "speaks",
    "misses", "knows", "believes", "owns", "collects", "bakes", "commutes", "visits", "watches",
    "listens", "practises", "practices", "trains", "worries", "finds", "can't",
})  # fmt: skip


def retell(memory: Memory, persona: Persona) -> str:
    """The memory's sentence in the second and first person, without a full stop.

    In the language the memory was written in; see :func:`retell_dated` for dates.
    """
    text = memory.text.strip().rstrip("。.！!")
    names = {persona.text("zh").name, persona.text("en").name}
    if detect(text, memory.language) == "zh":
        return _zh(text, names)
    return _en(text, names)


def retell_dated(memory: Memory, persona: Persona, today: date) -> str:
    """Like :func:`retell`, with the day of a dated memory the way people say it."""
    text = retell(memory, persona)
    if memory.event_date is None or memory.kind is not Kind.TEMPORAL:
        return text
    language = detect(text, memory.language)
    weekend = _weekend(text, memory.event_date, today, language)
    if weekend:
        return weekend
    spoken = say(memory.event_date, today, language)
    if language == "zh":
        dated = re.sub(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]", spoken, text, count=1)
        if dated != text or re.search(r"\d{4}年|\d{1,2}月", text):
            return dated
        return f"{spoken}{text}"
    if not re.match(r"(?:yesterday|today|tomorrow|the |last |this |next |in )", spoken):
        spoken = f"on {spoken}"
    dated = re.sub(_DATE_EN, spoken, text, count=1)
    if dated != text or re.search(r"\b(?:19|20)\d\d\b|" + _MONTHS, text):
        return dated
    return f"{spoken}, {text}"


def without_day(text: str, event_date: str, language: Language) -> str:
    """The sentence without its day, for lists that say it themselves.

    Only where it reads well without: "before 10 January" and "the run of 10 January" stay.

    >>> without_day("2026年11月6日你去看了海", "2026-11-06", "zh")
    '你去看了海'
    """
    first, last = span(event_date)
    if first != last:
        return text
    year, month, day = first.year, first.month, first.day
    if language == "zh":
        said = rf"(?<![在从到于至自离])(?:{year}年)?{month}月{day}[日号](?!{_NEEDS_DAY_ZH})[，,]?"
        return re.sub(said, "", text, count=1) or text
    months = rf"(?:{first:%B}|{first:%b})"
    either = rf"(?:0?{day} {months}|{months} 0?{day})(?:,? {year})?"
    left = re.sub(rf"(?:^On {either},? )|(?:,? \b[Oo]n {either}\b(?!['’]))", "", text, count=1)
    return left[:1].upper() + left[1:] if left else text


def _weekend(text: str, event_date: str, today: date, language: Language) -> str | None:
    """ "11月14日那个周末" becomes "上周末"; None for what is no weekend near ``today``."""
    pattern = _WEEKEND_ZH if language == "zh" else _WEEKEND_EN
    if not re.search(pattern, text):
        return None
    first, _ = span(event_date)
    weeks = (first.toordinal() - 1) // 7 - (today.toordinal() - 1) // 7
    if abs(weeks) > 1:
        return None
    zh = ("这个周末", "下周末", "上周末")
    en = ("this weekend", "next weekend", "last weekend")
    return re.sub(pattern, (zh if language == "zh" else en)[weeks], text, count=1)


def _zh(text: str, names: set[str]) -> str:
    text = re.sub(r"用户(?:自己)?", "你", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "我")
    return re.sub(r"你和我|我和你", "我们", text)


def _en(text: str, names: set[str]) -> str:
    about_user = re.match(
        r"the user(?:(?!['’]s)|['’]s (?:name|birthday|favou?rite|job|home))\b", text, re.IGNORECASE
    )
    if about_user and not _OTHER_PERSON.search(text):
        # Nobody else is there whom "she" or "his" could mean.
        text = re.sub(rf"\bher(?= (?:{_AFTER_OBJECT})\b)", "you", text)
        text = re.sub(r"\b(?:her|his)(?= [a-z])", "your", text)
        text = re.sub(r"\b(?:she|he) ([a-z]+(?:['’]t)?)\b", lambda m: f"you {_second(m[1])}", text)
    text = re.sub(r"\bthe user['’]s\b", "your", text, flags=re.IGNORECASE)
    for name in names:
        if re.match(r"[A-Za-z]", name):
            text = _turn(text, re.escape(name), "I", "me", _first)
            text = re.sub(rf"\b{re.escape(name)}['’]s\b", "my", text)
        else:
            text = text.replace(name, "I")
    text = _turn(text, r"[Tt]he user", "you", "you", _second)
    if about_user:
        # "they" in a memory that begins with "The user" is the user in all but odd cases.
        for old, new in (
            (r"\btheir\b", "your"),
            (r"\bthemselves\b|\bthemself\b", "yourself"),
            (r"\bthey are\b", "you are"),
            (r"\bthey\b", "you"),
        ):
            text = re.sub(old, new, text)
        text = re.sub(r"^you and (?:her|his)\b", "you and your", text)
        text = _and_verbs(text, _second)
    elif re.match(r"your\b", text):
        # "Your nan is 84 and sharper than them": those who tell of their nan.
        text = re.sub(r"\b(than|call|calls|called) them\b", r"\1 you", text)
    elif re.match(r"I\b", text):
        text = _and_verbs(re.sub(r"\b(?:her|his|their) own\b", "my own", text), _first)
    return text


def _turn(text: str, who: str, subject: str, other: str, verb: Callable[[str], str]) -> str:
    """Replace ``who``: by ``subject`` with its verb where it acts, else by ``other``."""
    pattern = (
        rf"(?<!\w){who}(?!\w|['’]s)"
        rf"(?: (?P<adverb>(?:(?:{_ADVERBS}) )*)(?P<verb>[a-z]+(?:['’]t)?)\b)?"
    )

    def change(match: re.Match[str]) -> str:
        before = text[: match.start()].rstrip()
        acts = not before or before.endswith((",", ";", ":")) or _JOINS.search(before)
        if not match["verb"]:
            return subject if not before else other
        if acts:
            return f"{subject} {match['adverb']}{verb(match['verb'])}"
        return f"{other} {match['adverb']}{match['verb']}"

    return re.sub(pattern, change, text)


def _second(verb: str) -> str:
    return _plain(verb.replace("’", "'"))


def _first(verb: str) -> str:
    verb = verb.replace("’", "'")
    return {"is": "am", "was": "was", "isn't": "am not", "wasn't": "wasn't"}.get(verb, _plain(verb))


def _plain(verb: str) -> str:
    """The verb without the -s of the third person."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _MODALS or not verb.endswith("s") or verb.endswith(("ss", "us", "is")):
        return verb
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return verb[:-2]
    return verb[:-1]


def _and_verbs(text: str, verb: Callable[[str], str]) -> str:
    def change(match: re.Match[str]) -> str:
        found = match["verb"]
        return match["join"] + (verb(found) if found.replace("’", "'") in _COMMON_VERBS else found)

    pattern = rf"(?P<join>(?:,|\band|\bbut|\bor) (?:(?:{_ADVERBS}) )*)(?P<verb>[a-z]+(?:['’]t)?)\b"
    return re.sub(pattern, change, text)


def in_language(memory: Memory, language: Language) -> bool:
    """Whether the memory can be quoted in a sentence of ``language``."""
    return detect(memory.text, memory.language) == language


__all__ = ["in_language", "retell", "retell_dated"]
