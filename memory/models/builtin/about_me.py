"""Questions about the persona: its day, its likes, what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from memory import care
from memory.dates import query_range, span
from memory.models.builtin.lines import Chooser
from memory.models.builtin.own_day import at_hour, fact, of_day
from memory.models.builtin.pick_memory import unique
from memory.models.builtin.reading import Reading
from memory.retell import retell, retell_dated
from memory.types import Kind, Language, Memory, Persona, ReplyRequest, Subject

# key of a fact, how it is asked for (after "你"/"you"), what a memory about it holds.
TOPICS: tuple[tuple[str, str, str], ...] = (
    ("drink", r"喝|茶|咖啡|\bdrink|\btea\b|coffee", r"喝|茶|咖啡|乌龙|drink|tea\b|coffee|oolong"),
    ("food", r"吃|饭|菜|\beat|food|cook|dish", r"吃|菜|面|糕|eat|food|noodle|cake"),
    ("pet", r"宠物|猫|狗|养|\bpets?\b|\bcat\b|\bdog\b", r"猫|狗|宠物|cat|dog|pet"),
    ("music", r"歌|音乐|听什么|music|song|listen to", r"歌|音乐|曲|music|song|record"),
    ("book", r"书|小说|作家|read|book|author", r"书|读|小说|book|read|novel"),
    ("film", r"电影|剧|film|movie|watch", r"电影|剧|film|movie"),
    (
        "sport",
        r"运动|健身|跑步|锻炼|sport|exercise|work ?out|\brun\b",
        r"运动|跑|爬|sport|run|climb|walk",
    ),
    (
        "season",
        r"季节|春天|夏天|秋天|冬天|season",
        r"季|春|夏|秋|冬|season|spring|summer|autumn|winter",
    ),
    ("color", r"颜色|colou?r", r"颜色|色|colou?r"),
    ("weather", r"天气|下雨|晴天|下雪|weather|\brain|snow|sun", r"天气|雨|晴|雪|weather|rain|snow"),
    (
        "hobby",
        (
            r"爱好|兴趣|平时(?:都)?(?:做|干|喜欢)|空(?:的时候|闲)|周末.{0,4}(?:做|干)|"
            r"hobb|free time|for fun|spare time"
        ),
        r"爱好|平时|收集|hobb|spare time|collects",
    ),
    ("fear", r"怕什么|害怕|怕不怕|afraid|scared|fear", r"怕|afraid|scared"),
    ("dream", r"梦想|愿望|理想|最想|dream|wish for", r"梦想|想有一天|愿望|dream|would like"),
    (
        "family",
        (
            r"家人|爸|妈|父母|兄弟|姐妹|奶奶|family|parents|siblings|mother|father|"
            r"brother|sister"
        ),
        r"家人|妈妈|爸爸|奶奶|父亲|母亲|family|mother|father|mum|grandmother",
    ),
    ("birthday", r"生日|哪天出生|birthday|born", r"生日|birthday|born"),
    ("friend", r"朋友|friend", r"朋友|friend"),
    ("travel", r"旅行|旅游|去过|想去|travel|visit|\bgo to\b", r"旅行|想去|travel|visit"),
    ("sleep", r"睡|几点起|作息|sleep|wake up|get up|go to bed", r"睡|醒|sleep|wake"),
    ("age", r"多大|几岁|年龄|岁数|how old|\bage\b", r"岁|years old"),
    (
        "home",
        (
            r"住|家在|哪里人|哪儿人|在哪(?:里|儿)?(?!上班)|where (?:do|are) you (?:live|"
            r"from)|\blive\b|your (?:home|house|place)"
        ),
        r"住|家|lives|home",
    ),
    (
        "job",
        (
            r"工作|职业|做什么的|上班|what do you do\b(?! (?:today|all|on|at))|\bjob\b|"
            r"for a living|\bwork\b"
        ),
        r"工作|店|教练|works|job|runs|coach",
    ),
)

_DAY = (
    r"你(?:今天|刚才|最近|白天|这两天)?(?:都|又|还)?(?:在)?(?:做|干|忙)(?:了|"
    r"过)?(?:点|些)?(?:什么|啥)(?!工作|的)|你(?:的)?今天|今天你|你这一?天|"
    r"你最近(?:过得|怎么样|好吗|如何|在忙)|\b(?:what (?:did|have) you (?:do|done|"
    r"been (?:up to|doing))|how was your (?:day|morning|evening|week)|your day|"
    r"what about your day|did you do anything|tell me about your day|been up to)\b"
)
_NOW = (
    r"你(?:现在|这会儿|此刻)?(?:正?在)(?:做|干|忙)(?:什么|啥|嘛)|"
    r"你(?:现在)?干(?:嘛|什么)呢|你在(?:哪|哪里|哪儿)(?:呢|啊|呀)?\s*[?？]?$|what "
    r"are you (?:doing|up to)|where are you (?:now|right now)|what'?re you "
    r"(?:doing|up to)"
)
_HOW = (
    r"^(?:那)?你(?:还|最近|今天)?(?:好吗|好么|怎么样|还好吗|好不好|过得好吗|"
    r"过得怎么样|开心吗|累吗|累不累|心情)|how are (?:you|u)\b|how'?s it going|how "
    r"have you been|how do you feel|you (?:okay|alright|good)\s*\?|are you "
    r"(?:okay|ok|well|happy|tired)"
)
_WHO = (
    r"你(?:到底|究竟)?是(?:谁|什么|干嘛的|哪位)|你叫(?:什么|啥)|你的名字|"
    r"介绍(?:一下|下)?(?:你自己|自己|你)|自我介绍|who are you|what(?:'s| is) your "
    r"name|what are you\b(?! (?:doing|up|going|talking|eating|reading|wearing|"
    r"thinking))|introduce yourself|tell me about yourself|about yourself"
)
_CAN = (
    r"你(?:都)?(?:会|能)(?:做|干|帮我)?(?:些|点)?(?:什么|啥)|你有什么(?:功能|本事|"
    r"用)|怎么用你|what can you do|how can you help|what are you (?:for|good at)|"
    r"your features"
)
_MODEL = (
    r"(?:用|接|连|是|哪个|什么)(?:的)?(?:是)?(?:什么|哪个)?(?:语言)?(?:大)?模型|"
    r"接(?:上|入)?(?:大|语言)?模型|怎么(?:连接|接入|配置)|api ?key|deepseek|"
    r"chatgpt|gpt|ollama|\bllm\b|language model|which model|what model|how do you "
    r"work|你(?:是)?怎么(?:工作|运作|实现)"
)
_BACK = (
    r"^(?:那|所以)?你(?:自己)?(?:呢|咧)\s*[?？]?$|你(?:觉得|认为)呢|[，,。 "
    r"]你呢\s*[?？]?$|\b(?:and|what about|how about) you\b\W*$|^(?:you|"
    r"yourself)\?\s*$|hbu\b|wbu\b"
)
_MORE = (
    r"^(?:还有(?:呢|吗|什么)?|然后呢|就这些|别的呢|还做了什么|再说说|继续|and "
    r"then|what else|anything else|tell me more|go on)\W*$"
)

_EXPERIENCE = (
    r"你(?:有没有|也)?(?:看|听|吃|去|玩|试|见|读|喝|谈|养|学)过|"
    r"\bhave you (?:ever )?(?:seen|read|been|tried|heard|watched|played|eaten|visited|had)\b"
)
_OPINION = (
    r"^(?:那)?你(?:觉得|认为|怎么看|说)(?:呢|怎么样)?\s*[?？]?$|^(?:so )?what do "
    r"you think\W*$"
)

# What one likes: a memory must say so, "works in a tea room" doesn't.
TASTES = frozenset(
    ["drink", "food", "music", "book", "film", "season", "color", "weather", "hobby", "travel"]
)
_LIKES = (
    r"喜欢|最爱|爱(?:吃|喝|听|看|读)|偏爱|喝|\b(?:likes?|loves?|prefers?|"
    r"favou?rite|drinks|enjoys?)\b"
)

AI: Mapping[Language, str] = {
    "zh": (
        "我是{name}，是一个 AI，不是真人。现在说话的是一套规则，没有接语言模型，"
        "所以我懂得有限；在“设置”页填上模型的接口地址和密钥，我就能聊得更好。"
    ),
    "en": (
        "I'm {name}, an AI, not a human being. Right now a set of rules is speaking, "
        "no language model, so what I understand is limited; enter an endpoint and a "
        "key on the Settings page and I'll talk much better."
    ),
}
AI_SHORT: Mapping[Language, str] = {
    "zh": "是的，我是 AI，现在是规则在说话，没有接语言模型。不过你说的话，我是认真在听的。",
    "en": (
        "Yes, I'm an AI; rules are speaking at the moment, no language model. I do "
        "take in what you tell me, though."
    ),
}
WHO: Mapping[Language, str] = {
    "zh": "我是{name}，一个会记事的 AI 伙伴。{tagline}。",
    "en": "I'm {name}, an AI companion who remembers. {tagline}.",
}
CAN: Mapping[Language, str] = {
    "zh": (
        "我能陪你聊天，记住你说过的和我说过的，也能回答“你还记得……吗”。"
        "现在没有接语言模型，写文章、查资料这些我做不到；想让我更聪明，"
        "可以在“设置”页接一个模型。"
    ),
    "en": (
        "I can keep you company, remember what you and I have said, and answer when "
        "you ask what I remember. Without a language model I can't write essays or "
        "look things up; you can connect one on the Settings page."
    ),
}
MODEL: Mapping[Language, str] = {
    "zh": (
        "现在没有接语言模型，是内置的规则和记忆在回答你。想接的话，"
        "到“设置”页填接口地址、密钥和模型名，DeepSeek、硅基流动、OpenAI、Ollama "
        "都行，填完可以点测试。"
    ),
    "en": (
        "No language model is connected; built-in rules and memories are answering. "
        "To connect one, open the Settings page and fill in the endpoint, key and "
        "model name: DeepSeek, SiliconFlow, OpenAI or Ollama all work, and there is "
        "a test button."
    ),
}
UNSURE: Mapping[Language, str] = {
    "zh": "这个我还没想过，说不好。",
    "en": "I haven't thought about that yet, so I can't say.",
}
QUIET_DAY: Mapping[Language, str] = {
    "zh": "我今天没什么特别的事，就在这儿等你来说话。",
    "en": "Nothing special happened to me today; I was here, waiting to talk with you.",
}
AGAIN: Mapping[Language, str] = {"zh": "就是刚才跟你说的那件：", "en": "Just what I told you: "}


@dataclass(frozen=True, slots=True)
class Told:
    """What the persona says of itself; ``hand_back``: "and you?" may follow."""

    text: str
    hand_back: bool = False


def about_me(reading: Reading, request: ReplyRequest, choose: Chooser) -> Told | None:
    """The answer to a question about the persona; None if the message is none."""
    plain = reading.text.lower().replace("’", "'").strip()
    what = _what_i_am(plain, reading, request, choose)
    if what:
        return Told(what)
    if re.search(_BACK, plain):
        return Told(_back(reading, request, choose))
    life = _my_life(plain, reading, request, choose)
    return Told(life, hand_back=True) if life else None


def _what_i_am(plain: str, reading: Reading, request: ReplyRequest, choose: Chooser) -> str | None:
    """An AI, its name, what it can do, which model speaks; views it doesn't have."""
    language = reading.language
    text = request.persona.text(language)
    if care.is_ai_question(reading.text):
        full = AI[language].format(name=text.name)
        return AI_SHORT[language] if choose.said_before(full) else full
    if re.search(_MODEL, plain) and reading.question:
        return MODEL[language]
    if re.search(_CAN, plain):
        return CAN[language]
    if re.search(_WHO, plain):
        return WHO[language].format(name=text.name, tagline=text.tagline.rstrip("。."))
    if re.search(_OPINION, plain):
        return choose.react("opinion", {})
    if re.search(_EXPERIENCE, plain):
        return choose.react("experience", {})
    return None


