"""Private files: readable and writable by their owner only, written whole or not at all."""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OURS = ("memories", "mem0", "ledger", "settings", "keys", "backup", "parts", ".settings", ".keys")
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


def write_private(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and swap it in, so that nobody finds half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(FILE_MODE)
    Path(name).replace(path)
