"""High-water mark of a database's commits, in a small file beside it.

A database whose write-ahead log was lost or cut is whole and older, and nothing in it
says so. The number of its commits stands here too: a database with fewer of them has
lost some. With it stands a checksum of the file as it was when it was last closed.
"""

from __future__ import annotations

import logging
import os
import zlib
from pathlib import Path

from memory.system.checksums import checksum

log = logging.getLogger(__name__)

_WIDTH = len(f"{0:020d} {0:08x} {0:08x}\n")


class CommitMark:
    """The mark of one database file. Not for several threads at once.

    Example:
        >>> mark = CommitMark(Path("ledger.db"))
        >>> mark.write(17)
        >>> mark.read()
        17
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self.path = database.with_suffix(".mark")
        self._handle: int | None = None

    def read(self) -> int | None:
        """How many commits there were; ``None`` if it isn't known."""
        found = self._parts()
        return found[0] if found else None

    def changed(self) -> bool:
        """Whether the database isn't the file that was closed; false if that isn't known."""
        found = self._parts()
        return bool(found and found[1] and found[1] != _checksum(self._database))

    def write(self, commits: int, closed: int = 0) -> None:
        """Note so many commits. Survives a kill; after a power cut it may be an older one.

        Args:
            commits: How many.
            closed: Checksum of the closed file; 0 while it is open.
        """
        said = f"{commits:020d} {closed:08x}"
        try:
            if self._handle is None:
                self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
                if os.fstat(self._handle).st_size != _WIDTH:
                    os.ftruncate(self._handle, 0)
            # One call for all of it: a kill leaves the old or the new.
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, f"{said} {zlib.crc32(said.encode()):08x}\n".encode())
        except OSError as error:
            # A full disk: an older mark misses a loss at worst.
            log.warning("%s can't be written: %s", self.path, error.strerror)

    def close(self, commits: int | None = None) -> None:
        """Let go of the file; with ``commits``, note what the closed database looks like."""
        if commits is not None:
            self.write(commits, _checksum(self._database))
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _parts(self) -> tuple[int, int] | None:
        try:
            said = self.path.read_text(encoding="ascii")
            commits, closed, check = said.split()
            if zlib.crc32(f"{commits} {closed}".encode()) != int(check, 16):
                raise ValueError("not what was written")
            return int(commits), int(closed, 16)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            log.warning("%s can't be read; it is made again", self.path)
            return None


def _checksum(database: Path) -> int:
    """Never 0, which stands for "not known"."""
    try:
        return checksum(database) or 1
    except OSError:
        return 1
