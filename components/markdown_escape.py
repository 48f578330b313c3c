"""Markdown escaping: people's words are shown as they are, never as markup."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$^])")
# Streamlit's own directives (":red[…]", ":material/…:", ":smile:") survive a backslash.
_DIRECTIVE = re.compile(r":(?=[a-z0-9_+\-]+(?:[:\[/]))", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(\d+)([.)])|^([-+=])")


def plain(text: str) -> str:
    """One line of Markdown that shows ``text`` as it was written."""
    line = _DIRECTIVE.sub(":\u2060", " ".join(text.split()))
    line = _SPECIAL.sub(r"\\\1", line)
    return _LIST_MARK.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters, with an ellipsis where something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
