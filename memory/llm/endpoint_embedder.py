"""Embedding model behind an endpoint."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from memory.errors import (
    ModelAccount,
    ModelAddress,
    ModelAuth,
    ModelBalance,
    ModelBusy,
    ModelError,
    ModelTimeout,
    ModelUnknown,
    ModelUnreachable,
)
from memory.llm.endpoint import Endpoint
from memory.types import EmbeddingPurpose

log = logging.getLogger(__name__)

BATCH = 64
"""Texts a request; fewer for endpoints that take fewer (some take ten)."""
SLOW_SECONDS = 20.0
"""A request that takes longer has too many texts for the machine behind it."""
TIMEOUTS = 3
"""Requests that may time out before a text is given up with its batch."""
SHORTEST = 40
"""Characters of a piece that isn't halved any more."""
PROBE = "念念不忘"
"""A text that every embedding model takes: if it isn't taken, the text isn't to blame."""
ENDPOINTS_OWN = (
    *(ModelAuth, ModelAccount, ModelBalance, ModelUnknown, ModelAddress),
    *(ModelBusy, ModelUnreachable),
)
"""Failures of the endpoint, whatever the text."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a model wants before a question and before a text."""

    query: str = ""
    passage: str = ""


_NO_MARKS = _Marks()
# As the models' cards say. bge-m3, OpenAI's and most others want nothing.
_MARKS: tuple[tuple[re.Pattern[str], _Marks], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), marks)
    for pattern, marks in (
        (
            r"qwen3-embedding|e5-[\w-]*instruct|gte-qwen",
            _Marks("Instruct: Given a message, retrieve the memories that it is about\nQuery: "),
        ),
        (r"\be5-|(?<=-)e5\b", _Marks("query: ", "passage: ")),
        (r"nomic-embed-text", _Marks("search_query: ", "search_document: ")),
        (r"bge-(?:small|base|large)-zh", _Marks("为这个句子生成表示以用于检索相关文章：")),
        (
            r"bge-(?:small|base|large)-en|mxbai-embed",
            _Marks("Represent this sentence for searching relevant passages: "),
        ),
    )
)


