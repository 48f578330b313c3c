"""Questions that aren't about memory or the persona: what kind they are."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from memory.builtin.chat.en import ASKS
from memory.builtin.chat.reading import MessageReading
from memory.types import ReplyRequest

_KINDS_ZH: tuple[tuple[str, str], ...] = (
    (
        "time",
        (
            r"(?:现在|这会儿)?几点|(?:今天|现在|明天|昨天)(?:是)?(?:几号|几月几|星期几|"
            r"周几|礼拜几|什么日子)"
        ),
    ),
    ("joke", r"(?:讲|说|来)(?:一?个|点)?(?:笑话|段子)|逗我"),
    (
        "do_for_me",
        (
            r"帮我(?:写|查|订|翻译|画|算|做|搜|找|打|想|改|润色|总结)|给我(?:写|画|唱|讲|"
            r"编|翻译)|翻译(?:一下|成)|写一?(?:首|篇|封|段)|(?:讲|说)(?:一?个)?故事|"
            r"唱(?:一?首|个)歌|提醒我|定个闹钟|放(?:一?首|点)歌"
        ),
    ),
    (
        "recommend",
        (
            r"推荐|有什么好(?:看|吃|听|玩|用)|(?:吃|看|听|玩|喝|买)(?:点)?(?:什么|"
            r"啥)(?:好|呢|吧|比较)?"
        ),
    ),
    (
        "advice",
        (
            r"怎么办|咋(?:办|整|弄)|建议|有什么办法|主意|该不该|要不要|我(?:到底)?(?:该|应该)|应不应该|怎么(?:才能|做|跟|和|"
            r"说|开口|选|面对|处理|调整|缓解)|如何|你(?:觉得|认为|说|看)|值得吗|对不对|"
            r"好不好|行不行|可以吗|合适吗|是不是我"
        ),
    ),
    (
        "knowledge",
        (
            r"为什么|为啥|是什么|什么是|什么意思|怎么(?!样|这|那|会|回事|能|总|老|都|了)|"
            r"多少|几|哪(?:个|里|儿|些|种|家)|谁|多(?:大|远|久|高|长)|什么时候|"
            r"吗\s*[?？]\s*$|[?？]\s*$"
        ),
    ),
)
_KINDS_EN: tuple[tuple[str, str], ...] = (
    (
        "time",
        (
            r"what(?:'s| is) the (?:time|date)|what time is it|what day is (?:it|today)|"
            r"what(?:'s| is) today"
        ),
    ),
    ("joke", r"tell me a joke|know any jokes|say something funny|make me laugh"),
    (
        "do_for_me",
        (
            r"\b(?:can|could|will|would) you (?:please )?(?:write|translate|search|look "
            r"up|book|order|calculate|draw|find|remind|set|play|sing|summari\w+|make me|"
            r"help me (?:write|find|with))|^(?:please )?(?:write|translate|summari[sz]e|"
            r"search|google|calculate|draw|remind me|play|sing|tell me a story)\b"
        ),
    ),
    (
        "recommend",
        (
            r"recommend|any (?:suggestions|ideas|tips)|what should i (?:eat|watch|read|"
            r"cook|play|wear|buy|listen|get)|suggest"
        ),
    ),
    (
        "advice",
        (
            r"advice|any ideas?\b|\btips\b|what (?:should|can|could|do|would) (?:i|you) "
            r"(?:do|say|advise)|should i|how "
            r"(?:do|can|should) i|do you think|what would you do|is it (?:okay|ok|normal|"
            r"wrong|bad|worth)|any advice|what do you think|am i (?:wrong|right|being|"
            r"overreacting)"
        ),
    ),
    (
        "knowledge",
        (
            r"^(?:what|who|where|when|why|how|which|is|are|does|do|did|can|could|will|"
            r"would|has|have)\b.*|\?\s*$"
        ),
    ),
)
_WILL_I = re.compile(
    r"^(?:那|唉|哎)?你(?:说|觉得|看|猜)我.{0,8}(?:能|会|可以|来得及|行|有戏|有希望|过得了)"
    r"|\b(?:do you (?:think|reckon)|you think|reckon) (?:i|we)"
    r"(?:'ll| will| can| could| stand|'m going| am going)\b"
    r"|^will i (?:pass|make|get|be|manage)\b|^am i going to (?:pass|make|be|get)\b"
)


def asks_whether_i_shall(text: str) -> bool:
    """Whether somebody asks if they will succeed: "你说我能上岸吗", "will I pass?"."""
    return _WILL_I.search(text.lower().replace("’", "'").strip()) is not None


_TELLING_ZH = (
    r"[了过着][，。！!]|你(?:猜|知道吗)|谁(?:懂|说不是)|怎么(?:会|能|这么|那么|总是|老是|又|还)"
)


def kind_of_question(reading: MessageReading) -> str | None:
    """time, joke, do_for_me, recommend, advice or knowledge; None if it isn't a question.

    An exclamation in the shape of a question ("怎么会这样") is none.
    """
    plain = reading.text.lower().replace("’", "'").strip()
    kinds = _KINDS_ZH if reading.language == "zh" else _KINDS_EN
    for kind, pattern in kinds:
        if not re.search(pattern, plain):
            continue
        if kind in {"joke", "do_for_me", "time"}:
            return kind
        if kind == "recommend" and re.search(r"推荐|recommend|suggest", plain):
            return kind
        if not reading.question:
            continue
        if kind == "knowledge" and not _wants_to_know(plain, reading):
            return None
        return kind
    return None


def _wants_to_know(plain: str, reading: MessageReading) -> bool:
    if reading.language == "zh":
        if re.search(_TELLING_ZH, plain):
            return False
        return bool(re.search(r"[?？]\s*$", plain)) or (
            len(plain) <= 20 and reading.intent in {"fallback"}
        )
    return plain.endswith("?") or reading.intent == "fallback" or bool(re.match(ASKS, plain))


def now_in_words(reading: MessageReading, request: ReplyRequest) -> str:
    """The time and date on the user's side."""
    local = request.now.astimezone(ZoneInfo(request.timezone))
    if reading.language == "zh":
        week = "一二三四五六日"[local.weekday()]
        day = f"{local.month}月{local.day}日，星期{week}"
        return f"你那边现在是{day}，{local.hour}点{local.minute:02d}分。"
    return f"On your side it's {local:%A}, {local:%B} {local.day}, {local.hour}:{local.minute:02d}."
