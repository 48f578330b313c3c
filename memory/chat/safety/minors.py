"""Age statement detection: whether a message says that its writer is under 18.

A closed class of statements is read: an age of one's own, a school year one is in now,
and plain words ("I'm a minor"). Somebody else's age, the past and other numbers aren't.
What follows from it is kept with the user (``db.operators.set_age``) and can be corrected.

    >>> says_under_18("我十五岁，当你男朋友行不行")
    True
    >>> says_under_18("我十五岁那年搬的家")
    False
"""

from __future__ import annotations

import re
import unicodedata

ADULT = 18

_SIMPLE = str.maketrans(
    "歲讀國還滿剛個學沒現馬總級過幾開實這說", "岁读国还满刚个学没现马总级过几开实这说"
)
_ZH_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_EN_NUMBERS = {
    word: value
    for value, word in enumerate(
        ("eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
         "sixteen", "seventeen", "eighteen"),
        start=8,
    )
}  # fmt: skip

# What may stand between "I" and the age or the school year, and say that it is now. Taken
# once and never given back: "刚刚刚…" could be split in more ways than there is time for,
# and no age or school year begins with any of these.
_ZH_NOW = (
    r"(?:今年|现在|目前|马上|过完年|开学|其实|真的|不过|已经|总共|刚刚|刚|才|只有|只|还是|还|就|"
    r"都|也|是个|是一个|是|虚岁|周岁|满|要|快|在|上|读|念|个|一个|,|，|\s)*+"
)
_ZH_NUMBER = r"(\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[六七八九])"
_ZH_END = r"(?=$|[\s,，.。!！?？;；~～、…)）]|[了啦呢啊呀哦喔的]?(?:$|[\s,，.。!！?？;；~～…]))"
_ZH_AGE = re.compile(
    rf"^(?:我|俺|人家)?{_ZH_NOW}{_ZH_NUMBER}(?:周)?岁(?:半|多)?{_ZH_END}|"
    rf"我{_ZH_NOW}{_ZH_NUMBER}(?:周)?岁(?:半|多)?{_ZH_END}"
)
# Without "岁" an age is only one where "this year" says so.
_ZH_BARE = re.compile(rf"我(?:今年|现在)(?:才|刚|刚满|只有|就)?{_ZH_NUMBER}{_ZH_END}")
_ZH_NOT_YET = re.compile(
    r"我(?:今年|现在|都|也|其实)?(?:(?:还没|还不|还未|没|未|不)(?:满|到)?|快|马上(?:就|要)?|就要)"
    r"(?:满|到)?(?:18|十八)(?:周)?(?:岁)?(?!(?:以|个|块|天|月|万|点|号|楼))"
)
_ZH_PLAIN = re.compile(
    r"我(?:今年|现在|其实|都|也)?(?:还没|还未|没有|没|未|不算|不是)(?:有)?成年(?!的)|"
    r"我(?:还|只|就|其实)?是(?:个|一个|名)?未成年"
)
_ZH_SCHOOL = (
    r"(?:小学(?:[一二三四五六]年级)?|[一二三四五六七八九]年级|初中[一二三]?(?:年级)?|初[一二三]|"
    r"国中[一二三]?(?:年级)?|国[一二三]|高中|高[一二]|小[一二三四五六]|中[一二三四五])"
)
_ZH_GRADE = re.compile(rf"我{_ZH_NOW}{_ZH_SCHOOL}(?:的)?(?:学生|生)?{_ZH_END}")

_EN_NUMBER = rf"(\d{{1,2}}|{'|'.join(_EN_NUMBERS)})"
_EN_ME = (
    r"\bi(?:'m| am|m)(?: (?:only|just|still|actually|literally|like|barely|a|an|not even|about))*"
)
_EN_END = (
    r"(?=$|[,.!?;:)…~-]|(?: years?(?: |-)old\b| yrs?\b(?: old\b)?| y/?o\b)|"
    r" (?:and|but|so|btw|lol|now|this year|today|too|though|can|could|will|is|are|do|does|if)\b)"
)
_EN_AGE = re.compile(rf"{_EN_ME} {_EN_NUMBER}{_EN_END}(?![.:,]\d|-(?!year|yr))")
_EN_YEAR_OLD = re.compile(
    rf"(?:{_EN_ME}|\bas an?) {_EN_NUMBER}[ -]?(?:years?|yrs?)[ -]olds?\b|"
    rf"\bi(?: just| only)? turn(?:ed|ing)? {_EN_NUMBER}\b(?! (?:around|into|up|down|off))"
)
_EN_NOT_YET = re.compile(
    r"\bi(?:'m| am|m) (?:under|not(?: even| yet)?|almost|nearly|younger than|turning) "
    r"(?:18|eighteen)\b"
    r"(?! (?:years? (?:in|into|sober|clean)|weeks?|months?|days?|hours?|minutes?))|"
    r"\bi(?:'m| am|m)(?: still| only| just)?(?: a)? (?:minor|underage)\b"
    r"(?! (?:in|league|character))"
)
_EN_GRADES = (
    r"(?:(?:1st|2nd|3rd|[4-9]th|10th|11th|first|second|third|fourth|fifth|sixth|seventh|eighth|"
    r"ninth|tenth|eleventh)[ -]grade(?:r)?|grade (?:[1-9]|10|11)\b|year (?:[1-9]|1[0-2])\b|"
    r"form (?:[1-5])\b|(?:middle|elementary|primary|high) school|junior high|"
    r"(?:freshman|sophomore) in high school)"
)
_EN_GRADE = re.compile(
    rf"{_EN_ME}(?: in(?: the)?)? {_EN_GRADES}(?! (?:teach|princip|coach|couns|staff|reunion|sweet))"
)


def says_under_18(text: str) -> bool:
    """Whether ``text`` says that the writer is younger than 18, in Chinese or English."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE).replace("’", "'")
    plain = re.sub(r"[ \t]+", " ", plain).strip()
    if any(
        _is_minor(match) for pattern in (_ZH_AGE, _ZH_BARE) for match in pattern.finditer(plain)
    ):
        return True
    if any(
        _is_minor(match) for pattern in (_EN_AGE, _EN_YEAR_OLD) for match in pattern.finditer(plain)
    ):
        return True
    return any(
        pattern.search(plain)
        for pattern in (_ZH_NOT_YET, _ZH_PLAIN, _ZH_GRADE, _EN_NOT_YET, _EN_GRADE)
    )


def _is_minor(match: re.Match[str]) -> bool:
    said = next(group for group in match.groups() if group is not None)
    return 5 < _number(said) < ADULT


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    if said in _EN_NUMBERS:
        return _EN_NUMBERS[said]
    tens, ten, ones = said.partition("十")
    if not ten:
        return _ZH_DIGITS[tens]
    return (_ZH_DIGITS[tens] if tens else 1) * 10 + (_ZH_DIGITS[ones] if ones else 0)


__all__ = ["says_under_18"]
