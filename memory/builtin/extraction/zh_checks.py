"""Precision checks of the Chinese frames, and the wording of what they matched."""

from __future__ import annotations

import re

from memory.builtin.extraction.zh_words import NOT_JOB

# Names of other peoples have a dot between their parts, and some families two letters.
NAME = (
    r"[\u4e00-\u9fff]{1,8}(?:[·•][\u4e00-\u9fff]{1,8}){1,3}|[\u4e00-\u9fff]{1,4}"
    r"|[A-Za-z][A-Za-z .'-]{0,20}"
)
NOT_NAME = re.compile(
    r"^(?:[他她它你不了过来什这那啥做外救停车]|人|一声|大家|别人|老师|医生|网约|滴滴|个|一|我|出|得|起|上|住|苦|好|啥)"
    r"|[的了吗呢着过]$|^[重再去来回多快帮别]|[次遍下]$|^(?:小学|小孩|小朋友|小时|小姐|小气|老师|老人|老板|老婆|老公|阿姨|老实)"
)
PRONOUN_OBJECT = re.compile(
    r"^怕|^(?:上|过|得)?(?:了)?(?:你|您|他|她|它|这|那|我|谁|啥|什么|一个人(?=$|的|了|很|好)|一个女|一个男|某个|死|不得了|的人?$|的)"
)
CHATTY = re.compile(r"[你您]|死了$|得要死|得不行|这样|那样|这么|那么")

OFTEN = (
    r"(?:从小|一直|向来|周末|早上|晚上|夏天|冬天|平时|平常|最近|现在|特别|非常|超级|超|很|最|挺|蛮|比较|更|尤其|真心|真的|好|太|贼|还|还是|也"
    r"|都|就|其实|打心眼里|有点|有些|十分|从来|一向|格外|特|打小|骨子里|本来){0,6}"
)
NOT = r"(?:不太|不是很|不怎么|不大|不再|从不|从来不|并不|一点(?:都|也)不|不)"

_NO_HOME = re.compile(r"^(?:这|那|哪|新家|新房|一起|楼|隔壁|你)|[那这]边$|那里$")


def name(match: re.Match[str]) -> str | None:
    """ "叫小雨" if it is a name."""
    name = match["name"].strip()
    if not name or NOT_NAME.search(name):
        return None
    return f"叫{name}"


def job(match: re.Match[str]) -> str | None:
    """A job, not a wish or a denial."""
    return None if NOT_JOB.search(match["job"]) else text(match)


def text(match: re.Match[str]) -> str:
    """The predicate as it was said."""
    return match.group()


def liked(match: re.Match[str]) -> str | None:
    """A like or dislike of something that is named."""
    thing = match["thing"]
    if not thing or PRONOUN_OBJECT.search(thing) or CHATTY.search(thing) or len(thing) > 40:
        return None
    said = (
        match.group()
        if re.search(r"(?:上|惯)了", match.group())
        else match.group().removesuffix("了")
    )
    return re.sub(r"^(?:真的|还是|还|也|都|就|其实|太|好(?=[喜爱]))+", "", said)


def quiet(match: re.Match[str]) -> str | None:
    """Keeps a predicate that speaks of the partner in talk or is too vague out."""
    said = match.group()
    if CHATTY.search(said) or re.search(
        r"(?:去|到)(?:一次|看看|玩|一趟|试试|那里?|这里?)了?$|有一天", said
    ):
        return None
    return said


def place(match: re.Match[str]) -> str | None:
    """A place that is named."""
    where = match["where"]
    if re.search(
        r"^(?:这|那|哪|一起|家里|家$|一个|外面|学校|公司|一家)|院$", where
    ) and not re.search(r"[\u4e00-\u9fff](?:宿舍|小区)", where):
        return None
    return re.sub(r"^(?:现在|目前|一直|就|都|还|也)+", "", match.group())


def age(match: re.Match[str]) -> str:
    """ "28岁", without "今年"."""
    about = match["about"] or ""
    more = match["more"] or ""
    return f"{about}{match['n']}{more}{'' if more == '出头' else '岁'}"


def moved(match: re.Match[str]) -> str | None:
    """ "搬到了上海居住"."""
    where = re.sub(r"(?:住|来|去|生活|定居)?了?$", "", match["where"])
    if len(where) < 2 or _NO_HOME.search(where):
        return None
    return f"搬{'回' if match['to'][0] == '回' else '到'}了{where}居住"


def study(match: re.Match[str]) -> str | None:
    """Something that is being learned."""
    thing = match["m"]
    if re.search(
        r"^(?:会|到|着|了|不|完|得|生|校|院|习$|业|历|期|姐|长|妹|弟|费|你|他|她)|[吗呢]|过$", thing
    ):
        return None
    return match.group() if re.search(r"在|开始|自学", match.group()) else None


def habit(match: re.Match[str]) -> str | None:
    """A habit, not a mood."""
    do = match["do"]
    started = match.groupdict().get("from") or ""
    do = do.removesuffix("了") if started else do
    if CHATTY.search(do) or re.search(
        r"^(?:喜欢|爱|讨厌|不喜欢|不爱|比较|般|是|说|不知道|不想|觉得|感觉|很|好|都?在想|想|有人|好像|没什么|没有|开心|快乐|忙|累|都?很|这|那|如此|一样|好累|过得|看到你|被|心情|做不|学不|会?(?:感到|觉得|感觉|忘)|集中不|不太?(?:开心|顺))"
        r"|好累|很累|压力|难过|开心|烦|的时候$|而已$|一样$|无聊|什么|感到|感觉|觉得|[^得]了$|做不好|不集中",
        do,
    ):
        return None
    # "有时候我会失眠": the subject comes once.
    at = match.start("do") - match.start()
    said = match.group()[:at].replace("我", "", 1) + match.group()[at:]
    return said.removesuffix("了") if started else said
