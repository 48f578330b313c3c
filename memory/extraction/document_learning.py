"""Learning from a document: its pages become a session of their own, a batch for each page.

So everything that is remembered has a source like any other memory: the messages with the
page's text, the batch that can be undone, and the name and page in its metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from memory.db import Database
from memory.errors import BadInput, NotFound
from memory.extraction.prompt import LONGEST_MESSAGE
from memory.extraction.worker import ExtractionWorker
from memory.i18n import translate
from memory.nlp.language import detect
from memory.types import Attachment, AttachmentKind, Language, Owner, Session

PART = LONGEST_MESSAGE - 200
"""Characters of a page in one message; the rest is for the line before it."""


def learn_document(
    db: Database,
    worker: ExtractionWorker,
    owner: Owner,
    message_id: str,
    number: int,
    language: Language,
) -> Session:
    """Let what a document says be remembered; the extraction goes on in the background.

    Args:
        db: Where the message is.
        worker: What extracts.
        owner: Whose message it is.
        message_id: The message with which the document was given.
        number: Which of its attachments, from 0.
        language: Used where the document itself doesn't tell.

    Returns:
        The session with the pages.

    Raises:
        NotFound: no such message or attachment of this owner.
        BadInput: ``document_learnt``: that was done already.
    """
    message = db.messages.get(owner, message_id)
    if not 0 <= number < len(message.attachments):
        raise NotFound(code="attachment_not_found")
    document = message.attachments[number]
    if document.kind is not AttachmentKind.DOCUMENT:
        raise NotFound(code="attachment_not_found")
    if document.session_id and _is_there(db, owner, document.session_id):
        raise BadInput(code="document_learnt", name=document.name)
    session = db.sessions.create(owner, document.name)
    attachments = list(message.attachments)
    attachments[number] = replace(document, session_id=session.id)
    db.attachments.replace(owner, message_id, attachments, message.text)
    language = detect(document.text[:LONGEST_MESSAGE], default=language)
    for page, text in _parts(document):
        told = "said_page" if page else "said_whole"
        line = translate(language, f"attachments.{told}", name=document.name, page=page)
        source = {"document": document.name, **({"page": page} if page else {})}
        db.messages.add(
            owner, session.id, "user", f"{line}\n{text}", memory_fields={"metadata": source}
        )
        # At once: a batch has the metadata of one page.
        worker.run_now(owner, session.id, ended=True)
    return session


def _parts(document: Attachment) -> Iterator[tuple[int, str]]:
    """Page number (0 without pages) and text; long pages in several parts."""
    for number, text in enumerate(document.page_texts, 1):
        while text := text.strip():
            cut = len(text) if len(text) <= PART else _end_of_line(text)
            yield (number if document.pages else 0), text[:cut]
            text = text[cut:]


def _end_of_line(text: str) -> int:
    """Where a part of at most :data:`PART` characters ends: after a line, if there is one."""
    end = max(text.rfind(mark, PART // 2, PART) for mark in ("\n", "。", ". "))
    return end + 1 if end > 0 else PART


def _is_there(db: Database, owner: Owner, session_id: str) -> bool:
    try:
        db.sessions.get(owner, session_id)
    except NotFound:
        return False
    return True