def _my_life(plain: str, reading: Reading, request: ReplyRequest, choose: Chooser) -> str | None:
    """Its day, its whereabouts, its likes."""
    persona, language = request.persona, reading.language
    past = _past_day(plain, reading, request)
    if past:
        return past
    if re.search(_NOW, plain):
        now = at_hour(persona.id, reading.hour, language)
        return _first_person(now, language) if now else QUIET_DAY[language]
    if re.search(_HOW, plain):
        how = fact(persona.id, "how", language) or QUIET_DAY[language]
        day = own_day(reading, request, choose)
        return _join(language, how, "" if choose.said_before(day) else day)
    if re.search(_DAY, plain):
        return own_day(reading, request, choose)
    if re.search(_MORE, plain):
        more = _further(request, reading)
        if more:
            return more
    if _asks_you(plain, language) and (reading.question or "喜欢" in plain):
        return _fact(plain, language, request)
    return None


def own_day(reading: Reading, request: ReplyRequest, choose: Chooser) -> str:
    """What the persona did today: what it already told is kept to."""
    told = [m for m in _ai_memories(request) if m.event_date == reading.today.isoformat()]
    language = reading.language
    if told:
        return _sentence(
            "；".join(retell_dated(m, request.persona, reading.today) for m in told[:2])
            if language == "zh"
            else "; ".join(retell_dated(m, request.persona, reading.today) for m in told[:2]),
            language,
        )
    day = of_day(request.persona.id, reading.today, language)
    if day is None:
        return QUIET_DAY[language]
    return f"{AGAIN[language]}{day}" if choose.said_before(day) else day


