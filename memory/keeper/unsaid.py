"""What was learnt from messages that are taken back.

When a message is deleted, or an answer is given anew, what was learnt only from
it can be forgotten with it. What other messages say as well stays, without that
source. The memories change first, in the journal as one group; then the messages
go. All of it happens while nobody else changes memories of this user, so an
extraction can't slip something in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memory.errors import NotFound
from memory.keeper.undoing import Undo
from memory.keeper.writing import new_id
from memory.types import Actor, Change, ChangeAction, Memory, MemoryFilter, Message, Owner, Status

ANY_STATUS = frozenset(Status)


@dataclass(frozen=True, slots=True)
class Learnt:
    """The memories behind some messages: ``only`` from them, or ``also`` from others."""

    only: tuple[Memory, ...] = ()
    also: tuple[Memory, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a deletion did. ``group_id`` undoes what happened to memories, if anything did."""

    messages: tuple[Message, ...]
    forgotten: int = 0
    group_id: str | None = None


class TakingBack(Undo):
    """Deleting messages, and forgetting what came from them alone."""

    def learnt_from(self, owner: Owner, message_ids: Sequence[str]) -> Learnt:
        """What is remembered because of these messages, whatever its status."""
        gone = frozenset(message_ids)
        only: list[Memory] = []
        also: list[Memory] = []
        for memory in self._told_by(owner, gone):
            (only if gone.issuperset(memory.source.message_ids) else also).append(memory)
        return Learnt(tuple(only), tuple(also))

    def delete_message(self, owner: Owner, message_id: str, *, forget: bool = False) -> Unsaid:
        """Delete a user message with its answers, or an answer alone, for good.

        Args:
            owner: Whose conversation.
            message_id: The message.
            forget: Forget what was learnt only from what is deleted, too. That part
                can be undone; the words themselves are gone.

        Raises:
            NotFound: this owner has no such message.
        """
        with self._holding(owner.user_id):
            going = [message.id for message in self._ledger.turn_of(owner, message_id)]
            if not going:
                raise NotFound(code="message_not_found")
            forgotten, group = self._disown(owner, going, forget=forget)
            messages = self._ledger.delete_messages(owner, going)
        return Unsaid(tuple(messages), forgotten, group)

    def forget_learnt(self, owner: Owner, message_ids: Sequence[str]) -> str | None:
        """Forget what was learnt only from messages that stay where they are.

        Returns:
            The group's id, for undoing; ``None`` if nothing was learnt from them.
        """
        with self._holding(owner.user_id):
            return self._disown(owner, message_ids, forget=True)[1]

    def _disown(
        self, owner: Owner, message_ids: Sequence[str], *, forget: bool
    ) -> tuple[int, str | None]:
        learnt, group = self.learnt_from(owner, message_ids), new_id()
        changes: list[Change] = []
        if forget:
            leaving = {memory.id for memory in learnt.only}
            for memory in learnt.only:
                changes += self._forgotten(memory, leaving, group)
        for memory in learnt.also:
            left = tuple(id for id in memory.source.message_ids if id not in set(message_ids))
            after = replace(
                memory,
                source=replace(memory.source, message_ids=left),
                updated_at=self._clock(),
            )
            changes.append(
                self._change(ChangeAction.EDIT, Actor.HAND, memory, after, group_id=group)
            )
        self._carry_out(changes)
        return (len(learnt.only) if forget else 0), (group if changes else None)

    def _forgotten(self, memory: Memory, leaving: set[str], group: str) -> list[Change]:
        """The memory goes, and what it had taken the place of comes back."""
        changes = [self._change(ChangeAction.DELETE, Actor.HAND, memory, None, group_id=group)]
        if memory.status is not Status.ACTIVE or memory.supersedes in (None, *leaving):
            return changes
        for old in self._current(memory.owner, [str(memory.supersedes)]).values():
            if old.status is Status.SUPERSEDED and old.superseded_by == memory.id:
                back = replace(
                    old, status=Status.ACTIVE, superseded_by=None, updated_at=self._clock()
                )
                changes.append(
                    self._change(ChangeAction.RESTORE, Actor.HAND, old, back, group_id=group)
                )
        return changes

    def _told_by(self, owner: Owner, message_ids: frozenset[str]) -> list[Memory]:
        """Memories with one of these sources, oldest first."""
        messages = self._ledger.messages_by_ids(owner, list(message_ids))
        found: dict[str, Memory] = {}
        for session_id in dict.fromkeys(message.session_id for message in messages):
            here = MemoryFilter(session_id=session_id, statuses=ANY_STATUS)
            found.update((memory.id, memory) for memory in self._store.list(owner, here))
        # A memory that was merged belongs to the session where it was learnt first.
        merged = [
            change.memory_id
            for batch_id in dict.fromkeys(m.batch_id for m in messages if m.batch_id)
            for change in self._ledger.changes(owner, batch_id=batch_id, limit=None)
        ]
        found.update(self._current(owner, [id for id in merged if id not in found]))
        told = [m for m in found.values() if not message_ids.isdisjoint(m.source.message_ids)]
        return sorted(told, key=lambda memory: (memory.created_at, memory.id))
