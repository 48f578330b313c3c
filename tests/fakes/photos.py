"""Photos as cameras make them, and as people make them to hurt."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def photo(width: int = 320, height: int = 240, kind: str = "JPEG", colour: str = "orange") -> bytes:
    """A photo with place, device and a thumbnail's comment in it."""
    exif = Image.Exif()
    exif[Base.Make] = "Secret Camera"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (30.0, 15.0, 0.0)
    out = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    options = {} if kind == "GIF" else {"exif": exif}
    if kind == "JPEG":
        options["comment"] = b"taken at home"
    Image.new(mode, (width, height), colour).save(out, kind, **options)
    return out.getvalue()


def bomb_png(side: int = 30_000) -> bytes:
    """A few bytes that say they are very many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\x00" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