def like_of_topic(intent: str, request: ReplyRequest, language: Language) -> str | None:
    """The persona's own taste on a topic of small talk, from memory first."""
    keys = {"food": "food", "music": "music", "book": "book", "film": "film", "pet": "pet",
            "sport": "sport", "weather": "weather", "travel": "travel"}  # fmt: skip
    key = keys.get(intent)
    return (
        _known(key, request, language) or fact(request.persona.id, key, language) if key else None
    )


def _fact(plain: str, language: Language, request: ReplyRequest) -> str:
    for key, question, _ in TOPICS:
        if re.search(question, plain):
            known = _known(key, request, language)
            return known or fact(request.persona.id, key, language) or UNSURE[language]
    liked = [m for m in _ai_memories(request) if m.category == "preference"]
    if liked and re.search(r"喜欢|爱|like|love|favou?rite", plain):
        return _sentence(retell(liked[0], request.persona), language)
    if re.search(r"喜欢|爱|like|love|favou?rite|enjoy", plain):
        return fact(request.persona.id, "hobby", language) or UNSURE[language]
    return UNSURE[language]


def _known(key: str, request: ReplyRequest, language: Language) -> str | None:
    """A lasting memory about the persona on this topic, in its own words."""
    holds = next((memory for name, _, memory in TOPICS if name == key), None)
    if holds is None:
        return None
    fits = [
        memory
        for memory in _ai_memories(request)
        if memory.kind is Kind.CONSTANT
        and memory.language == language
        and re.search(holds, memory.text, re.IGNORECASE)
        and (key not in TASTES or re.search(_LIKES, memory.text, re.IGNORECASE))
    ]
    fits.sort(key=lambda memory: (memory.category != "preference", -memory.importance, memory.id))
    return _sentence(retell(fits[0], request.persona), language) if fits else None


