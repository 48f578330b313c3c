"""Extraction by a language model behind an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from memory.config import Settings
from memory.errors import ModelFiltered, ModelTooLong, ReplyCut, UnreadableReply
from memory.extraction.parsing import ReadResult, read_reply
from memory.extraction.prompt import build_messages, said_on, with_complaint
from memory.extraction.reply_schema import reply_schema
from memory.llm.endpoint import Endpoint
from memory.llm.openai_client import extraction_endpoint
from memory.llm.prompts import Prompt, Prompts, load_prompt
from memory.nlp.language import detect
from memory.nlp.tokens import estimate
from memory.system.worker_process import InProcess, Worker
from memory.types import ExtractionReply, ExtractionRequest, Operation, Usage

REPLY_TOKENS = 1000
"""Part of a model's context that is left for its answer."""


class EndpointExtraction:
    """Asks an endpoint, reads whatever it answers, and asks once more if it must."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        prompts: Prompts = load_prompt,
        worker: Worker | None = None,
    ) -> None:
        """Make it.

        Args:
            endpoint: Where the model is.
            model: Its name.
            prompts: Asked at each extraction, so that an edited prompt counts at once.
            worker: Reads what the model answered: it may be anything.
        """
        self._endpoint = endpoint
        self._model = model
        self._prompts = prompts
        self._worker = worker or InProcess()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    @property
    def is_builtin(self) -> bool:
        """Whether rules extract instead of a language model."""
        return False

    def extract(self, request: ExtractionRequest, prompt: Prompt | None = None) -> ExtractionReply:
        """What the model proposes for a batch.

        Args:
            request: The batch.
            prompt: Another prompt to try instead of the one in use.

        Raises:
            UnreadableReply: nothing could be read, the second time either.
            ModelError: the endpoint failed.
            WorkError: reading the reply took too long or too much memory.
        """
        prompt = prompt or self._prompts("extract", request.language)
        messages = build_messages(request, prompt)
        room = self._endpoint.context(self._model)
        if room and sum(estimate(m["content"]) for m in messages) > room - REPLY_TOKENS:
            # Some servers cut what is too long without a word.
            halves = _halves(request)
            if halves:
                return self._joined(halves, prompt)
        try:
            return self._whole(request, messages)
        except (ModelTooLong, ModelFiltered, ReplyCut):
            halves = _halves(request)
            if not halves:
                raise
            return self._joined(halves, prompt)

    def _joined(self, halves: Sequence[ExtractionRequest], prompt: Prompt) -> ExtractionReply:
        """The replies to the parts of a batch as one, with the numbers of the whole batch."""
        replies: list[ExtractionReply] = []
        operations: list[Operation] = []
        before = 0
        for half in halves:
            reply = self.extract(half, prompt)
            operations.extend(
                replace(one, source=tuple(number + before for number in one.source))
                for one in reply.operations
            )
            before += len(half.messages)
            replies.append(reply)
        usage = [reply.usage for reply in replies]
        return ExtractionReply(
            operations=tuple(operations),
            raw="\n".join(reply.raw for reply in replies),
            repairs=tuple(repair for reply in replies for repair in reply.repairs),
            usage=Usage(
                sum(one.prompt_tokens for one in usage),
                sum(one.reply_tokens for one in usage),
                any(one.estimated for one in usage),
            ),
            model=self._model,
            calls=sum(reply.calls for reply in replies),
            mood=next((reply.mood for reply in reversed(replies) if reply.mood), None),
        )

    def _whole(self, request: ExtractionRequest, messages: list[dict[str, str]]) -> ExtractionReply:
        """The reply to a batch in one request, or two if the first answer is of no use."""
        schema = reply_schema(request.categories)
        zone = ZoneInfo(request.timezone)
        today = said_on(request.messages[-1], zone) if request.messages else None
        prompt_tokens = reply_tokens = 0
        estimated = False
        raw = ""
        for attempt in (1, 2):
            # A blank or broken document may be the fault of the JSON mode itself.
            json_mode = attempt == 1
            try:
                answer = self._endpoint.complete(
                    messages, model=self._model, json_mode=json_mode, schema=schema
                )
            except ReplyCut as error:
                # In JSON mode some models write blanks until they are stopped.
                if not json_mode or error.code != ReplyCut.code:
                    raise
                continue
            raw = answer.text
            if answer.cut and _halves(request):
                # What stood behind the cut would be lost without a word.
                raise ReplyCut("the reply reached its limit", endpoint=self._endpoint.host)
            estimated = estimated or answer.prompt_tokens is None
            prompt_tokens += answer.prompt_tokens or sum(estimate(m["content"]) for m in messages)
            reply_tokens += answer.reply_tokens or estimate(raw)
            result, foreign = self._worker.run(_read, raw, request, today)
            if result.readable and (attempt == 2 or not foreign):
                return ExtractionReply(
                    operations=result.operations,
                    raw=raw,
                    repairs=result.repairs,
                    usage=Usage(prompt_tokens, reply_tokens, estimated),
                    model=self._model,
                    calls=attempt,
                    mood=result.mood,
                )
            why = "language" if foreign else "unreadable"
            messages = with_complaint(messages, raw, request.language, why)
        raise UnreadableReply(
            f"{self._endpoint.host}: nothing readable in two replies",
            endpoint=self._endpoint.host,
            characters=len(raw),
        )


def _halves(request: ExtractionRequest) -> list[ExtractionRequest]:
    """Two parts of a batch, at the end of a turn; none of a single turn."""
    messages = request.messages
    starts = [n for n, message in enumerate(messages) if n and message.role == "user"]
    if not starts:
        return []
    middle = min(starts, key=lambda start: abs(start - len(messages) / 2))
    return [
        replace(request, messages=messages[:middle]),
        replace(request, messages=messages[middle:]),
    ]


def _read(raw: str, request: ExtractionRequest, today: date | None) -> tuple[ReadResult, bool]:
    """What the reply says, and whether it says it in a language that nobody spoke."""
    result = read_reply(raw, known=len(request.known), categories=request.categories, today=today)
    return result, result.readable and _mostly_foreign(result.operations, request)


def _mostly_foreign(operations: Sequence[Operation], request: ExtractionRequest) -> bool:
    """Whether most memories are in a language that nobody in the batch spoke."""
    spoken = {detect(message.text, default=request.language) for message in request.messages}
    texts = [operation.text for operation in operations if operation.text]
    foreign = [text for text in texts if detect(text, default=request.language) not in spoken]
    return len(foreign) * 2 > len(texts)


class OpenAIExtraction(EndpointExtraction):
    """The extraction model that the settings name (else the chat model)."""

    def __init__(
        self, settings: Settings, prompts: Prompts = load_prompt, worker: Worker | None = None
    ) -> None:
        super().__init__(*extraction_endpoint(settings), prompts, worker)
