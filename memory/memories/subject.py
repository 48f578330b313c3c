"""Subject check: a fact about the AI is never filed under the user, nor the reverse.

Three witnesses are heard: how the sentence begins, the field ``subject``, and
who spoke of whom in the source messages ("I" and "you" in both languages).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memory.nlp.language import detect
from memory.nlp.similarity import content
from memory.types import Language, Message, Persona, Subject

_CLAUSE = re.compile(r"[。！？!?；;，,\n]+|\.(?=\s|$)")
_FIRST = re.compile(r"我|咱|俺|\b(?:I|me|my|mine|myself)\b|\bI['’]", re.IGNORECASE)
_SECOND = re.compile(r"你|您|\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
# Who says that somebody said it doesn't matter for whom it is about.
_REPORTED = re.compile(
    r"[你我](?:之前|上次|以前|昨天|刚才)?(?:[跟和对][你我])?(?:说过?|讲过|提过|提到过?|告诉过?[你我])|我记得|"
    r"\b(?:you|I) (?:said|told (?:me|you)|mentioned|were saying|was saying)(?: that)?|"
    r"\bI (?:remember|know|think|heard)(?: that)?",
    re.IGNORECASE,
)
_USER_START = re.compile(r"\s*(?:用户|使用者|(?:the )?user\b)\s*", re.IGNORECASE)
_AI_START = re.compile(
    r"\s*(?:AI助手|AI伴侣|AI角色|AI|人工智能|助手|角色|(?:the )?(?:ai|assistant|companion|"
    r"persona)\b)\s*",
    re.IGNORECASE,
)
_I_START = re.compile(r"\s*(?:我(?!们)|本人|I\b(?=['’ ]))\s*", re.IGNORECASE)
_YOU_START = re.compile(r"\s*(?:你|您|you\b)\s*", re.IGNORECASE)
_NAMES_USER = re.compile(r"用户|\bthe user\b", re.IGNORECASE)
_VERB_ZH = re.compile(
    r"(?:不|没|曾经?|已经?|正在?|最近|每天|经常|常常?|一直|特别|非常|很|也|打算|计划|准备|"
    r"今年|目前|现在){0,6}"
    r"(?:喜欢|讨厌|爱|住|在|是|有|叫|对|想|要|去|养|会|学|做|吃|喝|玩|看|买|害怕|怕|习惯|工作|"
    r"患|得了|认识|觉得|"
    r"希望|打算|计划|准备|需要|决定|毕业|出生|结婚|离婚|搬|换|戒|开始|过敏|来自|属)"
)
_VERB_EN = re.compile(
    r"(?:is|are|was|has|had|likes?|loves?|hates?|dislikes?|enjoys?|lives?|works?|wants?|plans?|"
    r"prefers?|owns?|plays?|studies|studied|went|goes|moved|bought|works|feels?|needs?|used to|"
    r"visited|started|stopped|learns?|allergic|afraid|born|named|called)\b",
    re.IGNORECASE,
)
_CONJUGATED = (
    (r"^(?:I am|I['’]m)\b", "is"),
    (r"^(?:I have|I['’]ve)\b", "has"),
    (
        r"^I (was|went|had|did|used|moved|bought|got|saw|met|started|stopped|\w+ed|can|will)\b",
        r"\1",
    ),
    (r"^I (do|go)\b", r"\1es"),
    (r"^I don['’]t\b", "doesn't"),
    (r"^I (\w+[^aeiou\W])y\b", r"\1ies"),
    (r"^I (\w+(?:s|sh|ch|x|z|o))\b", r"\1es"),
    (r"^I (\w+)\b", r"\1s"),
)


@dataclass(frozen=True, slots=True)
class Names:
    """How the two are called in memories, by language; ``all_ai`` to recognise either."""

    ai: dict[Language, str]
    all_ai: tuple[str, ...]

    @classmethod
    def of(cls, persona: Persona) -> Names:
        """The names of ``persona``, longest first for matching."""
        ai = {language: text.name for language, text in persona.texts.items()}
        return cls(ai, tuple(sorted({name for name in ai.values() if name}, key=len, reverse=True)))

    def start(self, subject: Subject, language: Language) -> str:
        """How a sentence about ``subject`` begins: ``用户``, ``The user ``, ``念念`` …"""
        if subject is Subject.USER:
            return "用户" if language == "zh" else "The user "
        name = self.ai.get(language) or next(iter(self.ai.values()))
        return name if language == "zh" else f"{name} "

    def split(self, text: str) -> tuple[Subject | None, str]:
        """Whom ``text`` begins with, and the rest of it."""
        user = _USER_START.match(text)
        if user:
            return Subject.USER, text[user.end() :]
        for name in self.all_ai:
            if text.lower().startswith(name.lower()):
                after = text[len(name) :]
                if not (name.isascii() and after[:1].isalnum() and after[:1].isascii()):
                    return Subject.AI, after.lstrip()
        ai = _AI_START.match(text)
        if ai:
            return Subject.AI, text[ai.end() :]
        return None, text

    def mentions_anyone(self, text: str) -> bool:
        """Whether ``text`` speaks of the user or the persona by any name."""
        lowered = text.lower()
        return (
            "用户" in text
            or "the user" in lowered
            or any(name.lower() in lowered for name in self.all_ai)
            or bool(_FIRST.search(text) or _SECOND.search(text))
        )


def spoken_of(text: str, sources: Iterable[Message]) -> set[Subject]:
    """Whom the clauses of ``sources`` that say ``text`` speak of; empty if they don't tell."""
    wanted = content(text)
    best = max(1, (len(wanted) + 1) // 2)
    found: set[Subject] = set()
    for message in sources:
        speaker = Subject.USER if message.role == "user" else Subject.AI
        listener = Subject.AI if message.role == "user" else Subject.USER
        for clause in _CLAUSE.split(message.text):
            shared = len(wanted & content(clause))
            told = _REPORTED.sub("", clause)
            first, second = bool(_FIRST.search(told)), bool(_SECOND.search(told))
            if shared < best or first == second:
                if shared > best:
                    best, found = shared, set()
                continue
            if shared > best:
                best, found = shared, set()
            found.add(speaker if first else listener)
    return found


def settle_subject(
    text: str, field: Subject | None, sources: Sequence[Message], names: Names
) -> tuple[str, Subject, bool]:
    """The text with its right beginning, whom it is about, and whether that was corrected.

    Args:
        text: The proposed memory.
        field: What the model put into ``subject``.
        sources: The messages it comes from.
        names: How the two are called.
    """
    language = detect(text)
    started, rest = names.split(text)
    evidence = spoken_of(rest, sources)
    if started is not None:
        other = Subject.AI if started is Subject.USER else Subject.USER
        if evidence == {other} and not names.mentions_anyone(rest) and rest.strip():
            return _begin(names, other, language, rest), other, True
        return text, started, field is not None and field is not started
    subject = field or _only(evidence) or _speaker(sources)
    first, second = _I_START.match(text), _YOU_START.match(text)
    if first or second:
        speaker = _speaker(sources)
        listener = Subject.AI if speaker is Subject.USER else Subject.USER
        subject = speaker if first else listener
        return _third_person(text, subject, language, names), subject, True
    if evidence and subject not in evidence:
        subject = _only(evidence) or subject
    verb = _VERB_ZH if language == "zh" else _VERB_EN
    if verb.match(text) and not _NAMES_USER.search(text):
        body = text if language == "zh" else text[0].lower() + text[1:]
        return names.start(subject, language) + body, subject, True
    return text, subject, False


def _begin(names: Names, subject: Subject, language: Language, rest: str) -> str:
    start = names.start(subject, language)
    return start.rstrip() + rest if rest.startswith(("'", "’")) else start + rest


def _only(evidence: set[Subject]) -> Subject | None:
    return next(iter(evidence)) if len(evidence) == 1 else None


def _speaker(sources: Sequence[Message]) -> Subject:
    if sources and all(message.role == "assistant" for message in sources):
        return Subject.AI
    return Subject.USER


def _third_person(text: str, subject: Subject, language: Language, names: Names) -> str:
    """``text`` said of ``subject`` in the first or second person, in the third."""
    start = names.start(subject, language)
    other = names.start(Subject.AI if subject is Subject.USER else Subject.USER, language)
    if language == "zh":
        me, you = ("我", "[你您]") if _I_START.match(text) else ("[你您]", "我")
        text = re.sub(f"(?:{me}|本人)(?!们)", start, text)
        return re.sub(f"{you}(?!们)", other, text)
    text = re.sub(r"^you are\b|^you['’]re\b", "I am", text, flags=re.IGNORECASE)
    text = re.sub(r"^you have\b|^you['’]ve\b", "I have", text, flags=re.IGNORECASE)
    text = re.sub(r"^you\b", "I", text, flags=re.IGNORECASE)
    for pattern, verb in _CONJUGATED:
        changed, count = re.subn(pattern, start + verb, text, count=1, flags=re.IGNORECASE)
        if count:
            return re.sub(r"\b(?:my|your)\b", "their", changed, flags=re.IGNORECASE)
    return start + text
