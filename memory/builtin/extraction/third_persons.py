"""Coreference: the subject of a Chinese clause that names none.

"我认识一个人，住在南极" says nothing of where the user lives. Where it is not plain
whose fact it is, there is none.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from enum import IntEnum

from memory.builtin.extraction.draft import Scene
from memory.builtin.extraction.zh_subjects import CLOSE_MARKS, ZhSubject
from memory.builtin.extraction.zh_words import RELATION, RELATIONS, USER
from memory.nlp.surnames import AMBIGUOUS_SURNAMES, NO_NAME, SURNAMES

_NAME = rf"[小阿老](?![时学心区猫狗孩是想爱觉家毛婆公师板妈爸]|朋友)[\u4e00-\u9fff]{{1,2}}?|[A-Z][a-z]+|(?!{NO_NAME})[{SURNAMES}{AMBIGUOUS_SURNAMES}][\u4e00-\u9fff]{{1,2}}?"
_EQUATED = re.compile(
    rf"^(?:(?P<name>{_NAME})|(?P<other>他|她|ta|TA|Ta|[\u4e00-\u9fff]{{2,4}}?))(?:就|也|以前|之前|曾|曾经)?是我(?:的|们的?|家的?)?(?:(?:大学|高中|初中|小学|公司)的?)?(?P<rel>{RELATION})$"
)
_NAMED = re.compile(
    rf"^(?:{_NAME})(?=[是在叫对有很最也都要会去和跟给生病住养被从不得结离考今昨明喜讨][\u4e00-\u9fff])"
    r"|^[A-Z][a-z]+\s++在\s?+\S"
    rf"|^(?:一?[个位]|有[个位]|那个|隔壁|楼[上下])?(?:的)?(?:{RELATION})(?![们的节圈群]|聚会|关系|$)"
)
_SOMEBODY = (
    r"(?:人|女孩子?|男孩子?|女生|男生|姑娘|小伙子?|小哥|小姐姐|帅哥|美女|大叔|大哥|大姐|老人|老板|医生|老外|外国人|网红"
    rf"|{RELATION})"
)
_BRINGS_IN = re.compile(
    rf"(?:有|认识|遇到?|遇见|碰到|见|交|找|看|喜欢|爱上|暗恋|加|约|采访|拜访|陪|接|送|帮)(?:过|了|上|到|着){{0,6}}(?:这么|那么)?一?[个位名][^，]{{0,10}}?{_SOMEBODY}(?:了)?$"
)
_MENTIONS = re.compile(
    rf"(?:见|遇到?|遇见|碰到|找|看|喜欢|爱|拜访|采访|探望|约|陪|接|送|帮|想)(?:过|了|上|到|着){{0,6}}(?:我的?|我们的?)(?:{RELATION})(?:了)?$"
)
_NO_MEETING = re.compile(r"^(?:[现目已还都也就]\S{0,2})?(?:是|没|不|做|当|想[有找当])")


class Doubt(IntEnum):
    """How far a clause without a subject may be about somebody else."""

    NONE = 0
    FACTS = 1
    ALL = 2


def equated(clause: str, scene: Scene) -> ZhSubject | None:
    """The person in "小王是我同事" and "他是我男朋友": what follows is about them."""
    match = _EQUATED.match(clause)
    if not match or (match["other"] or "").startswith(("我", "你", "您", "这", "那", "谁")):
        return None
    relation = match["rel"]
    who = f"{USER}{'' if relation.startswith('最') else '的'}{RELATIONS[relation]}"
    if match["name"]:
        who += match["name"]
        scene.people[match["name"]] = who
    close = any(mark in relation for mark in CLOSE_MARKS)
    return ZhSubject(who, "", True, True, close)


def names_other(clause: str) -> bool:
    """Whether ``clause`` seems to have a subject of its own that nobody introduced."""
    return bool(_NAMED.match(clause))


def doubt_after(predicate: str) -> Doubt:
    """What a clause about the user leaves open for those that follow."""
    if _NO_MEETING.match(predicate):
        return Doubt.NONE
    if _BRINGS_IN.search(predicate):
        return Doubt.ALL
    return Doubt.FACTS if _MENTIONS.search(predicate) else Doubt.NONE


def points_back(predicate: str) -> bool:
    """ "明天要去看她": somebody else is spoken of, so the speaker acts."""
    return bool(re.search(rf"[他她它]|ta|TA|{RELATION}", predicate))
