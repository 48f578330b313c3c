"""Chinese topics: what a message is about, and the user's own words turned to "you"."""

from __future__ import annotations

import re

from memory.nlp.endings import Endings

GREETINGS = (
    r"^(?:你好|您好|嗨|哈喽|哈啰|喂|在吗|在么|在不在|在嘛|hi|hello|hey|我来了|"
    r"我回来了|来啦)[呀啊哦~～!！。，,\s念沈砚阿晴]*"
)
MORNING = (
    r"^(?:早(?:上好|安|啊|呀|(?=[！!，,。~～\s]|$))|上午好|good "
    r"morning)[呀啊哦~～!！。，,\s]*"
)
NOON = r"^(?:中午好|午安|下午好)[呀啊哦~～!！。，,\s]*"
EVENING = r"^(?:晚上好|傍晚好)[呀啊哦~～!！。，,\s]*"

PLAN = (
    r"打算|计划|准备(?:去|要)|(?:我|我们).{0,6}(?:要|会|想)(?:去(?!做|当)|跟|和|带|回|"
    r"参加)|约了|约好|要去|要面试|要考|要出差|有(?:个|一个|一场)?(?:面试|考试|"
    r"约会|聚会|演出|比赛|答辩|会议|婚礼)|"
    r"(?:明天|后天|下周.?|下个?月|这?周末|\d{1,2}[号日])[^，。了过]{0,10}去(?!世|年)[^，。了过]{1,8}(?:玩|旅|看|爬|$)|(?:明天|后天|周[一二三四五六日天]|下周.?|\d{1,2}[号日])(?:还|又)?(?:要|得|有)[^，。]{0,8}"
    r"(?:汇报|面试|考试|答辩|演讲|比赛|开会|出差|演出)|报名了|订了|抢到"
)
PAST = (
    r"了(?:[，。!！~～]|$)|(?<!难)过(?:[，。!！]|$)|刚才|刚刚|昨天|前天|上周|上个月|"
    r"今天(?:早上|上午|中午|下午|晚上)?(?:去|跟|和|把|给|看|做|吃|买|写|带)"
)

QUESTION = (
    r"[?？]\s*$|干嘛|啥|来着[?？]|(?:吗|么|呢|吧|嘛|没|不)\s*$|什么|怎么|为什么|为啥|哪|谁|几(?:点|"
    r"个|号|岁|月|天)|多少|多大|多久|多远|是不是|有没有|能不能|可不可以|会不会|"
    r"要不要|好不好|咋(?:办|整|弄|样|回事)|([\u4e00-\u9fff])不\1(?!急|难|错|算)"
)

_LEAD = re.compile(
    r"^(?:(?:唉|哎|诶|欸|嗯|呜+|啊|哦|嘿|那个|其实|就是|然后|而且|但是?|不过|所以|"
    r"因为|结果|反正|话说|对了|真的|说实话|哈哈+|今天|昨天|前天|刚才|刚刚|"
    r"最近|这几天|今早|昨晚|早上|上午|中午|下午|晚上|这周|上周|周末|现在|又|"
    r"我们?(?=今天|昨天|刚|最近|又|也|还|终于|已经)|我(?!妈|爸|家|姐|妹|哥|弟|奶|"
    r"爷|外|姥|儿|女|老|男|朋|同|室|的|们|对|是|叫|怕|觉得)|终于|也|还|已经)[ ，"
    r",]*)+"
)
_ECHO_LEAD = re.compile(
    r"^(?:唉|哎|诶|欸|嗯|啊|哦|嘿|其实|就是|然后|而且|不过|结果|反正|话说|对了)+"
)
_TAIL = Endings.of(r"啊呀呢吧哦噢啦嘛哎诶呜哈w~～….!！。\U0001f300-\U0001faff☀-➿")
_BAD = re.compile(
    r"我|你|咱|吗|什么|怎么|为什么|哪|谁|几|多少|如果|要是|虽然|是不是|有没有|"
    r"不知道|觉得|可能|应该|http|[a-z]{12,}|[?？<>{}=;]|"
    r"^(?:的|了|着|过|和|跟着|把$|被$|是|对|很|好|太|这|那|它|他|她|嗯|不|没|在$|"
    r"也|都|就|才)|(?:的|和|跟|把|被|在|很|因为|但是|然后|说|是|想|要|地|得|"
    r"跟我说)$"
)
_RELATIVES = re.compile(
    r"我(?=妈|爸|家|姐|妹|哥|弟|奶奶|爷爷|外婆|外公|姥|儿子|女儿|老公|老婆|男朋友|"
    r"女朋友|朋友|同学|室友|同事|老板|的)"
)


def said(message: str) -> str | None:
    """The user's words as a predicate for "you": "我今天被老板骂了，…" -> "被老板骂了".

    None when no clause can be turned without mangling it.
    """
    best: str | None = None
    for clause in re.split(r"[，。！？,.!?；;\n~～…]+|\s{1,}", message):
        if "你" in clause:
            continue
        plain = _TAIL.stripped(_LEAD.sub("", clause.strip()))
        plain = _RELATIVES.sub("你", plain)
        own = plain.replace("你", "", 1) if plain.startswith("你") else plain
        if not 3 <= len(plain) <= 14 or _BAD.search(own):
            continue
        if not re.search(r"[\u4e00-\u9fff]{2}", plain):
            continue
        # A clause with something that happened tells more than one without.
        if best is None or ("了" in plain and "了" not in best):
            best = plain
    return best


_NO_ECHO = re.compile(r"你|咱|http|[<>{}=;?？]|什么|啥|怎么|干嘛|吗$")
_SHORTEST_ECHO, _LONGEST_ECHO = 4, 16


def echo(message: str) -> str | None:
    """What the user said, said back to them: "有个客人嫌我慢" -> "有个客人嫌你慢".

    None for what is too short, too long or about the companion.
    """
    best: str | None = None
    for clause in re.split(r"[，。！？,.!?；;\n~～…]+|\s+", message):
        own = _TAIL.stripped(_ECHO_LEAD.sub("", clause.strip()))
        if _SHORTEST_ECHO <= len(own) <= _LONGEST_ECHO and not _NO_ECHO.search(clause):
            # What sets the scene is short; what happened takes more words.
            best = max(best or "", own, key=len)
    return best.replace("我们", "你们").replace("我", "你") if best else None


def name_given(message: str) -> str | None:
    """The name in "我叫小满" or "叫我阿满吧"."""
    match = re.search(
        (
            r"(?:(?<![管把])我(?:的名字)?叫(?![了不外车人他她你我做])|叫我(?!了|去|来|做|重|再|赶|快|多|少|给|把|出|上|过|回|一起|吃|喝|帮|陪|别|早|晚|跟|和)|我的名字是|我名字叫)"
            r"[ ]?([A-Za-z]{2,15}|[\u4e00-\u9fff]{1,4}?)(?:"
            r"就好|就行|吧|呀|啊|哦|啦|[，。！!,.\s~～]|$)"
        ),
        message,
    )
    if match is None:
        match = re.search(
            r"我是([\u4e00-\u9fff]{1,2}[姐哥叔姨嫂爷婶伯])(?=[，。！!,.\s~～\d]|$)", message
        )
    return match[1] if match else None
