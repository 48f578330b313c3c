"""Edge shard: one collection of the embedded engine, a folder that survives kill -9.

    <collection>/collection.json   settings, payload indexes, metadata; replaced atomically
    <collection>/closed.json       checksums that a close leaves and the next start drops
    <collection>/damaged           an engine that ran into damage: to be rebuilt
    <collection>/shard/            Qdrant Edge's own files
    <collection>/shard.new/        a compaction that isn't finished: thrown away
    <collection>/shard.old/        left by a finished compaction: thrown away

Folders appear by a rename of a complete one, so that whatever is found under
its final name is whole.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import qdrant_edge as edge
from qdrant_client import models

from memory.errors import FolderDamaged, StoreError
from memory.system.files import atomic_write, sync_folder
from memory.vector_store.edge.convert import to_payload
from memory.vector_store.edge.folder import (
    ENGINE,
    RECORD,
    check_room,
    check_unchanged,
    check_whole,
    damaged,
    explained,
    forget_closed,
    forget_parts,
    note_closed,
    note_damage,
    note_parts,
    read_record,
    recover,
)
from memory.vector_store.edge.log import EdgeLog
from memory.vector_store.edge.probe import probe
from memory.vector_store.edge.schema import index_type, to_config, to_index
from memory.vector_store.idle_timer import IdleTimer
from memory.vector_store.read_write_lock import ReadWriteLock

log = logging.getLogger(__name__)
T = TypeVar("T")

PAGE = 1000
FLUSH_POINTS = 15_000
"""Points written before everything is flushed. Until then they are safe in the log, which
a start after a kill reads again (1.5 s)."""


MERGE_POINTS = 25_000
"""From this many new points on they are merged in the next pause. That takes some three seconds,
in which nothing else runs, so it never happens in the middle of a bulk change."""

MERGE_AT_ONCE = 50_000
"""From this many on they are merged even while an import goes on; all of 100,000 at the end
would take twenty seconds, and a close must not take that long."""


class Shard:
    """A loaded collection. Safe to use from several threads."""

    def __init__(
        self, folder: Path, shard: edge.EdgeShard, record: dict[str, Any], *, unchanged: bool
    ) -> None:
        self.folder = folder
        self.unchanged = unchanged
        """Whether checksums of the last close showed that no file has changed since."""
        self.trusted = unchanged
        """Whether what is in it is known to be right, so that a close may vouch for it."""
        self._shard: edge.EdgeShard | None = shard
        self._record = record
        self._gate = ReadWriteLock()
        self._writes = threading.Lock()
        self._syncing = threading.Lock()
        self._log = EdgeLog(folder / "shard" / "wal")
        self._written = self._synced = 0
        self.unflushed = 0
        self.unmerged = 0
        self._pause = IdleTimer(self._merge_now)

    # --- life --------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, params: models.CollectionParams, metadata: Any) -> Self:
        """Make a new, empty collection at ``folder`` (which must not exist)."""
        check_room(folder.parent)
        draft = folder.with_name(f".new-{folder.name}")
        shutil.rmtree(draft, ignore_errors=True)
        record = {
            "params": params.model_dump(mode="json", exclude_none=True),
            "indexes": {},
            "metadata": to_payload(metadata),
            "engine": ENGINE,
        }
        with explained(folder):
            (draft / "shard").mkdir(parents=True)
            shard = edge.EdgeShard.create(str(draft / "shard"), to_config(params))
            shard.flush()
            shard.close()
            atomic_write(draft / RECORD, json.dumps(record))
            draft.rename(folder)
            sync_folder(folder.parent)
            shard = _load(folder / "shard", record)
            note_parts(folder / "shard")
        return cls(folder, shard, record, unchanged=True)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Load what is there, finishing or undoing a compaction that was cut short.

        Files that aren't known to be as the last close left them are tried by a child
        process first: damaged ones could make the engine abort or hang.

        Raises:
            FolderDamaged, FolderIncomplete: files aren't what was written, or are missing.
            FolderNewer: a newer version of the engine wrote them.
        """
        record = read_record(folder)
        recover(folder)
        shard_folder = folder / "shard"
        unchanged = check_unchanged(folder)
        if not unchanged:
            check_whole(shard_folder)
            if why := probe(shard_folder).why:
                raise damaged(folder, "shard", why)
        with explained(folder):
            forget_closed(folder)
            shard = _load(shard_folder, record)
            note_parts(shard_folder)
        opened = cls(folder, shard, record, unchanged=unchanged)
        if record.get("engine") != ENGINE:
            opened._save(engine=ENGINE)
        return opened

    def close(self) -> None:
        """Write everything out and let go of the files.

        The engine merges what came in since the last time, if it was much (a
        second for 10,000 points): that halves the next start and the memory it
        takes. See ``MERGE_POINTS``.
        """
        with self._writes, self._gate.alone(), explained(self.folder):
            if self._shard is None:
                return
            self._pause.forget()
            self._merge()
            # A start reads the log's last entry again: better nothing than a whole import.
            self._shard.update(edge.UpdateOperation.delete_points([]))
            self._shard.close()
            self._shard = None
            if self.trusted:
                note_closed(self.folder)

    def take_over(self, other: Shard) -> None:
        """Become what another collection is, which ends; readers wait for a moment.

        Killed in the middle, there is either this collection as it was or no folder of it
        and the other one whole.
        """
        with self._writes, self._gate.alone(), explained(self.folder):
            self._pause.forget()
            other.close()
            self._open_shard().close()
            self._shard = None
            trash = self.folder.with_name(f".trash-{self.folder.name}")
            shutil.rmtree(trash, ignore_errors=True)
            self.folder.rename(trash)
            try:
                other.folder.rename(self.folder)
            except OSError:
                trash.rename(self.folder)
                raise
            finally:  # whichever of the two it is now: the app goes on
                self._record = read_record(self.folder)
                forget_closed(self.folder)
                self._shard = _load(self.folder / "shard", self._record)
                note_parts(self.folder / "shard")
                self._log = EdgeLog(self.folder / "shard" / "wal")
                self.unflushed = self.unmerged = 0
            sync_folder(self.folder.parent)
        shutil.rmtree(trash)

    # --- use ---------------------------------------------------------------------

    def read(self, ask: Callable[[edge.EdgeShard], T]) -> T:
        """Run a read on the engine."""
        with self._noticing(), self._gate.shared(), explained(self.folder):
            return ask(self._open_shard())

    def write(self, operation: edge.UpdateOperation, weight: int = 1) -> None:
        """Apply one update; it is in the write-ahead log when this returns.

        Args:
            operation: What to do.
            weight: How many points it touches, to flush in time.

        Raises:
            FolderUnusable: the disk is full; nothing was written.
        """
        check_room(self.folder)
        with self._noticing(), self._writes, self._gate.shared(), explained(self.folder):
            self._open_shard().update(operation)
            self._written += 1
            self.unflushed += weight
            self.unmerged += weight
            self._pause.written()

    def sync(self) -> None:
        """Make all writes so far survive a power cut too.

        Mostly it is enough to sync the log, which costs a fraction of a full
        flush; once in a while the flush lets the log start over. Threads that
        wait here together are served by one sync.
        """
        due = self._written
        with self._syncing:
            if self._synced >= due:
                return
            upto = self._written
            if self.unflushed < FLUSH_POINTS and os.name != "nt":
                with self._gate.shared(), explained(self.folder):
                    self._log.sync()
            else:
                self._flush()
            self._synced = upto

    @property
    def params(self) -> models.CollectionParams:
        """Vectors and sparse vectors, as they were asked for."""
        return models.CollectionParams.model_validate(self._record["params"])

    @property
    def metadata(self) -> dict[str, Any]:
        """What was recorded with the collection."""
        return dict(self._record["metadata"])

    def update_metadata(self, changes: dict[str, Any]) -> None:
        """Add to what is recorded with the collection."""
        with self._writes:
            self._save(metadata={**self._record["metadata"], **to_payload(changes)})

    def create_index(self, field: str, schema: Any) -> None:
        """Index a payload field; asking again for the same type changes nothing."""
        known = self.read(lambda shard: shard.info().payload_schema).get(field)
        kind = index_type(schema)
        if known is not None and self._record["indexes"].get(field, {}).get("type") == kind.value:
            return
        self.write(edge.UpdateOperation.create_field_index(field, to_index(schema)))
        tenant = bool(getattr(schema, "is_tenant", False))
        entry = {"type": kind.value, "is_tenant": tenant}
        with self._writes:
            self._save(indexes={**self._record["indexes"], field: entry})

    def compact(self) -> None:
        """Rewrite the points that are left into fresh files and drop the old ones.

        A delete only marks; the text stays in segments and in the log until
        this ran. Reads go on meanwhile, writes wait. A crash leaves either the
        old or the new files, never a mixture.
        """
        with self._writes, explained(self.folder):
            check_room(self.folder, self._size())
            draft = self.folder / "shard.new"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            fresh = edge.EdgeShard.create(str(draft), to_config(self.params))
            try:
                self._copy_into(fresh)
                fresh.flush()
            finally:
                fresh.close()
            sync_folder(draft)
            with self._gate.alone():
                self._swap(draft)

    # --- inside ------------------------------------------------------------------

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """What was damaged while it was open is rebuilt at the next start."""
        try:
            yield
        except FolderDamaged as error:
            self.trusted = False
            note_damage(self.folder, str(error.params["what"]))
            raise

    def _flush(self) -> None:
        with self._writes, self._gate.shared(), explained(self.folder):
            if self.unmerged >= MERGE_AT_ONCE:
                self._merge()
            else:
                self._open_shard().flush()
            self.unflushed = 0
            if self.unmerged >= MERGE_POINTS:
                self._pause.wanted()

    def _merge(self) -> None:
        """Let the engine bring what is new into its final form, and write all out."""
        shard, shard_folder = self._open_shard(), self.folder / "shard"
        # Killed in the middle, the files of the record may be gone and all is well.
        forget_parts(shard_folder)
        shard.optimize()
        shard.flush()
        note_parts(shard_folder)
        self.unflushed = self.unmerged = 0

    def _merge_now(self) -> None:
        try:
            with self._writes, self._gate.shared(), explained(self.folder):
                if self._shard is not None and self.unmerged >= MERGE_POINTS:
                    self._merge()
        except StoreError as error:
            # Merged or not, everything is there; the next pause or the close tries again.
            log.warning("the store's files stay as they are: %s", error)

    def _open_shard(self) -> edge.EdgeShard:
        if self._shard is None:
            raise StoreError("the memory store is closed", code="store_closed")
        return self._shard

    def _save(self, **changes: Any) -> None:
        self._record = {**self._record, **changes}
        atomic_write(self.folder / RECORD, json.dumps(self._record))

    def _size(self) -> int:
        files = (self.folder / "shard").rglob("*")
        # Blocks, not lengths: the files are sparse.
        return sum(getattr(f.stat(), "st_blocks", 0) * 512 for f in files if f.is_file())

    def _copy_into(self, fresh: edge.EdgeShard) -> None:
        old = self._open_shard()
        for field, entry in self._record["indexes"].items():
            schema: Any = entry["type"]
            if entry.get("is_tenant"):
                schema = models.KeywordIndexParams(
                    type=models.KeywordIndexType.KEYWORD, is_tenant=True
                )
            fresh.update(edge.UpdateOperation.create_field_index(field, to_index(schema)))
        offset: Any = None
        copied = 0
        while True:
            records, offset = old.scroll(
                edge.ScrollRequest(offset=offset, limit=PAGE, with_payload=True, with_vector=True)
            )
            points = [edge.Point(r.id, r.vector or {}, r.payload) for r in records]
            if points:
                fresh.update(edge.UpdateOperation.upsert_points(points))
                copied += len(points)
            if copied >= MERGE_POINTS:
                fresh.optimize()
                copied = 0
            if offset is None:
                return

    def _swap(self, draft: Path) -> None:
        current, old = self.folder / "shard", self.folder / "shard.old"
        self._open_shard().close()
        self._shard = None
        try:
            current.rename(old)
            draft.rename(current)
            sync_folder(self.folder)
        except OSError:
            recover(self.folder)
            raise
        finally:
            if current.exists():  # whichever of the two is whole: the app goes on
                self._shard = _load(current, self._record)
                note_parts(current)
        shutil.rmtree(old)


def _load(folder: Path, record: dict[str, Any]) -> edge.EdgeShard:
    params = models.CollectionParams.model_validate(record["params"])
    return edge.EdgeShard.load(str(folder), to_config(params))
