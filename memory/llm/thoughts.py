"""Removal of a reasoning model's thoughts from the text of its reply, piece by piece.

Servers without a parser for a model's format let its thoughts stand in the reply, between
marks that differ from model to model. With some chat templates the opening mark is part of
the prompt, so that only the closing one comes: then everything before it was a thought.
"""

from __future__ import annotations

import re

_NAMES = (
    r"(?:[\w-]{1,24}[:_])?(?:think|(?:ant)?thinking|thoughts?|reasoning|reflection|analysis|"
    r"scratchpad|monologue)"
)
_OPENING = re.compile(
    rf"<{_NAMES}(?:\s[^<>]*)?>|&lt;{_NAMES}&gt;|<details type=\"reasoning\"[^<>]{{0,60}}>"
    r"|\[think\]|◁think▷|<\|(?:begin_of_thought|start_thinking|thinking|inner_prefix)\|>"
    r"|<\|channel\|?>\s*(?:analysis|commentary|thought)[^<]*(?:<\|message\|>)?|<unused94>",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    rf"</{_NAMES}\s*>|&lt;/{_NAMES}&gt;"
    r"|\[/think\]|◁/think▷|<\|(?:end_of_thought|end_thinking|/thinking|inner_suffix)\|>"
    r"|<\|channel\|?>\s*final[^<]*<\|message\|>|<channel\|>|<unused95>",
    re.IGNORECASE,
)
# By itself this one closes nothing that was thought.
_ENDING = re.compile(rf"{_CLOSING.pattern}|</details>", re.IGNORECASE)
# Marks of the chat template around a reply, and of the reply proper after a thought.
_CONTROL = re.compile(
    r"<\|(?:start|end|return|message|channel|call|im_start|im_end|eot_id|eom_id|endoftext|"
    r"end_of_text|assistant|begin_of_box|end_of_box|start_response|end_response)\|>"
    r"(?:assistant|final)?"
    r"|</?(?:answer|response|final_answer)>|</s>|<eos>|<end_of_turn>|<｜end▁of▁sentence｜>",
    re.IGNORECASE,
)
# What may still become a mark when the next piece comes.
_UNFINISHED = re.compile(
    r"(?:<(?:[/|｜a-z][^<>]{0,48})?|\[(?:/?[a-z]{0,5})?|◁[^▷]{0,8}|&(?:l|lt|lt;[/a-z]{0,14}(?:&g?t?)?)?)$",
    re.IGNORECASE,
)
_OPEN_CHANNEL = re.compile(r"<\|channel\|?>[^<]{0,40}(?:<[^>]{0,12})?$", re.IGNORECASE)
_LONGEST_MARK = 80
_BEGINS_MARK = re.compile(r"[<\[◁&]")
_ENDS_MARK = re.compile(r"[>▷;]|think\]|<\|channel", re.IGNORECASE)


class ThoughtFilter:
    """Takes the pieces of a reply and gives what isn't thought.

    ``bare_closing`` says that a thought was closed that wasn't opened, ``retracted`` that it
    had been given out by then, ``thought`` that there was any.

    Args:
        hold: Keep everything back until a mark or the end: it isn't known yet whether
            the model opens its thoughts.
        known_bare: It is known that it only closes them.

    Example:
        >>> thoughts = ThoughtFilter()
        >>> thoughts.feed("<thi") + thoughts.feed("nk>hm</think>") + thoughts.feed("Hello")
        'Hello'
    """

    def __init__(self, *, hold: bool = False, known_bare: bool = False) -> None:
        self._holding = hold or known_bare
        self._known_bare = known_bare
        self._inside = False
        self._waiting = ""
        self._begun = False
        self._after_thought = False
        self.bare_closing = False
        self.retracted = False
        self.thought = False

    def feed(self, piece: str) -> str:
        """What may be shown after ``piece`` came."""
        self._waiting += piece
        # A long text that is held isn't read again for each piece in which no mark ends.
        newest = len(self._waiting) - len(piece) - _LONGEST_MARK
        if self._holding and _ENDS_MARK.search(self._waiting, max(0, newest)):
            # One mark tells which kind of model it is; nothing need be held after it.
            self._holding = not self._decided()
        return "" if self._holding else self._shown(self._ready())

    def end(self, *, cut: bool = False) -> str:
        """What is left to show at the end.

        Args:
            cut: The reply stopped early, so that a held text may be a thought.
        """
        if self._holding:
            self._holding = False
            if cut and self._known_bare and not self._decided():
                self.thought = True
                return ""
            self._decided()
        shown = self._shown(self._ready() + ("" if self._inside else self._waiting))
        self._waiting = ""
        return shown

    def _decided(self) -> bool:
        """Whether a mark has come; all before a closing one without an opening is dropped."""
        opening, closing = _OPENING.search(self._waiting), _CLOSING.search(self._waiting)
        if closing is None:
            return opening is not None and not self._waiting[: opening.start()].strip()
        before = _CONTROL.sub("", self._waiting[: closing.start()])
        if before.strip() and (opening is None or opening.start() > closing.start()):
            self._bare(closing)
        return True

    def _bare(self, mark: re.Match[str]) -> None:
        self.bare_closing = self.thought = self._after_thought = True
        self._waiting = self._waiting[mark.end() :]

    def _ready(self) -> str:
        """Take from what waits everything of which it is clear what it is."""
        ready = ""
        while True:
            if self._inside:
                mark = _ENDING.search(self._waiting)
                if mark is None:
                    self._waiting = self._waiting[-_LONGEST_MARK:]
                    return ready
                self._waiting = self._waiting[mark.end() :]
                self._inside, self._after_thought = False, True
                continue
            if not _BEGINS_MARK.search(self._waiting):
                ready += self._waiting
                self._waiting = ""
                return ready
            opening, closing = _OPENING.search(self._waiting), _CLOSING.search(self._waiting)
            first = closing is None or (opening and opening.start() < closing.start())
            if opening is not None and first and not _OPEN_CHANNEL.search(self._waiting):
                ready += self._text(self._waiting[: opening.start()])
                self._waiting = self._waiting[opening.end() :]
                self._inside = self.thought = True
                continue
            if closing is not None:
                said = self._waiting[: closing.start()]
                if _CONTROL.sub("", ready + said).strip() or self._begun:
                    # What was shown was a thought: the caller takes it back.
                    self._bare(closing)
                    self.retracted = self.retracted or self._begun
                    ready = ""
                else:
                    self._waiting = self._waiting[closing.end() :]
                continue
            unfinished = _OPEN_CHANNEL.search(self._waiting) or _UNFINISHED.search(self._waiting)
            end = unfinished.start() if unfinished else len(self._waiting)
            ready += self._text(self._waiting[:end])
            self._waiting = self._waiting[end:]
            return ready

    def _text(self, text: str) -> str:
        return _CONTROL.sub("", text)

    def _shown(self, text: str) -> str:
        if not self._begun or self._after_thought:
            text = text.lstrip()
        if text:
            self._begun, self._after_thought = True, False
        return text
