"""Import and export of memories and conversations as files.

``read`` tells what a file is and reads it row by row; :class:`Importer` shows what is
new of it and brings it in, wholly or not at all; ``everything`` gathers an export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.system.lazy_imports import lazy

if TYPE_CHECKING:
    from memory.transfer.collect import everything, owners_of
    from memory.transfer.import_service import Applied, Importer
    from memory.transfer.importers.detect import read
    from memory.transfer.parsed import Format, ParsedFile, Wrong
    from memory.transfer.preview import Options, Preview, PreviewRow, RowVerdict
else:
    __getattr__ = lazy(
        __name__,
        {
            **dict.fromkeys(("everything", "owners_of"), "collect"),
            **dict.fromkeys(("Applied", "Importer"), "import_service"),
            **dict.fromkeys(("Format", "ParsedFile", "Wrong"), "parsed"),
            **dict.fromkeys(("Options", "Preview", "PreviewRow", "RowVerdict"), "preview"),
            "read": "importers.detect",
        },
    )

__all__ = [
    "Applied",
    "Format",
    "Importer",
    "Options",
    "ParsedFile",
    "Preview",
    "PreviewRow",
    "RowVerdict",
    "Wrong",
    "everything",
    "owners_of",
    "read",
]
