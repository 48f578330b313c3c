"""Documents as people have them, and as people make them to hurt."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence


def _to_unicode(letters: str) -> bytes:
    """What the codes of a font mean; here each is the letter's own number."""
    codes = [b"%04x" % ord(letter) for letter in sorted(set(letters))]
    pairs = b"".join(b"<%s> <%s>\n" % (code, code) for code in codes)
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        b"%d beginbfchar\n%sendbfchar\nendcmap end end" % (len(codes), pairs)
    )


def pdf(*pages: str, squeezed: bytes | None = None) -> bytes:
    """A PDF with a line of text for each page; ``squeezed`` replaces the pages' contents."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(data: bytes, extra: bytes = b"") -> bytes:
        head = b"<< /Length %d %s>>\nstream\n" % (len(data), extra)
        return head + data + b"\nendstream"

    to_unicode = add(stream(_to_unicode("".join(pages))))
    cid = add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    font = add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H"
        b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (cid, to_unicode)
    )
    parent = len(objects) + 2 * len(pages) + 1
    kids = []
    for text in pages:
        if squeezed is None:
            code = text.encode("utf-16-be").hex().encode()
            drawn = b"BT /F1 12 Tf 72 700 Td <" + code + b"> Tj ET" if text else b""
            content = add(stream(drawn))
        else:
            content = add(stream(squeezed, b"/Filter /FlateDecode "))
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
                b" /Resources << /Font << /F1 %d 0 R >> >> >>" % (parent, content, font)
            )
        )
    refs = b" ".join(b"%d 0 R" % kid for kid in kids)
    add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), refs))
    root = add(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        root,
        table,
    )
    return bytes(out)


def scanned_pdf(pages: int = 3) -> bytes:
    """Pages without any text, as a scanner makes them."""
    return pdf(*[""] * pages)


def locked_pdf(text: str, password: str) -> bytes:
    """A PDF that opens with a password only."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(pdf(text)))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb_pdf(megabytes: int = 200) -> bytes:
    """A small file whose page unpacks to very much."""
    packer = zlib.compressobj(9)
    squeezed = b"".join(packer.compress(b" " * 1024**2) for _ in range(megabytes))
    return pdf("x", squeezed=squeezed + packer.flush())


def docx(*paragraphs: str, body: bytes | None = None) -> bytes:
    """A DOCX with these paragraphs; ``\\f`` in one is a page break that Word noted."""
    runs = "".join(
        "<w:p>"
        + "<w:r><w:lastRenderedPageBreak/></w:r>".join(
            f"<w:r><w:t>{part}</w:t></w:r>" for part in paragraph.split("\f")
        )
        + "</w:p>"
        for paragraph in paragraphs
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w='
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        f"{runs}</w:body></w:document>"
    ).encode()
    return zipped({"word/document.xml": xml if body is None else body})


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def pages_of(count: int) -> Sequence[str]:
    """Texts of so many pages, each of which says its number."""
    return [f"Page {number} tells of lighthouse keeper {number}." for number in range(1, count + 1)]
