"""Attachments of messages: what comes with the input, and how it is shown in a bubble."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.chat.message_deletion import PLACE
from components.download import download
from components.identity import Identity
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.text import error_text, t
from memory.attachments.documents import DOCUMENT_ENDINGS, MOST_BYTES, MOST_CHARS
from memory.attachments.images import PHOTO_ENDINGS
from memory.attachments.intake import MOST_FILES, GivenFile
from memory.attachments.quoting import quoted_document
from memory.chat.llm_reply import EndpointChat
from memory.container import Container
from memory.errors import BadInput, NiannianError, NotFound
from memory.extraction.document_learning import learn_document
from memory.types import Attachment, AttachmentKind, Message

FILE_TYPES = [*PHOTO_ENDINGS, *DOCUMENT_ENDINGS]
PHOTO_WIDTH = 280
"""Pixels; a photo can be opened in full."""
THUMBNAIL_WIDTH = 96
"""Pixels, where a photo is only the source of a memory."""
MOST_MEGABYTES = MOST_BYTES // 1024**2


def given(value: Any) -> tuple[str, tuple[GivenFile, ...], bytes]:
    """Text, files and recording of what the chat input gave; all empty for nothing."""
    if value is None or isinstance(value, str):
        return value or "", (), b""
    files = tuple(GivenFile(file.name, file.getvalue()) for file in value.files)
    audio = value.get("audio")
    return value.text, files, audio.getvalue() if audio is not None else b""


def take(
    running: Container, me: Identity, files: Sequence[GivenFile], bubble: DeltaGenerator
) -> list[Attachment]:
    """Read the files of a message; all of them or none.

    Raises:
        BadInput: one can't be used, or there are too many.
    """
    if len(files) > MOST_FILES:
        raise BadInput(code="attachments_many", limit=MOST_FILES)
    if not files:
        return []
    with bubble, st.spinner(t("attachments.reading")):
        taken = [running.attachment_intake.take(me.user.id, file) for file in files]
    with bubble:
        for attachment in taken:
            if attachment.kind is AttachmentKind.IMAGE:
                _picture(running, me, attachment)
            else:
                st.caption(_line(attachment))
    return taken


def show(running: Container, me: Identity, message: Message) -> None:
    """What was given with a message, inside its bubble."""
    for number, attachment in enumerate(message.attachments):
        if attachment.kind is AttachmentKind.AUDIO:
            _recording(running, me, attachment, f"{message.id}_{number}")
            continue
        with st.container(key=f"attachment_{message.id}_{number}", gap="xsmall"):
            if attachment.kind is AttachmentKind.IMAGE:
                _photo(running, me, attachment)
                continue
            st.caption("  \n".join([_line(attachment), *_notes(running, me, attachment)]))
            if not me.looking_at_another:
                with st.container(horizontal=True, gap="xsmall"):
                    _document_actions(running, me, message, number)


def thumbnails(running: Container, me: Identity, messages: Sequence[Message]) -> None:
    """The photos that messages came with, small; nothing for those that weren't kept."""
    photos = {
        one.sha256: one
        for message in messages
        for one in message.attachments
        if one.kind is AttachmentKind.IMAGE and one.sha256
    }
    if photos:
        with st.container(horizontal=True, gap="xsmall"):
            for photo in photos.values():
                _picture(running, me, photo, THUMBNAIL_WIDTH)


def _recording(running: Container, me: Identity, recording: Attachment, key: str) -> None:
    """How long somebody spoke, and the recording if it was kept."""
    with st.container(key=f"recording_{key}", gap="xsmall"):
        seconds = f"{recording.seconds:.0f}"
        st.caption(f":material/mic: {t('attachments.spoken', seconds=seconds)}")
        try:
            data = running.attachment_files.get(me.user.id, recording.sha256 or "")
        except NotFound:
            return
        st.audio(data, format=recording.media_type, width=PHOTO_WIDTH)


def _photo(running: Container, me: Identity, photo: Attachment) -> None:
    """A photo, what was seen in it, and what should be known about it."""
    notes = [plain(photo.text)] if photo.text else []
    if not _picture(running, me, photo):
        notes = [_line(photo), *notes, t("attachments.not_kept")]
    if running.chat_model.is_builtin:
        notes.append(t("attachments.builtin_photo"))
    elif isinstance(running.chat_model, EndpointChat) and not running.chat_model.sees:
        notes.append(t("attachments.unseen", model=plain(running.chat_model.name)))
    if notes:
        st.caption("  \n".join(notes))


def _picture(running: Container, me: Identity, photo: Attachment, width: int = PHOTO_WIDTH) -> bool:
    """Show a photo if it is there; says whether it is."""
    try:
        data = running.attachment_files.get(me.user.id, photo.sha256 or "")
    except NotFound:
        return False
    st.image(data, width=min(width, photo.width or width))
    return True


def _line(attachment: Attachment) -> str:
    pages = f" · {t('attachments.pages', pages=attachment.pages)}" if attachment.pages > 1 else ""
    icon = "image" if attachment.kind is AttachmentKind.IMAGE else "description"
    return f":material/{icon}: {plain(attachment.name)}{pages}"


def _notes(running: Container, me: Identity, document: Attachment) -> list[str]:
    """What somebody should know of how far a document was read."""
    notes = []
    if document.unread:
        notes.append(t("attachments.unread", count=document.unread))
    if document.cut:
        notes.append(t("attachments.cut", chars=MOST_CHARS))
    if running.chat_model.is_builtin:
        return [*notes, t("attachments.builtin")]
    quoted = quoted_document(document, running.settings.document_tokens, me.language)
    if not quoted.whole and document.pages > 1:
        shown, pages = quoted.pages, document.pages
        notes.append(t("attachments.shown_part", shown=shown, pages=pages))
    elif not quoted.whole:
        notes.append(t("attachments.shown_beginning"))
    return notes


def _document_actions(running: Container, me: Identity, message: Message, number: int) -> None:
    document = message.attachments[number]
    if document.session_id:
        st.caption(f":material/bookmark_added: {t('attachments.learnt')}", width="content")
    elif message.remember:
        st.button(
            t("attachments.learn"),
            key=f"learn_{message.id}_{number}",
            type="tertiary",
            icon=":material/bookmark_add:",
            on_click=_learn,
            args=(running, me, message, number),
        )
    if document.sha256 and running.attachment_files.has(me.user.id, document.sha256):
        sha256 = document.sha256
        download(
            t("attachments.download"),
            lambda: running.attachment_files.get(me.user.id, sha256),
            document.name,
            document.media_type,
            key=f"original_{message.id}_{number}",
            quiet=True,
        )


def _learn(running: Container, me: Identity, message: Message, number: int) -> None:
    try:
        session = learn_document(
            *(running.db, running.extraction_worker, me.owner, message.id, number, me.language)
        )
    except NiannianError as error:
        memory_changes.note(error_text(error), me.owner, place=PLACE, failed=True)
        return
    said = t("attachments.learning", name=plain(session.title))
    memory_changes.note(said, me.owner, place=PLACE)
