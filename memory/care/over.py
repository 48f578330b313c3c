"""Recovery statement: whether the person says that the danger is past.

Closed wording on purpose. What isn't understood here only keeps help in reach for some
hours more; a wrong end would take it away.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

# The traditional characters in the wording below.
_SIMPLIFIED = str.maketrans("沒開過會傷殺騙說鬧別當擔現經險這樣們她", "没开过会伤杀骗说闹别当担现经险这样们她")

Ending: TypeAlias = Literal["clear", "passing"]

_CLEAR = re.compile(
    r"我(?:现在|已经|真的)*安全了?(?=[，。！,.!~ ]|$)|危险(?:已经)?过去了|(?:念头|冲动)(?:已经)?(?:过去|没有|没|消失|退)了"
    r"|(?:已经|现在)?不想(?:再)?(?:死|自杀|伤害自己|轻生)了|不会(?:再)?(?:去)?(?:做傻事|伤害自己|自杀|寻死|想不开|割)了?"
    r"|\bi(?:'m| am) safe(?: now| again)?\b|\bthe danger is (?:over|past|gone)"
    r"|\bi (?:don't|do not) want to (?:die|kill myself|hurt myself) any ?more"
    r"|\bi(?:'m| am) not going to (?:do it|kill myself|hurt myself|cut)"
    r"|\bi (?:won't|will not) (?:do it|kill myself|hurt myself|cut)"
    r"|\b(?:thoughts?|urges?|feeling) (?:has|have|is|are) (?:passed|gone|past|over)"
    r"|(?:我|她|他)(?:妈|爸|朋友|老师|家人)?[^，。]{0,4}(?:找到|接到)(?:了)?(?:她|他)了?，?(?:她|他)?(?:安全|没事)"
    r"|(?:她|他)(?:现在)?(?:安全|没事|回家)了|\b(?:she|he|they)(?:'s| is|'re| are) (?:safe|home)(?: now)?\b"
)
_PASSING = re.compile(
    r"开(?:个)?玩笑|骗你的?|逗你的?|随便说说|说着玩|说笑|闹着玩|(?:我|现在|已经)?没事了?(?:啦|的|啊)?(?=[，。！,.!~ 我]|$)"
    r"|当我没说|别当真|忘了(?:它)?吧|别担心我"
    r"|\bjust (?:kidding|joking)|\bonly (?:kidding|joking)|\b(?:was|it's|is) (?:just |only )?a joke|\bjk\b"
    r"|\bi(?:'m| am) (?:fine|ok|okay|all right|alright|better)(?: now)?\b|\bnever ?mind\b|\bforget (?:it|what i said)"
    r"|\bdidn't mean (?:it|that)|\bdon't worry about me"
)
_UNSURE = re.compile(
    r"[?？吗]|怎么(?:才)?能|要是|如果|假装|(?:不|没|別|别)(?:是|觉得|算)(?:安全|没事)"
    r"|\bif\b|\bwhen (?:i|will)\b|\bpretend|\bnot safe\b|\bwish\b|\bsay i(?:'m| am)\b|\btell (?:them|her|him)"
)


def ending(text: str) -> Ending | None:
    """What ``text`` says of the danger's end.

    Returns:
        ``clear`` ("I'm safe now, my sister is with me"), ``passing`` where it is only
        waved away ("just kidding", "没事了"), or None.
    """
    plain = _plain(text)
    if _UNSURE.search(plain):
        return None
    if _CLEAR.search(plain):
        return "clear"
    return "passing" if _PASSING.search(plain) else None


def without_ending(text: str) -> str:
    """``text`` without the words that say so: is there danger in the rest?"""
    return _PASSING.sub(" ", _CLEAR.sub(" ", _plain(text)))


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return plain.translate(_SIMPLIFIED)
