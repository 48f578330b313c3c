"""Import plan: what of a file is new, and what exactly would be written.

Made twice: for the preview, and again when it is carried out, while nobody else
changes anything.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

from memory.chat.safety.marks import marked
from memory.db import Incoming
from memory.memories.edits import same_day, same_text
from memory.transfer.conversations import ConversationScene, Seated, seated
from memory.transfer.decisions import brought_over
from memory.transfer.id_map import Remap
from memory.transfer.parsed import Format, FoundMemory, ParsedExport, ParsedFile
from memory.transfer.preview import Options, PreviewRow, RowVerdict, wrong_row
from memory.types import (
    EVERYTHING,
    Actor,
    Change,
    ChangeAction,
    Memory,
    MemoryFilter,
    Message,
    Owner,
    Session,
    SettledFinding,
    Status,
    Subject,
)

Texts: TypeAlias = defaultdict[tuple[Subject, str], list[Memory]]
"""Memories under what they say, and of whom."""


class Known(Protocol):
    """What is there already."""

    def memories(self, owner: Owner, which: MemoryFilter) -> Sequence[Memory]:
        """An owner's memories."""

    def settled(self, owner: Owner) -> frozenset[str]:
        """What an owner settled in the inbox."""

    def owners_of_ids(self, kind: str, ids: Iterable[str]) -> dict[str, Owner]:
        """Whose these ids are, of those that exist (kinds as in the database)."""


@dataclass
class Plan:
    """Rows for the preview, and what would be written."""

    rows: list[PreviewRow] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    talks: list[Seated] = field(default_factory=list)
    incoming: Incoming = field(default_factory=lambda: Incoming("", ""))


def make_plan(
    parsed: ParsedFile,
    scene: ConversationScene,
    options: Options,
    known: Known,
    personas: Iterable[str],
    group_id: str,
) -> Plan:
    """Decide on every row of a file.

    Args:
        parsed: The file.
        scene: For whom, and when it is.
        options: What the person decided.
        known: What is there already.
        personas: Ids of personas; memories of others go to the one in ``scene``.
        group_id: Ties together what is added.
    """
    return _Planning(parsed, scene, options, known, frozenset(personas), group_id).plan()