def _back(reading: Reading, request: ReplyRequest, choose: Chooser) -> str:
    """ "And you?": the persona's side of what was just talked about."""
    language = reading.language
    for message in reversed(request.history[-4:]):
        plain = message.text.lower()
        for key, question, _ in TOPICS:
            if re.search(question, plain) and key not in {"home", "job", "friend", "family"}:
                known = _known(key, request, language)
                found = known or fact(request.persona.id, key, language)
                if found and not choose.said_before(found):
                    return found
    return own_day(reading, request, choose)


def _past_day(plain: str, reading: Reading, request: ReplyRequest) -> str | None:
    """ "你昨天做了什么" / "what did you do yesterday"."""
    language = reading.language
    asks = (
        (
            r"你.{0,3}(?:昨天|前天|周末|上周|上个月).{0,8}(?:什么|啥|哪|怎么|吗|没)|"
            r"(?:昨天|前天|周末|上周)你"
        )
        if language == "zh"
        else (
            r"\b(?:did|were|was) you\b.*\b(?:yesterday|weekend|last|on \w+day)|your "
            r"(?:weekend|yesterday)"
        )
    )
    if not re.search(asks, plain):
        return None
    days = query_range(reading.text, reading.today, language)
    if days is None or days[1] >= reading.today:
        return None
    for memory in _ai_memories(request):
        if memory.event_date and _inside(memory, days):
            return _sentence(retell_dated(memory, request.persona, reading.today), language)
    return _told_of(request.persona, days[0], reading) or UNSURE[language]


