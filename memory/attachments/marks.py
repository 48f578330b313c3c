"""Attachment marks: the lines of a message that stand for what was given with it."""

from __future__ import annotations

from collections.abc import Sequence

from memory.i18n import translate
from memory.types import Attachment, AttachmentKind, Language, Message

ATTACHED_LATELY = 6
"""Messages back whose attachments go along, so that one can ask on about them."""


def mark_of(attachment: Attachment, language: Language) -> str:
    """The line of a message's text that stands for an attachment, such as ``[照片：猫.jpg]``."""
    told = attachment.kind.value
    if attachment.kind is AttachmentKind.AUDIO:
        # What was said in it is the message itself.
        return ""
    if attachment.kind is AttachmentKind.DOCUMENT and attachment.pages > 1:
        told = "pages"
    what = attachment.name
    if attachment.kind is AttachmentKind.IMAGE and attachment.text:
        what = attachment.text
    return translate(language, f"attachments.mark_{told}", name=what, pages=attachment.pages)


def attached(message: Message, history: Sequence[Message]) -> tuple[Attachment, ...]:
    """What was given with a message, then what was given lately, the latest first."""
    lately = [one for one in reversed(history[-ATTACHED_LATELY:]) if one.id != message.id]
    return tuple(attachment for one in (message, *lately) for attachment in one.attachments)
