"""Corrections of the message before: "说错了，是周日", "*Mila", "I meant Saturday".

The corrected word takes the place of its counterpart in what was said, which is then read
again; the correction itself states nothing.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from difflib import SequenceMatcher

_I = re.IGNORECASE
_MARK_ZH = re.compile(
    r"^(?:啊|哎呀?|额|呃|哦|不好意思|抱歉|对不起|等等|等下|不不|不对(?=不对)|[，,！!。 ])*"
    r"(?:我)?(?:刚才|刚刚|上面|前面|又)?(?:[说打写讲记搞弄输]错(?:字|别字)?了?|口误|手误|笔误|更正(?:一下)?|纠正(?:一下)?|错了|不对)(?:哈|啊|啦|呀|哦)?[，,。：:！! ]+(?P<rest>.+)$",
    re.S,
)
_MOVED_ZH = re.compile(
    r"^(?:刚(?:接到)?通知|后来|又|临时|时间|日期)?(?:改|推迟|延|提前|挪|换)(?:成|到|为|在)(?P<new>[^，,。！!]{1,12}?)了?[。！!]?$"
)
_MARK_EN = re.compile(
    r"^(?:(?:actually|okay|ok|lol|so|oops|whoops|sorry|ugh|oh|ah|wait|no|hold on|my bad|edit)[,.!: -]+)*"
    r"(?:i (?:meant|mis(?:typed|spoke|wrote))(?: to (?:say|write|type))?|(?:correction|typo|edit|scratch that|make that|that should be|should be|it should(?:'ve| have) (?:been|said)|sorry|no|oops|whoops|wait no|no wait))\b[,:. -]*(?P<rest>.+)$",
    _I | re.S,
)
_STARRED = re.compile(r"^\*\s*(?P<new>[^*\n]{1,30}?)\s*\*?$|^(?P<new2>[^*\n]{1,30}?)\*$")
_NOT_BUT_ZH = re.compile(
    r"^不是(?P<old>[^，,。是]{1,10})[，,。 ]*(?:而)?(?:应该)?是(?P<new>[^，,。！!]{1,12})"
)
_BUT_NOT_ZH = re.compile(
    r"^(?:应该|其实)?是?(?P<new>[^，,。！!是]{1,12}?)[，,。 ]*不是(?P<old>[^，,。！!]{1,10})"
)
_ONLY_ZH = re.compile(
    r"^(?:应该|其实)?(?:是|叫|改成|改为)(?P<new>[^，,。！!]{1,8}?)(?:才对)?(?:[，,。！!]|$)"
)
_BUT_NOT_EN = re.compile(
    r"^(?:it'?s |it was |on |at |in )?(?P<new>[\w' -]{1,24}?),? (?:and )?not (?:on |at |in )?(?P<old>[\w' -]{1,24})[.!]?$",
    _I,
)
_NOT_BUT_EN = re.compile(
    r"^not (?:on |at |in )?(?P<old>[\w' -]{1,24}?)[,.] *(?:but |it'?s )?(?:on |at |in )?(?P<new>[\w' -]{1,24})[.!]?$",
    _I,
)
_ONLY_EN = re.compile(
    r"^(?:it'?s |it was |on |at |in )?(?P<new>[\w'-]+(?: [\w'-]+)?)(?: now)?(?:[.,!].*)?$",
    _I | re.S,
)
_WITHIN_EN = re.compile(
    r"^(?P<said>.{4,}?)[.!,]\s*(?:wait,? no|no,? wait|wait|scratch that|correction)[,.! ]+(?P<rest>[^.!?]{2,60})(?P<after>[.!?].*)?$",
    _I | re.S,
)

# Words of one kind: what is corrected is of the kind of what corrects it.
_KINDS = tuple(
    re.compile(pattern, _I)
    for pattern in (
        r"(?:周|星期|礼拜)[一二三四五六日天末]",
        r"\d{1,2}[号日]|[一二三四五六七八九十]{1,3}[号日]",
        r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日])?",
        r"(?:上午|下午|晚上|早上)?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})点(?:半)?",
        r"[今明后昨前]天",
        r"(?<!\d)(?:\d{1,6}|[一二两三四五六七八九十]{1,6})(?=[岁个只条次年])",
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{1,2})?\b",
        r"\b\d{1,2}(?::\d{2})? ?(?:am|pm)\b",
        r"\b(?:today|tomorrow|yesterday|tonight)\b",
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b",
    )
)
_SAME_WORD = 0.5
_LONGEST = 120


def amended(earlier: str, message: str) -> str | None:
    """``earlier`` with what ``message`` corrects; None if it corrects nothing in it.

    Example:
        >>> amended("我周三有个体检", "记错了，不是周三，是周四")
        '我周四有个体检'
    """
    message = message.strip()
    if len(message) > _LONGEST:
        return None  # a correction is short
    starred = _STARRED.match(message)
    if starred:
        return _put(earlier, "", (starred["new"] or starred["new2"]).strip())
    moved = _MOVED_ZH.match(message)
    if moved:
        return _put(earlier, "", moved["new"], kinds_only=True)
    marked = _MARK_ZH.match(message)
    if marked:
        return _by(earlier, marked["rest"].strip(), (_NOT_BUT_ZH, _BUT_NOT_ZH, _ONLY_ZH))
    marked = _MARK_EN.match(message)
    if marked:
        return _by(earlier, marked["rest"].strip(), (_BUT_NOT_EN, _NOT_BUT_EN, _ONLY_EN))
    return None


def amended_within(text: str) -> str:
    """An English message that corrects itself: "two kids. Wait no, three now"."""
    found = _WITHIN_EN.match(text) if len(text) <= 4 * _LONGEST else None
    if not found:
        return text
    first, _, others = found["rest"].partition(",")
    changed = _by(found["said"], first.strip(), (_BUT_NOT_EN, _ONLY_EN))
    if changed is None:
        return text
    return f"{changed}. {others.strip()}{found['after'] or ''}"


def _by(earlier: str, rest: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    for pattern in patterns:
        found = pattern.match(rest)
        if found:
            old = found.groupdict().get("old") or ""
            return _put(earlier, old.strip(), found["new"].strip())
    return None


def _put(earlier: str, old: str, new: str, *, kinds_only: bool = False) -> str | None:
    if old and old.lower() in earlier.lower():
        place = earlier.lower().rindex(old.lower())
        return earlier[:place] + new + earlier[place + len(old) :]
    for kind in _KINDS:
        wanted = kind.search(new)
        had = list(kind.finditer(earlier))
        if wanted and had:
            last = had[-1]
            return earlier[: last.start()] + wanted.group() + earlier[last.end() :]
    if kinds_only or not new:
        return None
    return _most_alike(earlier, new)


def _most_alike(earlier: str, new: str) -> str | None:
    """``earlier`` with ``new`` in place of the word that looks most like it."""
    if new.isascii():
        places = [found.span() for found in re.finditer(r"[\w'-]+", earlier)]
    else:
        size = len(new)
        places = [(at, at + size) for at in range(len(earlier) - size + 1)]
    best, span = 0.0, None
    for start, end in places:
        word = earlier[start:end]
        alike = SequenceMatcher(None, word.lower(), new.lower()).ratio()
        if word != new and word[:1] == new[:1]:
            alike += 0.01
        if word != new and alike > best:
            best, span = alike, (start, end)
    if span is None or best < _SAME_WORD:
        return None
    return earlier[: span[0]] + new + earlier[span[1] :]