def _told_of(persona: Persona, day: date, reading: Reading, more: int = 0) -> str | None:
    """What was done on ``day``, said on the day of the reading."""
    told = of_day(persona.id, day, reading.language, more)
    away = (reading.today - day).days
    if told is None or away == 0:
        return told
    if reading.language == "zh":
        when = {1: "昨天", 2: "前天"}.get(away, f"{day.month}月{day.day}日")
        return told.replace("我今天", f"我{when}", 1)
    when = "Yesterday" if away == 1 else f"On {day:%B} {day.day},"
    return told.replace("Today", when, 1)


def _inside(memory: Memory, days: tuple[date, date]) -> bool:
    try:
        start, end = span(memory.event_date or "")
    except ValueError:
        return False
    return start <= days[1] and end >= days[0]


def _ai_memories(request: ReplyRequest) -> list[Memory]:
    found = unique(item.memory for item in request.context.items)
    return [memory for memory in found if memory.subject is Subject.AI]


def _asks_you(plain: str, language: Language) -> bool:
    if language == "zh":
        return bool(re.search(r"你", plain)) and not re.search(
            r"我|你(?:知道|能|可以|帮|说|觉得|认为|会不会|猜|看(?!过|书|电影|剧))", plain
        )
    return bool(
        re.search(
            (
                r"\b(?:do|are|did|have|is|what'?s|where|who|how|which|what) (?:\w+ "
                r"){0,3}(?:you|your)\b"
            ),
            plain,
        )
    ) and not re.search(
        r"\b(?:can|could|would|will) you\b|do you (?:know|think|mean|want)|\bmy\b|\bme\b|\bi\b",
        plain,
    )


def _further(request: ReplyRequest, reading: Reading) -> str | None:
    """Another thing of the day that was just told of; None if none was."""
    last = next((m for m in reversed(request.history) if m.role == "assistant"), None)
    for away in (0, 1):
        day = date.fromordinal(reading.today.toordinal() - away)
        told = _told_of(request.persona, day, reading)
        if last and told and told[:-1] in last.text:
            return _told_of(request.persona, day, reading, more=1)
    return None


def _first_person(text: str, language: Language) -> str:
    return text if language == "en" else f"我{text}"


def _sentence(text: str, language: Language) -> str:
    text = text[:1].upper() + text[1:]
    return text + ("。" if language == "zh" else ".")


def _join(language: Language, *parts: str) -> str:
    return ("" if language == "zh" else " ").join(part for part in parts if part)
