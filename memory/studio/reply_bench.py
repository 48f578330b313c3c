"""Reply bench: chat prompts and personas compared on situations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from memory.builtin.chat import BuiltinChat
from memory.builtin.extraction import BuiltinExtraction
from memory.chat.llm_reply import EndpointChat
from memory.db import Database
from memory.errors import NiannianError, NotFound
from memory.llm.prompts import Prompt, Prompts, parse_prompt
from memory.llm.sentence_encoder import shared_encoder
from memory.studio.situations import SituationReader
from memory.studio.unstored import gather
from memory.types import (
    ChatModel,
    Language,
    Persona,
    ReplyRequest,
    ReplyTrial,
    Situation,
    TrialAnswer,
    TrialSide,
    TriedReply,
)

log = logging.getLogger(__name__)

MOST_SITUATIONS = 30
"""In one trial: each is one call of the model a side."""


@dataclass(frozen=True, slots=True)
class ReplySide:
    """What speaks on one side.

    Attributes:
        label: How the page names it.
        persona: As whom.
        persona_text: The persona's file, which is kept with the result.
        prompt: The chat prompt's text.
        rules: The built-in companion speaks, which reads no prompt.
    """

    label: str
    persona: Persona
    persona_text: str
    prompt: str = ""
    rules: bool = False


class ReplyBench:
    """Tries sides on situations, and keeps what came of it. No memory is ever written."""

    def __init__(
        self,
        db: Database,
        reader: SituationReader,
        model: ChatModel,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._reader = reader
        self._model = model
        self._clock = clock

    def run(
        self, language: Language, situations: Sequence[Situation], sides: Sequence[ReplySide]
    ) -> Iterator[tuple[ReplyTrial, TrialAnswer]]:
        """Say each situation to all sides at once; what came of it is kept before it is given.

        A situation whose message was deleted meanwhile is passed over. Where every side
        fails in the first situation nothing is kept and nothing more is tried: the rest
        would fail for the same reason.

        Raises:
            ModelError, StoreError: why the first situation failed on all sides.
        """
        speakers = [self._speaker(side) for side in sides]
        trial: ReplyTrial | None = None
        now = self._clock()
        with ThreadPoolExecutor(max_workers=max(1, len(sides))) as workers:
            for number, situation in enumerate(situations):
                try:
                    requests = [
                        self._reader.request(situation, side.persona, now) for side in sides
                    ]
                except NotFound:
                    continue
                came = list(workers.map(_say, speakers, requests))
                errors = [error for _, error in came if error is not None]
                if trial is None:
                    if len(errors) == len(sides):
                        raise errors[0]
                    trial = self._db.reply_trials.begin(language, self._kept(sides))
                answer = TrialAnswer(
                    number=number,
                    situation_id=situation.id,
                    name=situation.name,
                    message=requests[0].message,
                    replies=tuple(reply for reply, _ in came),
                    owner=situation.owner,
                    message_id=situation.message_id,
                )
                try:
                    self._db.reply_trials.add_answer(trial.id, answer)
                except NotFound:
                    continue
                yield trial, answer

    def _speaker(self, side: ReplySide) -> ChatModel:
        if side.rules and not self._model.is_builtin:
            encoder = shared_encoder()
            return BuiltinChat(BuiltinExtraction(encoder), encoder)
        if isinstance(self._model, EndpointChat) and side.prompt:
            prompt = parse_prompt("chat", side.prompt)
            return self._model.with_prompts(_only(prompt))
        return self._model

    def _kept(self, sides: Sequence[ReplySide]) -> list[TrialSide]:
        return [
            TrialSide(
                label=side.label,
                model="builtin" if side.rules else self._model.name,
                persona_id=side.persona.id,
                persona=side.persona_text,
                prompt="" if side.rules else side.prompt,
            )
            for side in sides
        ]


def _only(prompt: Prompt) -> Prompts:
    def prompts(_name: str, _language: Language) -> Prompt:
        return prompt

    return prompts


def _say(model: ChatModel, request: ReplyRequest) -> tuple[TriedReply, NiannianError | None]:
    """The whole reply, or why there is none."""
    began = perf_counter()
    said: list[str] = []
    failed: NiannianError | None = None
    stream = model.reply(request)
    try:
        gather(stream, said)
    except NiannianError as error:
        log.warning("a side of a reply trial failed: %s", error.code)
        failed = error
    finally:
        stream.close()
    usage = stream.usage
    reply = TriedReply(
        text="".join(said).strip(),
        error="" if failed is None else failed.code,
        milliseconds=(perf_counter() - began) * 1000,
        prompt_tokens=usage.prompt_tokens,
        reply_tokens=usage.reply_tokens,
    )
    return reply, failed
