"""Private files and atomic writes: for the owner only, and whole or not at all after a crash."""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER_MODE = 0o700
OURS = (
    *("memories", "mem0", "ledger", "settings", "keys", "backup", "parts", "attachments"),
    *(".settings", ".keys"),
)
"""How the names of what we keep in the data folder begin."""


def make_private(folder: Path) -> None:
    """Take everybody else's rights from a folder and all that is in it, now and from now on.

    What this process makes later is private too, whichever library makes it: the engine
    opens its files with the rights that the process gives. Files of somebody else are
    left as they are, and the log says so. Links aren't followed, and what isn't ours in
    a folder that holds other things too is left alone.
    """
    os.umask(0o077)
    ours = [
        path for path in folder.iterdir() if path.name.startswith(OURS) and not path.is_symlink()
    ]
    inside = [below for path in ours if path.is_dir() for below in _below(path)]
    # A folder that everybody writes to (/tmp) isn't ours to close.
    shared = folder.stat().st_mode & (stat.S_ISVTX | stat.S_IWOTH)
    foreign = sum(
        not _is_private(path) for path in (*ours, *inside, *(() if shared else (folder,)))
    )
    if foreign:
        log.warning(
            "%d files and folders in %s belong to somebody else, and may be readable for others",
            foreign,
            folder,
        )


def _below(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.is_symlink():
            continue
        path = Path(entry.path)
        yield path
        if entry.is_dir(follow_symlinks=False):
            yield from _below(path)


def _is_private(path: Path) -> bool:
    """Whether only the owner has rights to ``path``, after trying to see to it."""
    try:
        now = path.lstat().st_mode
        others = stat.S_IRWXG | stat.S_IRWXO
        if now & others and os.name == "posix":
            path.chmod(stat.S_IMODE(now) & ~others)
    except FileNotFoundError:
        # Gone since it was listed: a journal of the database, for one.
        return True
    except PermissionError:
        return False
    return True


def atomic_write(path: Path, content: str | bytes) -> None:
    """Replace ``path`` by ``content`` so that a crash leaves the old or the new, never half.

    Text is written in UTF-8.

    The file can be read and written by its owner only, whatever the old one allowed.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside ``folder`` durable (POSIX; Windows has no such call)."""
    if os.name != "nt":
        sync_file(folder)


def sync_file(path: Path) -> None:
    """Wait until what was written to ``path`` is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
