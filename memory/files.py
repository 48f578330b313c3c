"""Private files: readable and writable by their owner only, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def write_private(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and swap it in, so that nobody finds half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(FILE_MODE)
    Path(name).replace(path)
