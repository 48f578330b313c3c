"""Attachment intake: a file from somebody becomes an attachment, or one sentence why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from memory.attachments.audio import Recording
from memory.attachments.documents import MOST_BYTES, Document, read_document
from memory.attachments.files import AttachmentFiles
from memory.attachments.images import MOST_BYTES as MOST_PHOTO_BYTES
from memory.attachments.images import Photo, is_photo, read_photo
from memory.errors import BadInput, WorkError, WorkTimeout
from memory.system.worker_process import Limits, Worker
from memory.types import PAGE_BREAK, Attachment, AttachmentKind

T = TypeVar("T")

PHOTO_LIMITS = Limits(seconds=15, megabytes=768)
DOCUMENT_LIMITS = Limits(seconds=20, megabytes=512)
NAME_LENGTH = 100
MOST_FILES = 5
"""Files with one message."""

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\[\]]")


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as somebody gave it."""

    name: str
    data: bytes


class AttachmentIntake:
    """Reads files in the worker process and keeps their originals.

    Args:
        worker: Where files are looked into; each may have been made to hurt.
        files: Where originals are kept.
        keep: Whether they are.
    """

    def __init__(self, worker: Worker, files: AttachmentFiles, *, keep: bool) -> None:
        self._worker, self._files, self._keep = worker, files, keep

    def take(self, user_id: str, given: GivenFile) -> Attachment:
        """What a file is and says; its original is kept for the user where settings want it.

        Raises:
            BadInput: it can't be used: see :func:`memory.attachments.documents.read_document`
                and :func:`memory.attachments.images.read_photo`; and ``document_slow`` or
                ``document_heavy``.
            FolderUnusable: it can't be kept.
        """
        name = shown_name(given.name)
        if is_photo(given.data, name):
            photo = self.read_photo(given.data, name)
            keep = self._files.put if self._keep else self._files.hold
            return Attachment(
                kind=AttachmentKind.IMAGE,
                name=name,
                media_type=photo.media_type,
                size=len(given.data),
                sha256=keep(user_id, photo.data),
                width=photo.width,
                height=photo.height,
            )
        document = self.read_document(given.data, name)
        return Attachment(
            kind=AttachmentKind.DOCUMENT,
            name=name,
            media_type=document.media_type,
            size=len(given.data),
            sha256=self._kept(user_id, given.data),
            text=PAGE_BREAK.join(document.pages),
            pages=document.total,
            unread=document.unread,
            cut=document.cut,
        )

    def recording(self, user_id: str, recording: Recording, seconds: float) -> Attachment:
        """Something spoken, as an attachment; its original is kept where settings want it."""
        return Attachment(
            kind=AttachmentKind.AUDIO,
            name=recording.name,
            media_type=recording.media_type,
            size=len(recording.data),
            sha256=self._kept(user_id, recording.data),
            seconds=round(seconds, 1),
        )

    def _kept(self, user_id: str, data: bytes) -> str | None:
        return self._files.put(user_id, data) if self._keep else None

    def read_document(self, data: bytes, name: str) -> Document:
        """The text of a document; read in the worker process.

        Raises:
            BadInput: as :meth:`take`.
        """
        if len(data) > MOST_BYTES:
            raise BadInput(code="document_too_big", name=name, limit=MOST_BYTES // 1024**2)
        return self._read(read_document, data, name, DOCUMENT_LIMITS)

    def read_photo(self, data: bytes, name: str) -> Photo:
        """A photo without what is beside its pixels; read in the worker process.

        Raises:
            BadInput: as :meth:`take`.
        """
        if len(data) > MOST_PHOTO_BYTES:
            raise BadInput(code="photo_too_big", name=name, limit=MOST_PHOTO_BYTES // 1024**2)
        return self._read(read_photo, data, name, PHOTO_LIMITS)

    def _read(
        self, function: Callable[[bytes, str], T], data: bytes, name: str, limits: Limits
    ) -> T:
        try:
            return self._worker.run(function, data, name, limits=limits)
        except WorkTimeout:
            raise BadInput(code="document_slow", name=name) from None
        except (WorkError, MemoryError):
            raise BadInput(code="document_heavy", name=name) from None


def shown_name(name: str) -> str:
    """A file's name without folders, on one line, of at most :data:`NAME_LENGTH` characters."""
    last = re.split(r"[\\/]", name)[-1]
    plain = " ".join(_NOT_IN_NAMES.sub(" ", last).split()) or "?"
    if len(plain) <= NAME_LENGTH:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(ending) - 2]}…{dot}{ending}"[-NAME_LENGTH:]
