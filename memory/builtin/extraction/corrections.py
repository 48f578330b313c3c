"""Slips of the tongue: "我住在北京，说错了，南京" takes back what came just before.

What is put in its place is only read where it is a statement of its own.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

_I = re.IGNORECASE

_WRONG_ZH = r"(?:[说打写讲输]错(?:字|别字)?|口误|手误|笔误|打字错误)"
_EXPLICIT_ZH = re.compile(
    rf"(?:我)?(?:刚才|刚刚|刚|是|又|前面|上面){{0,6}}{_WRONG_ZH}(?:了|啦)?(?:啊|哈|呀|哦|抱歉|不好意思){{0,6}}"
    r"|更正(?:一下)?|纠正一下"
)
_SLIP_ZH = re.compile(
    r"(?:不对|不是|不|错了|搞错了?|弄错了?|记错了?|我?(?:刚才|刚刚)?(?:搞|弄|记)错了"
    r"|(?:不对|不是|错了|我?[说打写讲]错了){1,3}[哦啊呀]?"
    r"|应该说.{0,12}|我是说.{1,12}|我(?:的)?意思是.{1,12}|准确(?:来|地|的)?说.{0,12}"
    r"|(?:不对|错了|说错了|打错了|写错了|口误|手误)(?:应该|其实)?是.{1,12})"
)
# With "啊" in front, "不是南京" corrects; without, it denies.
_STARTLED_ZH = re.compile(r"[啊哎呃额诶哦噢]+不(?:是|对)?.{0,8}")

_FILLED_EN = r"(?:(?:oh|ah|er+m?|u[mh]+|hmm+|ha(?:ha)*+|well|and|but|or|sorry|oops|whoops|wait|actually|no|my bad|damn|ugh|lol)\b[\s,.!-]*){0,6}"
_EXPLICIT_EN = re.compile(
    rf"{_FILLED_EN}(?:scratch that|strike that|correction|typo|that was a typo|my mistake|i mis(?:spoke|typed|wrote)|i (?:said|typed|wrote) (?:that|it) wrong"
    r"|i meant\b,? (?!to\b|for\b|it\b|every|well\b|that\b|what\b|no\b|a lot).{1,40})",
    _I,
)
_SLIP_EN = re.compile(
    rf"{_FILLED_EN}(?:no,? wait|wait,? no|no|oops|whoops|my bad|sorry,? no|make that\b.{{1,30}}|or rather\b.{{1,30}}"
    r"|i mean,? (?!(?:i|it|it's|its|he|she|they|we|you|that|this|the|there|who|what|how|come|seriously|really|honestly|like|not|my|yeah|yes|no|if|when|literally|sure|obviously|technically|in)\b)[\w' -]{2,30}"
    r"|(?:i )?(?:used to|not any ?more|no longer)(?: be| do)?)",
    _I,
)
_ONLY_SORRY_EN = re.compile(r"(?:sorry|wait|oh|hang on|hold on)", _I)
_INSTEAD_EN = re.compile(r"(?:in |at |to |from )?[A-Z][\w'-]*(?: [A-Z][\w'-]*)?")


def slips_zh(clause: str, first: bool) -> bool:
    """Whether a Chinese ``clause``, with its hesitation, takes back the one before it.

    ``first`` if it opens its sentence, where "不对" may be meant for the listener.
    """
    clause = clause.strip()
    bare = re.sub(r"^[嗯啊哦噢唉哎诶欸呃额哈]+|(?:抱歉|不好意思|对不起)[，,]?", "", clause)
    if _EXPLICIT_ZH.fullmatch(bare):
        return True
    return not first and bool(_SLIP_ZH.fullmatch(bare) or _STARTLED_ZH.fullmatch(clause))


def slips_en(clause: str, after: str, first: bool) -> bool:
    """Whether an English ``clause`` takes back the one before it; ``after`` follows it.

    ``first`` if it opens its sentence, where "no" may be meant for the listener.
    """
    clause = clause.strip(" ,.!")
    if _EXPLICIT_EN.fullmatch(clause):
        return True
    if first:
        # "I work at Google. Well, used to."
        return bool(
            re.fullmatch(rf"{_FILLED_EN}(?:i )?(?:used to|not any ?more|no longer)", clause, _I)
        ) or bool(re.fullmatch(rf"{_FILLED_EN}(?:no,? wait|wait,? no)", clause, _I))
    if _ONLY_SORRY_EN.fullmatch(clause):
        return bool(_INSTEAD_EN.fullmatch(after.strip(" ,.!")))
    return bool(_SLIP_EN.fullmatch(clause))


def explicit(clause: str) -> bool:
    """Whether ``clause`` says that the message before it had a slip ("打错了")."""
    bare = clause.strip(" ,.!")
    return bool(
        re.fullmatch(
            r"(?:我)?(?:刚才|刚刚|刚|是|又|上面){0,6}(?:[打写]错(?:字)?|口误|手误|笔误)了?", bare
        )
        or re.match(r"我(?:刚才|刚刚|刚)?说错了?", bare)
        or _EXPLICIT_EN.fullmatch(bare)
    )
