"""Words for how somebody feels, from -2 to 2, in both languages.

Small on purpose: only words that tell a mood by themselves. Likes and dislikes
("I love skiing") are tastes, politeness ("thanks", "happy birthday") is neither.
Each entry is the word that is kept, and the pattern that finds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from memory.types import ByLanguage, Language


@dataclass(frozen=True, slots=True)
class Feeling:
    """One word for a mood, and how it is said."""

    word: str
    score: int
    pattern: re.Pattern[str]


_ZH: tuple[tuple[str, int, str], ...] = (
    ("狂喜", 2, r"欣喜若狂|(?:高兴|开心|乐)(?:坏|疯|死)了|喜极而泣|太棒了"),
    ("幸福", 2, r"幸福|甜蜜"),
    ("激动", 2, r"激动|兴奋"),
    ("开心", 1, r"开心|高兴|(?<!生日)(?<!新年)(?<!节日)(?<!节)(?<!圣诞)快乐|愉快|喜悦|美滋滋"
     r"|心情(?:很|特别|真|挺|还)?(?:好|不错)"),
    ("满足", 1, r"满足|知足|欣慰|有成就感|自豪"),
    ("轻松", 1, r"轻松|放松(?!警惕)|惬意|自在|松了?一?口气|治愈"),
    ("期待", 1, r"期待|盼着|迫不及待"),
    ("感动", 1, r"感动|暖心|心里暖"),
    ("踏实", 1, r"踏实|安心(?!丸)|放心"),
    ("平静", 0, r"平静|淡定|心情(?:一般|平平)"),
    ("疲惫", -1, r"疲惫|疲倦|[好很太真更这挺又]累|有点累|没精神"
     r"|(?<!积)累(?=了|得|坏|死|啊|呀|哦|，|。|！|$)"),
    ("焦虑", -1, r"焦虑|紧张(?!刺激)|担心|忐忑|不安(?!全)|着急|发慌|心慌"
     r"|压力(?:很|好|太|特别|非常|有点)?大"),
    ("难过", -1, r"难过|伤心|难受|失落|沮丧|低落|委屈|心酸|郁闷|想哭|哭了|不好受"
     r"|心情(?:很|特别|真|有点|挺)?(?:差|糟|不好)"),
    ("烦躁", -1, r"烦躁|心烦|好烦|很烦|太烦|烦死|烦人|烦透"),
    ("生气", -1, r"生气|气死|愤怒|恼火|火大|气得"),
    ("孤独", -1, r"孤独|寂寞|孤单"),
    ("失望", -1, r"失望|后悔|遗憾"),
    ("害怕", -1, r"害怕|恐惧|怕得"),
    ("无聊", -1, r"无聊|空虚|emo"),
    ("崩溃", -2, r"崩溃|撑不住|撑不下去|受不了了|精疲力[尽竭]"),
    ("绝望", -2, r"绝望|痛苦|心碎|痛不欲生|生不如死|活不下去|不想活"),
)  # fmt: skip
_EN: tuple[tuple[str, int, str], ...] = (
    ("thrilled", 2, r"thrilled|ecstatic|overjoyed|over the moon|elated|so excited|on cloud nine"),
    ("excited", 1, r"excited"),
    ("happy", 1, r"happy(?! (?:birthday|new year|holidays|to help|with that))|glad|joyful|cheerful"
     r"|delighted|in (?:a )?(?:good|great) mood|feeling (?:great|good)|feel (?:great|good)"),
    ("proud", 1, r"proud|fulfilled|content(?! of)"),
    ("relieved", 1, r"relieved|relaxed|at ease"),
    ("hopeful", 1, r"hopeful|looking forward to|can['’]t wait"),
    ("touched", 1, r"touched|moved to tears"),
    ("calm", 0, r"calm|at peace"),
    ("tired", -1, r"tired|worn out|drained|sleepy|burned out|burnt out"),
    ("anxious", -1, r"anxious|nervous|worried|stressed(?: out)?|uneasy|on edge|overwhelmed"),
    ("sad", -1, r"sad|unhappy|upset|feeling (?:down|low|blue)|feel (?:down|low|blue)|gloomy"
     r"|in (?:a )?bad mood|cried|crying|heavy[- ]hearted|homesick"),
    ("annoyed", -1, r"annoyed|irritated|frustrated|fed up"),
    ("angry", -1, r"angry|furious|mad at|pissed"),
    ("lonely", -1, r"lonely|lonesome"),
    ("disappointed", -1, r"disappointed|let down|regret"),
    ("afraid", -1, r"afraid|scared|terrified"),
    ("bored", -1, r"bored"),
    ("exhausted", -2, r"exhausted|falling apart|breaking down|broke down"),
    ("hopeless", -2, r"hopeless|miserable|devastated|heartbroken|depressed|in despair"),
)  # fmt: skip

FEELINGS: Mapping[Language, tuple[Feeling, ...]] = ByLanguage(
    {
        "zh": tuple(Feeling(word, score, re.compile(found, re.I)) for word, score, found in _ZH),
        "en": tuple(
            Feeling(word, score, re.compile(rf"\b(?:{found})\b", re.I))
            for word, score, found in _EN
        ),
    }
)
MIXED: Mapping[Language, str] = ByLanguage({"zh": "复杂", "en": "mixed"})


def is_glad(text: str, language: Language) -> bool:
    """Whether every mood word of ``text`` is a glad one, and none is denied."""
    denied = re.search(r"不|没|n't\b|\b(?:not|never|no)\b", text, re.I)
    felt = [one.score for one in FEELINGS[language] if one.pattern.search(text)]
    return bool(felt) and min(felt) > 0 and not denied


def score_of(word: str) -> int | None:
    """What one word for a mood rates; ``None`` for a word that isn't known."""
    for feelings in FEELINGS.values():
        for feeling in feelings:
            if word and (word.lower() == feeling.word or feeling.pattern.fullmatch(word)):
                return feeling.score
    return None
