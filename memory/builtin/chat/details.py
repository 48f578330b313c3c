"""Entity extraction from a message: an allergen, a place, a plan and its day.

A reply that says the user's own noun was heard; one that says the day as it was
understood lets them correct it.
"""

from __future__ import annotations

import re
from datetime import date

from memory.builtin.chat.reading import MessageReading
from memory.nlp.dates import resolve
from memory.types import Language

_ALLERGEN_ZH = re.compile(r"对([\u4e00-\u9fff、]{1,8}?)(?:严重|轻微|特别|有点|也|都|会)*过敏")
_ALLERGEN_EN = re.compile(
    r"allergic to ((?:[a-z]+ )??[a-z]+(?:(?:,| and| or) [a-z]+)?)(?=\s*(?:$|[,.!;?]| but| so| and|"
    r" since| even| \())"
)
_ACT_ZH = (
    r"跑步|慢跑|爬山|爬[\u4e00-\u9fff]{1,3}山|徒步|骑车|骑行|游泳|散步|看展|划船|露营|钓鱼|滑雪|"
    r"打(?:羽毛|篮|网|乒乓|排|足)?球|踢球|野餐|赏花|拍照|逛街|赶集|跳舞"
)
_DID_ZH = re.compile(rf"(?:(?:去|在|到)了?([\u4e00-\u9fff]{{2,6}}?))?({_ACT_ZH})")
# No place, though it stands where one would: company, times, verbs.
_NO_PLACE = re.compile(r"[和跟陪我你他她它们了着过还又把给]|朋友|早上|下午|晚上|一起")
_DID_EN = re.compile(
    r"\b(?:(?:went|been|was|go|out) (?:for )?)((?:an? (?:\w+ )?(?:walk|run|swim|hike|ride|jog))|"
    r"running|hiking|swimming|climbing|cycling|walking|skiing|camping|fishing|surfing|jogging)"
    r"((?: (?:by|along|in|at|on|around|up|near|round|through) (?:the |a |my |our )?"
    r"(?!(?:mon|tues|wednes|thurs|fri|satur|sun)day|the weekend|weekend|morning|"
    r"afternoon|evening)[a-z]+)?)"
)
_OCCASION_ZH = re.compile(
    r"面试|复试|笔试|考试|手术|体检|复查|答辩|汇报|演讲|路演|婚礼|聚会|聚餐|比赛|演唱会|音乐会|约会|"
    r"出差|报到|入职|家长会|年会|拔牙|相亲|会议|演出|马拉松|搬家|旅行|发布会"
)
_GOING_ZH = re.compile(
    r"去(?!做|看|吃|跑|玩|面|考|见|参|上|拿|一)([\u4e00-\u9fff]{2,4}?)(?=玩|出差|旅|看|找|爬|住|$|[，。！!,])"
)
_OCCASION_EN = re.compile(
    r"\b(?:(?:job|dentist|doctor'?s?|driving|final|birthday|maths?|piano) )?(?:interview|exam|"
    r"surgery|operation|presentation|wedding|party|concert|race|marathon|gig|show|match|appointment|meeting|"
    r"flight|speech|test|trip|performance|audition|check-?up|viva|recital)\b"
)
_GOING_EN = re.compile(r"\b(?:going|flying|moving|off|travelling|traveling) to ([A-Z][a-z]+)\b")
_NEAR_ZH = {0: "今天", 1: "明天", 2: "后天"}


def thing(text: str, language: Language) -> str | None:
    """The allergen in "我对花生过敏" or "I'm allergic to peanuts"."""
    pattern = _ALLERGEN_ZH if language == "zh" else _ALLERGEN_EN
    match = pattern.search(text.lower().replace("’", "'"))
    return match[1] if match else None


def did(text: str, language: Language) -> str | None:
    """What the user did and where, as a noun: "西湖边跑步", "running by the lake"."""
    if language == "zh":
        match = _DID_ZH.search(text)
        if not match:
            return None
        place = match[1] or ""
        return ("" if _NO_PLACE.search(place) else place) + match[2]
    found = _DID_EN.search(text.lower())
    return found[1] + found[2] if found else None


def event(text: str, today: date, language: Language) -> str | None:
    """A plan with the day as understood: "27号的面试", "the interview on the 27th"."""
    ahead = [mention.towards(future=True) for mention in resolve(text, today, language)]
    coming = [m for m in ahead if m.start >= today and m.grain == "day"]
    return occasion(text, coming[0].start, today, language) if len(coming) == 1 else None


def occasion(text: str, day: date, today: date, language: Language) -> str | None:
    """What ``text`` says is on ``day``, with that day: "27号的面试"; None if it names nothing."""
    return _event_zh(text, day, today) if language == "zh" else _event_en(text, day, today)


def _event_zh(text: str, day: date, today: date) -> str | None:
    away = (day - today).days
    plain = f"{day.day}号" if _near(day, today) else f"{day.month}月{day.day}号"
    when = _NEAR_ZH.get(away, plain)
    named = _OCCASION_ZH.search(text)
    if named:
        return f"{when}的{named[0]}"
    going = _GOING_ZH.search(text)
    return f"{when}去{going[1]}" if going else None


def _event_en(text: str, day: date, today: date) -> str | None:
    away = (day - today).days
    near = {0: "today", 1: "tomorrow"}.get(away)
    number = f"{day.day}{_ordinal(day.day)}"
    when = f"on the {number}" if _near(day, today) else f"on {day:%B} {number}"
    named = _OCCASION_EN.search(text.lower().replace("’", "'"))
    if named:
        return f"{near}'s {named[0]}" if near else f"the {named[0]} {when}"
    going = _GOING_EN.search(text)
    return f"{going[1]} {near or when}" if going else None


def _near(day: date, today: date) -> bool:
    """Whether the day of the month says it all."""
    return (day.year, day.month) == (today.year, today.month)


def _ordinal(number: int) -> str:
    if number in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def line_slots(reading: MessageReading) -> dict[str, str | None]:
    """What fills the placeholders of a line; those with a capital begin a sentence."""
    words = {
        "said": reading.said,
        "echo": reading.echo,
        "thing": thing(reading.text, reading.language),
        "did": did(reading.text, reading.language),
        "event": event(reading.text, reading.today, reading.language),
    }
    capital = {
        name.capitalize(): value[:1].upper() + value[1:] if value else None
        for name, value in words.items()
    }
    return {
        **words,
        **capital,
        "name": reading.name,
        "day": reading.text.rstrip("。.!！吧"),
    }
