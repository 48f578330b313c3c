"""Retraction: what was learned from messages that are taken back.

When a message is deleted, or an answer is regenerated, what was learnt only from
it can be forgotten with it. What other messages say as well stays, without that
source. The memories change first, in the journal as one group; then the messages
go. All of it happens while nobody else changes memories of this user, so an
extraction can't slip something in between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from memory.db import Database
from memory.errors import NotFound
from memory.memories.chain_repair import beside, mended
from memory.memories.history_first import HistoryFirst, MemoryBackend, new_id
from memory.types import Actor, Change, ChangeAction, Memory, MemoryFilter, Message, Owner, Status

ANY_STATUS = frozenset(Status)


@dataclass(frozen=True, slots=True)
class Learnt:
    """The memories behind some messages: ``only`` from them, or ``also`` from others."""

    only: tuple[Memory, ...] = ()
    also: tuple[Memory, ...] = ()


@dataclass(frozen=True, slots=True)
class RetractedMessage:
    """What a deletion did. ``group_id`` undoes what happened to memories, if anything did."""

    messages: tuple[Message, ...]
    forgotten: int = 0
    group_id: str | None = None


class Retraction:
    """Deleting messages, and forgetting what came from them alone."""

    def __init__(
        self,
        history_first: HistoryFirst,
        store: MemoryBackend,
        db: Database,
        clock: Callable[[], datetime],
    ) -> None:
        self._history_first = history_first
        self._store = store
        self._db = db
        self._clock = clock

    def learnt_from(self, owner: Owner, message_ids: Sequence[str]) -> Learnt:
        """What is remembered because of these messages, whatever its status."""
        gone = frozenset(message_ids)
        only: list[Memory] = []
        also: list[Memory] = []
        for memory in self._told_by(owner, gone):
            (only if gone.issuperset(memory.source.message_ids) else also).append(memory)
        return Learnt(tuple(only), tuple(also))

    def delete_message(
        self, owner: Owner, message_id: str, *, forget: bool = False
    ) -> RetractedMessage:
        """Delete a user message with its answers, or an answer alone, for good.

        Args:
            owner: Whose conversation.
            message_id: The message.
            forget: Forget what was learnt only from what is deleted, too. That part
                can be undone; the words themselves are gone.

        Raises:
            NotFound: this owner has no such message.
        """
        with self._history_first.holding(owner.user_id):
            going = [message.id for message in self._db.deletion.turn_of(owner, message_id)]
            if not going:
                raise NotFound(code="message_not_found")
            forgotten, group = self._disown(owner, going, forget=forget)
            messages = self._db.deletion.delete_messages(owner, going)
        return RetractedMessage(tuple(messages), forgotten, group)

    def forget_learnt(
        self, owner: Owner, message_ids: Sequence[str], group: str | None = None
    ) -> str | None:
        """Forget what was learnt only from messages that stay where they are.

        Args:
            owner: Whose.
            message_ids: The messages.
            group: The id under which all of it is undone; a new one by default.

        Returns:
            The group's id, for undoing; ``None`` if nothing was learnt from them.
        """
        with self._history_first.holding(owner.user_id):
            return self._disown(owner, message_ids, forget=True, group=group)[1]

    def _disown(
        self,
        owner: Owner,
        message_ids: Sequence[str],
        *,
        forget: bool,
        group: str | None = None,
    ) -> tuple[int, str | None]:
        learnt, group = self.learnt_from(owner, message_ids), group or new_id()
        changes = self._forgotten(owner, learnt.only, group) if forget else []
        now = {change.memory_id: change.after for change in changes}
        for memory in learnt.also:
            left = tuple(id for id in memory.source.message_ids if id not in set(message_ids))
            before = now.get(memory.id) or memory
            after = replace(
                before,
                source=replace(before.source, message_ids=left),
                updated_at=self._clock(),
            )
            changes.append(
                self._history_first.change(
                    ChangeAction.EDIT, Actor.HAND, before, after, group_id=group
                )
            )
        self._history_first.carry_out(changes)
        return (len(learnt.only) if forget else 0), (group if changes else None)

    def _forgotten(self, owner: Owner, leaving: Sequence[Memory], group: str) -> list[Change]:
        """The memories go, and what they had taken the place of comes back."""
        around = self._history_first.current(owner, beside(leaving)).values()
        steps = mended(around, {memory.id: memory for memory in leaving}, self._clock())
        return [
            *(
                self._history_first.change(
                    ChangeAction.DELETE, Actor.HAND, memory, None, group_id=group
                )
                for memory in leaving
            ),
            *(
                self._history_first.change(action, Actor.HAND, before, after, group_id=group)
                for action, before, after in steps
            ),
        ]

    def _told_by(self, owner: Owner, message_ids: frozenset[str]) -> list[Memory]:
        """Memories with one of these sources, oldest first."""
        messages = self._db.messages.by_ids(owner, list(message_ids))
        found: dict[str, Memory] = {}
        for session_id in dict.fromkeys(message.session_id for message in messages):
            here = MemoryFilter(session_id=session_id, statuses=ANY_STATUS)
            found.update((memory.id, memory) for memory in self._store.reads.matching(owner, here))
        # A memory that was merged belongs to the session where it was learnt first.
        merged = [
            change.memory_id
            for batch_id in dict.fromkeys(m.batch_id for m in messages if m.batch_id)
            for change in self._db.history.of(owner, batch_id=batch_id, limit=None)
        ]
        found.update(self._history_first.current(owner, [id for id in merged if id not in found]))
        told = [m for m in found.values() if not message_ids.isdisjoint(m.source.message_ids)]
        return sorted(told, key=lambda memory: (memory.created_at, memory.id))
