"""Bytes to text: the files of an archive, limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from memory.errors import BadInput
from memory.system.decoding import decoded

MOST_BYTES = 200 * 1024 * 1024
"""Limit of a file, and of what an archive unpacks to."""

_CHAT_FILE = re.compile(r"(?:.*/)?conversations(?:[-_]\d+)?\.json", re.IGNORECASE)
_READABLE = re.compile(r".*\.(?:json|jsonl|csv|txt|md)", re.IGNORECASE)
_ANYTHING = re.compile(rb"[^\x00 \t\r\n]")
_BLANKS = re.compile(r"\s*")


def texts(data: bytes, name: str) -> Iterator[tuple[str, str]]:
    """The name and text of each file in ``data``: one, or those of an archive.

    Raises:
        BadInput: ``import_empty``, ``import_too_big``, ``import_encoding`` or
            ``import_archive``.
    """
    check_size(data)
    if _ANYTHING.search(data) is None:
        raise BadInput(code="import_empty")
    if not data.startswith(b"PK\x03\x04"):
        yield name, decoded(data)
        return
    for member, content in _unpacked(data):
        yield member, decoded(content)


def check_size(data: bytes) -> None:
    """Refuse what is too big to begin with.

    Raises:
        BadInput: ``import_too_big``.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(code="import_too_big", limit=MOST_BYTES // 1024**2)


def begins_with(text: str, *starts: str) -> bool:
    """Whether ``text`` begins so after blanks; makes no copy of it."""
    blanks = _BLANKS.match(text)
    return text.startswith(starts, blanks.end() if blanks else 0)


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            chosen = [info for info in files if _CHAT_FILE.fullmatch(info.filename)]
            if not chosen:
                chosen = [info for info in files if _READABLE.fullmatch(info.filename)]
                chosen = chosen if len(chosen) == 1 else []
            if not chosen:
                raise BadInput(code="import_archive")
            if sum(info.file_size for info in chosen) > MOST_BYTES:
                raise BadInput(code="import_too_big", limit=MOST_BYTES // 1024**2)
            chosen.sort(key=lambda info: info.filename)
            # The sizes above are what the archive says of itself; this holds it to that.
            return [(info.filename, _member(archive, info)) for info in chosen]
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ):
        raise BadInput(code="import_archive") from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise BadInput(code="import_archive")
    return content


def title_of(name: str) -> str:
    """The title of a conversation that has none: its file's name without folder and ending."""
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
