"""A model's reply made safe to show: nothing in it loads, hides or renders as HTML.

Streamlit's markdown already shows HTML as text. What remains are images, which a
browser fetches by itself, links that hide their target, ``$``, which would turn
prices into formulas, and Streamlit's own directives.
"""

from __future__ import annotations

import re

# A word joiner between "!" and "[" ends the image syntax everywhere, inside code
# too, and can't be undone by a backslash before it.
_IMAGE = re.compile(r"!(?=\[)")
_INLINE_LINK = re.compile(
    r"(?<!\\)\[([^\[\]\n]{1,300})\]\(\s*<?([^\s()<>]{1,2000})>?[^()\n]{0,300}\)"
)
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_DOLLAR = re.compile(r"(?<!\\)\$")
_DIRECTIVE = re.compile(r":(?=[a-z]+(?:-[a-z]+)*\[|material/)")


def reply_markdown(text: str) -> str:
    """A reply as markdown without images, hidden links, formulas or colours."""
    text = _IMAGE.sub("!\u2060", text)
    parts = _CODE.split(text)
    for index in range(0, len(parts), 2):
        part = _INLINE_LINK.sub(r"\1 (\2)", parts[index])
        part = _DIRECTIVE.sub(":\u2060", part)
        parts[index] = _DOLLAR.sub(r"\\$", part)
    return "".join(parts)
