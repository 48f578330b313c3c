"""Attachments: documents, photos and recordings that were given with a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PAGE_BREAK = "\f"
"""What stands between the pages of a document's text."""


class AttachmentKind(StrEnum):
    """What was attached."""

    DOCUMENT = "document"
    IMAGE = "image"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that was given with a message; its text or caption, and facts about it.

    Args:
        kind: Which of the three.
        name: As the file was called; one line.
        media_type: What it was found to be (``application/pdf``), not what it said of itself.
        size: Bytes of the file as it was given.
        mark: The line in the message's text that stands for it.
        sha256: By which its file is kept; ``None`` where no file is kept.
        text: Of a document what it says, pages divided by :data:`PAGE_BREAK`; of a photo
            what a model saw in it (empty as long as none looked).
        pages: Of a document that has pages, how many; 0 for others.
        unread: Pages that couldn't be read.
        cut: Whether the document says more than is kept.
        width: Of a photo, in pixels.
        height: Of a photo, in pixels.
        seconds: Length of a recording.
        session_id: The session through which the document was learnt from, once it was.
    """

    kind: AttachmentKind
    name: str
    media_type: str
    size: int
    mark: str = ""
    sha256: str | None = None
    text: str = ""
    pages: int = 0
    unread: int = 0
    cut: bool = False
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    session_id: str | None = None

    @property
    def page_texts(self) -> tuple[str, ...]:
        """The document's text, page by page."""
        return tuple(self.text.split(PAGE_BREAK))
