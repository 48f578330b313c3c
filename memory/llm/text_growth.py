"""Incremental reading of streams, also of those whose pieces hold the whole text so far."""

from __future__ import annotations

SURE = 6
"""Characters that no two pieces begin with by chance."""
REPEATED = 8
"""Characters of a last piece that is taken for the whole reply once more."""


class TextGrowth:
    """Gives of each piece what it adds to the text before.

    Most endpoints send what is new, some all of the text so far with every piece. Which it
    is shows with the second piece or, where that is short, the third; until then the second
    is kept back.

    Args:
        cumulative: It is known that each piece holds all of the text so far.

    Attributes:
        cumulative: Whether that has shown.

    Example:
        >>> growth = TextGrowth()
        >>> [growth.feed(piece) for piece in ("Good", "Good morn", "Good morning!")]
        ['Good', '', ' morning!']
    """

    def __init__(self, *, cumulative: bool = False) -> None:
        self.cumulative = cumulative
        self._decided = cumulative
        self._came = ""
        self._pieces = 0
        self._held: list[str] = []

    def feed(self, piece: str, *, last: bool = False) -> str:
        """What is new in ``piece``.

        Args:
            piece: A piece of text as it came.
            last: The reply ends with it.
        """
        if not piece:
            return ""
        self._pieces += 1
        if not self._decided and self._came:
            before = self._held[-1] if self._held else self._came
            least = len(before) if self._held and len(piece) >= SURE else len(before) + 1
            if piece.startswith(before) and len(piece) >= least:
                if len(before) < SURE and not (self._held and len(piece) >= SURE):
                    self._held.append(piece)
                    return ""
                self.cumulative = True
            self._decided = True
        if self.cumulative and piece.startswith(self._came):
            new = piece[len(self._came) :]
        else:
            self.cumulative = False
            new = "".join(self._held) + piece
            if last and self._pieces > 2 and len(piece) >= REPEATED and piece == self._came:
                new = ""
        self._held.clear()
        self._came += new
        return new

    def further(self, whole: str) -> str:
        """What a whole reply adds to the text so far; nothing if it is another."""
        if not whole.startswith(self._came):
            return ""
        new = whole[len(self._came) :]
        self._held.clear()
        self._came = whole
        return new

    def end(self) -> str:
        """What was kept back at the end."""
        left = "".join(self._held)
        self._held.clear()
        self._came += left
        return left
