"""Removal of a reasoning model's thoughts from the text of its reply, piece by piece.

Servers without a parser for a model's format let its thoughts stand in the reply, between
marks that differ from model to model. With some chat templates the opening mark is part of
the prompt, so that only the closing one comes: then everything before it was a thought.
"""

from __future__ import annotations

import re

from memory.llm.thought_openings import ThoughtOpening

_NAMES = (
    r"(?:[\w-]{1,24}[:_])?(?:think(?:_\w{1,12})?|(?:ant)?thinking|thoughts?|reason(?:ing)?|"
    r"reflection|analysis|scratchpad|monologue|cot|planning|思考|思考过程|推理|推理过程)"
)
# Tools that nobody offered are called in the text.
_CALLS = r"(?:[\w-]{1,24}:)?(?:tool_calls?|function_calls?)"
_OPENING = re.compile(
    rf"<\s?{_NAMES}(?:\s[^<>]*)?>|&lt;{_NAMES}&gt;|<details type=\"reasoning\"[^<>]{{0,60}}>"
    r"|\[think\]|◁think▷|【思考】|<\|(?:begin_of_thought|start_thinking|thinking_start|"
    r"begin_of_thinking|think|thinking|inner_prefix)\|>"
    r"|<\|channel\|?>\s*(?:analysis|commentary|thought)[^<]*(?:<\|message\|>)?|<unused94>",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    rf"</\s?{_NAMES}\s*>|&lt;/{_NAMES}&gt;"
    r"|\[/think\]|◁/think▷|【/思考】|<\|(?:end_of_thought|end_thinking|thinking_end|"
    r"end_of_thinking|/think|/thinking|inner_suffix)\|>"
    r"|<\|channel\|?>\s*final[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>|<channel\|>|<unused95>",
    re.IGNORECASE,
)
# By itself this one closes nothing that was thought.
_ENDING = re.compile(rf"{_CLOSING.pattern}|</details>", re.IGNORECASE)
_CALL = re.compile(
    rf"<{_CALLS}>|<\|tool_calls?_section_begin\|>|<｜tool▁calls▁begin｜>", re.IGNORECASE
)
_CALLED = re.compile(
    rf"</{_CALLS}>|<\|tool_calls?_section_end\|>|<｜tool▁calls▁end｜>", re.IGNORECASE
)
# A model that isn't stopped at the end of its turn goes on with the user's.
_NEXT_TURN = re.compile(
    r"<\|im_start\|>\s*(?:user|system)|<(?:start_of_turn|\|turn)>\s*user|<｜User｜>|\[INST\]"
    r"|<\|start_header_id\|>\s*(?:user|system)|<\|(?:user|observation|system)\|>|<\|start\|>user",
    re.IGNORECASE,
)
# Marks of the chat template around a reply, and of the reply proper after a thought.
_CONTROL = re.compile(
    r"<\|(?:start|end|return|message|channel|call|im_start|im_end|eot_id|eom_id|endoftext|"
    r"end_of_text|assistant|begin_of_box|end_of_box|start_response|end_response|"
    r"(?:begin|end)_of_solution|start_header_id|end_header_id)\|>(?:assistant|final)?"
    r"|</?(?:answer|response|final_answer|solution)>|\[/INST\]|</?s>|<eos>|<turn\|>"
    r"|<(?:start|end)_of_turn>(?:model)?|<｜(?:end▁of▁sentence|Assistant)｜>",
    re.IGNORECASE,
)
# What may still become a mark when the next piece comes.
_UNFINISHED = re.compile(
    r"(?:<(?:\s?[/|｜a-z思推][^<>]{0,48}|\s)?|\[(?:/?[a-z]{0,5})?|◁[^▷]{0,8}|【[^】]{0,3}"
    r"|&(?:l|lt|lt;[/a-z]{0,14}(?:&g?t?)?)?"
    r"|<(?:\|im_start\||\|start\||\|start_header_id\||start_of_turn|\|turn)>\s*[a-z]{0,9})$",
    re.IGNORECASE,
)
_OPEN_CHANNEL = re.compile(
    r"<\|channel\|?>[^<]{0,40}(?:<\|constrain\|>[^<]{0,40})?(?:<[^>]{0,12})?$", re.IGNORECASE
)
_LONGEST_MARK = 80
_BEGINS_MARK = re.compile(r"[<\[◁&【]")
_ENDS_MARK = re.compile(r"[>▷;】]|think\]|<\|channel", re.IGNORECASE)


def _first(mark: re.Match[str], *others: re.Match[str] | None) -> bool:
    """Whether a mark stands before all others."""
    return all(other is None or mark.start() < other.start() for other in others)


class ThoughtFilter:
    """Takes the pieces of a reply and gives what isn't thought.

    ``bare_closing`` says that a thought was closed that wasn't opened, ``retracted`` that it
    had been given out by then, ``thought`` that there was any.

    Args:
        hold: Keep everything back until a mark or the end: it isn't known yet whether
            the model opens its thoughts.
        known_bare: It is known that it only closes them.
        calls: What it hands to a tool may be the answer; else that goes, too.

    Example:
        >>> thoughts = ThoughtFilter()
        >>> thoughts.feed("<thi") + thoughts.feed("nk>hm</think>") + thoughts.feed("Hello")
        'Hello'
    """

    def __init__(
        self, *, hold: bool = False, known_bare: bool = False, calls: bool = False
    ) -> None:
        self._lead = ThoughtOpening()
        self._calls = calls
        self._ending = _ENDING
        self._over = False
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
        if not self._lead.done:
            piece = self._lead.feed(piece)
            self.thought = self._lead.thought
        if self._over:
            return ""
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
        self._waiting += self._lead.end()
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
                mark = self._ending.search(self._waiting)
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
            turn = _NEXT_TURN.search(self._waiting)
            if turn is not None and _first(turn, opening, closing):
                ready += self._text(self._waiting[: turn.start()]).rstrip()
                self._waiting, self._over = "", True
                return ready
            call = None if self._calls else _CALL.search(self._waiting)
            if call is not None and _first(call, opening, closing):
                opening, self._ending = call, _CALLED
            elif opening is not None:
                self._ending = _ENDING
            if opening is not None and _first(opening, closing):
                if _OPEN_CHANNEL.search(self._waiting):
                    return ready
                ready += self._text(self._waiting[: opening.start()])
                self._waiting = self._waiting[opening.end() :]
                self._inside = True
                self.thought = self.thought or opening is not call
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
