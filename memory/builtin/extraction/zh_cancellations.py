"""Chinese cancellations: plans that are off or were moved."""

from __future__ import annotations

import re
from datetime import date

from memory.builtin.extraction.draft import Cancelled, Draft
from memory.builtin.extraction.zh_text import tail_stripped
from memory.builtin.extraction.zh_words import USER
from memory.nlp import dates
from memory.types import Kind

_CANCELLED = re.compile(
    r"(?P<about>[\u4e00-\u9fffA-Za-z]{2,16}?)(?:被|已经|又|临时|全){0,6}(?:取消|泡汤|黄|作罢|告吹|不办|不去|去不成|没戏|不考|不搞)了"
)
_NOT_GOING = re.compile(
    r"(?:也|就|又|还是|决定|临时|突然){0,6}(?:(?:不|没法|没办法|不想|不打算|不准备|不能)(?:再)?(?:去|参加|考|搬|买|见|学|报|办|出)|不用(?:去)?|不需要(?:去)?)(?P<about>[\u4e00-\u9fffA-Za-z]{2,16}?)(?:了)"
)
_POSTPONED = re.compile(
    r"(?P<about>[\u4e00-\u9fffA-Za-z]{2,14}?)(?:被|又|临时){0,6}(?:改到|推迟到|延期到|提前到|挪到|改成|延到)"
)


def called_off(clause: str, said_on: date) -> Cancelled | None:
    """What ``clause`` says is off ("面试取消了", "明天不去爬山了") or moved to another day."""
    mentions = dates.resolve(clause, said_on, "zh")
    bare = clause
    for mention in reversed(mentions):
        bare = bare[: mention.begin] + bare[mention.stop :]
    bare = re.sub(r"^(?:我们?|的|，)+", "", bare)
    moved = _postponed(bare)
    if moved and mentions:
        target = mentions[-1].towards(future=True)
        text = f"{USER}的{moved}改到{dates.absolute(target, said_on, 'zh')}"
        later = Draft(text, "plan", 3, kind=Kind.TEMPORAL, event_date=target.date_str)
        return Cancelled(moved, None, later)
    about = _cancelled(bare)
    if about is None:
        return None
    day = mentions[0].towards(future=True) if mentions else None
    when = dates.absolute(day, said_on, "zh") if day else ""
    event_date = day.date_str if day else said_on.isoformat()
    text = (
        f"{USER}{when}的{about}取消了"
        if "取消" in bare or "泡汤" in bare
        else f"{USER}{when}{tail_stripped(bare).replace('我', '')}"
    )
    otherwise = Draft(text, "event", 2, kind=Kind.TEMPORAL, event_date=event_date)
    return Cancelled(about, day.date_str if day else None, otherwise)


def _cancelled(clause: str) -> str | None:
    for pattern in (_CANCELLED, _NOT_GOING):
        match = pattern.fullmatch(clause)
        if match and not re.search(
            r"[你您]|知道|行$|喜欢|舒服|开心|住|起|好|对$|见|够|爱|想$|动$|懂|下$|到$",
            match["about"],
        ):
            return re.sub(r"^(?:的|我的|那个|这个|去|原定的?|本来的?)+|我$", "", match["about"])
    return None


def _postponed(clause: str) -> str | None:
    match = _POSTPONED.match(clause)
    return re.sub(r"^(?:的|我的|那个|这个)+", "", match["about"]) if match else None
