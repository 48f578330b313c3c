"""Backup and restore of a data folder: database, mem0's history, attachments, settings and keys.

A backup holds no vectors: the memories are rebuilt from the history. It is a folder or
one ``.tar.gz`` with a ``manifest.json`` that names each file's size and SHA-256.
SQLite's own backup reads a consistent state while the app runs and writes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from memory.attachments.files import files_below
from memory.errors import BadInput, FolderDamaged, FolderUnusable
from memory.system.files import atomic_write, sync_file, sync_folder
from memory.system.saved_keys import KEYS_FILE

MANIFEST = "manifest.json"
FORMAT = 1
LEDGER = "ledger.db"
HISTORY = "mem0/history.db"
SETTINGS = "settings.json"
UPGRADES = "backups"
"""Where a data folder keeps the backups that were made before an upgrade."""

KEEP_UPGRADES = 3
_PREFIX = "niannian-"
_BEFORE_UPGRADE = re.compile(r"-schema\d+(\.tar\.gz)?$")
_ARCHIVE = ".tar.gz"
_DRAFT = ".backup-"
DOWNLOAD_DRAFT = ".download-"
"""How the names of unfinished backups begin; a kill leaves them behind."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a manifest says of a backup."""

    path: Path
    made_at: datetime
    schema: int
    users: int
    memories: int
    files: Mapping[str, tuple[int, str]]
    """Size in bytes and SHA-256 of each file."""


def make(
    data_dir: Path,
    place: Path,
    *,
    archive: bool = True,
    keep: int = 0,
    name: str = "",
    database: Path | None = None,
) -> Backup:
    """Back up a data folder; the app may run and write meanwhile.

    Args:
        data_dir: The data folder.
        place: Where the backup is put, or its own path if that ends in ``.tar.gz``.
        archive: One file instead of a folder.
        keep: Of the backups in ``place`` only so many newest ones stay; 0: all.
        name: Instead of one made of the time.
        database: A SQLite file to take instead of the data folder's own.

    Returns:
        What the backup holds.

    Raises:
        BadInput: ``backup_nothing``, there is no ledger to back up; ``backup_there``.
        FolderUnusable: ``place`` can't be written, or the database can't be read.
    """
    source = database or data_dir / LEDGER
    if not source.exists() or not source.stat().st_size:
        raise BadInput(f"there is no {source}", code="backup_nothing", folder=str(data_dir))
    now = datetime.now(UTC)
    if place.name.endswith(_ARCHIVE):
        target, archive, keep = place, True, 0
    else:
        stem = name or f"{_PREFIX}{now:%Y%m%d-%H%M%S-%f}"[:-3]
        target = place / (stem + _ARCHIVE if archive else stem)
    if target.exists():
        raise BadInput(f"{target} is there already", code="backup_there", place=str(target))
    with _explained(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=_DRAFT) as draft:
            made = _fill(Path(draft) / "backup", data_dir, source, now)
            finished = _packed(made) if archive else made
            finished.rename(target)
        sync_folder(target.parent)
        if keep:
            asked_for = [p for p in listed(target.parent) if not _BEFORE_UPGRADE.search(p.name)]
            for old in asked_for[keep:]:
                _remove(old)
    return describe(target)


def before_upgrade(data_dir: Path, db: Path, version: int) -> None:
    """Back up a database of an older version before its tables are changed.

    Raises:
        FolderUnusable: it can't be written; nothing was changed.
    """
    if db.parent.resolve() != data_dir.resolve():
        return
    stem = f"{_PREFIX}{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"[:-3]
    make(data_dir, data_dir / UPGRADES, name=f"{stem}-schema{version}")
    ours = [p for p in listed(data_dir / UPGRADES) if _BEFORE_UPGRADE.search(p.name)]
    with _explained(data_dir / UPGRADES):
        for old in ours[KEEP_UPGRADES:]:
            _remove(old)


