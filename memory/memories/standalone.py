"""Understandable alone: no bare "he" or "there", no "tomorrow" without its date."""

from __future__ import annotations

import re
from datetime import date

from memory.nlp.dates import absolute, resolve
from memory.nlp.dates.names import FULL_WEEKDAYS
from memory.nlp.kin import NAMED_BEFORE_EN
from memory.nlp.language import detect
from memory.types import Kind

_PRONOUN_START = re.compile(
    r"^\s*(?:他们?|她们?|它们?(?!的名)|那里|那边|这里|这边|那儿|这儿|那个|这个|那件|这件|那天|"
    r"这样|那样|此事|"
    r"(?:he|she|they|it|this|that|these|those|there|here|him|them)\b)",
    re.IGNORECASE,
)
_PRONOUN_ZH = re.compile(
    r"(?<![其吉排利])[他她它](?!人|国|乡|日|山|处|克)|那里|那儿|那边|"
    r"(?<!从)这里|这儿"
)
_NAMED_ZH = re.compile(
    r"用户|念念|我|你|[和跟与同给对向陪帮让叫请约的了着过在是有说想要去来到从把被很也都又就再会能]|"
    r"一起|觉得|认为|喜欢|讨厌|认识|见到|遇到|告诉|知道|决定|打算|经常|最近|昨天|今天"
)
_OBJECT_EN = re.compile(
    r"\b(?:with|to|from|for|about|met|meets?|saw|sees?|called|calls?|likes?|loves?|misses|of|"
    r"and)\s+"
    r"(?:him|them|her|it|there|that|this)\s*(?:$|[.,;]|\b(?:at|in|on|yesterday|today|again|"
    r"and|for)\b)",
    re.IGNORECASE,
)
_THERE_EN = re.compile(
    r"\b(?:works?|lives?|lived|went|goes|going|moved|stayed|studie[sd]|been)\s+(?:there|here)\b",
    re.IGNORECASE,
)
_SOMEBODY_EN = re.compile(rf"(?<!^)(?<![.] )\b[A-Z][a-z]+|\b(?:{NAMED_BEFORE_EN})\b")
_COUNT = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|(?:a )?(?:few|couple of)|"
    r"several)"
)
RELATIVE = re.compile(
    r"(?:大前|大后|昨|今|明|前|后|当)(?:天|日|晚|早|夜)|今早|明早|昨儿|今儿|明儿|"
    r"[上下这本](?:个|一)?(?:周|星期|礼拜|月|季度|学期|周末)|[上下这本]半?年|去年|今年|明年|"
    r"前年|后年|"
    # "12月前", "10月3日前" and "2025年前" are dates: before December, by the third.
    r"[\d一二两三四五六七八九十几半]{1,8}(?:(?:个)?(?:天|周|星期|礼拜|小时|分钟)|个半?月)(?:之)?[前后]|"
    r"(?<![月\d一二三四五六七八九十])[\d一二两三四五六七八九十几]{1,8}日(?:之)?[前后]|"
    r"(?<!\d)(?:\d{1,3}|[一二两三四五六七八九十几半]{1,8})年(?:之)?[前后]|"
    r"\b(?:yesterday|today|tonight|tomorrow|(?:the )?day (?:before yesterday|after tomorrow)|"
    r"(?:last|next|this|past|coming)\s+(?:\w+\s+)?(?:night|week|weekend|month|year|morning|evening|"
    rf"afternoon|spring|summer|autumn|fall|winter|{FULL_WEEKDAYS})|"
    + _COUNT
    + r"\s+(?:day|week|month|year)s?\s+(?:ago|from now|later)|"
    r"in\s+" + _COUNT + r"\s+(?:day|week|month|year)s?)\b",
    re.IGNORECASE,
)
# "三年前（2023年）": the writer has said what is meant.
_ANNOTATED = re.compile(r"\s?[（(](?:即|也就是|在|in )?\d{4}(?:年|-|\b)[^）)]{0,12}[）)]")
_PLAN = re.compile(
    r"打算|计划|准备|将要?|要去|想去|会去|安排|约了|约好|预定|预约|\b(?:plans?|planning|will|"
    r"going to|intends?|"
    r"wants? to|scheduled|upcoming|appointment)\b",
    re.IGNORECASE,
)


def lacks_antecedent(text: str, rest: str) -> bool:
    """Whether somebody or something in ``text`` is only pointed at.

    Args:
        text: The proposed memory.
        rest: The same without whom it is about.
    """
    if _PRONOUN_START.match(text):
        return True
    chinese = _PRONOUN_ZH.search(rest)
    if chinese:
        before = _NAMED_ZH.sub("", rest[: chinese.start()])
        return not re.search(r"[\u4e00-\u9fffA-Za-z]", before)
    pointing = _OBJECT_EN.search(rest) or _THERE_EN.search(rest)
    return pointing is not None and not _SOMEBODY_EN.search(rest[: pointing.end()])


def with_dates(
    text: str, event_date: str | None, kind: Kind | None, said_on: date
) -> tuple[str, str | None, bool]:
    """``text`` with "yesterday" and the like as dates, and the day of the event.

    Args:
        text: The proposed memory.
        event_date: What the model gave.
        kind: Constant facts keep their own date empty.
        said_on: The day of the source message in the user's time zone.

    Returns:
        Text, event date, and whether a relative expression is left that
        nobody will understand later.
    """
    language = detect(text)
    future = bool(_PLAN.search(text))
    changed = text
    for mention in reversed(resolve(text, said_on, language)):
        if not RELATIVE.search(mention.text) or _ANNOTATED.match(text, mention.stop):
            continue
        if mention.earlier is not None and mention.later is not None:
            mention = mention.towards(future)
        said = absolute(mention, said_on, language)
        before = changed[: mention.begin].rstrip() if language == "en" else ""
        if language == "en" and not before.endswith((" on", " in", " since", " until", " from")):
            said = f"{'on' if mention.grain == 'day' else 'in'} {said}"
        changed = changed[: mention.begin] + said + changed[mention.stop :]
        if kind is not Kind.CONSTANT:
            event_date = mention.date_str
    left = (found for found in RELATIVE.finditer(changed))
    unclear = any(not _ANNOTATED.match(changed, found.end()) for found in left)
    return changed, event_date, unclear


def date_of_source(text: str, source: str, said_on: date) -> str | None:
    """The day of an event from the one date in the sentence that tells of it, if it has one."""
    mentions = resolve(source, said_on, detect(source))
    if len(mentions) != 1:
        return None
    mention = mentions[0]
    if mention.earlier is not None and mention.later is not None:
        mention = mention.towards(bool(_PLAN.search(source) or _PLAN.search(text)))
    return mention.date_str
