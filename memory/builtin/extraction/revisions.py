"""Revisions: "we're going to Porto, not Lisbon", said of something told before.

A correction of the very last message is for :mod:`.amendments`. This one may come any number
of messages later, when what it corrects is a memory already: it says what is wrong, what is
right, and mostly of what.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from memory.builtin.extraction.draft import Draft
from memory.builtin.extraction.zh_words import RELATION, RELATIONS
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.nlp.dates.names import MONTHS
from memory.nlp.language import has_cjk
from memory.nlp.words import telling_words
from memory.types import Language, Memory, Status, Subject

_I = re.IGNORECASE
_LONGEST = 120
_NOT_BUT_ZH = re.compile(
    r"(?P<topic>[^，。,！!？?]{0,12}?)不(?:是|在|叫)(?P<old>[^，。,！!？? 是]{1,10}?)(?:了|啦)?[，, 。]+(?:而是|应该是|是|在|叫|改成)(?P<new>[^，。,！!？? ]{1,12})"
)
_BUT_NOT_ZH = re.compile(
    r"(?P<topic>[^，。,！!？?]{0,12}?)(?:应该|其实)?(?:是|在|叫|改了?去|换了?去)(?P<new>[^，。,！!？? 是]{1,10}?)(?:了|啦)?[，, ]+(?:而)?不(?:是|在|叫)(?P<old>[^，。,！!？? ]{1,10})"
)
_MOVED_ZH = re.compile(
    r"(?P<topic>[^，。,！!？?不]{2,12}?)(?:又|刚)?(?:(?:改|推迟|提前|挪|换|延)(?:成|到|为|在)了?|(?:改(?:期|时间|日子)?|推迟|提前|延期)了[，, ]*(?:是|到|在|成))(?P<new>[^，。,！!？? ]{2,10}?)了?(?=$|[，。,！! ])"
)
_MARKED_ZH = re.compile(
    r"[说讲记打弄搞写]错了?(?:啊|哈|啦)?[，,。 ]+(?P<topic>[^，。,！!？? ]{1,12}?)(?:应该)?(?:是|在)(?P<new>[^，。,！!？? ]{2,12})"
)
_DAY_NOT_DAY_EN = re.compile(
    r"(?<!\w)(?P<new>\d{1,2}(?:st|nd|rd|th)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|[A-Z]\w+) not (?:on |the |in |to )?(?P<old>\d{1,2}(?:st|nd|rd|th)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|[A-Z]\w+)\b"
)
_BUT_NOT_EN = re.compile(
    r"(?<!\w)(?P<new>[\w'’]{1,24}), (?:and )?not (?:on |at |in |to |a |the )?(?P<old>[\w'’]{1,24}(?: [\w'’]{1,24})?)(?=[.!,]|$)",
    _I,
)
_NOT_BUT_EN = re.compile(
    r"\bnot (?:on |at |in |called |named )?(?P<old>[\w'’]+)[ ,.]+(?:the (?P<topic>[\w' ]{3,30}?) )?(?:but |it'?s |it is )(?:on |at |in |called |named )?(?P<new>[\w'’]+(?: [A-Z][\w'’]+)?)",
    _I,
)
_INSTEAD_EN = re.compile(
    r"(?P<new>[\w'’]{2,24}) (?:instead of|rather than) (?:the |a |an |in |at |on |to )?(?P<old>[\w'’]{2,24})\b",
    _I,
)
_ITS_NOT_EN = re.compile(
    r"\b(?:it|that|he|she)(?:'s| is| was) (?:a |an |the |her |his |my )?(?P<new>[\w'’]{2,24}) not (?:on |at |in |to |a |an |the |her |his |my )?(?P<old>[\w'’]{2,24})\b",
    _I,
)
# Something is otherwise than it was told, or has changed since.
_OTHERWISE = re.compile(
    r"改(?!天|变|善)|延(?:到|期|后|迟)|推迟|推后|推到|提前|挪到|换成|换到|[说讲记搞弄]错|不对(?!劲)"
    r"|\b(?:actually|moved|changed|postponed|pushed|brought forward|rescheduled|wrong|mixed (?:it|that|them) up|mistake|extension|instead|delayed)\b|\b(?:now|after all)[.!]*$",
    _I,
)
_WHEN_IT_WAS_TOLD = re.compile(
    r"[今昨][天早晚]|\b(?:to|yester)day\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b", _I
)
_PERHAPS = frozenset({"actually", "instead", "now", "after all"})
# What has changed is the thing just spoken of.
_OF_THE_SAME_THING = re.compile(
    r"(?:^|[，, ])(?:他|她|它|那个|时间|日期|ta)|^[欸诶哎唉啊哦]*(?:不对|[说讲记搞弄]错)"
    r"|\b(?:it|it's|its|they|they've|he|she|he's|she's)\b",
    _I,
)
_TO_THE_DAY = re.compile(r"\b(?:to|till|until) the (?=\d)", _I)
_TO_THE_MONTH = re.compile(
    rf"(?<=it's )(?={'|'.join(MONTHS)})|\bto (?=(?:{'|'.join(MONTHS)})\b)", _I
)
_BARE_DAY = re.compile(r"(?:on )?the (\d{1,2}(?:st|nd|rd|th))", _I)
_MONTH_AND_DAY = re.compile(r"(?<=[a-z] )\d{1,2}(?:st|nd|rd|th)?$", _I)
_OF_WHICH_WEEK = re.compile(r"下下?个?(?=周|星期|礼拜)|(?:on )?next (?=[a-z]+day)", _I)
_BARE_WEEKDAY = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天]|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day", _I
)
_KIN = re.compile(RELATION)
_ARTICLE = len("the ")
_FILLER = re.compile(
    r"\b(?:oh|wait|actually|sorry|oops|no|well|meant|correction)\b|对了|上次|刚才", _I
)
_ANY_DAY = date(2026, 1, 1)
_LITTLE = re.compile(
    r"^(?:sure|really|just|only|that|this|very|so|too|the|a|bad|good|great|well|even|yet|one|me|you|him|her|it|them)$",
    _I,
)


@dataclass(frozen=True, slots=True)
class Revision:
    """What was told wrongly, and what is right.

    Attributes:
        old: The wrong words; "" where only the right ones were said.
        new: The right ones.
        topic: Of what it was said; may be empty.
        rest: The message without the correction.
        stated: The message as a statement of its own, without what was wrong.
        points_back: Whether it is about what was said last, whatever its words.
    """

    old: str
    new: str
    topic: str
    rest: str
    stated: str
    points_back: bool = False


def revision(message: str) -> Revision | None:
    """The correction in ``message``; None if there is none."""
    if len(message) > _LONGEST or message.rstrip().endswith(("?", "？")):
        return None
    patterns = (
        (_NOT_BUT_ZH, _BUT_NOT_ZH, _MOVED_ZH, _MARKED_ZH)
        if has_cjk(message)
        else (_BUT_NOT_EN, _DAY_NOT_DAY_EN, _INSTEAD_EN, _NOT_BUT_EN, _ITS_NOT_EN)
    )
    for pattern in patterns:
        found = pattern.search(message)
        if not found:
            continue
        parts = found.groupdict()
        old, new = (parts.get("old") or "").strip(), parts["new"].strip()
        if _LITTLE.match(old or "-") or _LITTLE.match(new) or old.lower() == new.lower():
            continue
        topic = parts.get("topic") or ""
        rest = (message[: found.start()] + " " + message[found.end() :]).strip(" ,.，。!！")
        stated = message if not old else f"{topic}是{new}"
        if pattern in (_BUT_NOT_EN, _DAY_NOT_DAY_EN):
            # What it is about stands before, in the same sentence.
            begin = max(message.rfind(stop, 0, found.start()) + 1 for stop in ".!?;")
            topic = message[begin : found.start()]
            rest = (message[:begin] + message[found.end() :]).strip(" ,.!")
            stated = message[: found.end("new")] + message[found.end() :]
        elif pattern in (_NOT_BUT_EN, _INSTEAD_EN):
            stated = message
        elif pattern is _ITS_NOT_EN:
            topic, rest, stated = "", "", message
        return Revision(old, new, topic, rest, stated, not old and _points_back(message))
    return _on_another_day(message)


def _on_another_day(message: str) -> Revision | None:
    """ "The gig's been moved to the 29th": the one day in ``message`` is a new one."""
    message = _TO_THE_DAY.sub("on the ", _TO_THE_MONTH.sub("in ", message))
    otherwise = _OTHERWISE.search(message)
    days = dates.resolve(message, _ANY_DAY) if otherwise else []
    if otherwise is None or len(days) != 1:
        return None
    topic = f"{message[: days[0].begin]} {message[days[0].stop :]}".replace(otherwise[0], " ")
    return Revision("", days[0].text, topic, "", message, _points_back(message))


def _points_back(message: str) -> bool:
    changed = _OTHERWISE.search(message)
    surely = changed is not None and changed[0].lower() not in _PERHAPS
    return surely and _OF_THE_SAME_THING.search(message) is not None


def revised(said: Sequence[str], change: Revision) -> tuple[int, str] | None:
    """Which of the messages ``change`` corrects, and how it reads then; None if none."""
    for of_the_same in (True, False):
        for place in reversed(range(len(said) if of_the_same or change.points_back else 0)):
            if of_the_same and not _of_the_same(said[place], change):
                continue
            text = _put_right(said[place], change)
            if text is not None:
                return place, text
    return None


def _put_right(earlier: str, change: Revision) -> str | None:
    if not change.old:
        # Only the new day was said: it takes the place of the one that was told.
        right, days = dates.resolve(change.new, _ANY_DAY), dates.resolve(earlier, _ANY_DAY)
        days = [day for day in days if not _WHEN_IT_WAS_TOLD.search(day.text)]
        if len(days) != 1 or len(right) != 1 or days[0].grain != right[0].grain:
            return None
        said = days[0].text
        if _BARE_DAY.fullmatch(right[0].text) and _MONTH_AND_DAY.search(said):
            # "the 27th" of the month that was told
            said = _MONTH_AND_DAY.sub(_BARE_DAY.fullmatch(right[0].text)[1], said)  # type: ignore[index]
        else:
            week = _OF_WHICH_WEEK.match(said)
            bare = week is not None and _BARE_WEEKDAY.fullmatch(right[0].text)
            said = week[0] + right[0].text if week and bare else right[0].text
        return earlier[: days[0].begin] + said + earlier[days[0].stop :]
    place = earlier.lower().rfind(change.old.lower())
    if place < 0:
        return None
    return earlier[:place] + change.new + earlier[place + len(change.old) :]


def revised_known(
    change: Revision, known: Sequence[Memory], said_on: date
) -> tuple[int, Draft] | None:
    """Number (from 1) of the memory that ``change`` corrects, and how it reads then."""
    for number, memory in reversed(list(enumerate(known, 1))):
        mine = memory.status is Status.ACTIVE and memory.subject is Subject.USER
        if not mine or not _of_the_same(memory.text, change):
            continue
        draft = Draft(
            memory.text,
            memory.category,
            memory.importance,
            kind=memory.kind,
            event_date=memory.event_date,
        )
        text = _put_right(memory.text, change) if change.old else None
        if text is not None:
            return number, replace(draft, text=text)
        moved = _moved(draft, change, memory.created_at.date(), said_on)
        if moved is not None:
            return number, moved
    return None


def _of_the_same(text: str, change: Revision) -> bool:
    topic = telling_words(_called_alike(_FILLER.sub(" ", change.topic)))
    if not topic:
        return bool(change.old)
    return bool(topic & telling_words(_called_alike(text))) or (
        bool(change.old) and change.old[:1].isupper() and change.old in text
    )


def _called_alike(text: str) -> str:
    """``text`` with each relative as memories call them: "闺女" is "女儿"."""
    return _KIN.sub(lambda found: RELATIONS[found[0]], text)


def _moved(draft: Draft, change: Revision, told_on: date, said_on: date) -> Draft | None:
    """``draft`` on another day, if ``change`` is about its day."""
    language: Language = "zh" if has_cjk(draft.text) else "en"
    right = _days(change.new, said_on, language)
    if draft.event_date is None or len(right) != 1 or right[0].begin > _ARTICLE:
        return None
    if change.old:
        wrong = _days(change.old, told_on, language)
        days = {
            mention.towards(future=ahead).date_str for mention in wrong for ahead in (True, False)
        }
        if draft.event_date not in days:
            return None
    written = dates.resolve(draft.text, told_on, language)
    if not written:
        return None
    day = _near(right[0].towards(future=True), draft.event_date, said_on)
    first = written[0]
    said = dates.absolute(day, said_on, language)
    if first.text.lower().startswith("on ") and not said.lower().startswith("on "):
        said = f"on {said}"
    text = draft.text[: first.begin] + said + draft.text[first.stop :]
    return replace(draft, text=text, event_date=day.date_str)


def _near(day: DateMention, old: str, said_on: date) -> DateMention:
    """A bare weekday means that of the week in which ``old`` was to be."""
    try:
        was = dates.span(old)[0]
    except ValueError:
        return day
    if not _BARE_WEEKDAY.fullmatch(day.text) or was < said_on:
        return day
    then = was + timedelta(days=day.start.weekday() - was.weekday())
    if then < said_on:
        return day
    return replace(day, start=then, end=then, date_str=then.isoformat(), earlier=None, later=None)


def _days(text: str, said_on: date, language: Language) -> list[DateMention]:
    """The days of ``text``; in English a bare "6th" is one, too."""
    found = dates.resolve(text, said_on, language)
    return found or dates.resolve(f"the {text}", said_on, language)
