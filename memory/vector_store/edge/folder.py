"""The folder of one embedded collection: what must be in it, and what went wrong."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from qdrant_client import models

from memory.errors import (
    FolderDamaged,
    FolderIncomplete,
    FolderNewer,
    FolderUnusable,
    NiannianError,
    StoreError,
)
from memory.system.checksums import Marks, differences, files_below, marks_of
from memory.system.files import atomic_write, sync_folder

log = logging.getLogger(__name__)

RECORD = "collection.json"
PARTS = "parts.json"
CLOSED = "closed.json"
DAMAGED = "damaged"
ENGINE = metadata.version("qdrant-edge-py")
# The engine makes, swaps and drops these as it goes.
_GROWING = (".dat", ".mmap")
_LOG_MAGIC = b"wal"
_PASSING = ("tracker_journal", "flags_", "status", "gaps")

# Edge's files are sparse and memory-mapped: a full disk would kill the process
# with SIGBUS in the middle of a write, so writing stops while there is room left.
DISK_FULL = "disk full"
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
        FolderIncomplete: naming the first part that is missing or too short.
        FolderDamaged: the write-ahead log isn't one.
    """
    missing = next((p for p in ("edge_config.json", "wal") if not (folder / p).exists()), None)
    if missing is None and not any((folder / "segments").glob("*/version.info")):
        missing = "segments"
    found = _sizes(folder)
    for name, size in _read_parts(folder).items():
        if found.get(name, -1) < size:
            missing = missing or name
    if missing is not None:
        raise incomplete(folder, missing)
    if (garbled := _garbled_log(folder)) is not None:
        raise damaged(folder, garbled)


def check_unchanged(folder: Path) -> bool:
    """Compare a collection with the checksums that its last close left.

    Returns:
        Whether there are any: without (it was killed) nothing is known, and the files
        have to be tried.

    Raises:
        FolderDamaged, FolderIncomplete: a file isn't what it was at the close, or an
            earlier run found it damaged.
    """
    if (folder / DAMAGED).exists():
        raise damaged(folder, (folder / DAMAGED).read_text("utf-8", "replace").strip() or "shard")
    marks = _read_marks(folder)
    if marks is None:
        return False
    different = differences(marks, marks_of(folder, _is_told))
    if different.missing:
        raise incomplete(folder, different.first)
    if different:
        raise damaged(folder, different.first)
    return True


def note_closed(folder: Path) -> None:
    """Leave the checksums of a collection that was written out and let go of.

    Not where files can't say where their holes are: reading those takes too long.
    """
    if not hasattr(os, "SEEK_DATA") or (folder / DAMAGED).exists():
        return
    body = json.dumps(marks_of(folder, _is_told))
    atomic_write(folder / CLOSED, json.dumps({"check": zlib.crc32(body.encode()), "files": body}))


def forget_closed(folder: Path) -> None:
    """Drop the checksums before anything is written."""
    if (folder / CLOSED).exists():
        (folder / CLOSED).unlink()
        # After a power cut they would be back, and no file would be as they say.
        sync_folder(folder)


def note_damage(folder: Path, what: str) -> None:
    """Let the next start know that a collection has to be rebuilt, whatever its files say."""
    try:
        (folder / DAMAGED).write_text(what, encoding="utf-8")
    except OSError as error:
        log.warning("can't note the damage in %s: %s", folder, error.strerror)


def _is_told(path: str) -> bool:
    """Whether a file has a checksum: all but what is made from the others."""
    return path == RECORD or (path.startswith("shard/") and path != f"shard/{PARTS}")


def _read_marks(folder: Path) -> Marks | None:
    try:
        record = json.loads((folder / CLOSED).read_text(encoding="utf-8"))
        body = str(record["files"])
        if zlib.crc32(body.encode()) != record["check"]:
            raise ValueError("not what was written")
        return {str(path): (int(size), int(sum)) for path, (size, sum) in json.loads(body).items()}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Only makes the start quicker: without it the files are tried.
        log.warning("%s can't be read; it is made again", folder / CLOSED)
        return None