class _Planning:
    def __init__(
        self,
        parsed: ParsedFile,
        scene: ConversationScene,
        options: Options,
        known: Known,
        personas: frozenset[str],
        group_id: str,
    ) -> None:
        self.parsed, self.scene, self.options = parsed, scene, options
        self.known, self.personas, self.group_id = known, personas, group_id
        self.whole = parsed.format == Format.NIANNIAN
        self.backup = parsed.backup or ParsedExport()
        self.remap = Remap(scene.owner.user_id)
        self.made = Plan(rows=[wrong_row(wrong) for wrong in parsed.wrong])
        self.taken: dict[str, Owner] = {}
        # Memories that are there already, under the id they have in the file.
        self.duplicates: set[str] = set()

    def plan(self) -> Plan:
        """All of it."""
        # Sessions first: memories refer to them, by what may be new ids.
        new_sessions = self._sessions()
        self._memories()
        self._talks()
        batches = [
            self.remap.batch(batch)
            for batch in self.backup.batches
            if batch.session_id in new_sessions
        ]
        batches += [talk.batch for talk in self.made.talks if talk.batch]
        messages = {message.id: message for message in self.made.messages}
        traces = {
            trace.message_id: (messages[trace.message_id].owner, trace)
            for trace in map(self.remap.trace, self.backup.traces)
            if trace.message_id in messages
        }
        history = list(self._history())
        changes = self._owed(history)
        settled = self._settled()
        note = {**self._note(changes), "batches": [batch.id for batch in batches]}
        note["settled"] = [[one.owner.persona_id, one.finding] for one in settled]
        self.made.incoming = Incoming(
            user_id=self.scene.owner.user_id,
            group_id=self.group_id,
            sessions=tuple(self.made.sessions),
            messages=tuple(self.made.messages),
            batches=tuple({batch.id: batch for batch in batches}.values()),
            traces=tuple(traces.values()),
            changes=tuple(changes),
            settled=tuple(settled),
            note=note,
        )
        return self.made

    # --- memories ---------------------------------------------------------------------

    def _memories(self) -> None:
        wanted = [
            found
            for found in self.parsed.memories
            if self.options.whose in (None, found.memory.owner.user_id)
        ]
        ids = [found.memory.id for found in wanted if found.memory.id]
        self.taken = self.known.owners_of_ids("stored", ids)
        self._renew_foreign("memory", ids)
        seen_ids: set[str] = set()
        texts: dict[Owner, Texts] = {}
        added: list[tuple[FoundMemory, Memory]] = []
        for found in wanted:
            memory = marked(replace(found.memory, owner=self._target(found.memory.owner)))
            if memory.owner not in texts:
                texts[memory.owner] = self._texts(memory.owner)
            same = self._same(memory, texts[memory.owner])
            if memory.id and memory.id in seen_ids:
                self.made.rows.append(_duplicate_row(found, memory))
                continue
            if self.taken.get(memory.id) == memory.owner:
                same = memory.id
            if same is not None:
                self._duplicate(found, memory, same)
                continue
            memory = replace(memory, id=memory.id or str(uuid.uuid4()))
            if not _is_uuid(memory.id) or memory.id in self.taken:
                self.remap.renew([memory.id])
            seen_ids.add(memory.id)
            if not self.whole:
                _file(memory, texts[memory.owner])
            added.append((found, memory))
        for found, memory in added:
            settled = self.remap.memory(memory)
            self.made.memories.append(settled)
            self.made.rows.append(
                PreviewRow(found.row, RowVerdict.ADDED, "memory", memory.text, settled)
            )

    def _texts(self, owner: Owner) -> Texts:
        texts: Texts = defaultdict(list)
        for memory in self.known.memories(owner, EVERYTHING):
            _file(memory, texts)
        return texts

    @staticmethod
    def _same(memory: Memory, texts: Texts) -> str | None:
        """The id of a memory that says the same; one in force says it better."""
        there = texts.get((memory.subject, same_text(memory.text)), [])
        same = {m.status is Status.ACTIVE: m.id for m in there if same_day(memory, m)}
        active = same.get(True)
        return active if memory.status is Status.ACTIVE else same.get(False, active)

    def _duplicate(self, found: FoundMemory, memory: Memory, same: str) -> None:
        if memory.id:
            self.duplicates.add(memory.id)
            # What refers to it refers to the one that is there.
            if same != memory.id:
                self.remap.ids[memory.id] = same
        self.made.rows.append(_duplicate_row(found, memory))

    def _target(self, owner: Owner) -> Owner:
        keeps = owner.persona_id and (self.whole or owner.persona_id in self.personas)
        persona_id = owner.persona_id if keeps else self.scene.owner.persona_id
        return Owner(self.scene.owner.user_id, persona_id)

    # --- sessions ---------------------------------------------------------------------

    def _sessions(self) -> set[str]:
        """Sessions of our own export; returns the ids (in the file) of new ones."""
        kept = self.backup.sessions
        owners = self.known.owners_of_ids("session", [one.session.id for one in kept])
        foreign = self._foreign(owners)
        self.remap.derive(foreign)
        # Somebody else's, and imported before.
        again = set(self.known.owners_of_ids("session", map(self.remap.id, foreign)))
        self._renew_foreign("batch", [batch.id for batch in self.backup.batches])
        new: set[str] = set()
        mine = []
        for one in kept:
            session = one.session
            own = session.id in owners and session.id not in self.remap.ids
            known = own or self.remap.id(session.id) in again
            verdict = RowVerdict.DUPLICATE if known or session.id in new else RowVerdict.ADDED
            self.made.rows.append(
                PreviewRow(one.row, verdict, "session", session.title, count=len(one.messages))
            )
            if verdict is RowVerdict.ADDED:
                new.add(session.id)
                mine.append(one)
        ids = [message.id for one in mine for message in one.messages]
        # A message that is there belongs to a session that is there: this is another.
        self.remap.renew(self.known.owners_of_ids("message", ids))
        seen: set[str] = set()
        for one in mine:
            self.made.sessions.append(self.remap.session(one.session))
            for message in one.messages:
                if message.id not in seen:
                    seen.add(message.id)
                    self.made.messages.append(self.remap.message(message))
        return new

    def _talks(self) -> None:
        found = list(seated(self.parsed, self.scene, self.options))
        ids = [one.session.id for one in found if isinstance(one, Seated)]
        known = set(self.known.owners_of_ids("session", ids))
        for one in found:
            if not isinstance(one, Seated):
                self.made.rows.append(
                    PreviewRow(
                        one.row,
                        RowVerdict.WRONG,
                        "session",
                        one.title,
                        code="import_conversation_empty",
                    )
                )
                continue
            duplicate = one.session.id in known
            verdict = RowVerdict.DUPLICATE if duplicate else RowVerdict.ADDED
            self.made.rows.append(
                PreviewRow(one.row, verdict, "session", one.session.title, count=len(one.messages))
            )
            if not duplicate:
                known.add(one.session.id)
                self.made.talks.append(one)
                self.made.sessions.append(one.session)
                self.made.messages.extend(one.messages)

    # --- the journal ------------------------------------------------------------------

    def _history(self) -> Iterable[Change]:
        """Lines of the file's journal that aren't there yet."""
        changes = self.backup.changes
        there = self._renew_foreign("change", [change.id for change in changes])
        self._renew_foreign("memory", [change.memory_id for change in changes])
        seen: set[str] = set()
        for change in changes:
            known = change.id in there and change.id not in self.remap.ids
            if known or change.id in seen or change.memory_id in self.duplicates:
                continue
            seen.add(change.id)
            yield replace(self.remap.change(change), applied=True)

    def _owed(self, history: list[Change]) -> list[Change]:
        """``history``, so that its last line for each memory is still to be applied.

        Where that line doesn't say what the memory is now, a line of the import does.
        """
        last = {change.memory_id: place for place, change in enumerate(history)}
        changes = list(history)
        for memory in self.made.memories:
            place = last.get(memory.id)
            if place is not None and changes[place].after == memory:
                changes[place] = replace(changes[place], applied=False)
            else:
                changes.append(
                    Change(
                        id=str(uuid.uuid4()),
                        owner=memory.owner,
                        memory_id=memory.id,
                        action=ChangeAction.ADD,
                        actor=Actor.IMPORT,
                        at=self.scene.now,
                        before=None,
                        after=memory,
                        group_id=self.group_id,
                    )
                )
        return changes

    def _settled(self) -> list[SettledFinding]:
        """What was settled in the inbox and isn't yet."""
        whose = self.options.whose
        there = {found.memory.id: found.memory for found in self.parsed.memories}
        mine = (one for one in self.backup.settled if whose in (None, one.owner.user_id))
        found = {(one.owner, one.finding): one for one in brought_over(mine, there, self.remap)}
        known = {owner: self.known.settled(owner) for owner in {owner for owner, _ in found}}
        return [one for (owner, key), one in found.items() if key not in known[owner]]

    def _note(self, changes: Iterable[Change]) -> dict[str, Any]:
        """What taking the import back needs to know (ids only)."""
        restored: dict[str, list[str]] = defaultdict(list)
        owners: set[str] = set()
        for change in changes:
            if change.group_id == self.group_id:
                owners.add(change.owner.persona_id)
            elif not change.applied:
                restored[change.owner.persona_id].append(change.memory_id)
        sessions: dict[str, list[str]] = defaultdict(list)
        for session in self.made.sessions:
            sessions[session.owner.persona_id].append(session.id)
        return {
            "format": str(self.parsed.format),
            "at": self.scene.now.isoformat(),
            "added": sorted(owners),
            "restored": dict(restored),
            "sessions": dict(sessions),
        }

    def _renew_foreign(self, kind: str, ids: Sequence[str]) -> dict[str, Owner]:
        """New ids for those that somebody else has; returns whose those that exist are."""
        owners = self.known.owners_of_ids(kind, ids)
        self.remap.renew(self._foreign(owners))
        return owners

    def _foreign(self, owners: Mapping[str, Owner]) -> list[str]:
        """Those of the ids that are somebody else's."""
        mine = self.scene.owner.user_id
        return [id for id, owner in owners.items() if owner.user_id != mine]


def _duplicate_row(found: FoundMemory, memory: Memory) -> PreviewRow:
    return PreviewRow(found.row, RowVerdict.DUPLICATE, "memory", memory.text, memory)


def _file(memory: Memory, texts: Texts) -> None:
    texts[memory.subject, same_text(memory.text)].append(memory)


def _is_uuid(id: str) -> bool:
    try:
        uuid.UUID(id)
    except ValueError:
        return False
    return True
