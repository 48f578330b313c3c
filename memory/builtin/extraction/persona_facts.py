"""Persona facts: what the persona says about itself in its replies.

Stricter than for the user: a reply is mostly about the listener. Comfort, questions,
offers and what is repeated of the user are left alone; likes, habits and what the
persona did on a day become memories about the AI.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import replace

from memory.builtin.extraction import en_events, zh_events
from memory.builtin.extraction.cantonese import restored, simplified
from memory.builtin.extraction.draft import Draft, Scene
from memory.builtin.extraction.en_facts import read_fact as read_fact_en
from memory.builtin.extraction.en_filters import EN_FILTERS
from memory.builtin.extraction.en_subjects import subject_of as subject_of_en
from memory.builtin.extraction.en_text import conjugated
from memory.builtin.extraction.en_text import lead_stripped as lead_stripped_en
from memory.builtin.extraction.en_text import tail_stripped as tail_stripped_en
from memory.builtin.extraction.en_text import third_person as third_person_en
from memory.builtin.extraction.sentences import clean, sentences
from memory.builtin.extraction.zh_facts import read_fact as read_fact_zh
from memory.builtin.extraction.zh_filters import ZH_FILTERS
from memory.builtin.extraction.zh_subjects import subject_of as subject_of_zh
from memory.builtin.extraction.zh_text import (
    adverbs_stripped,
    lead_stripped,
    tail_stripped,
    third_person,
)
from memory.builtin.extraction.zh_words import PET, RELATION
from memory.nlp import dates
from memory.nlp.dates.names import MONTHS
from memory.nlp.dates.numbers import zh_number
from memory.types import Kind, Subject

# A persona's health, name and convictions come from its card, not from its small talk.
_CATEGORIES = frozenset({"preference", "habit", "relationship", "identity", "work_study", "plan"})

_ZH_SERVICE = re.compile(
    r"^(?:一直|会|也|都|就|还|永远|只|可以|能)*(?:在(?:这|听|呢|的|想你|$)|听|记得|记住|记着|记下|懂|明白|理解|知道|陪|希望|觉得|相信|为|替|是(?:一个|个)?(?:AI|ai|人工智能|机器|程序|虚拟)|叫|没有身体|不能|无法|不会(?:告诉|忘|走|离开)|"
    r"愿意|等|很高兴|很开心|真为|帮|给|谢|抱|懂得|猜|看到|感觉|好奇|想(?:听|知道|问|起|到|象|陪|说|跟|和|了解)|有点?(?:担心|心疼|好奇))"
)
_ZH_JUST = re.compile(r"^(?:刚刚|刚才|刚)(?=.)")
_ZH_DONE = re.compile(r"了|过")
_ZH_BIRTHDAY = re.compile(
    r"的?生日(?:是|在)([\d一二三四五六七八九十]{1,2})月([\d一二三四五六七八九十]{1,3})[日号]"
)
_ZH_CALLED = re.compile(r"(?:它|他|她)?(?:的)?(?:名字)?(?:叫|是叫)(?P<name>[\u4e00-\u9fff]{1,4})")
_ZH_KEEPS = re.compile(rf"[有养][^，叫]{{0,8}}(?:{PET}|{RELATION})$")
_EN_SERVICE = re.compile(
    r"^(?:\w+ly |always |just |also |still )*(?:am (?:here|listening|sorry|glad|happy|proud|an ai|a (?:program|chatbot|language model)|not|with|always here|so|really|all ears|curious|wondering|sending|rooting)|hear|remember|understand|know|see|think|believe|hope|wish|wonder|feel|will|would|can|could|want to (?:hear|know|help|understand|listen)|promise|guess|imagine|noticed|mean|get it|appreciate|care|do|have been (?:thinking|wondering|here)|should|might|may|don't (?:know|want|think|have|mind|judge|need|forget|worry|get|see|feel|believe|remember)|can't)\b",
    re.IGNORECASE,
)
_EN_JUST = re.compile(r"^(?:have )?just (?=\w+)", re.IGNORECASE)
_EN_SPENT = re.compile(
    r"^spent (?:the|my|this|all) (?:whole )?(?:morning|afternoon|evening|day) \w+ing\b",
    re.IGNORECASE,
)
# "I always cry at the ending": of what was said in the sentence before.
_EN_POINTING = re.compile(r"\bthe (?:end|ending|same|other|former|latter)$", re.IGNORECASE)
_BETWEEN_STOPS = re.compile(r"[^，。！？,.!?；;…：:\n]+")
_LEAST_OF_ECHO = 4
_YOU_EN = re.compile(r"\b(?:you|your|yours|you're|yourself|we|us|our|let's)\b", re.IGNORECASE)


def without_echo(reply: str, said: str) -> str:
    """``reply`` without what it repeats of the user's message: that isn't about the persona.

    Example:
        >>> without_echo("上个月搬到厦门，嗯，我听着。", "上个月搬到厦门")
        '，嗯，我听着。'
    """
    heard = simplified(said).lower()

    def own(found: re.Match[str]) -> str:
        part = simplified(found[0]).lower().strip()
        return "" if len(part) >= _LEAST_OF_ECHO and part in heard else found[0]

    return _BETWEEN_STOPS.sub(own, reply)


def read_zh(text: str, scene: Scene) -> list[Draft]:
    """What the persona tells of itself in a Chinese reply."""
    source = clean(text)
    found: list[Draft] = []
    for sentence in sentences(simplified(source), "zh"):
        own, addressed = False, False
        for number, clause in enumerate(sentence.clauses):
            clause = lead_stripped(clause)
            mark = sentence.asks and number == len(sentence.clauses) - 1
            addressed = addressed or bool(re.search(r"[你您咱]|我们", clause))
            if (
                re.search(r"[你您咱]|我们", clause)
                or ZH_FILTERS.unreal(clause)
                or ZH_FILTERS.states_nothing(clause, mark)
            ):
                own = False
                continue
            drafts, own = _clause_zh(tail_stripped(clause), scene, own)
            called = _ZH_CALLED.fullmatch(tail_stripped(clause))
            if called and found and _ZH_KEEPS.search(found[-1].text):
                found[-1] = replace(found[-1], text=f"{found[-1].text}，叫{called['name']}")
                own = False
                continue
            if own or not addressed:
                found.extend(drafts)
    return [
        replace(draft, text=restored(draft.text, source), subject=Subject.AI) for draft in found
    ]


def _clause_zh(clause: str, scene: Scene, own: bool) -> tuple[list[Draft], bool]:
    mentions = dates.resolve(clause, scene.said_on, "zh")
    head, rest = "", clause
    if mentions and not clause[: mentions[0].begin].strip():
        head, rest = mentions[0].text, clause[mentions[0].stop :].lstrip("，, 的")
    about = subject_of_zh(rest, scene.speaker, scene)
    told = about.who == scene.speaker and about.explicit
    if (
        about.person
        or about.who is None
        or not (told or own or (head and _ZH_DONE.search(rest)) or _ZH_JUST.match(rest))
    ):
        return [], False
    predicate = about.predicate
    if _ZH_SERVICE.match(predicate) or zh_events.feeling(predicate):
        return [], told
    just = _ZH_JUST.match(predicate)
    if just and not mentions and _ZH_DONE.search(predicate):
        head, predicate = "今天", predicate[just.end() :]
    mentions = dates.resolve(head + predicate, scene.said_on, "zh")
    born = _ZH_BIRTHDAY.fullmatch(predicate)
    if born and told:
        written = f"{zh_number(born[1])}月{zh_number(born[2])}日"
        return [Draft(f"{scene.speaker}的生日是{written}", "identity", 4)], told
    if mentions and mentions[0].grain == "weekend" and predicate.startswith("会"):
        return [], told  # "周末会去茶室帮忙" is a habit, not next weekend
    if mentions and (told or mentions[0].begin == 0):
        draft = zh_events.event(scene.speaker, head + predicate, mentions, scene, told)
        return ([replace(draft, importance=2)] if draft else []), told
    if not (told or own):
        return [], False
    fact = read_fact_zh(predicate) or read_fact_zh(adverbs_stripped(predicate))
    recent = zh_events.RECENT.search(predicate)
    if recent and told and not mentions:
        busy = predicate[: recent.start()] + predicate[recent.end() :].lstrip("，, ")
        if not zh_events.BUSY.fullmatch(busy):
            return [], told
        day = scene.said_on
        text = third_person(f"{scene.speaker}{day.month}月{busy}", scene.speaker)
        month = f"{day:%Y-%m}"
        return [Draft(text, "event", 2, kind=Kind.TEMPORAL, event_date=month)], told
    if recent or mentions:
        return [], told
    if fact is None or fact.category not in _CATEGORIES or fact.text.startswith("叫"):
        return [], told or own
    text = third_person(f"{scene.speaker}{fact.text}", scene.speaker)
    return [Draft(text, fact.category, 3)], told


def read_en(text: str, scene: Scene) -> list[Draft]:
    """What the persona tells of itself in an English reply."""
    found: list[Draft] = []
    cleaned = clean(text).replace("’", "'").replace("。", ". ")
    for sentence in sentences(cleaned, "en"):
        for number, clause in enumerate(sentence.clauses):
            clause = lead_stripped_en(clause)
            mark = sentence.asks and number == len(sentence.clauses) - 1
            if (
                _YOU_EN.search(clause)
                or EN_FILTERS.unreal(clause)
                or EN_FILTERS.states_nothing(clause, mark)
            ):
                continue
            draft = _clause_en(tail_stripped_en(clause), scene)
            if draft:
                found.append(replace(draft, subject=Subject.AI))
    return found


def _clause_en(clause: str, scene: Scene) -> Draft | None:
    mentions = dates.resolve(clause, scene.said_on, "en")
    tail = ""
    if mentions and not clause[: mentions[0].begin].strip():
        tail, clause = " " + mentions[0].text, clause[mentions[0].stop :].lstrip(" ,")
    about = subject_of_en(clause, scene.speaker, scene)
    if (
        about.person
        or not about.explicit
        or not about.who
        or not about.who.startswith(scene.speaker)
    ):
        return None
    predicate = about.predicate
    if about.first and (_EN_SERVICE.match(predicate) or en_events.feeling(predicate)):
        return None
    if not tail and not mentions and about.first:
        if _EN_JUST.match(predicate):
            predicate, tail = _EN_JUST.sub("", predicate), " today"
            if not en_events.past_verb(predicate):
                return None
        elif _EN_SPENT.match(predicate):
            tail = " today"
    mentions = dates.resolve(predicate + tail, scene.said_on, "en")
    if mentions and predicate.startswith("birthday is"):
        day = mentions[0].start
        return Draft(f"{about.who} birthday is {MONTHS[day.month - 1]} {day.day}", "identity", 4)
    if mentions:
        draft = en_events.event(about.who, predicate + tail, mentions, scene, about.first)
        return replace(draft, importance=2) if draft else None
    recent = en_events.RECENT.search(predicate)
    if recent:
        predicate = tail_stripped_en(predicate[: recent.start()] + predicate[recent.end() :])
        if not about.first or not predicate.startswith(("have been ", "am ")):
            return None
        day = scene.said_on
        text = f"{third_person_en(conjugated(predicate))} in {MONTHS[day.month - 1]} {day.year}"
        text, month = f"{about.who} {text}", f"{day:%Y-%m}"
        return Draft(text, "event", 2, kind=Kind.TEMPORAL, event_date=month)
    fact = read_fact_en(predicate)
    if fact is None or fact.category not in _CATEGORIES or _EN_POINTING.search(predicate):
        return None
    text = conjugated(fact.text) if about.first else fact.text
    return Draft(f"{about.who} {third_person_en(text)}", fact.category, 3, kind=Kind.CONSTANT)
