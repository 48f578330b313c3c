"""Import service: preview, then all of it or nothing, and undo."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from memory.attachments.files import AttachmentFiles
from memory.db import Database, Incoming
from memory.errors import BadInput, NotFound, NotUndoable, WorkTimeout, WorkTooLarge
from memory.extraction.pipeline import Extractor
from memory.memories import MemoryService
from memory.memories.edits import same_text
from memory.system.clock import zone_of
from memory.system.worker_process import InProcess, Limits, Worker
from memory.transfer.adopted_categories import adopt_categories
from memory.transfer.conversations import ConversationScene, roles
from memory.transfer.import_plan import Plan, make_plan
from memory.transfer.importers.detect import read
from memory.transfer.parsed import ParsedFile
from memory.transfer.preview import Options, Preview, PreviewRow, RowVerdict
from memory.transfer.text import check_size
from memory.types import (
    Actor,
    BatchState,
    Change,
    ExtractionModel,
    Memory,
    MemoryFilter,
    Message,
    Owner,
    Persona,
    Status,
    Subject,
    User,
)
from memory.vector_store.store import MemoryStore

TRIED_AT_ONCE = 20
"""Messages of one extraction on trial: ten turns, as the extraction worker takes them."""

TRIED_SECONDS = 3.0
"""How long a preview tries what would be remembered."""

READ_SECONDS = 20.0
READ_SECONDS_PER_MEGABYTE = 1.0
"""A file is given up after this; an ordinary one takes a tenth of a second per megabyte."""

READ_MEGABYTES = 192
READ_MEGABYTES_PER_MEGABYTE = 8
"""A file is given up if reading it needs more memory; an ordinary one needs four times its size."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did. ``counts`` as :attr:`Preview.counts`, of what was added."""

    group_id: str
    format: str
    counts: Mapping[str, int] = field(default_factory=dict)


