"""Questions whether something was noted: "你记下了吗？", "did you get that?"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from memory.builtin.chat.just_said import heard
from memory.builtin.chat.lines import Chooser
from memory.builtin.chat.reading import MessageReading
from memory.nlp.rephrase import retell
from memory.types import ExtractionModel, Language, ReplyRequest

_ASKS = re.compile(
    r"^(?:那|所以)?你?(?:都|有没有)?记(?:下来?|住|好|牢)(?:了|啦|没){0,2}(?:吗|没|么|嘛|吧|没有)?[?？呀啊了啦]{0,4}$"
    r"|^(?:so )?(?:did|have) you (?:noted?|write|written|wrote|remember(?:ed)?|saved?|g[eo]t) "
    r"(?:that|it|this|all (?:of )?(?:that|this))(?: down)?\W*$",
    re.IGNORECASE,
)
MOST = 2
NOTED: Mapping[Language, tuple[str, ...]] = {
    "zh": ("嗯，我听进去的是：{told}。", "有的，比如{told}。"),
    "en": ("Yes. What I took in: {told}.", "I did, for one: {told}."),
}
NOT_NOTED: Mapping[Language, tuple[str, ...]] = {
    "zh": ("刚才那些里，我没找到一句能单独留下来的。你把要紧的再说一句，我听着。",),
    "en": (
        "I found nothing in it that I could keep by itself. Tell me the one thing that matters.",
    ),
}


def noted(
    reading: MessageReading,
    request: ReplyRequest,
    choose: Chooser,
    listener: ExtractionModel | None,
) -> str | None:
    """What of this talk will be remembered, if that is asked; None if it isn't."""
    if listener is None or not _ASKS.search(reading.text.strip()) or not request.history:
        return None
    language = reading.language
    latest = [one.memory for one in heard(request, listener).items if one.memory.subject == "user"]
    if not latest or not request.remember:
        return choose.fresh(NOT_NOTED[language], "not noted")
    joint = "；" if language == "zh" else "; "
    told = joint.join(retell(memory, request.persona) for memory in latest[:MOST])
    return choose.fresh(NOTED[language], "noted").format(told=told)
