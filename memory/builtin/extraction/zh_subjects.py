"""Chinese subject detection: who a clause is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.builtin.extraction.draft import Scene
from memory.builtin.extraction.zh_text import adverbs_stripped
from memory.builtin.extraction.zh_words import PET, RELATION, RELATIONS

_AFTER_NAME = (
    r"(?=[是在叫对有最很也都要会去和跟给生病住养把被刚从不得结离怀考，今昨明前后上下特非喜爱讨]|$)"
)
_OF_MINE = re.compile(rf"^我(?:的|家|们家)?(?:的)?(?P<rel>{RELATION})(?P<rest>.*)$")
_NAMED = re.compile(
    rf"^(?P<name>[小阿老][\u4e00-\u9fff]{{1,2}}?|[A-Z][a-z]+){_AFTER_NAME}(?P<rest>.*)$"
)
_PET_OF_MINE = re.compile(
    rf"^我(?:(?:的|家|们家|家里)(?:的)?)?(?:(?<=[的家里])|(?=[那这]))(?:那只|这只|那条|有只)?(?P<pet>{PET})(?P<rest>.*)$"
)
# Who tells the name of a pet tells it of their own.
_PET_CALLED = re.compile(
    rf"^(?:我?家里?(?:养)?的?)?(?P<pet>{PET})(?P<rest>叫(?!了|我|人|车|个|得|声|醒|唤)[\u4e00-\u9fffA-Za-z]{{1,6}})$"
)
# Of these, people leave out the "my".
_IMPLIED = re.compile(
    r"^(?P<rel>孩子|老公|老婆|媳妇|儿子|女儿|闺女|老妈|老爸|爸妈|妈妈|爸爸|爷爷|奶奶|外公|外婆|姥姥|姥爷|弟弟|妹妹|男朋友|女朋友|男友|女友|老伴|先生(?=\d|[一二三四五六七八九十去今昨明]|在|是|有|中风|以前|做|退休)|[大小](?:儿子|女儿)|孙子|孙女|外孙女?)(?P<rest>(?![们的气呀啊您你]|和|跟|节).+)$"
)
# Who tells the name or the age of a relative tells it of their own.
_KIN_TOLD = re.compile(
    rf"^(?:我?家里?(?:的)?)?(?P<rel>{RELATION})(?P<rest>(?:小名|大名)?叫[\u4e00-\u9fffA-Za-z]{{1,6}}|(?:今年|都|快|已经){{0,2}}(?:[\d一二三四五六七八九十]{{1,3}}岁了?|[\d十][\d一二三四五六七八九]|十))$"
)
_BARE_AGE = re.compile(r"[\d十][\d一二三四五六七八九]|十")
_ME = re.compile(r"^(?:我们?俩|我们|我|本人|俺|人家我)(?!家|国|司|校|室友)")
_MINE = re.compile(r"^我(?=的)|^我们?(?=家)|^我们(?=公司|学校|班|组|部门|宿舍|单位)")
_THIRD = re.compile(r"^(?:他|她|它|ta|TA|Ta)(?:们)?(?:的)?")
_OTHERS = re.compile(
    r"^(?:你|您|大家|有人|别人|谁|人们|有些人|很多人|某人|咱|这|那|对方|老天|天气|外面|今天天气|网上|听说|公司|学校)"
)
_OWN_NOUN = re.compile(
    r"^(?:老家|生日|英文名|专业|爱好|兴趣爱好|梦想|目标|愿望|性格|最喜欢的|最爱的|最讨厌的|职业)"
)


@dataclass(frozen=True, slots=True)
class ZhSubject:
    """A clause taken apart. ``who`` is how its subject is written in a memory.

    ``explicit`` if the clause names its subject; ``person`` if that is neither
    the speaker nor unknown. ``who`` is None for everybody else.
    """

    who: str | None
    predicate: str
    explicit: bool
    person: bool = False
    close: bool = False
    pet: bool = False


def subject_of(clause: str, speaker: str, scene: Scene) -> ZhSubject:
    """Takes the subject off the front of ``clause`` (dates in front removed before)."""
    pet = _PET_OF_MINE.match(clause)
    if pet:
        return ZhSubject(
            f"{speaker}的{pet['pet']}", pet["rest"].lstrip("，, "), True, True, True, True
        )
    called = _PET_CALLED.match(clause)
    if called:
        return ZhSubject(f"{speaker}的{called['pet']}", called["rest"], True, True, True, True)
    relation = _OF_MINE.match(clause)
    if relation and not relation["rest"].startswith(
        ("们", "圈", "节", "家", "关系", "生病时", "聚会", "群")
    ):
        return _relative(relation["rel"], relation["rest"], speaker, scene)
    implied = _IMPLIED.match(clause) or _KIN_TOLD.match(clause)
    if implied:
        return _relative(implied["rel"], implied["rest"], speaker, scene)
    if _MINE.match(clause):
        return ZhSubject(
            speaker, clause[1:] if clause.startswith("我的") else clause.lstrip("我们"), True
        )
    me = _ME.match(clause)
    if me:
        return ZhSubject(speaker, adverbs_stripped(clause[me.end() :].lstrip("，, ")), True)
    for name, phrase in scene.people.items():
        if clause.startswith(name):
            return ZhSubject(phrase, clause[len(name) :].lstrip("，, "), True, True)
    if _THIRD.match(clause):
        return ZhSubject("它", _THIRD.sub("", clause), True, True)
    if _OTHERS.match(clause):
        return ZhSubject(None, clause, True)
    return ZhSubject(
        speaker if _OWN_NOUN.match(clause) else "", clause, bool(_OWN_NOUN.match(clause))
    )


def own_noun(clause: str) -> bool:
    """Whether ``clause`` opens with a thing everybody has: "生日", "老家", "专业"."""
    return bool(_OWN_NOUN.match(clause))


def _relative(relation: str, rest: str, speaker: str, scene: Scene) -> ZhSubject:
    phrase = f"{speaker}{'' if relation.startswith('最') else '的'}{RELATIONS[relation]}"
    rest = rest.lstrip("，, ")
    if _BARE_AGE.fullmatch(rest):
        rest += "岁"
    named = _NAMED.match(rest)
    if named and not named["name"].startswith(("小时", "老是", "老爱", "小学")):
        name, rest = named["name"], named["rest"].lstrip("，, ")
        scene.people[name] = phrase + name
        phrase += name
    close = any(mark in relation for mark in CLOSE_MARKS)
    return ZhSubject(phrase, rest, True, True, close)


CLOSE_MARKS = (
    *"妈爸母父爷奶公婆姥哥姐弟妹夫妻儿女孩宝孙",
    "对象",
    "男朋友",
    "家人",
    "爱人",
    "太太",
)


_INTRODUCED = re.compile(
    rf"有(?:一个|个|一位|位)?(?:亲)?(?P<rel>{RELATION})(?:，?(?:名字)?叫(?P<name>[\u4e00-\u9fffA-Za-z]{{1,12}}))?$"
    rf"|[养有领捡买收].{{0,4}}?(?:一)[只条个隻匹](?P<pet>{PET})(?:，?(?:名字)?叫(?P<petname>[\u4e00-\u9fffA-Za-z]{{1,12}}))?$"
)


def introduced(text: str, scene: Scene) -> ZhSubject | None:
    """The person or pet that a fact of the user introduces ("有个妹妹叫小雪")."""
    match = _INTRODUCED.search(text)
    if not match:
        return None
    name = match["name"] or match["petname"] or ""
    called = RELATIONS[match["rel"]] if match["rel"] else match["pet"]
    phrase = f"{scene.speaker}的{called}{name}"
    if name:
        scene.people[name] = phrase
    return ZhSubject(phrase, "", True, True, True)
