"""ID remapping: the same things under other ids and owners."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from memory.types import Batch, Change, Memory, Message, Owner, Session, Source, Trace

_NAMESPACE = uuid.UUID("7c0d4f7a-4a5e-5d0b-9f0e-2f6f3c1d8b52")


@dataclass(frozen=True, slots=True)
class Remap:
    """Ids that are taken get new ones, everywhere alike; the user is another."""

    user_id: str
    ids: dict[str, str] = field(default_factory=dict)

    def renew(self, ids: Iterable[str]) -> None:
        """Give each of these a new id."""
        self.ids.update({id: str(uuid.uuid4()) for id in ids if id not in self.ids})

    def derive(self, ids: Iterable[str]) -> None:
        """Give each of these the id that it gets whenever this user imports it."""
        self.ids.update({id: str(uuid.uuid5(_NAMESPACE, f"{self.user_id}/{id}")) for id in ids})

    def id(self, id: str) -> str:
        """The id from now on."""
        return self.ids.get(id, id)

    def owner(self, owner: Owner) -> Owner:
        """The new user with the same persona."""
        return Owner(self.user_id, owner.persona_id)

    def memory(self, memory: Memory) -> Memory:
        """A memory with its links and source."""
        return replace(
            memory,
            id=self.id(memory.id),
            owner=self.owner(memory.owner),
            supersedes=self._maybe(memory.supersedes),
            superseded_by=self._maybe(memory.superseded_by),
            source=Source(
                self._maybe(memory.source.session_id),
                tuple(map(self.id, memory.source.message_ids)),
                self._maybe(memory.source.batch_id),
            ),
        )

    def session(self, session: Session) -> Session:
        """A session."""
        return replace(session, id=self.id(session.id), owner=self.owner(session.owner))

    def message(self, message: Message) -> Message:
        """A message with its session, batch and the message that it answers."""
        return replace(
            message,
            id=self.id(message.id),
            session_id=self.id(message.session_id),
            owner=self.owner(message.owner),
            batch_id=self._maybe(message.batch_id),
            reply_to=self._maybe(message.reply_to),
            parent_id=self._maybe(message.parent_id),
            aside=self._maybe(message.aside),
        )

    def batch(self, batch: Batch) -> Batch:
        """A batch; its messages know it, not the other way round."""
        return replace(
            batch,
            id=self.id(batch.id),
            owner=self.owner(batch.owner),
            session_id=self.id(batch.session_id),
        )

    def trace(self, trace: Trace) -> Trace:
        """A trace with the memories in it."""
        items = tuple(replace(item, memory_id=self.id(item.memory_id)) for item in trace.items)
        return replace(trace, message_id=self.id(trace.message_id), items=items)

    def change(self, change: Change) -> Change:
        """A line of the journal with the memory before and after."""
        return replace(
            change,
            id=self.id(change.id),
            owner=self.owner(change.owner),
            memory_id=self.id(change.memory_id),
            before=change.before and self.memory(change.before),
            after=change.after and self.memory(change.after),
            group_id=self._maybe(change.group_id),
            undone_by=self._maybe(change.undone_by),
        )

    def _maybe(self, id: str | None) -> str | None:
        return None if id is None else self.id(id)
