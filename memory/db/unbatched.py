"""Unbatched turns: those of a session that are still to be extracted (pure).

A turn is a user message with its final reply. It is whole once the reply ended:
done, stopped by hand, or interrupted by a crash. A failed reply says nothing, so
that turn is the user's message alone. Opening lines go with the turn that
follows them. When a reply is made again after its turn went into a batch, the
new reply is a turn of its own: the persona may have said something new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from memory.types import MessageState, Role

ENDED = frozenset({MessageState.DONE, MessageState.STOPPED, MessageState.INTERRUPTED})
# A reply's row is made before the model is asked; a last message that has none
# after this long was orphaned by a crash of another process.
ORPHANED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class UnbatchedMessage:
    """What matters of a message that is in no batch yet (and isn't replaced)."""

    id: str
    number: int
    role: Role
    state: MessageState
    remember: bool
    reply_to: str | None
    opening: bool
    created_at: datetime


def owed_turns(
    lines: Sequence[UnbatchedMessage],
    last_number: int,
    now: datetime,
    started: datetime | None = None,
) -> list[tuple[str, ...]]:
    """The whole turns among ``lines``, each as its message ids in order.

    Args:
        lines: Unbatched lines of one session in order, those not to be
            remembered included.
        last_number: The number of the session's last message.
        now: Aware UTC.
        started: When the only process started that makes replies, where there is only
            one: nobody answers any more what was said before.
    """
    orphaned = now - ORPHANED_AFTER
    if started is not None:
        orphaned = max(orphaned, started)
    answers: dict[str, list[UnbatchedMessage]] = defaultdict(list)
    asked = {line.id for line in lines if line.role == "user"}
    for line in lines:
        if line.role == "assistant" and line.reply_to in asked:
            answers[str(line.reply_to)].append(line)
    turns: list[tuple[str, ...]] = []
    openings: list[str] = []
    for line in lines:
        if line.role == "user":
            if not line.remember or not _whole(line, answers[line.id], last_number, orphaned):
                continue
            said = [a.id for a in answers[line.id] if a.remember and a.state in ENDED]
            turns.append((*openings, line.id, *said))
            openings = []
        elif not line.remember or line.state not in ENDED or line.reply_to in asked:
            continue
        elif line.opening or line.reply_to is None:
            openings.append(line.id)
        else:
            turns.append((*openings, line.id))
            openings = []
    return turns


def _whole(
    line: UnbatchedMessage,
    replies: Sequence[UnbatchedMessage],
    last_number: int,
    orphaned: datetime,
) -> bool:
    if any(reply.state is MessageState.STREAMING for reply in replies):
        return False
    if replies or line.number < last_number:
        return True
    return line.created_at < orphaned