def note_parts(folder: Path) -> None:
    """Record which files a loaded shard consists of, for :func:`check_whole`."""
    found = _sizes(folder)
    # Mostly nothing has changed since the close before, and writing means two syncs.
    if not (folder / PARTS).exists() or _read_parts(folder) != found:
        try:
            atomic_write(folder / PARTS, json.dumps(found))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            # A full disk is no reason not to read.
            log.warning("%s can't be written: %s", folder / PARTS, error.strerror)
            (folder / PARTS).unlink(missing_ok=True)


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
        for file in files_below(folder / "segments")
        if not file.name.startswith(_PASSING)
    }


def _garbled_log(folder: Path) -> str | None:
    """A file of the write-ahead log that isn't one."""
    for log_file in sorted((folder / "wal").glob("open-*")):
        with log_file.open("rb") as opened:
            if opened.read(len(_LOG_MAGIC)) not in (_LOG_MAGIC, b"\0\0\0", b""):
                return f"wal/{log_file.name}"
    return None


def _read_parts(folder: Path) -> dict[str, int]:
    path = folder / PARTS
    if not path.exists():
        return {}
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): int(size) for name, size in parts.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        # It says what should be there; what is there is tried all the same.
        log.warning("%s can't be read; it is made again", path)
        return {}


def damaged(folder: Path, what: str, why: str = "") -> FolderDamaged:
    """The error for a file that isn't what was written."""
    return FolderDamaged(
        f"{folder} is damaged: {what}" + (f" ({why})" if why else ""),
        folder=str(folder),
        what=what,
        why="damaged files",
    )


def incomplete(folder: Path, what: str) -> FolderIncomplete:
    """The error for a file that is missing or too short."""
    return FolderIncomplete(
        f"{folder} is incomplete: {what}", folder=str(folder), what=what, why=f"incomplete: {what}"
    )


def check_room(folder: Path, needed: int = 0) -> None:
    """Refuse to write to a disk that is nearly full.

    Raises:
        FolderUnusable: with ``why=DISK_FULL``.
    """
    if shutil.disk_usage(folder).free < SPARE_BYTES + needed:
        raise FolderUnusable(f"the disk with {folder} is full", folder=str(folder), why=DISK_FULL)


def read_record(folder: Path) -> dict[str, Any]:
    """Settings, indexes and metadata of a collection.

    Raises:
        FolderIncomplete, FolderDamaged: missing or garbled.
        FolderNewer: a newer version of the engine wrote the collection.
    """
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        models.CollectionParams.model_validate(record["params"])
        if not isinstance(record["indexes"], dict) or not isinstance(record["metadata"], dict):
            raise ValueError("not a collection record")
    except FileNotFoundError:
        raise incomplete(folder, RECORD) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise damaged(folder, RECORD) from None
    engine = record.get("engine", "0")
    if _release(engine) > _release(ENGINE):
        raise FolderNewer(
            f"{folder} was written by version {engine} of the engine; this is {ENGINE}",
            folder=str(folder),
            why="made by a newer version",
        )
    return record  # type: ignore[no-any-return]


def _release(version: Any) -> tuple[int, ...]:
    """Major and minor version; the engine keeps its format within them."""
    parts = str(version).split(".")[:2]
    return tuple(int(part) if part.isdigit() else 0 for part in parts)


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
        return damaged(folder, "shard", text)
    if not isinstance(error, Exception) or type(error) is not Exception:
        return error
    if "No space left" in text:
        return FolderUnusable(text, folder=str(folder), why=DISK_FULL)
    if any(sign in text for sign in _DAMAGE):
        return damaged(folder, _named_in(text, folder), text)
    return StoreError(text)


def _named_in(text: str, folder: Path) -> str:
    """The file that the engine complains of, below the folder if it says so."""
    found = re.search(re.escape(str(folder)) + r"/([\w./-]+)", text)
    return found[1] if found else "shard"


# Wrong arguments are told otherwise ("Wrong input", "Bad request").
_DAMAGE = (
    "failed to load segment",
    "failed to open WAL",
    "Failed to deserialize",
    "Failed to decode",
    "Failed to decompress",
    "Gridstore IO error",
    "out of bounds",
    "IO Error",
)
