"""Dated events and plans, feelings and cancellations in Chinese."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from memory.builtin.extraction.draft import Draft, Scene
from memory.builtin.extraction.zh_text import tail_stripped, third_person, with_dates
from memory.builtin.extraction.zh_words import AILMENT, DEGREE, EMOTION, OWN_THINGS, VERBS
from memory.nlp.dates import DateMention
from memory.types import Kind

RECENT = re.compile(
    r"最近(?:几天|一段时间|这段时间|这几天|都|一直|总是|老是|老){0,6}|这(?:段时间|阵子|几天|两天|些天|一阵)(?:都|一直|总是|老){0,6}|近来|近期"
)
# "最近在追《繁花》": what fills these weeks.
BUSY = re.compile(
    r"(?:也|还|都|一直|又){0,6}(?:(?:迷上了?|沉迷于?|爱上了?)(?=[\u4e00-\u9fff]{2})|(?:在|开始))(?:追|看|刷|玩|听|读|学|练|织|画|写|打|种|做|养|拼|钩|吃|喝)(?:[\u4e00-\u9fffA-Za-z\d]|《[^》]+》){2,14}"
)
_FEELING = re.compile(
    rf"(?:我|心里|心情|感觉|觉得|整个人){{0,6}}{DEGREE}(?P<word>{EMOTION})(?:极了|死了|了|得很|得不行|不已|得(?:睡不着|想哭|不得了|要命)|一整天|一天|起来|的){{0,6}}"
)
_FEELING_OF = re.compile(
    rf"{DEGREE}(?:担心|后悔|期待|舍不得|心疼|怀念|想念)(?P<thing>[\u4e00-\u9fffA-Za-z\d]{{2,20}})"
)
_AILING = re.compile(
    rf"{DEGREE}(?:有点|一直|都|老是|总是|经常|又|开始){{0,6}}{AILMENT}(?:了|得厉害|很严重|严重){{0,6}}"
)
_FUTURE = re.compile(
    r"要|会|打算|准备|计划|决定|将|得去|得(?=[交开上考])|想去|约了|约好|订了|定了|买了[\u4e00-\u9fff]{0,8}票|有(?:一?[个场次])?(?:面试|考试|会议?$|约会|聚会|比赛|演出|课|手术|答辩|演讲|体检|婚礼|聚餐|饭局)|出发|截止|到期|开始"
)
_PAST = re.compile(r"了|过(?!生日|年|节|来)|没(?!有?课)|第一次|终于")
_SOON = re.compile(
    r"^(?:就要|就得|就|都|又|也|还|还要|还得|需要|要|得|会|将会|将|该|可以|能|准备要)+(?=[^\s求紧])"
)
_EMPTY = re.compile(
    r"^(?:想(?!辞|搬|结婚|离婚|换|移民|出国|申请|留学|养|创业|去|学|看|考|当|开|买|报|试|带|做|请)|觉得|感觉|来(?:找|和|跟|看|陪)|没事|没什么|不知道|还好|挺好|就这样|好多了|聊|说|问|也是|都|很?好|不错|是|是个|开心|太|有点$|天气|心情|状态|过得|怎么|再|\S{0,3}发生)|非要|天气|下雨|下雪|降温|好热|好冷|周[一二三四五六日]$|星期[一二三四五六日]$|[再明]见$|再聊|再说$|一些事"
)
_BIG = re.compile(
    r"分手|离婚|结婚|订婚|求婚|去世|过世|走了$|怀孕|流产|手术|确诊|住院|辞职|裸辞|离职|被裁|失业|升职|录取|考上|拿到[\u4e00-\u9fffA-Za-z]*(?:offer|录用)|毕业|搬家|搬到|买房|出生|(?<!发)生了|车祸|骨折|被偷|被骗|失恋"
)
_MIDDLE = re.compile(
    r"面试|考试|答辩|比赛|演讲|演唱会|音乐会|旅[游行]|出差|飞|生日|婚礼|聚会|体检|相亲|约会|表白|报名|驾照|入职|开学|展|马拉松|感冒|发烧|生病|吵架|迷路|丢|奖|演出|搬|买了|第一次|领养|毕业典礼"
)
_ILLNESS = re.compile(
    r"感冒|发烧|骨折|住院|手术|受伤|扭伤|崴|生病|拉肚子|过敏|医院|确诊|阳了|打针|拔牙|智齿|摔|住[过了]院|查出|出血|穿刺|开刀"
)
_AT_ONCE = re.compile(
    r"感冒|发烧|生病|阳了|面试(?:没过|过了|挂了|黄了|通过)|考试(?:没过|挂|过了|通过|考砸)|挂科|考砸|没考好|吵架|丢了|被偷|迟到|摔|崴|被骗|被骂|哭了|失恋|拿到|收到|通过"
)
_NOTABLE = re.compile(
    r"(?:已经|终于|刚刚|刚|又|还){0,4}(?:(?:[和跟](?:谈了|在一起|异地)?[\u4e00-\u9fffA-Za-z]{1,10}|被[\u4e00-\u9fff]{0,6}|把)(?:已经|终于|刚刚|刚|又|还){0,3}){0,2}(?:的)?[\u4e00-\u9fffA-Za-z]{0,8}?(?:分手|分了(?![\u4e00-\u9fff])|掰了(?![\u4e00-\u9fff])|离婚|失恋|升职|加薪|裸辞|辞职|离职|裁员|裁|跳槽|换工作|换了(?:新|个|份){0,6}工作|工作辞|辞|找到(?:新|了){0,6}工作|失业|怀孕|考上|考过|拿到|通过|收到|录取|订婚|求婚|表白|毕业|退休|流产|骨折|摔(?:倒|伤|跤)?|丢|偷|骗|车祸|感冒|发烧|生病|阳|住院|没过|挂科|挂了[一二两三四五\d]门|落榜|没考上|考砸|中奖|获奖|得奖|赢|输|买房|买车|买了房|买了车|吵架|和好|复合|绝交|去世|走丢|(?<!发)生了|做了手术|入职|出院|崴|扭伤|熬夜|失败)[\u4e00-\u9fffA-Za-z\d]{0,16}"
)


# Clock times and adverbs stand between the day and the verb.
_BEFORE_VERB = re.compile(
    r"^(?:[\d一二三四五六七八九十两]{1,3}(?:点|[:：]\d\d)(?:半|钟|多|[\d一二三四五]+分?)?(?:左右)?|早上|晚上|下午|中午|上午|就|也|还|都|又|才|终于|竟然|居然|突然|直接|顺便|一起|一直|差不多|已经|大概|可能|得|需要|必须|好不容易|自己|这学期|上学期|[多少](?=[吃喝买睡加跑做])|因为[\u4e00-\u9fff]{1,8}?(?=住|休学|辞|请假|进|做手术|分手|没|去|搬|回))+"
)


_YEARLY = 300
"""Days between two readings of what comes once a year."""


def is_future(text: str, mention: DateMention) -> bool:
    """Whether ``text`` speaks of a plan on the day of ``mention``."""
    if mention.past is not None:
        return not mention.past
    if mention.earlier is None:
        # Today, this month: only the words tell.
        return bool(_FUTURE.search(text)) and not _PAST.search(text)
    if text.endswith("了") and "要" in text:
        return True
    apart = (mention.later.start - mention.earlier.start).days if mention.later else 0
    if apart > _YEARLY and "月" not in mention.text:
        # The feast that is nearer, unless the words look ahead.
        ahead = bool(_FUTURE.search(text)) and not _PAST.search(text)
        return ahead or (mention.start != mention.earlier.start and not _PAST.search(text))
    if re.search(r"约了|约好|订了|定了|买了[\u4e00-\u9fff]{0,8}票", text):
        return True
    return not _PAST.search(text)


def event(
    who: str, clause: str, mentions: list[DateMention], scene: Scene, explicit: bool
) -> Draft | None:
    """A dated event or plan of ``who``; ``clause`` without its subject, dates in place."""
    future = is_future(clause, mentions[0])
    mentions = [mention.towards(future) for mention in mentions]
    bare = _without(clause, mentions)
    core = tail_stripped(bare).lstrip("，, 的")
    if not says_something(core, explicit):
        return None
    first = mentions[0]
    future = first.start > scene.said_on or (future and first.end >= scene.said_on)
    text = tail_stripped(with_dates(clause, mentions, scene.said_on))
    # The day goes in front: "打算" may stay before it, particles may not.
    if clause[: first.begin].strip() in (
        "",
        "就",
        "也",
        "都",
        "还",
        "就要",
        "要",
        "又",
        "本来",
        "会",
        "将",
    ):
        text = _dated(first, scene.said_on) + _plain(core, future)
        for extra in mentions[1:]:
            text = text.replace(extra.text, _dated(extra, scene.said_on))
    if len(core) < 2 or len(text) > 80:
        return None
    return Draft(
        who + third_person(text, scene.speaker),
        category_of(core, future),
        importance_of(core, future),
        kind=Kind.TEMPORAL,
        event_date=first.date_str,
    )


def _dated(mention: DateMention, said_on: date) -> str:
    return with_dates(mention.text, [_at_zero(mention)], said_on)


def _at_zero(mention: DateMention) -> DateMention:
    return replace(mention, begin=0, stop=len(mention.text))


def _plain(core: str, future: bool) -> str:
    if not future:
        return re.sub(r"^(?:又|也|还|就|都|才|刚刚|刚(?!好)|其实|居然|竟然)+", "", core)
    core = _SOON.sub("", core)
    return core.removesuffix("了") if not re.search(r"(?:约|订|定|买)了", core) else core


def _without(clause: str, mentions: list[DateMention]) -> str:
    first = mentions[0]
    return clause[: first.begin] + clause[first.stop :].lstrip("，, ")


def says_something(core: str, explicit: bool) -> bool:
    """Whether what is left without the date is an event of the speaker."""
    if len(core) < 2 or _EMPTY.search(core) or re.search(r"[你您]", core):
        return False
    if explicit:
        return True
    core = _BEFORE_VERB.sub("", core)
    return bool(re.match(VERBS, core) or re.match(OWN_THINGS, core))


def feeling(predicate: str) -> str | None:
    """A feeling with its degree ("很难过"), if that is all that is said."""
    predicate = predicate.strip()
    match = _FEELING.fullmatch(predicate)
    if match:
        return (
            re.sub(r"^(?:我|真的|其实|就|还是|还|都|让我)+", "", predicate)
            .removesuffix("死了")
            .removesuffix("的")
        )
    match = _FEELING_OF.fullmatch(predicate)
    if match and not re.search(r"[你您]|自己会", match["thing"]):
        return re.sub(r"^(?:真的|其实|就|还是|还|都)+", "", predicate)
    return None


def ailing(predicate: str) -> bool:
    """Whether the predicate only says what is wrong with the body just now."""
    return bool(_AILING.fullmatch(predicate))


def notable(predicate: str) -> bool:
    """An event worth keeping even without a date ("和男朋友分手了")."""
    return (
        bool(_NOTABLE.fullmatch(predicate))
        and bool(re.search(r"了|没|过$|^(?:刚|终于)", predicate))
        and not re.search(r"[你您]|不想|没有|要", predicate)
    )


def at_once(predicate: str) -> bool:
    """Whether such an event is told on the day it happens."""
    if re.search(r"确实|当时|那时|那次|以前|曾|因为", predicate):
        return False
    return bool(_AT_ONCE.search(predicate)) or predicate.startswith("终于")


def just(predicate: str) -> bool:
    """Whether it happened not long ago ("刚换了工作"): within the month, as people use it."""
    return predicate.startswith("刚")


def category_of(core: str, future: bool) -> str:
    """Category of a dated event."""
    if future:
        return "plan"
    if re.match(r"(?:感到|感觉|觉得)", core):
        return "emotion"
    if _ILLNESS.search(core) or ailing(core):
        return "health"
    return "emotion" if feeling(core) else "event"


def importance_of(core: str, future: bool) -> int:
    """1 to 5: turning points, things worth asking about, the rest of the day."""
    if _BIG.search(core):
        return 4
    return 3 if future or _MIDDLE.search(core) else 2
