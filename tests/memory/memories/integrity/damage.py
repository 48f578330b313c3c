"""What can happen to a file, and which files of a data folder are of one kind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path


def flip(file: Path) -> None:
    """Turn over the bits of a byte in the middle of what was written."""
    with file.open("r+b") as opened:
        head = opened.read(1 << 20)
        written = [at for at, byte in enumerate(head) if byte]
        at = written[len(written) // 2] if written else 0
        opened.seek(at)
        opened.write(bytes([head[at] ^ 0xFF]) if head else b"\xff")


def cut(file: Path) -> None:
    """Lose the second half."""
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    """Lose everything but the name."""
    os.truncate(file, 0)


def delete(file: Path) -> None:
    """Lose the name as well."""
    file.unlink()


WAYS: tuple[Callable[[Path], None], ...] = (flip, cut, empty, delete)


def kind_of(path: str) -> str:
    """The same for files that only differ by the engine's own random names."""
    path = re.sub(r"segments/[^/]+/", "segments/*/", path)
    path = re.sub(r"vector_storage-\w+", "vector_storage-*", path)
    return re.sub(r"payload_index/[a-z0-9]{24}-[\w.]+-", "payload_index/*-", path)


def kinds(folder: Path) -> dict[str, str]:
    """A file for each kind, by kind; paths below ``folder``."""
    found: dict[str, str] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder).as_posix()
        if file.name != ".lock":
            found.setdefault(kind_of(path), path)
    return found


def copy(source: Path, target: Path) -> Path:
    """A copy with the holes of the engine's files left out, which are gigabytes."""
    if shutil.which("cp"):
        subprocess.run(["cp", "-a", "--sparse=always", str(source), str(target)], check=True)
    else:
        shutil.copytree(source, target)
    return target