class Importer:
    """Reads files and brings what they hold to a user.

    Args:
        store: Where memories are.
        db: Where everything else is.
        memory_service: What changes memories.
        extractor: What would remember something of a conversation.
        clock: Aware UTC.
        personas: By id.
        timezone: Of users who have none of their own.
        rules: The extraction by rules if that is the one in use: a preview can try
            it, because it costs nothing.
        worker: Reads files: one may be anything, and made to hurt.
        files: Where the files of messages are kept.
    """

    def __init__(
        self,
        store: MemoryStore,
        db: Database,
        memory_service: MemoryService,
        extractor: Extractor,
        clock: Callable[[], datetime],
        *,
        personas: Mapping[str, Persona],
        timezone: str,
        rules: ExtractionModel | None = None,
        worker: Worker | None = None,
        files: AttachmentFiles | None = None,
    ) -> None:
        self._files = files
        self._store, self._db, self._memory_service = store, db, memory_service
        self._extractor, self._clock = extractor, clock
        self._personas, self._timezone, self.rules = personas, timezone, rules
        self._worker = worker or InProcess()

    def read(self, data: bytes, name: str = "", *, user: User | None = None) -> ParsedFile:
        """What is in a file; dialogue is also told by the names of ``user`` and personas.

        Raises:
            BadInput: see :func:`memory.transfer.importers.detect.read`; ``import_too_slow`` or
                ``import_too_heavy``: it takes more time or memory than there is for it.
            WorkerDied: the process that read it ended in the middle.
        """
        names = [*self._persona_names(), *([user.name] if user else [])]
        # What can be told without looking inside needs no other process.
        check_size(data)
        try:
            return self._worker.run(
                read, data, name, now=self._clock(), names=names, limits=limits_for(len(data))
            )
        except WorkTimeout:
            raise BadInput(code="import_too_slow") from None
        except (WorkTooLarge, MemoryError):
            raise BadInput(code="import_too_heavy") from None

    def preview(
        self,
        owner: Owner,
        parsed: ParsedFile,
        options: Options | None = None,
        user: User | None = None,
    ) -> Preview:
        """What an import would add, row by row; nothing is written.

        Args:
            owner: For whom.
            parsed: What was read from the file.
            options: How to take it.
            user: The owner's profile, if it isn't stored yet.

        Raises:
            NotFound: there is no such user.
        """
        options = options or Options()
        plan = self._plan(owner, parsed, options, str(uuid.uuid4()), user)
        learnt, more = self._learnt(owner, plan, user) if options.extract else ([], False)
        return Preview(owner, parsed, options, (*plan.rows, *learnt), more)

    def who_is_user(self, owner: Owner, parsed: ParsedFile) -> str | None:
        """Which of the named speakers is taken for the user if nobody says otherwise.

        Raises:
            NotFound: there is no such user.
        """
        sides = roles(parsed, self._scene(owner, self._db.users.get(owner.user_id)), Options())
        return next((name for name, role in sides.items() if role == "user"), None)

    def apply(
        self,
        owner: Owner,
        preview: Preview,
        progress: Callable[[float], None] | None = None,
    ) -> Applied:
        """Carry out what was previewed, compared with what is there now.

        Conversations that are to be remembered from are worked off by the extraction worker.

        Args:
            owner: Whose it becomes; memories of known personas stay with theirs.
            preview: From :meth:`preview`.
            progress: Called with shares of 1.

        Raises:
            NotFound: there is no such user.
            StoreError, ModelError: it couldn't be written; nothing of it is left.
        """
        return self._carry_out(owner, preview.parsed, preview.options, None, progress)

    def restore(self, parsed: ParsedFile, progress: Callable[[float], None] | None = None) -> User:
        """Bring back a user who was erased, profile and everything, from our own export.

        Raises:
            BadInput: ``import_no_user``: the file holds no profile;
                ``import_user_there``: there is such a user.
            StoreError, ModelError: as :meth:`apply`.
        """
        user = parsed.backup.user if parsed.backup else None
        if user is None:
            raise BadInput(code="import_no_user")
        if any(known.id == user.id for known in self._db.users.all()):
            raise BadInput(code="import_user_there")
        owner = Owner(user.id, next(iter(self._personas)))
        self._carry_out(owner, parsed, Options(), user, progress)
        return self._db.users.get(user.id)

    def take_back(self, user_id: str, group_id: str) -> int:
        """Undo an import: what it added, and what was remembered from it since.

        A conversation that was gone on with since stays.

        Returns:
            How many memories are gone.

        Raises:
            NotFound: no such import of this user, or it was taken back.
        """
        note = self._db.imports.note(user_id, group_id)
        if note is None:
            raise NotFound(code="group_not_found")
        gone = 0
        imported = datetime.fromisoformat(note["at"])
        for persona_id, ids in note["sessions"].items():
            gone += self._leave(Owner(user_id, persona_id), ids, imported, note["batches"])
        for persona_id in note["added"]:
            with suppress(NotFound, NotUndoable):
                gone += _deleted(
                    self._memory_service.undoing.undo_group(Owner(user_id, persona_id), group_id)
                )
        for persona_id, ids in note["restored"].items():
            owner = Owner(user_id, persona_id)
            there = [memory.id for memory in self._store.reads.get_many(owner, ids)]
            if there:
                self._memory_service.delete(owner, there, actor=Actor.UNDO)
                gone += len(there)
        for persona_id, finding in note.get("settled", ()):
            self._db.findings.unsettle(Owner(user_id, persona_id), [finding])
        self._db.imports.forget(user_id, group_id)
        return gone

    # --- inside -----------------------------------------------------------------------

    def _carry_out(
        self,
        owner: Owner,
        parsed: ParsedFile,
        options: Options,
        new_user: User | None,
        progress: Callable[[float], None] | None,
    ) -> Applied:
        group_id = str(uuid.uuid4())
        plans: list[Plan] = []

        def plan() -> Incoming:
            made = self._plan(owner, parsed, options, group_id, new_user)
            plans.append(made)
            return replace(made.incoming, user=new_user)

        with self._brought(owner.user_id, parsed):
            self._memory_service.bulk_import.bring_in(owner.user_id, plan, progress)
        adopt_categories(self._db, owner.user_id, plans[0].incoming.changes)
        made = Preview(owner, parsed, options, tuple(plans[0].rows))
        return Applied(group_id, parsed.format, dict(made.counts))

    @contextmanager
    def _brought(self, user_id: str, parsed: ParsedFile) -> Iterator[None]:
        """The files of an export are there before messages name them; others don't stay."""
        brought = parsed.backup.files if parsed.backup is not None else {}
        if self._files is None or not brought:
            yield
            return
        try:
            for data in brought.values():
                self._files.put(user_id, data)
            yield
        finally:
            self._files.settle(user_id, brought.keys())
            self._files.retain(user_id, self._db.attachments.named(user_id).get(user_id, ()))

    def _plan(
        self,
        owner: Owner,
        parsed: ParsedFile,
        options: Options,
        group_id: str,
        user: User | None = None,
    ) -> Plan:
        scene = self._scene(owner, user or self._db.users.get(owner.user_id))
        return make_plan(parsed, scene, options, self, self._personas, group_id)

    def _scene(self, owner: Owner, user: User) -> ConversationScene:
        return ConversationScene(
            owner=owner,
            user_name=user.name,
            persona_names=self._persona_names(),
            zone=zone_of(user.timezone, self._timezone),
            now=self._clock(),
        )

    def memories(self, owner: Owner, which: MemoryFilter) -> Sequence[Memory]:
        """An owner's memories (for the plan)."""
        return self._store.reads.matching(owner, which)

    def settled(self, owner: Owner) -> frozenset[str]:
        """What an owner settled in the inbox (for the plan)."""
        return self._db.findings.settled(owner)

    def owners_of_ids(self, kind: str, ids: Iterable[str]) -> dict[str, Owner]:
        """Whose ids these are (for the plan); ``stored``: of memories in the store."""
        if kind == "stored":
            return self._store.reads.owners_of(list(ids))
        return self._db.imports.owners_of_ids(kind, ids)

    def _persona_names(self) -> list[str]:
        return [text.name for persona in self._personas.values() for text in persona.texts.values()]

    def _leave(
        self, owner: Owner, session_ids: Sequence[str], imported: datetime, known: Sequence[str]
    ) -> int:
        """Take sessions out with what was remembered from them since (not in ``known``)."""
        gone = 0
        for session_id in session_ids:
            try:
                session = self._db.sessions.get(owner, session_id)
            except NotFound:
                continue
            if session.updated_at > imported:
                continue
            batches = self._db.batches.of(
                owner, [BatchState.DONE], limit=None, session_id=session_id
            )
            # First the session: an extraction that runs can't finish its batch then.
            self._db.sessions.delete(owner, session_id)
            for batch in batches:
                if batch.id not in known:
                    with suppress(NotFound, NotUndoable):
                        gone += _deleted(self._memory_service.undoing.undo_group(owner, batch.id))
        return gone

    # --- what would be remembered -------------------------------------------------------

    def _learnt(self, owner: Owner, plan: Plan, user: User | None) -> tuple[list[PreviewRow], bool]:
        """Memories that the rules find in the new conversations, as far as time goes."""
        if self.rules is None or owner.persona_id not in self._personas:
            return [], bool(plan.talks)
        until = time.monotonic() + TRIED_SECONDS
        found: dict[tuple[Subject, str], PreviewRow] = {}
        for rows, messages in _portions(plan):
            if time.monotonic() > until:
                return list(found.values()), True
            tried = self._extractor.dry_run(owner, messages, model=self.rules, user=user)
            for change in tried.decision.changes:
                memory = change.after
                if memory is None or memory.status is not Status.ACTIVE:
                    continue
                row = min((rows[id] for id in memory.source.message_ids if id in rows), default=0)
                found.setdefault(
                    (memory.subject, same_text(memory.text)),
                    PreviewRow(row, RowVerdict.ADDED, "memory", memory.text, memory, learnt=True),
                )
        return list(found.values()), False


def limits_for(size: int) -> Limits:
    """What reading a file of so many bytes may take."""
    megabytes = size / 1024**2
    return Limits(
        seconds=READ_SECONDS + READ_SECONDS_PER_MEGABYTE * megabytes,
        megabytes=round(READ_MEGABYTES + READ_MEGABYTES_PER_MEGABYTE * megabytes),
    )


def _deleted(changes: Iterable[Change]) -> int:
    return sum(change.after is None for change in changes)


def _portions(plan: Plan) -> Iterator[tuple[Mapping[str, int], Sequence[Message]]]:
    """Some messages of one conversation at a time, with where they stand in the file."""
    for talk in plan.talks:
        rows = {message.id: row for message, row in zip(talk.messages, talk.rows, strict=True)}
        for start in range(0, len(talk.messages), TRIED_AT_ONCE):
            yield rows, talk.messages[start : start + TRIED_AT_ONCE]
