"""The store's embedder: which vectors are written, which are searched by, and what is owed.

Vectors of two embedders can't be compared. While the stored ones come from another than the
configured one, searches go by words alone; the built-in embedders replace each other's
vectors by themselves (:mod:`memory.vector_store.embedding_upkeep`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qdrant_client import models

from memory.errors import EmbedderChanged, ModelError
from memory.llm.hashing_embedder import NAME_PREFIX as HASHED
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import NAME as ENCODER
from memory.llm.sentence_encoder import EncoderUnavailableError
from memory.types import Embedder, Memory
from memory.vector_store import listing, reembed
from memory.vector_store.collection import EmbedderRecord, record_of, save_record, stored_record
from memory.vector_store.core import StoreCore
from memory.vector_store.payload import memory_of
from memory.vector_store.search import calibration
from memory.vector_store.search.calibration import CalibratedEmbedder
from memory.vector_store.search.dense import query_vector
from memory.vector_store.search.fusion import DENSE
from memory.vector_store.search.search import DenseQuery

log = logging.getLogger(__name__)

EmbedderState: TypeAlias = Literal[
    "meaning", "loading", "reembedding", "words", "unavailable", "changed"
]
"""``meaning``: searches go by meaning too. ``loading`` and ``reembedding``: they will, by
themselves. ``words``: the embedder is the hashed one, which means nothing. ``unavailable``:
the sentence encoder can't be loaded. ``changed``: somebody has to decide."""


@dataclass(frozen=True, slots=True)
class EmbedderStatus:
    """How the embedder is; ``done`` of ``total`` memories have their new vector."""

    stored: EmbedderRecord
    configured: EmbedderRecord
    state: EmbedderState
    done: int = 0
    total: int = 0


