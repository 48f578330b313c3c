"""Suffix stripping: particles, laughter and punctuation taken off the end of a text.

``(?:ha|!|\\s)+$`` tries again from each character of a long "hahaha …", in square time or,
where its parts overlap, in exponential time. Read from the end it is one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endings:
    """What may stand at the end of a text, any number of times.

    >>> Endings.of(r"!\\s", ["lol", "right now", "now"]).stripped("I left right now! lol")
    'I left'
    """

    reversed: re.Pattern[str]

    @classmethod
    def of(
        cls,
        characters: str,
        words: Iterable[str] = (),
        *,
        whole_words: bool = True,
        more: str = "",
        flags: int = 0,
    ) -> Endings:
        """Endings of single characters and words.

        Args:
            characters: What stands between the brackets of a character class.
            words: Literal words and phrases.
            whole_words: Whether a word only counts where one begins ("now", not "snow").
            more: A pattern of what else may stand there, turned around as a whole.
            flags: As for :func:`re.compile`.
        """
        longest_first = sorted(words, key=len, reverse=True)
        edge = r"\b" if whole_words else ""
        turned = "".join(f"|{re.escape(word[::-1])}{edge}" for word in longest_first)
        return cls(re.compile(f"(?:[{characters}]{turned}{more and f'|{more}'})+", flags))

    def stripped(self, text: str) -> str:
        """``text`` without its endings."""
        match = self.reversed.match(text[::-1])
        return text[: len(text) - match.end()] if match else text
