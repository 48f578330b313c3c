"""Chinese clauses of a fixed shape, taken apart before anything else is asked of them."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import replace

from memory.builtin.extraction.cantonese import restored
from memory.builtin.extraction.draft import Cancelled, Draft, Finding

REMIND = re.compile(r"^(?:请|记得|到时候|麻烦)?提醒我(?:一下)?(?:要|去)?")
CALL_ME = re.compile(
    r"^(?:你|大家|朋友们?|同事们?|他们|家里人|身边的人)?(?:可以|就|都|直接|平时|一般|也)*(?:叫|喊|称呼)我(?:就|为)?(?P<name>(?![去来回再重看给别多少快早])(?:(?![做走次遍我的你])[\u4e00-\u9fff]){1,4}?|[A-Za-z][A-Za-z ]{0,15}?)(?:就行|就好|吧|就可以|好了|就行了|就好了|也行)*$"
)
CALLED = re.compile(
    r"^(?:(?:它|他|她)?(?:的)?名字(?:是|叫)?|(?:它|他|她)?叫做?|取名叫?|起名叫?|名叫)(?:做|作)?(?P<name>[\u4e00-\u9fff]{1,4}(?:和[\u4e00-\u9fff]{1,4})?|[A-Z][A-Za-z]{0,15})$"
)
DOCTOR = re.compile(
    r"^(?:医生|大夫)(?:说|告诉我)(?:，)?|^(?:体检|报告|体检报告|检查结果|B超)?(?:上)?(?:说|显示|查出)(?=我有)"
)
DOCTOR_ORDERS = re.compile(
    r"^(?P<who>(?:医生|大夫)(?:让|叫|建议|要求|嘱咐|不让|不许))我(?P<do>(?:戒|少|多|忌|控|卧|静养|天天|每天|按时|别|不要|不能|休息|注意|定期|复查|住院|早|控制|减|吃|喝|做)[\u4e00-\u9fffA-Za-z\d]{1,12})$"
)
ONE_OF_THEM = re.compile(
    r"^(?:其中)?(?:另)?一[只条个](?:是|叫)(?:[\u4e00-\u9fff]{1,4}|[A-Z][a-z]{0,15})$"
)
_GLUED = re.compile(
    r"^(我(?:的名字)?叫做?[\u4e00-\u9fff]{2,3}?(?=今年|现在|在[\u4e00-\u9fff]{2}|是(?:一名|一个|个)|来自)"
    r"|(?:我)?今年[\d一二三四五六七八九十]{1,3}岁了?(?=[\u4e00-\u9fff]{3}))"
)


def unglued(clause: str) -> list[str]:
    """ "我叫小雨今年28岁": people leave out the comma after their name."""
    match = _GLUED.match(clause)
    if not match:
        return [clause]
    return [match.group(1), *unglued(clause[match.end(1) :])]


def with_letters(finding: Finding, source: str) -> Finding:
    """``finding`` in the letters, simplified or traditional, of ``source``."""
    if isinstance(finding, Draft):
        return replace(
            finding, text=restored(finding.text, source), more=restored(finding.more, source)
        )
    if isinstance(finding, Cancelled):
        return replace(
            finding,
            about=restored(finding.about, source),
            otherwise=replace(finding.otherwise, text=restored(finding.otherwise.text, source)),
        )
    return finding