def drop_upgrades(data_dir: Path) -> None:
    """Remove the backups that nobody asked for, because somebody was erased.

    That is those before upgrades, and what a backup that was cut short has left.

    Raises:
        FolderUnusable: one can't be removed.
    """
    with _explained(data_dir / UPGRADES):
        for path in listed(data_dir / UPGRADES):
            if _BEFORE_UPGRADE.search(path.name):
                _remove(path)
        for left in (*data_dir.glob(f"{DOWNLOAD_DRAFT}*"), *data_dir.glob(f"{UPGRADES}/{_DRAFT}*")):
            _remove(left)


def listed(place: Path) -> list[Path]:
    """The backups in a folder, the newest first."""
    if not place.is_dir():
        return []
    found = [
        path
        for path in place.iterdir()
        if path.name.startswith(_PREFIX)
        and (path.name.endswith(_ARCHIVE) or (path / MANIFEST).is_file())
    ]
    return sorted(found, key=lambda path: path.name, reverse=True)


def describe(path: Path) -> Backup:
    """Read the manifest of a backup.

    Raises:
        BadInput: ``backup_unreadable``, it is no backup; ``backup_newer``.
    """
    try:
        if path.is_dir():
            said = (path / MANIFEST).read_bytes()
        else:
            with tarfile.open(path) as opened:
                member = opened.extractfile(MANIFEST)
                said = member.read() if member else b""
        told = json.loads(said)
        if told["format"] > FORMAT:
            raise BadInput(f"{path} is newer", code="backup_newer", place=str(path))
        return Backup(
            path=path,
            made_at=datetime.fromisoformat(told["made_at"]),
            schema=int(told["schema"]),
            users=int(told["users"]),
            memories=int(told["memories"]),
            files={name: (int(size), str(sha)) for name, (size, sha) in told["files"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, tarfile.TarError, EOFError):
        raise BadInput(f"{path} is no backup", code="backup_unreadable", place=str(path)) from None


def verify(path: Path) -> Backup:
    """Read all of a backup and hold it against its manifest.

    Raises:
        BadInput: ``backup_unreadable``, ``backup_newer``.
        FolderDamaged: ``backup_damaged``, a file isn't what was backed up.
    """
    with tempfile.TemporaryDirectory(prefix="niannian-verify-") as draft:
        return _unpacked(path, Path(draft) / "data")


def restore(path: Path, data_dir: Path) -> Backup:
    """Make a data folder from a backup; the memories are rebuilt at the next start.

    Args:
        path: The backup.
        data_dir: Doesn't exist, or is empty.

    Returns:
        What was restored.

    Raises:
        BadInput: ``restore_not_empty``, ``backup_unreadable``, ``backup_newer``.
        FolderDamaged: ``backup_damaged``; nothing was restored.
        FolderUnusable: the folder can't be written.
    """
    if not is_vacant(data_dir):
        raise not_empty(str(data_dir))
    with _explained(data_dir):
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=data_dir.parent, prefix=".restore-") as draft:
            found = _unpacked(path, Path(draft) / "data")
            if data_dir.exists():
                data_dir.rmdir()
            (Path(draft) / "data").rename(data_dir)
        sync_folder(data_dir.parent)
    return found


def is_vacant(folder: Path) -> bool:
    """Whether there is nothing yet where a backup is to be restored."""
    return not (folder.exists() and any(folder.iterdir()))


def not_empty(place: str) -> BadInput:
    """The refusal to restore over what is there already."""
    return BadInput(f"{place} isn't empty", code="restore_not_empty", folder=place)


# --- inside ------------------------------------------------------------------------------


def _fill(folder: Path, data_dir: Path, database: Path, now: datetime) -> Path:
    folder.mkdir(mode=0o700)
    _copy_database(database, folder / LEDGER)
    if (data_dir / HISTORY).exists():
        (folder / HISTORY).parent.mkdir(mode=0o700)
        try:
            _copy_database(data_dir / HISTORY, folder / HISTORY)
        except FolderDamaged:
            # Made from the database again where it is missing.
            (folder / HISTORY).unlink(missing_ok=True)
    # The records too: without them a restored key would forget which address it is for.
    for name in (SETTINGS, KEYS_FILE):
        if (data_dir / name).exists():
            shutil.copyfile(data_dir / name, folder / name)
            (folder / name).chmod(0o600)
            sync_file(folder / name)
    for path in files_below(data_dir):
        copy = folder / path.relative_to(data_dir)
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Gone since it was listed: whoever sent it has deleted the message.
        with suppress(FileNotFoundError):
            shutil.copyfile(path, copy)
            copy.chmod(0o600)
            sync_file(copy)
    schema, users, memories = _counted(folder / LEDGER)
    files = {
        path.relative_to(folder).as_posix(): (path.stat().st_size, _sha256(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    told = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "schema": schema,
        "users": users,
        "memories": memories,
        "files": files,
    }
    atomic_write(folder / MANIFEST, json.dumps(told, indent=1))
    return folder


def _copy_database(source: Path, target: Path) -> None:
    """One consistent state, in one step: writers of other processes don't wait for it."""
    target.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.execute("PRAGMA busy_timeout=10000")
            reading.backup(writing)
            # A single file, without a log beside it.
            writing.execute("PRAGMA journal_mode=DELETE")
            sound = writing.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError as error:
        if "full" in str(error):
            raise FolderUnusable(
                f"no space for {target}", folder=str(target.parent), why="disk full"
            ) from error
        sound = False
    if not sound:
        raise FolderDamaged(
            f"{source} is damaged", folder=str(source.parent), what=source.name, why="damaged"
        )


def _counted(file: Path) -> tuple[int, int, int]:
    with closing(sqlite3.connect(file)) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        if not {"meta", "users", "journal"} <= tables:
            raise FolderDamaged(
                f"{file} isn't a database of ours",
                folder=str(file.parent),
                what=LEDGER,
                why="damaged",
            )
        schema = db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        users = db.execute("SELECT count(*) FROM users").fetchone()[0]
        memories = db.execute(
            "SELECT count(*) FROM journal WHERE after IS NOT NULL AND seq IN"
            " (SELECT max(seq) FROM journal GROUP BY memory_id)"
        ).fetchone()[0]
    return int(schema[0]) if schema else 1, users, memories


def _packed(folder: Path) -> Path:
    target = folder.with_name("backup" + _ARCHIVE)
    with open(target, "xb", opener=_private) as raw:
        with tarfile.open(fileobj=raw, mode="w:gz") as tar:
            # The manifest first: it is read without the rest.
            tar.add(folder / MANIFEST, MANIFEST)
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if path.is_file() and name != MANIFEST:
                    tar.add(path, name)
        os.fsync(raw.fileno())
    return target


def _unpacked(path: Path, target: Path) -> Backup:
    """Unpack into a folder that doesn't exist, and compare every file."""
    found = describe(path)
    target.mkdir(mode=0o700)
    try:
        if path.is_dir():
            for name in found.files:
                _inside(target, name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copyfile(_inside(path, name), _inside(target, name))
        else:
            with tarfile.open(path) as opened:
                for name in found.files:
                    if not opened.getmember(name).isreg():
                        raise ValueError("a link or a device, which no backup holds")
                    opened.extract(name, target, filter="data")
    except (OSError, EOFError, KeyError, ValueError, tarfile.TarError):
        raise _damaged(path) from None
    for name, (size, sha) in found.files.items():
        file = _inside(target, name)
        file.chmod(0o600)
        if file.stat().st_size != size or _sha256(file) != sha:
            raise _damaged(path, name)
        sync_file(file)
    for folder in (p for p in target.rglob("*") if p.is_dir()):
        folder.chmod(0o700)
    return found


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError("a path that leads out of the backup")
    return path


def _damaged(path: Path, what: str = "") -> FolderDamaged:
    return FolderDamaged(
        f"the backup {path} is damaged {what}".rstrip(),
        code="backup_damaged",
        folder=str(path),
        place=str(path),
        what=what or path.name,
        why="damaged",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderUnusable(
            f"{place} can't be written: {error.strerror}",
            folder=str(place),
            why=error.strerror or "I/O error",
        ) from error