class Embedding:
    """The part of the store that makes vectors.

    Args:
        core: The open collection.
        background: Somebody else calls :meth:`calibrate`; until then searches go by words
            alone, rather than wait for it.
    """

    def __init__(self, core: StoreCore, *, background: bool) -> None:
        self._core = core
        self._background = background
        self._calibrated: CalibratedEmbedder | None = None
        self._calibrating, self._reembedding = threading.Lock(), threading.Lock()
        self._progress = 0, 0

    def embedders(self) -> tuple[EmbedderRecord, EmbedderRecord]:
        """The embedder that made the stored vectors, and the configured one."""
        configured = self._core.embedder
        return self._core.stored, EmbedderRecord(configured.name, configured.dims)

    def has_semantic_vectors(self) -> bool:
        """Whether dense vectors say more than the words: none of the hashed embedder's do,
        and those of another one than the configured can't be compared with new ones."""
        stored, configured = self.embedders()
        return stored == configured and not configured.name.startswith(HASHED)

    def status(self) -> EmbedderStatus:
        """What searches go by at present, and what goes on."""
        stored, configured = self.embedders()
        done, total = self._progress
        return EmbedderStatus(stored, configured, self._state(), done, total)

    def reembeds_itself(self) -> bool:
        """Whether new vectors are to be made without being asked for.

        Where the sentence encoder replaces hashed vectors, and where somebody began it and
        the process ended. On a server others use the same collection, and whoever replaces
        it decides when.
        """
        stored, configured = self.embedders()
        if stored == configured or self._core.edge is None:
            return False
        replaces = stored.name.startswith(HASHED) and isinstance(self._core.embedder, LocalEmbedder)
        core = self._core
        return replaces or reembed.is_begun(core.client, core.collection, core.embedder)

    def calibrate(self) -> None:
        """Measure what the embedder's cosines mean, unless it is known; loads the embedder.

        Raises:
            ModelError: the embedding endpoint failed.
            EncoderUnavailableError: the sentence encoder can't be loaded.
        """
        with self._calibrating:
            stored, configured = self.embedders()
            if configured.name.startswith(HASHED):
                return
            record = (
                stored_record(self._core.client, self._core.collection)
                if stored == configured
                else {}
            )
            known = record.get("calibration")
            if isinstance(self._core.embedder, LocalEmbedder):
                self._core.embedder.load()
            if self._calibrated is None:
                self._calibrated = calibration.calibrated(self._core.embedder, known)
            # What the package knows of its own encoder needn't stand in every collection.
            local = isinstance(self._core.embedder, LocalEmbedder)
            made = (self._calibrated.calibration if local else self._calibrated).record()
            if stored == configured and known != made:
                changes = {**record_of(self._core.embedder), "calibration": made}
                save_record(self._core.client, self._core.collection, changes)

    def reembed(
        self,
        progress: Callable[[int, int], None] = lambda done, total: None,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        """Re-embed all memories with the configured embedder, while the store is in use.

        Safe against a crash: the old vectors stay until all new ones are there.

        Args:
            progress: Called with how many are done, and of how many.
            pause: Called before every few memories; may wait, or end it by an exception.

        Raises:
            ModelError: the embedding endpoint failed; what is searched wasn't changed.
            EncoderUnavailableError: the sentence encoder can't be loaded; the same.
        """

        def note(done: int, total: int) -> None:
            self._progress = done, total
            progress(done, total)

        with self._reembedding:
            reembed.reembed(
                self._core.client,
                self._core.collection,
                self._core.embedder,
                self._core.locks,
                note,
                pause,
            )
            self._core.stored = EmbedderRecord(self._core.embedder.name, self._core.embedder.dims)
            self._progress = 0, 0
        if self._calibrated is not None:
            self.calibrate()  # the new collection doesn't know it yet

    def fill_vectors(self, pause: Callable[[], None] = lambda: None) -> int:
        """Embed what was written while the sentence encoder wasn't there.

        Returns:
            How many there were.
        """
        stored, configured = self.embedders()
        if stored != configured or configured.name.startswith(HASHED):
            return 0
        missing = models.Filter(must_not=[models.HasVectorCondition(has_vector=DENSE)])
        owed = [
            str(record.id)
            for record in listing.scroll(self._core.client, self._core.collection, missing, False)
        ]
        for start in range(0, len(owed), reembed.TOGETHER):
            ids = owed[start : start + reembed.TOGETHER]
            pause()
            with self._core.locks.of(ids):
                memories = [memory_of(r.id, r.payload) for r in self._core.records(ids)]
                vectors = self._core.embedder.embed([m.text for m in memories])
                points = [
                    models.PointVectors(id=memory.id, vector={DENSE: vector})
                    for memory, vector in zip(memories, vectors, strict=True)
                ]
                if points:
                    self._core.client.update_vectors(self._core.collection, points=points)
        return len(owed)

    def make_owed_vectors(self) -> int:
        """Try again to make the vectors of memories whose text the embedder refused.

        Returns:
            How many were made.

        Raises:
            ModelError: the endpoint failed.
        """
        if not self.has_semantic_vectors():
            return 0
        # The endpoint may take its time: nobody else waits for it.
        made = reembed.make_owed(self._core.client, self._core.collection, self._core.embedder)
        with self._core.locks.alone():
            return reembed.write_owed(self._core.client, self._core.collection, made)

    def dense_query(self, text: str) -> DenseQuery | None:
        """The vector to search by; ``None`` where it would mean nothing, or isn't there yet."""
        if not self.has_semantic_vectors():
            return None
        if isinstance(self._core.embedder, LocalEmbedder) and not self._core.embedder.ready:
            return None
        try:
            if self._calibrated is None and not self._background:
                self.calibrate()
            if self._calibrated is None:
                return None
            return DenseQuery(query_vector(self._core.embedder, text), self._calibrated)
        except (ModelError, EncoderUnavailableError) as error:
            log.warning("searching without the embedder: %s", getattr(error, "code", error))
            return None

    def writing_embedder(self) -> Embedder | None:
        """The embedder that makes vectors like the stored ones; ``None`` if it isn't there."""
        stored, configured = self.embedders()
        if stored == configured:
            return self._core.embedder
        if stored.name.startswith(HASHED) and isinstance(self._core.embedder, LocalEmbedder):
            return HashingEmbedder(stored.dims)
        if stored.name == ENCODER and configured.name.startswith(HASHED):
            return None
        if stored.dims != configured.dims:
            raise self._embedder_changed()
        return self._core.embedder

    def vectors_for(self, memories: Sequence[Memory]) -> Sequence[list[float] | None]:
        """Vectors to store; without the sentence encoder none, which are made up for later.

        Raises:
            ModelError: the embedding endpoint failed.
            EmbedderChanged: vectors of this embedder don't fit what is stored.
        """
        embedder = self.writing_embedder() if memories else None
        if embedder is None:
            return [None] * len(memories)
        try:
            vectors = embedder.embed([m.text for m in memories])
        except EncoderUnavailableError:
            return [None] * len(memories)
        if any(len(vector) != self._core.stored.dims for vector in vectors):
            raise self._embedder_changed()
        return vectors

    # --- inside ------------------------------------------------------------------

    def _state(self) -> EmbedderState:
        stored, configured = self.embedders()
        local = self._core.embedder if isinstance(self._core.embedder, LocalEmbedder) else None
        if local is not None and local.failed:
            return "unavailable"
        if stored != configured:
            return "reembedding" if self.reembeds_itself() else "changed"
        if configured.name.startswith(HASHED):
            return "words"
        return "meaning" if local is None or local.ready else "loading"

    def _embedder_changed(self) -> EmbedderChanged:
        stored, configured = self.embedders()
        return EmbedderChanged(
            f"the stored vectors come from {stored.name}, not from {configured.name}",
            stored=stored.name,
            configured=configured.name,
        )
