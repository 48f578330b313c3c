"""An embedding model behind an endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from memory.errors import ModelError
from memory.llm.endpoint import Endpoint

BATCH = 64
"""Texts a request; halved for endpoints that take fewer (some take ten)."""
TOO_MANY = (400, 413, 422)


class EndpointEmbedder:
    """Texts to vectors of one fixed size."""

    def __init__(self, endpoint: Endpoint, model: str, dims: int) -> None:
        self._endpoint = endpoint
        self._model = model
        self._dims = dims
        self._batch = BATCH

    @property
    def name(self) -> str:
        """The model's name; recorded with the collection."""
        return self._model

    @property
    def dims(self) -> int:
        """Length of the vectors."""
        return self._dims

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order.

        Raises:
            ModelError: as the endpoint fails; ``embedding_size`` with ``wanted``
                and ``got`` if its vectors have another length than configured.
        """
        vectors: list[list[float]] = []
        while len(vectors) < len(texts):
            # Endpoints refuse empty texts, but a vector is owed for each.
            batch = [text or " " for text in texts[len(vectors) : len(vectors) + self._batch]]
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
