"""An embedding model behind an endpoint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memory.errors import ModelError
from memory.llm.endpoint import Endpoint
from memory.types import EmbeddingPurpose

BATCH = 64
"""Texts a request; halved for endpoints that take fewer (some take ten)."""
TOO_MANY = (400, 413, 422)


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
    """Texts to vectors of one fixed size."""

    def __init__(self, endpoint: Endpoint, model: str, dims: int) -> None:
        self._endpoint = endpoint
        self._model = model
        self._dims = dims
        self._batch = BATCH
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
        """One vector a text, in order.

        Raises:
            ModelError: as the endpoint fails; ``embedding_size`` with ``wanted``
                and ``got`` if its vectors have another length than configured.
        """
        vectors: list[list[float]] = []
        mark = self._marks.query if purpose == "query" else self._marks.passage
        while len(vectors) < len(texts):
            # Endpoints refuse empty texts, but a vector is owed for each.
            batch = [
                mark + (text or " ") for text in texts[len(vectors) : len(vectors) + self._batch]
            ]
            try:
                found = self._endpoint.embed(batch, model=self._model, dims=self._dims)
            except ModelError as error:
                if error.params.get("status") not in TOO_MANY or len(batch) == 1:
                    raise
                self._batch = max(1, len(batch) // 2)
                continue
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
            vectors.extend(found)
        return vectors
