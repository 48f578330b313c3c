"""Sentence boundary detection in text without punctuation, as voice input gives it.

Only closed classes cut: pronouns that are no object of the word before, words that join
statements or say when, and the particles that end one.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

_LEAST_CHARACTERS = 18
_MOST_CHARACTERS = 600
"""Longer than anybody speaks in one go: such a line is no voice text."""

_LEAST_BEFORE = 4
_LEAST_BEHIND = 3
_LEAST_WORDS = 12

_PUNCTUATED = re.compile(r"[，,。！？!?；;、：:\s]")
_LEAD = re.compile(
    r"^(?:那个|就是|嗯|呃|哎|诶|我跟你[讲说](?:哈|啊)?|然后|这个|是这样的|跟你[讲说]个事|哦?对了|[你您]好啊?呀?)+"
)
_WHEN = (
    r"(?:今年|去年|前年|明年|今天|昨天|前天|明天|后天|今晚|昨晚|现在|最近|前阵子|前几天|上次|上回|上个?月|上个?周|下个?月|下个?周"
    r"|这个?月|这个?周|这两天|这几天|那时候|到时候|以前|平时|平常|有时候|周末|每天|每周|每个(?:周|礼拜|星期)|晚上|早上)"
)
_JOINS = r"(?:还有|但是|可是|不过|然后|后来|结果|因为|所以|而且|本来|其实|反正|主要|就是|只是|医生)"
_NUMBER = r"[\d一二三四五六七八九十两]"
_SAID_OF_ONE = (
    rf"今年{_NUMBER}{{2,3}}|养了[一两二三]?[只条个]|不吃|不喝|不能吃|对[\u4e00-\u9fff]{{2,5}}过敏|有(?:哮喘|糖尿病|高血压|抑郁)"
    r"|在读|喜欢|讨厌|结婚[了两三]|老家在|住在|(?<=[十一二三四五六七八九岁])在[\u4e00-\u9fff]{2,8}?(?:做|当|上班|工作|读|上学|教)"
)
_BOUNDARY = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z\d]{2})(?:"
    r"(?<![给跟和让叫对帮陪是说问比被把替为找教骂夸等催带送请求像在的惦想爱当以家本自但从靠用解其吉加看见听等约接陪找推扶牵抱喂背哄劝打])(?=[我他她](?![^了]{0,2}$))"
    r"|(?<=的)(?=[我他她](?:[叫是在也都还就又有没说爱从不]|家|妈|爸|[今昨明现上下]))"
    rf"|(?<![我他她是从到在的就也都才给说问不这那个除你了])(?=(?:{_JOINS}|{_WHEN})(?!的)[\u4e00-\u9fff\d]{{2}})"
    rf"|(?<=了)(?=(?:{_JOINS}|{_WHEN}|上|下|去年|前)[\u4e00-\u9fff\d]{{3}}|{_NUMBER}{{1,3}}岁|[就还也才又没不在早她他我那](?![了的过着])[\u4e00-\u9fff]{{2}})"
    r"|(?<=[呢嘛啊呀吧哦啦哈])(?=[\u4e00-\u9fff\d]{3})|(?:(?<=啥的)|(?<=么的))(?=[\u4e00-\u9fff]{3})"
    rf"|(?<=的)(?={_WHEN}|后来|然后|但是|可是|不过|结果|所以|把|在[\u4e00-\u9fff]{{3}})"
    rf"|(?={_SAID_OF_ONE})"
    r")"
)
# Who writes "i" writes no commas either.
SLOPPY = re.compile(r"\b(?:i|im|ive)\b")
_SPLIT_EN = re.compile(
    r"(?<!\s)\s++(?:(?:and|so|but|because|cause)\s++)?(?=(?:I'm|I've|I|we|we're|my [a-z]+ (?:is|are|has|was)\b)\s++(?!do\b|am\b$))(?<!\bwhat )(?<!\bthat )(?<!\bthe )(?<!\bif )(?<!\bwhen )(?<!\bwhere )(?<!\bhow )(?<!\bwith )(?<!\bto )(?<!\band )(?<!\bthink )(?<!\bsaid )(?<!\bin )(?<!\bof )(?<!\bfor )(?<!\bat )(?<!\bby )(?<!\bsaw )(?<!\blove )(?<!\bmet )(?<!\bon )",
)


def punctuated_zh(line: str) -> str:
    """A Chinese ``line`` with commas where statements begin, if it has no mark at all.

    Example:
        >>> punctuated_zh("我老婆在家开个小卖部她叫秀芬脾气急但是人好")
        '我老婆在家开个小卖部，她叫秀芬脾气急，但是人好'
    """
    bare = line.strip()
    if not _LEAST_CHARACTERS <= len(bare) <= _MOST_CHARACTERS or _PUNCTUATED.search(bare):
        return line
    bare = _LEAD.sub("", bare)
    pieces: list[str] = []
    at = 0
    for match in _BOUNDARY.finditer(bare):
        near, rest = match.start() - at, len(bare) - match.start()
        if near >= _LEAST_BEFORE and rest >= _LEAST_BEHIND:
            pieces.append(bare[at : match.start()])
            at = match.start()
    return "，".join([*pieces, bare[at:]])


def punctuated_en(line: str) -> str:
    """An English ``line`` with full stops where statements begin, if it has no mark at all."""
    if len(line.split()) < _LEAST_WORDS or re.search(r"[,.!?;:]", line):
        return line
    return _SPLIT_EN.sub(". ", line)
