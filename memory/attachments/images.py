"""Photo sanitizer: a photo is decoded and re-encoded, without anything but its pixels.

So no place, device or comment of the camera stays, and nothing that was hidden behind the
pixels. The only file that imports Pillow; :func:`read_photo` belongs into the worker process.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2048
"""Pixels; a larger photo is made smaller: no model looks closer."""

PHOTO_ENDINGS = ("jpg", "jpeg", "png", "webp", "gif")
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_QUALITY = 88
# What makes a second kind of file of a photo: pages and documents that begin within it.
_ANOTHER_KIND = re.compile(rb"<!doctype|<html|<script|<svg|%pdf-\d", re.IGNORECASE)
_TILE = 512
_TOKENS_PER_TILE = 170
_BASE_TOKENS = 85


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept: its bytes, their type and its size in pixels."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


def is_photo(data: bytes, name: str) -> bool:
    """Whether a file is meant as a photo, by its beginning or its name."""
    if data.startswith(_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return True
    ending = name.rpartition(".")[2].lower()
    return ending in (*PHOTO_ENDINGS, "svg", "svgz", "bmp", "tif", "tiff", "heic", "heif", "avif")


def read_photo(data: bytes, name: str) -> Photo:
    """A photo without what is beside its pixels, upright, of at most :data:`LONGEST_SIDE`.

    Args:
        data: The file.
        name: Its name, for errors.

    Raises:
        BadInput: ``photo_too_big``, ``photo_too_large`` (pixels), ``photo_type``,
            ``photo_mixed`` (another kind of file, too) or ``photo_broken``; with ``name``.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise BadInput(code="photo_too_big", name=name, limit=MOST_BYTES // 1024**2)
    if _ANOTHER_KIND.search(data[:1024]) and not _is_svg(data):
        raise BadInput(code="photo_mixed", name=name)
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except UnidentifiedImageError:
        raise BadInput(code="photo_type", name=name) from None
    except (OSError, ValueError, SyntaxError):
        raise BadInput(code="photo_broken", name=name) from None
    # Known from the header, before a single pixel is unpacked.
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(name)
    if zipfile.is_zipfile(io.BytesIO(data)) or _ANOTHER_KIND.search(data[-65_536:]):
        raise BadInput(code="photo_mixed", name=name)
    try:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _written(upright)
    except (OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError):
        raise BadInput(code="photo_broken", name=name) from None


def photo_tokens(width: int, height: int) -> int:
    """Estimated tokens of a photo: a price for each tile of 512 pixels, as most models count."""
    if not width or not height:
        return 0
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    scale *= min(1.0, 768 / (min(width, height) * scale))
    tiles = math.ceil(width * scale / _TILE) * math.ceil(height * scale / _TILE)
    return _BASE_TOKENS + _TOKENS_PER_TILE * tiles


def _written(image: Image) -> Photo:
    out = io.BytesIO()
    if "A" in image.getbands() or "transparency" in image.info:
        kind, plain = "PNG", image.convert("RGBA")
        plain.info.clear()
        plain.save(out, "PNG", optimize=True)
    else:
        kind, plain = "JPEG", image.convert("RGB")
        plain.info.clear()
        plain.save(out, "JPEG", quality=_QUALITY)
    return Photo(out.getvalue(), f"image/{kind.lower()}", plain.width, plain.height)


def _is_svg(data: bytes) -> bool:
    return b"<svg" in data[:1024].lower()


def _too_large(name: str) -> BadInput:
    return BadInput(code="photo_too_large", name=name, limit=MOST_PIXELS // 1_000_000)
