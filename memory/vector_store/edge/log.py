"""Write-ahead log of the embedded engine, on the disk.

wal/open-N     the one with the lowest number is written to, the next stands ready
wal/closed-N   full; goes away with a flush
wal/first-index, wal/tmp-…   the engine's own, written rarely
"""

from __future__ import annotations

import os
from pathlib import Path

from memory.system.files import sync_file

TRIES = 20
"""A file that is renamed between looking and opening is looked for again so often."""


class EdgeLog:
    """Syncs a log without a flush, and only those files of it that may have changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # By name and inode: a compaction brings files of the same names.
        self._settled: set[tuple[str, int]] = set()

    def sync(self) -> None:
        """Everything that was logged before this call is on the disk afterwards.

        Not for several threads at once.

        Raises:
            OSError: the log can't be read.
        """
        for last in [False] * (TRIES - 1) + [True]:
            try:
                self._sync_all()
                return
            except FileNotFoundError:
                # Full files are renamed, and the next one is made by the engine in a
                # thread of its own under another name at first.
                if last:
                    raise

    def _sync_all(self) -> None:
        with os.scandir(self._folder) as found:
            files = {(entry.name, entry.inode()) for entry in found}
        growing = {file for file in files if file[0].startswith("open-")}
        in_use = min(growing, key=lambda file: int(file[0].removeprefix("open-")), default=None)
        changed = (files - growing - self._settled) | ({in_use} if in_use else set())
        for file in changed:
            sync_file(self._folder / file[0])
        self._settled = (self._settled & files) | (changed - growing)
