"""Birthdays and anniversaries in Chinese."""

from __future__ import annotations

import re
from datetime import date

from memory.builtin.extraction.draft import Draft
from memory.builtin.extraction.zh_text import tail_stripped, third_person
from memory.builtin.extraction.zh_words import RELATION, USER
from memory.nlp import dates
from memory.nlp.dates.numbers import zh_number

_BIRTHDAY = re.compile(
    rf"(?P<whose>我(?:的)?(?:{RELATION})?)?(?:的)?生日(?:就)?(?:是|在)?(?P<lunar>农历|阴历|旧历|(?=[腊冬正]月))?(?P<day>[^，。]{{2,12}}?)(?:的)?"
    rf"|(?:我)?(?:是)?(?P<lunar2>农历|阴历|旧历)?(?P<day2>[\d一二三四五六七八九十廿零年月]{{3,11}}[日号]|(?<=历)[一二三四五六七八九十正冬腊]{{1,2}}月初?[一二三四五六七八九十廿]{{1,3}})(?:出生|生的|过生日|生日|的生日)(?:的)?"
)
_MONTH_DAY = re.compile(
    r"(?:(\d{4})年)?(\d{1,2}|[一二三四五六七八九十正冬腊]{1,2})月初?(\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]?"
)
_LUNAR_MONTHS = frozenset({"正", "冬", "腊"})
# "不是5月3号", "5月3号前一天", "5月3号还是4号": not that day, or not surely.
_NOT_THE_DAY = re.compile(r"[不没别前后差错或]|还是|左右|大概")
_YEARLY_IS = re.compile(
    rf"(?:就|也)?(?:是)?(?P<what>我(?:的)?(?:{RELATION})?(?:的)?(?:\d+岁)?(?:过)?生日|我(?:们)?(?:和|跟)?(?:我)?(?:{RELATION})?(?:的)?(?:[\d一二三四五六七八九十]+周年)?(?:结婚|恋爱)?(?:\d+周年)?纪念日)"
)


_CORRECTED = re.compile(
    r"(?<=生日)不(?:是|在)[^，。,；;！!？?\n]{2,12}[，,；;]\s*(?:而)?(?:是|在)(?=[^，。]*[日号])"
)


def corrected(text: str) -> str:
    """``text`` with the day that is told instead: "生日不是5月3号，是5月13号"."""
    return _CORRECTED.sub("是", text)


def denies_day(clause: str) -> bool:
    """Whether ``clause`` only says when a birthday isn't, or about when."""
    mine = _BIRTHDAY.fullmatch(clause)
    day = (mine["day"] or mine["day2"]) if mine else ""
    return bool(_MONTH_DAY.search(day) and _NOT_THE_DAY.search(day))


def yearly_day(clause: str, said_on: date) -> Draft | None:
    """A birthday or anniversary that ``clause`` tells: kept without a year, so constant."""
    mine = _BIRTHDAY.fullmatch(clause)
    if mine:
        day = _MONTH_DAY.search(mine["day"] or mine["day2"])
        lunar = mine["lunar"] or mine["lunar2"] or ""
        if day is None or denies_day(clause):
            return None
        if day[2] in _LUNAR_MONTHS:
            lunar = lunar or "农历"
        written = "" if lunar else f"{zh_number(day[2])}月{zh_number(day[3])}日"
        if lunar:
            written = day.group().removesuffix("日").removesuffix("号")
        whose = third_person(mine["whose"] or "我", USER).removesuffix("的")
        whose += "" if whose == USER else "的"
        text = f"{USER}{day[1]}年{written}出生" if day[1] and whose == USER else ""
        return _kept(text or f"{whose}{'的' if whose == USER else ''}生日是{lunar}{written}")
    mentions = dates.resolve(clause, said_on, "zh")
    if len(mentions) != 1 or mentions[0].grain != "day" or "我" not in clause:
        return None
    start = mentions[0].towards(future=True).start
    rest = tail_stripped(clause[: mentions[0].begin] + clause[mentions[0].stop :])
    yearly = _YEARLY_IS.fullmatch(rest)
    if not yearly:
        return None
    what = third_person(yearly["what"], USER)
    if what in (f"{USER}生日", f"{USER}过生日"):
        what = f"{USER}的生日"
    what = re.sub(r"(?<=[^的])生日$", "的生日", what)
    return _kept(f"{what}是{start.month}月{start.day}日")


def _kept(text: str) -> Draft:
    mine = text.startswith((USER + "的生日", USER + "1", USER + "2"))
    return Draft(text, "identity" if mine else "relationship", 5 if mine else 4)