class EndpointEmbedder:
    """Texts to vectors of one fixed size.

    A text that the model refuses is embedded in halves, whose mean is its vector. One that
    is refused down to its last piece gets a vector of zeros, which nothing is near to: the
    text can be stored and found by its words, and nothing else has to wait for it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        dims: int,
        *,
        for_questions: Endpoint | None = None,
        batch: int = BATCH,
        longest: int = 0,
    ) -> None:
        """Make it.

        Args:
            endpoint: Where the model is; texts to store are waited for.
            model: Its name.
            dims: The size of its vectors.
            for_questions: The same for single texts that somebody waits for.
            batch: Texts in a request to begin with.
            longest: Characters of a text that the model surely takes; of a longer one the
                halves are embedded at once. 0: not known.
        """
        self._endpoint = endpoint
        self._questions = for_questions or endpoint
        self._model = model
        self._dims = dims
        self._batch = batch
        self._longest = longest
        found = (marks for pattern, marks in _MARKS if pattern.search(model))
        self._marks = next(found, _NO_MARKS)

    @property
    def name(self) -> str:
        """The model's name; recorded with the collection.

        Vectors of texts with a mark aren't those without: the name says so.
        """
        return f"{self._model} (marked)" if self._marks.passage else self._model

    @property
    def dims(self) -> int:
        """Length of the vectors."""
        return self._dims

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        """One vector a text, in order; zeros for a text that the model refuses.

        A question is waited for by somebody: it is asked once, and nothing is tried again.

        Raises:
            ModelError: as the endpoint fails; ``embedding_size`` with ``wanted``
                and ``got`` if its vectors have another length than configured.
        """
        vectors: list[list[float]] = []
        mark = self._marks.query if purpose == "query" else self._marks.passage
        # Endpoints refuse empty texts, but a vector is owed for each.
        marked = [mark + (text or " ") for text in texts]
        if purpose == "query":
            return self._checked(self._questions.embed(marked, model=self._model, dims=self._dims))
        timeouts = TIMEOUTS if len(texts) > 1 else TIMEOUTS - 1
        while len(vectors) < len(texts):
            if not self._fits(marked[len(vectors)]):
                vectors.append(self._in_parts(marked[len(vectors)]))
                continue
            batch = list(takewhile(self._fits, marked[len(vectors) : len(vectors) + self._batch]))
            started = time.monotonic()
            try:
                found = self._asked(batch)
            except ModelTimeout:
                # A model that is being loaded answers the second time, a slow one fewer texts.
                timeouts -= 1
                if not timeouts:
                    raise
                self._batch = max(1, len(batch) // 2)
                continue
            except ModelError as error:
                found = self._split(batch, error)
            if time.monotonic() - started > SLOW_SECONDS and len(batch) > 1:
                self._batch = max(1, len(batch) // 2)
            vectors.extend(found)
        return vectors

    def _asked(self, batch: Sequence[str]) -> list[list[float]]:
        found = self._endpoint.embed(batch, model=self._model, dims=self._dims, patient=True)
        return self._checked(found)

    def _split(self, batch: Sequence[str], error: ModelError) -> list[list[float]]:
        """The vectors of a batch that was refused, by its halves."""
        if isinstance(error, ENDPOINTS_OWN) or error.code == "embedding_size":
            raise error
        if len(batch) == 1:
            return [self._alone(batch[0], error)]
        half = len(batch) // 2
        refused = 0
        vectors: list[list[float]] = []
        for part in (batch[:half], batch[half:]):
            try:
                vectors.extend(self._asked(part))
            except ModelError as why:
                refused += 1
                vectors.extend(self._split(part, why))
        if not refused:
            # It was their number, not one of the texts.
            self._batch = min(self._batch, max(1, half))
        return vectors

    def _alone(self, text: str, error: ModelError) -> list[float]:
        """The vector of a text that was refused by itself."""
        if text == PROBE:
            raise error
        try:
            self._asked([PROBE])
        except ModelError:
            raise error from None
        found = self._pieces(text)
        if found is None:
            log.warning(
                "a text of %d characters gets no vector: %s refused it", len(text), self._model
            )
            return [0.0] * self._dims
        return found

    def _fits(self, text: str) -> bool:
        return not self._longest or len(text) <= self._longest

    def _in_parts(self, text: str) -> list[float]:
        """The mean of the vectors of a text's parts, each of a length that is taken."""
        size = self._longest
        parts = [text[start : start + size].strip() or " " for start in range(0, len(text), size)]
        found: list[list[float]] = []
        for start in range(0, len(parts), self._batch):
            batch = parts[start : start + self._batch]
            try:
                found.extend(self._asked(batch))
            except ModelError as error:
                found.extend(self._split(batch, error))
        return [sum(numbers) / len(found) for numbers in zip(*found, strict=True)]

    def _pieces(self, text: str) -> list[float] | None:
        """The mean of the vectors of a text's halves, as far as they are taken."""
        if len(text) < 2 * SHORTEST:
            return None
        half = len(text) // 2
        found = []
        for piece in (text[:half], text[half:]):
            try:
                found.append(self._asked([piece.strip() or " "])[0])
            except ModelError as error:
                if isinstance(error, (*ENDPOINTS_OWN, ModelTimeout)):
                    raise
                deeper = self._pieces(piece)
                if deeper is not None:
                    found.append(deeper)
        if not found:
            return None
        return [sum(numbers) / len(found) for numbers in zip(*found, strict=True)]

    def _checked(self, found: list[list[float]]) -> list[list[float]]:
        for vector in found:
            if len(vector) != self._dims:
                raise ModelError(
                    f"{self._model} makes vectors of {len(vector)} numbers, "
                    f"configured are {self._dims}",
                    code="embedding_size",
                    wanted=self._dims,
                    got=len(vector),
                    endpoint=self._endpoint.host,
                )
        return found
