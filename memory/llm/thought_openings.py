"""Thoughts without tags at the beginning of a reply: fences, quotes and headings around them.

Relays write a model's thoughts as Markdown, some models head them with a sentence, and a
server that drops the tokens of a template leaves only the names of its channels. All of
that is told apart by how the reply begins; what comes later in it is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_THOUGHT = r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|思考|推理|思维)"


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a thought.

    ``begins`` are the words it may begin with, in lower case; it is another text once
    ``clear`` is found and ``opening`` isn't.
    """

    begins: tuple[str, ...]
    clear: re.Pattern[str]
    opening: re.Pattern[str]
    closing: re.Pattern[str]


def _form(begins: str, clear: str, opening: str, closing: str) -> _Form:
    patterns = (re.compile(text, re.IGNORECASE) for text in (clear, opening, closing))
    return _Form(tuple(begins.split("|")), *patterns)


_FORMS = (
    _form("```", r"\n", rf"```\s{{0,3}}{_THOUGHT}\b[^\n]*\n", r"(?:^|\n)```[ \t]{0,3}(?=\n)"),
    _form(
        ":::", r"\n", rf":{{3,8}}\s{{0,3}}{_THOUGHT}\b[^\n]*\n", r"(?:^|\n):{3,8}[ \t]{0,3}(?=\n)"
    ),
    _form(
        "<details",
        r"</summary>|.{200}",
        rf"<details[^<>]{{0,60}}>\s{{0,8}}<summary>[^<]{{0,60}}{_THOUGHT}[^<]{{0,60}}</summary>",
        r"</details>",
    ),
    _form(
        "*thinking|*thought|**thinking|**thought|_thinking|> thinking|> *thinking|*思考|**思考",
        r"\n\s*\S|.{80}",
        rf"[>*_ ]{{1,4}}{_THOUGHT}[^\n]{{0,40}}\n\s*(?=>)",
        r"\n\s*(?=[^\s>])",
    ),
    _form(
        "here is my|here's my",
        r".{30}",
        r"here(?: is|'s) my (?:thought|thinking|reasoning) process:?",
        r"here(?: is|'s) my (?:final )?(?:response|answer):",
    ),
    # Between two words of English there is a blank.
    _form("analysis", r".{9}", r"analysis(?-i:(?=[A-Z\u4e00-\u9fff]))", r"assistant\s?final"),
)
_KEPT = 60
"""Characters of a thought that are kept, because its end may have begun in them."""


class ThoughtOpening:
    """Takes the first pieces of a reply and gives them on without such a thought.

    ``thought`` says that there was one, ``done`` that nothing need be looked at any more.

    Example:
        >>> opening = ThoughtOpening()
        >>> opening.feed("```thinking\\nhm\\n``") + opening.feed("`\\nHello")
        '\\nHello'
    """

    def __init__(self) -> None:
        self._waiting = ""
        self._closing: re.Pattern[str] | None = None
        self.done = self.thought = False

    def feed(self, piece: str) -> str:
        """What of the reply so far is no thought of this kind."""
        if self.done:
            return piece
        self._waiting += piece
        if self._closing is None:
            self._look()
        if self._closing is not None:
            end = self._closing.search(self._waiting)
            if end is None:
                self._waiting = self._waiting[-_KEPT:]
                return ""
            self._waiting = self._waiting[end.end() :]
            self.done = True
        return self._rest() if self.done else ""

    def end(self) -> str:
        """What is left at the end of the reply: nothing of a thought."""
        self.done = True
        return "" if self._closing is not None else self._rest()

    def _look(self) -> None:
        text = self._waiting.lstrip()
        if not text:
            return
        for form in _FORMS:
            opening = form.opening.match(text)
            if opening is not None:
                self._closing, self.thought = form.closing, True
                self._waiting = text[opening.end() :]
                return
        self.done = not any(_may_be(form, text) for form in _FORMS)

    def _rest(self) -> str:
        rest, self._waiting, self._closing = self._waiting, "", None
        return rest


def _may_be(form: _Form, text: str) -> bool:
    """Whether a text may turn out to have a form when more of it comes."""
    lower = text[:40].lower()
    begun = any(lower.startswith(word) or word.startswith(lower) for word in form.begins)
    return begun and form.clear.search(text) is None
