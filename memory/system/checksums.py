"""Checksums of the files of a folder, and what differs from them later.

The engine's files are gigabytes of holes: only what was ever written is read, and a
block of zeros counts as a hole, so that a copy without holes has the same checksums.
"""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

BLOCK = 64 * 1024
_ZEROS = bytes(BLOCK)
# No data after the offset, and a file system that doesn't know holes.
_NO_MORE = errno.ENXIO

Marks: TypeAlias = dict[str, tuple[int, int]]
"""Size in bytes and CRC-32 of each file, by its path below the folder."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How a folder differs from its checksums; each is a sorted list of paths below it."""

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.added)

    @property
    def first(self) -> str:
        """The path that an error names."""
        return next(iter((*self.missing, *self.changed, *self.added)), "")


def files_below(folder: os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
    """All files below. A start waits for this: ``Path.rglob`` takes five times as long."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files_below(entry)
            else:
                yield entry


def marks_of(folder: Path, wanted: Callable[[str], bool] = lambda path: True) -> Marks:
    """Size and checksum of every file below ``folder`` for whose path ``wanted`` says so.

    Raises:
        OSError: a file can't be read.
    """
    start = len(str(folder)) + 1
    found: Marks = {}
    for file in files_below(folder):
        path = file.path[start:].replace(os.sep, "/")
        if wanted(path):
            found[path] = (file.stat().st_size, checksum(file.path))
    return found


def checksum(file: str | os.PathLike[str]) -> int:
    """The CRC-32 of a file's blocks that aren't all zeros, and of where they are.

    Raises:
        OSError: it can't be read.
    """
    value = 0
    with Path(file).open("rb", buffering=0) as opened:
        handle = opened.fileno()
        for start in _blocks(handle, os.fstat(handle).st_size):
            opened.seek(start)
            block = opened.read(BLOCK)
            if block != _ZEROS[: len(block)]:
                value = zlib.crc32(block, zlib.crc32(start.to_bytes(8, "big"), value))
    return value


def differences(marks: Mapping[str, tuple[int, int]], now: Marks) -> Differences:
    """What is no longer as it was."""
    return Differences(
        changed=_sorted(path for path in marks if path in now and now[path] != marks[path]),
        missing=_sorted(path for path in marks if path not in now),
        added=_sorted(path for path in now if path not in marks),
    )


def _sorted(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths))


def _blocks(handle: int, size: int) -> Iterator[int]:
    """Where the blocks begin that hold anything."""
    if not hasattr(os, "SEEK_DATA"):
        yield from range(0, size, BLOCK)
        return
    at = 0
    while at < size:
        try:
            data = os.lseek(handle, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == _NO_MORE:
                return
            yield from range(at - at % BLOCK, size, BLOCK)
            return
        hole = os.lseek(handle, data, os.SEEK_HOLE)
        first = max(at, data - data % BLOCK)
        at = -(-hole // BLOCK) * BLOCK
        yield from range(first, min(at, size), BLOCK)
