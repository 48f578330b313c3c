"""Risk assessment of a window of messages, by the word patterns alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.care import assess
from memory.care.assessment import Assessment

_OWN = re.compile(
    r"我(?:真的?|也|就|好|现在|今晚)?(?:想|要|不想|活)"
    r"|\bi (?:want|will|am|can|just)|\bi'm\b|\bmy life\b"
)
_SOMEBODY = re.compile(
    r"(?:她|他|我?(?:朋友|闺蜜|同学|室友|妹妹|弟弟|姐姐|哥哥|表妹|表弟|女儿|儿子|同事))"
    r"|\b(?:she|he|they|my (?:friend|sister|brother|roommate|daughter|son|classmate))\b"
)
_DONE = re.compile(
    r"(?:已经|刚|都|全|半)[^。！？]{0,6}(?:吃|吞|喝|割|划)|(?:吃|吞|喝|割)了(?:一半|好多|很多|一瓶|整)|吃下去了"
    r"|流(?:了)?(?:好多|很多)?血|血止不住|止不住血|好困|犯困|睁不开眼|快睡着|站在(?:天台|楼顶|桥)"
    r"|(?:关了?|关掉)(?:了)?定位|定位关|联系不上|不接电话|不回(?:我)?(?:消息|信息)|没有?呼吸"
    r"|\b(?:took|taken|swallowed)\b|\bbleed|\bblood\b|\bsleepy\b|\bdrowsy\b|falling asleep"
    r"|turned off (?:her|his|their) location|(?:isn't|not|stopped) (?:answering|replying)"
    r"|on the (?:roof|ledge|bridge)"
)
_YOUNG = re.compile(
    r"我(?:今年)?(?:1[0-7]|十[一二三四五六七]?)岁|\bi(?:'m| am) 1[0-7]\b|初[一二三]|高[一二三]"
)


def assess_window(texts: Sequence[str]) -> Assessment:
    """What the user's last messages speak of; the newest is last.

    Args:
        texts: What the user said, oldest first.
    """
    kinds = [(text.lower(), kind) for text in texts if (kind := assess(text))]
    young = any(_YOUNG.search(text.lower()) for text in texts)
    if not kinds:
        return Assessment(young=young)
    text, kind = kinds[-1]
    friend = kind != "danger" and _SOMEBODY.search(text) and not _OWN.search(text)
    urgent = kind != "danger" and any(_DONE.search(text.lower()) for text in texts)
    return Assessment("friend" if friend else kind, bool(urgent), young)
