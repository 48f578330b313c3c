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
from memory.builtin.extraction.zh_words import PET, RELATION, RELATIONS, SOMEBODY, STRANGERS, USER
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
# What follows them if they are the subject.
_BEHIND = r"(?![的节们证费妈爸课]|让我|[给帮教陪建]\S{0,3}我)[\u4e00-\u9fffA-Za-z\d]"
_STRANGER = re.compile(
    rf"^(?:我们|对[门面])?(?:(?![是当做在有去跟和给被对找想没不就也都还刚认见我他她它你您请约陪考送让叫向为从到听看怕喜爱])[\u4e00-\u9fff]){{0,5}}?(?:{STRANGERS}){_BEHIND}"
    rf"|^(?:(?![是我他她它你您想])[\u4e00-\u9fff]){{1,8}}?的[\u4e00-\u9fff]{{0,3}}?(?:{STRANGERS}){_BEHIND}"
    r"|^(?:一般|普通|大部分|大多数|多数|很多|正常|好多|有的|有些|所有|(?:现在|如今|这年头|当代)的?){1,3}(?:小孩子?|小朋友|孩子们?|年轻人|学生|大学生|男[人生]|女[人生]|老人|人)"
    r"|^(?:想当年)?人家"
)
# Of a sister's friend nothing is remembered, nor of a colleague's husband who isn't "my" colleague's.
_NOT_KIN = r"朋友|闺蜜|同事|同学|室友|邻居|老板|领导|客户|房东|老师|同桌|网友|哥们儿?|发小"
_SECOND_HAND = re.compile(
    rf"^(?:[\u4e00-\u9fff]{{0,2}})(?<!我)(?<!我的)(?<!我们)(?:{_NOT_KIN})(?:家的?|的|[他她]的?|(?=[妹姐哥弟爸妈儿女]))(?:{RELATION})(?![的们说])"
    rf"|^(?:我们?的?)?(?:{RELATION})的?(?:{_NOT_KIN})(?![的们说])"
)
_SOMEBODY = rf"(?:{RELATION}|{SOMEBODY})"
_BRINGS_IN = re.compile(
    rf"(?:有|认识|遇到?|遇见|碰到|见|交|找|看|喜欢|爱上|暗恋|加|约|采访|拜访|陪|接|送|帮)(?:过|了|上|到|着){{0,6}}(?:这么|那么)?一?[个位名][^，]{{0,10}}?{_SOMEBODY}(?:了)?$"
)
_MENTIONS = re.compile(
    rf"(?:见|遇到?|遇见|碰到|找|看|喜欢|爱|拜访|采访|探望|约|陪|接|送|帮|想)(?:过|了|上|到|着){{0,6}}(?:我的?|我们的?)(?:{RELATION})(?:了)?$"
)
_ENDS_WITH = re.compile(rf"(?P<who>{_SOMEBODY})[了呢]?$")
# "我俩就一个丫头", "对门住着个大爷", "我带的徒弟": there is somebody.
_THERE_IS = re.compile(
    r"(?:有|就|只|来了?|住[着了]?|[养生收]了?|还|下|一?[个位名对]|[一两俩二三四五几][个位名]?|的)[^，]{0,4}$"
)
# "我带着俩孩子", "我和老公俩人", "我家就我一个孩子": it goes on about the speaker.
_ONESELF = re.compile(
    r"[是当没]|做[了过]?[^，]{0,4}$|干[了过]?|成了|成为|一个人|[跟和给帮为对]$|[带领陪抱牵背]着[^，]{0,4}$|我们?[和跟与]|我一个$"
)
_LED_BY = re.compile(
    rf"^(?![跟和给对把被为帮在从])[^，我你您他她它是]{{0,6}}(?:的|[个位名])小?(?:{_SOMEBODY})(?![的了们])[^，]{{2}}"
)
_TAKEN_ALONG = re.compile(
    rf"(?:带|陪|送|接|领|照顾|伺候)(?:着|完|了)?(?:我(?:们家|家)?的?)?(?:(?P<rel>{RELATION})|(?P<pet>{PET})|[他她它])[^，]{{1,10}}$"
)
_CHILD = re.compile(r"孩子|儿子|女儿|儿女|宝")
_GROWN_UP = re.compile(r"上班|工作|公司|单位|银行|结婚|离婚|老公|老婆|怀孕|退休|打工|住在")
_KIN = {"一儿一女": "儿女", "龙凤胎": "孩子"}
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


def about_a_stranger(clause: str) -> bool:
    """Whether ``clause`` tells of people who aren't close to the user, or of everybody.

    Example:
        >>> [about_a_stranger(said) for said in ("外卖小哥膝盖受伤了", "我妹妹的朋友怀孕了", "我膝盖受伤了")]
        [True, True, False]
    """
    return bool(_STRANGER.match(clause) or _SECOND_HAND.match(clause))


def doubt_after(predicate: str) -> Doubt:
    """What a clause about the user leaves open for those that follow."""
    if _NO_MEETING.match(predicate):
        return Doubt.NONE
    if _BRINGS_IN.search(predicate):
        return Doubt.ALL
    return Doubt.FACTS if _MENTIONS.search(predicate) else Doubt.NONE


def brought_in(clause: str) -> tuple[Doubt, ZhSubject | None]:
    """How far the clauses after ``clause`` may be about somebody it brings in, and who that is.

    Example: after "我俩就一个丫头" whatever follows without a subject is about
    "用户的女儿"; after "跟我搭班的老师" it is about somebody, and not the speaker.
    """
    if _LED_BY.match(clause):
        return Doubt.ALL, None
    found = _ENDS_WITH.search(clause)
    if not found or _ONESELF.search(before := clause[: found.start()]):
        return Doubt.NONE, None
    if not _THERE_IS.search(before):
        return Doubt.NONE, None
    kin = _KIN.get(found["who"]) or RELATIONS.get(found["who"])
    if kin is None or not any(mark in kin for mark in CLOSE_MARKS):
        return Doubt.ALL, None
    return Doubt.ALL, ZhSubject(f"{USER}的{kin}", "", True, True, True)


def taken_along(clause: str, known: ZhSubject | None) -> ZhSubject | None:
    """Whom the speaker went somewhere with: what is found there is theirs.

    Example: after "带他复查" a doctor who "说血糖高" doesn't speak of the user.
    """
    found = _TAKEN_ALONG.search(clause)
    if not found:
        return None
    named = RELATIONS[found["rel"]] if found["rel"] else found["pet"]
    if named:
        return ZhSubject(f"{USER}的{named}", "", True, True, True, bool(found["pet"]))
    return known or ZhSubject(None, "", True, True)


def said_of(meant: ZhSubject, predicate: str) -> bool:
    """Whether what follows may be said of a relative who was just brought in.

    "我有个儿子，在银行上班": the speaker does, for all that one can tell.
    """
    child = _CHILD.search(meant.who or "") and not predicate.startswith("都")
    return not (child and _GROWN_UP.search(predicate))


def points_back(predicate: str) -> bool:
    """ "明天要去看她": somebody else is spoken of, so the speaker acts."""
    return bool(re.search(rf"[他她它]|ta|TA|{RELATION}", predicate))
