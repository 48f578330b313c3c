"""Sanitizer for a model's reply: nothing in it loads, hides or renders as HTML.

Streamlit's Markdown already shows HTML as text. What remains are images, which a
browser fetches by itself, links that hide their address, ``$``, which would turn
prices into formulas, and Streamlit's own directives.

CommonMark makes a link of ``](``, ``][`` and, for the address of a reference, ``]:``.
A word joiner between the two characters takes each of them apart, whatever stands
before, after or around, and what was written stays to be read, address included.
Only blocks of code keep them: a CommonMark parser says where those are.
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt

_JOINER = "\u2060"
_IMAGE = re.compile(r"!(?=\[)")
_LINK = re.compile(r"\](?=[(\[:])")
# The plain form, which is nicer to read as "text (address)".
_INLINE_LINK = re.compile(
    r"(?<![\\\]])\[([^\[\]\n`\\]{1,300}+)\]\([ \t]*+<?+([^\s()<>\\]{1,2000}+)>?+[ \t]*+\)"
)
# Where a bare address ends in Chinese: browsers' parsers only stop at a space. The first
# address in a run of letters and signs stands for all, because they end at the same place.
_ADDRESS_END = re.compile(
    r"(?<![!-~])((?>[!-~]*?(?:https?://|www\.))[!-~]++)"
    r"(?:(?=[，。；：！？、（）「」『』【】《》“”‘’…])|(?<=\))(?=[^\x00-\x7f]))",
    re.IGNORECASE,
)
_CODE = re.compile(r"(`[^`\n]+`)")
_DOLLAR = re.compile(r"(?<!\\)\$")
_DIRECTIVE = re.compile(r":(?=[a-z][a-z0-9_-]*+[\[{]|material/)", re.IGNORECASE)
# They turn the order of what follows round, so that an address reads as another one.
_OVERRIDES = re.compile("[\u202d\u202e]")
_HTML = re.compile(r"[\s>*+\-\d.)]*+<[a-z!?/]", re.IGNORECASE)


def reply_markdown(text: str) -> str:
    """A reply as Markdown without images, hidden links, formulas or colours."""
    lines = _OVERRIDES.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    code = _lines_of_code("\n".join(lines))
    if any(_HTML.match(line) for n, line in enumerate(lines) if n not in code):
        # Parsers differ in where HTML ends, and so in what is code after it.
        code = frozenset()
    out: list[str] = []
    prose: list[str] = []
    for number, line in enumerate(lines):
        if number in code:
            out += _prose(prose)
            prose = []
            out.append(_IMAGE.sub("!" + _JOINER, line))
        else:
            prose.append(line)
    return "\n".join(out + _prose(prose))


def _prose(lines: list[str]) -> list[str]:
    if not lines:
        return []
    parts = _CODE.split("\n".join(lines))
    for index in range(0, len(parts), 2):
        part = _INLINE_LINK.sub(r"\1 (\2)", parts[index])
        part = _ADDRESS_END.sub(r"\1 ", part)
        part = _DIRECTIVE.sub(":" + _JOINER, part)
        parts[index] = _DOLLAR.sub(r"\\$", part)
    # Over everything, also what looks like code in a line: whether it is depends on
    # back quotes anywhere in the paragraph.
    whole = _IMAGE.sub("!" + _JOINER, "".join(parts))
    return _LINK.sub("]" + _JOINER, whole).split("\n")


def _lines_of_code(text: str) -> frozenset[int]:
    """The numbers of the lines that are fenced or indented code."""
    return frozenset(
        number
        for token in _parser().parse(text)
        if token.type in ("fence", "code_block") and token.map is not None
        for number in range(*token.map)
    )


@cache
def _parser() -> MarkdownIt:
    """Only blocks are looked for: what is inside a line makes no difference to them."""
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser
