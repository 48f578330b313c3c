"""Document reader: the text of PDF, DOCX, HTML, Markdown and plain text files, page by page.

Files come from strangers: :func:`read_document` belongs into the worker process, whose
limits end what takes too long or too much memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from memory.attachments.docx_text import DOCX_TYPE, docx_pages, is_docx
from memory.attachments.html_text import html_text, looks_like_html
from memory.attachments.pdf_text import PDF_TYPE, is_pdf, pdf_pages
from memory.errors import BadInput
from memory.system.decoding import clean, decoded
from memory.types.attachments import PAGE_BREAK

MOST_BYTES = 20 * 1024 * 1024
MOST_CHARS = 300_000
"""Characters of one document that are kept: a novel."""

DOCUMENT_ENDINGS = ("pdf", "docx", "md", "markdown", "mdx", "txt", "html", "htm")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    ``pages`` holds the text of each page, of a file without pages one text; ``numbered``
    says which of the two it is. ``unread`` counts pages that couldn't be read, ``cut`` says
    that there is more than :data:`MOST_CHARS`.
    """

    media_type: str
    pages: tuple[str, ...] = field(repr=False)
    numbered: bool = False
    total: int = 0
    unread: int = 0
    cut: bool = False


def read_document(data: bytes, name: str) -> Document:
    """The text of a file, told by what is in it rather than by its name.

    Args:
        data: The file.
        name: Its name; tells Markdown and HTML from plain text, and goes into errors.

    Raises:
        BadInput: ``document_empty``, ``document_too_big``, ``document_type``,
            ``document_broken``, ``document_encrypted``, ``document_no_text`` (a scan) or
            ``document_unpacked`` (far larger than it looks); each with ``name``.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(code="document_too_big", name=name, limit=MOST_BYTES // 1024**2)
    if not data.strip(b"\x00 \t\r\n"):
        raise BadInput(code="document_empty", name=name)
    unread = 0
    if is_pdf(data):
        pages, unread = pdf_pages(data, name)
        media_type, numbered = PDF_TYPE, True
    elif is_docx(data, name):
        pages, media_type = docx_pages(data, name), DOCX_TYPE
        numbered = len(pages) > 1
    else:
        media_type, text = _plain(data, name)
        pages, numbered = [text], False
    pages = [clean(page.replace(PAGE_BREAK, "\n")) for page in pages]
    if not any(pages):
        code = "document_no_text" if media_type == PDF_TYPE else "document_empty"
        raise BadInput(code=code, name=name)
    kept, cut = _within(pages)
    return Document(media_type, kept, numbered, len(pages) if numbered else 0, unread, cut)


def _plain(data: bytes, name: str) -> tuple[str, str]:
    """Media type and text of a file that is text already."""
    ending = name.rpartition(".")[2].lower()
    try:
        text = decoded(data)
    except BadInput:
        raise BadInput(code="document_type", name=name) from None
    if ending in ("html", "htm") or looks_like_html(text):
        return "text/html", html_text(text)
    return ("text/markdown" if ending in ("md", "markdown", "mdx") else "text/plain"), text


def _within(pages: list[str]) -> tuple[tuple[str, ...], bool]:
    """The pages up to :data:`MOST_CHARS`, and whether that leaves something out."""
    left = MOST_CHARS
    kept: list[str] = []
    for page in pages:
        if len(page) > left:
            return (*kept, page[:left]), True
        kept.append(page)
        left -= len(page)
    return tuple(kept), False
