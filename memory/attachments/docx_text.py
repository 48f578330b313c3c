"""DOCX text extraction: a ZIP archive with WordprocessingML in it (ECMA-376, part 1)."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree import ElementTree

from memory.errors import BadInput

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BODY = "word/document.xml"
MOST_UNPACKED = 40 * 1024 * 1024
"""Bytes of the text with its markup; ordinary books have a few million."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def is_docx(data: bytes, name: str) -> bool:
    """Whether a file is a DOCX, by what is in the archive.

    Raises:
        BadInput: ``document_broken``: it is called one, and its archive can't be read.
    """
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return BODY in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        if name.lower().endswith(".docx"):
            raise BadInput(code="document_broken", name=name) from None
        return False


def docx_pages(data: bytes, name: str) -> list[str]:
    """The text of each page; one text where the file doesn't say where pages end.

    Raises:
        BadInput: ``document_broken``, ``document_encrypted`` or ``document_unpacked``.
    """
    xml = _body(data, name)
    # Entities are declared there: none of Word's files has any, and bombs are made of them.
    if b"<!DOCTYPE" in xml:
        raise BadInput(code="document_broken", name=name)
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        raise BadInput(code="document_broken", name=name) from None
    return "".join(_pieces(root)).split("\f")


def _body(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(BODY)
            if info.flag_bits & 1:
                raise BadInput(code="document_encrypted", name=name)
            with archive.open(info) as member:
                # What the archive says of the size needn't be true.
                xml = member.read(MOST_UNPACKED + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise BadInput(code="document_broken", name=name) from None
    if len(xml) > MOST_UNPACKED:
        raise BadInput(code="document_unpacked", name=name)
    return xml


def _pieces(root: ElementTree.Element) -> list[str]:
    """Text in reading order; paragraphs end in a line break, table cells in a tab."""
    found: list[str] = []
    # Not by recursion: elements may be nested deeper than Python calls.
    stack: list[tuple[ElementTree.Element, bool]] = [(root, False)]
    while stack:
        element, left = stack.pop()
        tag = element.tag.removeprefix(_W)
        if left:
            found.append({"p": "\n", "tc": "\t"}.get(tag, ""))
            continue
        if tag == "t":
            found.append(element.text or "")
        elif tag == "tab":
            found.append("\t")
        elif tag == "lastRenderedPageBreak":
            found.append("\f")
        elif tag in ("br", "cr"):
            # Word notes where such a page begins as well; that note counts.
            found.append("\n")
        elif tag not in ("del", "instrText"):
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
    return found
