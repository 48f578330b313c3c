"""Clean-up of pasted addresses and keys."""

from __future__ import annotations

import re
import unicodedata

# Blanks of every kind, zero-width characters and marks of direction.
_INVISIBLE = re.compile("[\\s\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_HEADER = re.compile(r"^\s*+(?:authorization\s*+:\s*+)?bearer\s++", re.IGNORECASE)


# A host without a scheme: a name with dots in it, an address, or this machine.
_BARE = re.compile(r"(?:localhost|(?:[\w-]{1,63}\.){1,8}[\w-]{1,63})(?::\d{1,5})?(?:[/?#].*+)?")
_NEAR = re.compile(r"localhost|\d")
_EVERY = re.compile(r"^(https?://)(?:0\.0\.0\.0|\[::\])(?=[:/]|$)")
# A line of a file of settings.
_ASSIGNED = re.compile(r"^(?:export\s++)?[A-Z][A-Z0-9_]{2,40}\s*+=\s*+")


def mended_url(pasted: str) -> str:
    """``pasted`` without blanks, quotes and stops at its ends, in ordinary characters.

    Example:
        >>> mended_url(" https：//api.deepseek.com/v1/。")
        'https://api.deepseek.com/v1'
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", pasted)).strip("\"'<>`,;。")
    scheme, colon, rest = text.partition("://")
    text = f"{scheme.lower()}{colon}{rest}" if colon else text
    # "http://" alone stays what it is: something that isn't an address yet.
    return text if text.endswith("://") else text.rstrip("/")


def endpoint_url(pasted: str) -> str:
    """The address of an endpoint: mended, and with a scheme where only the host was pasted.

    Example:
        >>> endpoint_url("localhost:11434"), endpoint_url("api.deepseek.com")
        ('http://localhost:11434', 'https://api.deepseek.com')
    """
    text = mended_url(pasted)
    if "://" not in text and _BARE.fullmatch(text):
        text = f"{'http' if _NEAR.match(text) else 'https'}://{text}"
    # There a server listens to every address; nobody can call it by that one.
    return _EVERY.sub(r"\g<1>127.0.0.1", text)


def mended_key(pasted: str) -> str:
    """``pasted`` without blanks, quotes, and the words of the header it was copied from.

    Example:
        >>> mended_key("Authorization: Bearer sk-1234 ")
        'sk-1234'
    """
    text = _ZERO_WIDTH.sub("", pasted).strip().strip("\"'`")
    text = _ASSIGNED.sub("", text).strip("\"'`")
    # A blank in the middle stays: two things were pasted, and which is the key isn't clear.
    return _HEADER.sub("", text).strip().strip("\"'`")
