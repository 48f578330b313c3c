"""Languages: a code such as ``zh``, and tables that fall back where one has no words.

A language is made of files: ``locales/<code>/``, ``memory/llm/prompt_files/*.<code>.md`` and
``memory/chat/personas/*.<code>.toml``. Rules read Chinese and English; for any other
language what is written by rules (headings, dates, help) is English unless a file says it.
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

Language: TypeAlias = str

RULED: tuple[Language, ...] = ("zh", "en")
"""The languages that rules read and write."""

FALLBACK: Language = "en"

V = TypeVar("V")


class ByLanguage(dict[Language, V]):
    """A table by language; of a language that it lacks it gives the English entry.

    Example:
        >>> ByLanguage(zh="无", en="none")["fr"]
        'none'
    """

    def __missing__(self, language: Language) -> V:
        return self[FALLBACK]
