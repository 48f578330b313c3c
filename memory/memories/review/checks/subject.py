"""Subject check: a memory about the AI filed under the user, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.finding import Finding, FindingKind
from memory.memories.subject import settle_subject
from memory.types import Memory, Message, Subject

ORDER = 10

_NO_NAME = re.compile(r"念念不忘")
# "AI" and "user" begin sentences about other things too ("AI 绘画是用户的爱好").
_ACTS = re.compile(
    r"[也很最]?(?:喜欢|爱|讨厌|住|是|会|有|去|想|要|养|怕)|['’]s\b|(?:also )?(?:likes?|loves?|is|"
    r"was|has|had|lives?|wants?|enjoys?|went|hates?|plans?)\b",
    re.IGNORECASE,
)


def check(memory: Memory, sources: Sequence[Message], about: CheckedOwner) -> Finding | None:
    """Whom its sentence names first, or its messages speak of, isn't its subject."""
    started = _started(memory.text, about)
    if started is not None and started is not memory.subject:
        return Finding(FindingKind.SUBJECT, (memory,), {"subject": started}, sure=True)
    if not sources:
        return None
    text, subject, _ = settle_subject(memory.text, memory.subject, sources, about.names)
    if subject is memory.subject:
        return None
    fields = {"subject": subject} if text == memory.text else {"subject": subject, "text": text}
    return Finding(FindingKind.SUBJECT, (memory,), fields)


def _started(text: str, about: CheckedOwner) -> Subject | None:
    """Whom the sentence names first, where there is no doubt."""
    if _NO_NAME.match(text):
        return None
    started, rest = about.names.split(text)
    named = text.lower().startswith(tuple(name.lower() for name in about.names.all_ai))
    named = named or text.lower().startswith(("用户", "the user"))
    if started is not None and not named and not _ACTS.match(rest):
        return None
    if started is None and len(about.user_name) > 1 and text.startswith(about.user_name):
        return Subject.USER if _ACTS.match(text[len(about.user_name) :].lstrip()) else None
    return started
