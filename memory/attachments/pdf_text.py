"""PDF text extraction. The only file that imports pypdf."""

from __future__ import annotations

import io
import logging

from memory.errors import BadInput

PDF_TYPE = "application/pdf"
MOST_PAGES = 2000
_HEADER_WITHIN = 1024
"""Bytes before the header that readers put up with."""


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF, by its header."""
    return b"%PDF-" in data[:_HEADER_WITHIN]


def pdf_pages(data: bytes, name: str) -> tuple[list[str], int]:
    """The text of each page, and how many pages can't be read (their text is empty).

    Raises:
        BadInput: ``document_broken``, ``document_encrypted``, ``document_unpacked`` or
            ``document_too_long``.
    """
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import FileNotDecryptedError, LimitReachedError

    # It says a great deal about files that are a little wrong; what matters is raised.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        # Many files are only locked against changes, and open without a password.
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise BadInput(code="document_encrypted", name=name)
        count = len(reader.pages)
    except (BadInput, MemoryError):
        raise
    except FileNotDecryptedError:
        raise BadInput(code="document_encrypted", name=name) from None
    except Exception:  # noqa: BLE001 (a broken file raises whatever its wrong bytes lead to)
        raise BadInput(code="document_broken", name=name) from None
    if count > MOST_PAGES:
        raise BadInput(code="document_too_long", name=name, limit=MOST_PAGES)
    pages: list[str] = []
    unread = 0
    for number in range(count):
        try:
            pages.append(reader.pages[number].extract_text())
        except LimitReachedError:
            raise BadInput(code="document_unpacked", name=name) from None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 (as above, of one page)
            pages.append("")
            unread += 1
    if unread and unread == count:
        raise BadInput(code="document_broken", name=name)
    return pages, unread
