"""Removal of the speaker's name from the beginning of a reply.

Models that learnt from plays and chat logs begin with "Name: ". It would be read aloud and
stand in the history, from which the model learns to do so again.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\s*_【\[(（\"“]*")
_COLON = re.compile(r"[\s*_】\])）]*[:：][\s*_]*")
_ROOM = 8


class NamePrefix:
    """Takes ``name`` and a colon off the beginning of a reply, piece by piece.

    Example:
        >>> prefix = NamePrefix("Niannian")
        >>> prefix.feed("Nian") + prefix.feed("nian: Good") + prefix.feed(" morning")
        'Good morning'
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._held = ""
        self._open = bool(name)

    def feed(self, piece: str) -> str:
        """What may be shown after ``piece`` came."""
        if not self._open:
            return piece
        self._held += piece
        start = _MARKS.match(self._held)
        rest = self._held[start.end() if start else 0 :]
        if rest.startswith(self._name):
            behind = rest[len(self._name) :]
            colon = _COLON.match(behind)
            if colon and colon.end() < len(behind):
                return self._settled(behind[colon.end() :])
            if colon or (len(behind) < _ROOM and not re.search(r"[^\s*_】\])）]", behind)):
                return ""
        elif self._name.startswith(rest) and len(self._held) < len(self._name) + _ROOM:
            return ""
        return self._settled(self._held)

    def end(self) -> str:
        """What was held back at the end."""
        return self._settled(self._held) if self._open else ""

    def _settled(self, text: str) -> str:
        self._open, self._held = False, ""
        return text
