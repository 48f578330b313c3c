"""mem0's message parts: text, and files as data URLs or, where settings allow, at addresses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from memory.api.dependencies import RequestScope
from memory.attachments.documents import MOST_BYTES
from memory.attachments.intake import shown_name
from memory.attachments.remote import fetch
from memory.chat.companion import MAX_MESSAGE
from memory.errors import BadInput
from memory.i18n import translate

_DOCUMENTS = {"pdf_url": "document.pdf", "mdx_url": "document.mdx"}
"""Kinds of document parts, each with the name of a file that has none."""


def has_words(content: Any) -> bool:
    """Whether somebody says anything in a message, whatever else is in it."""
    parts = content if isinstance(content, list) else [content]
    said = (part.get("text") if isinstance(part, Mapping) else part for part in parts)
    return any(isinstance(text, str) and text.strip() for text in said)


def said_in(ask: RequestScope, content: Any, *, alone: bool = True) -> list[str]:
    """The texts of a message: its photos and words, then each page of its documents.

    Args:
        ask: The request.
        content: Of the message.
        alone: Nobody says anything in any other message.

    Raises:
        BadInput: ``messages_unusable``; ``address_…`` and ``document_…`` of a file that can't
            be had or read.
    """
    if content is None:  # a model that calls tools says nothing beside it
        return []
    if isinstance(content, str):
        return [content]
    parts = content if isinstance(content, list) else [content]
    if not all(isinstance(part, Mapping) for part in parts):
        raise BadInput(code="messages_unusable")
    texts = [part["text"] for part in parts if isinstance(part.get("text"), str)]
    unsaid = alone and not texts
    photos = [line for part in parts for line in _photo(ask, part, alone=unsaid)]
    pages = [page for part in parts for page in _pages(ask, part)]
    spoken = "\n".join([*photos, *texts])
    return [spoken, *pages] if spoken or not pages else pages


def _pages(ask: RequestScope, part: Mapping[str, Any]) -> Iterator[str]:
    """Each page of a document part, under a line that says which document and page it is."""
    kind = part.get("type")
    if kind not in _DOCUMENTS:
        return
    name, data = _file(ask, part.get(kind), _DOCUMENTS[kind])
    document = ask.running.attachment_intake.read_document(data, name)
    for number, text in enumerate(document.pages, 1):
        told = "said_page" if document.numbered else "said_whole"
        line = translate(ask.language, f"attachments.{told}", name=name, page=number)
        size = MAX_MESSAGE - len(line) - 1
        for start in range(0, len(text), size):
            yield f"{line}\n{text[start : start + size]}"


def _photo(ask: RequestScope, part: Mapping[str, Any], *, alone: bool) -> Iterator[str]:
    """The line that stands for a picture part; none where no model sees what is in it.

    Raises:
        BadInput: ``photo_unseen``: no model sees it, and it is ``alone``; ``photo_…``.
    """
    if part.get("type") != "image_url":
        return
    name, data = _file(ask, part.get("image_url"), "photo")
    photo = ask.running.attachment_intake.read_photo(data, name)
    caption = ask.running.photo_captions.describe(photo.data, photo.media_type, ask.language)
    if caption:
        yield translate(ask.language, "attachments.mark_image", name=caption)
    elif alone:
        raise BadInput(code="photo_unseen")


def _file(ask: RequestScope, given: Any, unnamed: str) -> tuple[str, bytes]:
    """Name and bytes of a file part: ``{"url": …}`` or the address itself."""
    url = given.get("url") if isinstance(given, Mapping) else given
    if not isinstance(url, str):
        raise BadInput(code="messages_unusable")
    if url.startswith("data:"):
        return unnamed, _decoded(url)
    if url.startswith(("http://", "https://")):
        if not ask.running.settings.fetch_addresses:
            raise BadInput(code="address_not_fetched")
        found = fetch(url, MOST_BYTES)
        return shown_name(found.name), found.data
    # mem0's own examples give a file's base64 without anything around it.
    return unnamed, _unpacked(url)


def _decoded(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma:
        raise BadInput(code="address_unusable")
    return _unpacked(body) if head.endswith(";base64") else unquote_to_bytes(body)


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(code="address_unusable") from None
