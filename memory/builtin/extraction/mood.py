"""The user's mood of a batch from their own words: a lexicon, negation, intensifiers.

Only what users say of themselves counts: not questions, not what somebody else
feels, not "if I were sad". Where nothing is said of it there is no mood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import floor

from memory.nlp.language import detect
from memory.nlp.mood_words import FEELINGS, MIXED, Feeling
from memory.types import MOOD_MOST, Language, Mood

_CLAUSES = re.compile(r"[^，。！？；、,;!?\n.…~～]+[，。！？；、,;!?\n.…~～]*", re.IGNORECASE)
_BUT = re.compile(r"(?=但是?|不过|可是|然后|\bbut\b|\bthough\b|\bthen\b)", re.IGNORECASE)
_QUESTION: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(r"[？?]|[吗呢]\W*$|是不是|会不会|怎么才"),
    "en": re.compile(r"\?"),
}
_SUPPOSED: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(r"如果|要是|假如|万一|比如|希望|祝|愿"),
    "en": re.compile(r"\b(?:if|would|wish|hope(?!ful)|suppose|imagine)\b", re.IGNORECASE),
}
_OTHERS: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"(?P<me>我(?!妈|爸|爷|奶|哥|姐|弟|妹|老公|老婆|女儿|儿子|同事|朋友|们?老板|的)|自己)"
        r"|(?P<other>你|妳|您|他|她|它|大家|别人|有人|人家|妈妈?|爸爸?|爷爷|奶奶|哥哥?|姐姐?|"
        r"弟弟?|妹妹?|老公|老婆|女儿|儿子|孩子|同事|朋友|室友|老板|领导|老师|念念)"
    ),
    "en": re.compile(
        r"\b(?:(?P<me>i|i['’]m|i['’]ve|i['’]d|me|myself)|(?P<other>he|she|they|you|you['’]re|"
        r"he['’]s|she['’]s|they['’]re|we(?= are you)|everyone|people|somebody|someone|"
        r"my (?!day|week|mood|heart|head|life)\w+))\b",
        re.IGNORECASE,
    ),
}
_NEGATED: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"(?<![得忍差])(?:不|没有?|毫无|并非|谈不上|算不上)(?:是|太|怎么|那么|这么|算|再|会|觉得|"
        r"感到?|感觉|到|很|特别|什么|值得|可|有|够|能|了)*$"
    ),
    "en": re.compile(
        r"\b(?:not|never|no longer|hardly|isn['’]t|aren['’]t|wasn['’]t|don['’]t|doesn['’]t|"
        r"didn['’]t|can['’]t|without|nothing to be)\b(?: (?!only\b)\w+){0,3} ?$",
        re.IGNORECASE,
    ),
}
_STRONGER: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(r"(?:特别|非常|超级?|极其|极度|无比|格外|太|实在|真的?好)的?$"),
    "en": re.compile(
        r"\b(?:very|so|really|extremely|incredibly|super|absolutely|totally|terribly) ?$",
        re.IGNORECASE,
    ),
}
_STRONGER_AFTER: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(r"^(?:死了?|极了|透了|坏了|疯了|得不行|得要命|得受不了)"),
    "en": re.compile(r"^ (?:as hell|to death|beyond words)", re.IGNORECASE),
}
_WEAKER: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(r"(?:有点儿?|有些|稍微|略微|一点|快要?)$"),
    "en": re.compile(r"\b(?:a (?:bit|little)|slightly|kind of|sort of|somewhat) ?$", re.IGNORECASE),
}
_MIXED_BELOW = 0.3


@dataclass(frozen=True, slots=True)
class _Felt:
    """One feeling that was said, as it was meant."""

    word: str
    score: int


def rate(texts: Iterable[str], default: Language) -> Mood | None:
    """The mood that the user's messages of a batch tell; ``None`` if they don't.

    Args:
        texts: What the user said, oldest first.
        default: The language of what doesn't tell its own.
    """
    felt: list[_Felt] = []
    language: Language = default
    for text in texts:
        language = detect(text, default)
        felt += _felt(text, language)
    if not felt:
        return None
    mean = sum(feeling.score for feeling in felt) / len(felt)
    if abs(mean) < _MIXED_BELOW:
        calm = [feeling.word for feeling in felt if not feeling.score]
        clear = len(calm) == len(felt)
        return Mood(0, calm[-1] if clear else MIXED[language])
    score = max(1, floor(abs(mean) + 0.5)) * (1 if mean > 0 else -1)
    return Mood(score, _word(felt, score))


def _word(felt: list[_Felt], score: int) -> str:
    """The word said most of those on the same side; of equals the strongest, then the last."""
    same = [feeling for feeling in felt if feeling.score * score > 0]
    words = [feeling.word for feeling in same]
    place = max(
        range(len(same)),
        key=lambda index: (words.count(words[index]), abs(same[index].score), index),
    )
    return words[place]


def _felt(text: str, language: Language) -> Iterator[_Felt]:
    for sentence in _CLAUSES.findall(text):
        if _QUESTION[language].search(sentence) or _SUPPOSED[language].search(sentence):
            continue
        for clause in _BUT.split(sentence):
            yield from _in_clause(clause, language)


def _in_clause(clause: str, language: Language) -> Iterator[_Felt]:
    taken: list[tuple[int, int]] = []
    for feeling in sorted(FEELINGS[language], key=lambda f: -abs(f.score)):
        for match in feeling.pattern.finditer(clause):
            start, end = match.span()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            taken.append((start, end))
            before, after = clause[:start], clause[end:]
            if _about_others(before, language):
                continue
            meant = _meant(feeling, before, after, language)
            if meant is not None:
                yield meant


def _meant(feeling: Feeling, before: str, after: str, language: Language) -> _Felt | None:
    """The feeling with what stands around it; nothing for a denied worry."""
    score = feeling.score
    if _NEGATED[language].search(before):
        # "Not happy" is low; "not sad" says no more than that.
        return _Felt(_LOW[language], -1) if score > 0 else None
    if _STRONGER[language].search(before) or _STRONGER_AFTER[language].search(after):
        score += (score > 0) - (score < 0)
    elif _WEAKER[language].search(before):
        score = (score > 0) - (score < 0)
    return _Felt(feeling.word, max(-MOOD_MOST, min(MOOD_MOST, score)))


_LOW: Mapping[Language, str] = {"zh": "低落", "en": "low"}


def _about_others(before: str, language: Language) -> bool:
    """Whether the feeling is somebody else's: whoever was named last feels it."""
    named = list(_OTHERS[language].finditer(before))
    return bool(named) and named[-1].lastgroup == "other"
