"""The folder of one embedded collection: what must be in it, and what went wrong."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qdrant_client import models

from memory.errors import FolderUnusable, NiannianError, StoreError
from memory.store.files import atomic_write, sync_folder

RECORD = "collection.json"
PARTS = "parts.json"
# The engine makes, swaps and drops these as it goes.
_GROWING = (".dat", ".mmap")
_LOG_MAGIC = b"wal"
_PASSING = ("tracker_journal", "flags_", "status", "gaps")

# Edge's files are sparse and memory-mapped: a full disk would kill the process
# with SIGBUS in the middle of a write, so writing stops while there is room left.
SPARE_BYTES = 96 * 1024 * 1024


def recover(folder: Path) -> None:
    """Finish or undo a compaction that was cut short. Idempotent."""
    current, fresh, old = (folder / name for name in ("shard", "shard.new", "shard.old"))
    # Only a complete copy is ever renamed over, so without ``shard`` the new one is whole.
    if not current.exists() and old.exists():
        (fresh if fresh.exists() else old).rename(current)
        sync_folder(folder)
    if current.exists():
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def check_whole(folder: Path) -> None:
    """Refuse a shard with missing parts before the engine 'repairs' it by dropping them.

    Raises:
        FolderUnusable: naming the first part that is missing.
    """
    missing = next((p for p in ("edge_config.json", "wal") if not (folder / p).exists()), None)
    if missing is None and not any((folder / "segments").glob("*/version.info")):
        missing = "segments"
    found = _sizes(folder)
    for name, size in _read_parts(folder).items():
        if found.get(name, -1) < size:
            missing = missing or name
    missing = missing or _garbled_log(folder)
    if missing is not None:
        raise FolderUnusable(
            f"{folder} is incomplete: {missing}", folder=str(folder), why=f"incomplete: {missing}"
        )


def note_parts(folder: Path) -> None:
    """Record which files a loaded shard consists of, for :func:`check_whole`."""
    found = _sizes(folder)
    # Mostly nothing has changed since the close before, and writing means two syncs.
    if not (folder / PARTS).exists() or _read_parts(folder) != found:
        atomic_write(folder / PARTS, json.dumps(found))


def forget_parts(folder: Path) -> None:
    """Drop the record before the engine rearranges its files."""
    (folder / PARTS).unlink(missing_ok=True)


def _sizes(folder: Path) -> dict[str, int]:
    """Sizes of the files that stay as long as their segment does."""
    if not (folder / "segments").is_dir():
        return {}
    start = len(str(folder)) + 1
    return {
        # Only some have a size that never shrinks.
        file.path[start:].replace(os.sep, "/"): (
            file.stat().st_size if file.name.endswith(_GROWING) else 0
        )
        for file in _files(folder / "segments")
        if not file.name.startswith(_PASSING)
    }


def _files(folder: os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
    """All files below. A start waits for this: ``Path.rglob`` takes five times as long."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry)
            else:
                yield entry


def _garbled_log(folder: Path) -> str | None:
    """A file of the write-ahead log that isn't one."""
    for log in sorted((folder / "wal").glob("open-*")):
        with log.open("rb") as opened:
            if opened.read(len(_LOG_MAGIC)) not in (_LOG_MAGIC, b"\0\0\0", b""):
                return f"wal/{log.name}"
    return None


def _read_parts(folder: Path) -> dict[str, int]:
    path = folder / PARTS
    if not path.exists():
        return {}
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): int(size) for name, size in parts.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        raise FolderUnusable(
            f"{path} can't be read", folder=str(folder), why=f"{PARTS} can't be read"
        ) from None


def check_room(folder: Path, needed: int = 0) -> None:
    """Refuse to write to a disk that is nearly full.

    Raises:
        FolderUnusable: with ``why="disk full"``.
    """
    if shutil.disk_usage(folder).free < SPARE_BYTES + needed:
        raise FolderUnusable(f"the disk with {folder} is full", folder=str(folder), why="disk full")


def read_record(folder: Path) -> dict[str, Any]:
    """Settings, indexes and metadata of a collection.

    Raises:
        FolderUnusable: missing or garbled.
    """
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        models.CollectionParams.model_validate(record["params"])
        if not isinstance(record["indexes"], dict) or not isinstance(record["metadata"], dict):
            raise ValueError("not a collection record")
    except (OSError, ValueError, KeyError, TypeError):
        raise FolderUnusable(
            f"{folder / RECORD} can't be read", folder=str(folder), why=f"{RECORD} can't be read"
        ) from None
    return record  # type: ignore[no-any-return]


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the engine and the file system raise into our errors."""
    try:
        yield
    except NiannianError:
        raise
    except OSError as error:
        raise FolderUnusable(
            f"{folder}: {error.strerror}", folder=str(folder), why=error.strerror or "I/O error"
        ) from error
    except BaseException as error:
        raise _explain(error, folder) from error


def _explain(error: BaseException, folder: Path) -> BaseException:
    text = str(error)
    if type(error).__name__ == "PanicException":  # pyo3's; derives from BaseException
        return FolderUnusable(f"{folder}: {text}", folder=str(folder), why="damaged files")
    if not isinstance(error, Exception) or type(error) is not Exception:
        return error
    if "No space left" in text:
        return FolderUnusable(text, folder=str(folder), why="disk full")
    if any(sign in text for sign in _DAMAGE):
        return FolderUnusable(text, folder=str(folder), why="damaged files")
    return StoreError(text)


_DAMAGE = ("failed to load segment", "failed to open WAL", "Failed to deserialize", "IO Error")
