"""Container: everything that lives as long as the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from memory.attachments.files import AttachmentFiles
from memory.attachments.intake import AttachmentIntake
from memory.auth import Accounts
from memory.builtin.taught import TaughtExamples
from memory.chat.companion import Companion
from memory.chat.context import ContextBuilder
from memory.chat.reply_runs import ReplyRuns
from memory.chat.safety.watch import SafetyWatch
from memory.chat.session_opener import SessionOpener
from memory.chat.summary import RollingSummaries
from memory.config import Settings
from memory.db import Database
from memory.extraction.captions import PhotoCaptions
from memory.extraction.instruction_writer import EndpointInstructions
from memory.extraction.pipeline import Extractor
from memory.extraction.procedure import EndpointProcedure
from memory.extraction.worker import ExtractionWorker
from memory.llm.local_servers import LocalServers
from memory.llm.speech import EndpointVoice, Transcriber
from memory.memories import MemoryService
from memory.memories.archiving import Archiving
from memory.memories.graph.index import RelationIndex
from memory.memories.graph.mirror import GraphMirror
from memory.memories.integrity import Integrity
from memory.memories.review import Review
from memory.memories.webhook_delivery import WebhookDelivery
from memory.priority import Priority
from memory.studio import Studio
from memory.system.clock import Clock
from memory.system.warm_up import WarmUp
from memory.system.worker_process import Worker
from memory.transfer import Importer
from memory.transfer.backup import drop_upgrades
from memory.types import ChatModel, ExtractionModel, Owner, Persona
from memory.vector_store.embedding_upkeep import EmbeddingUpkeep
from memory.vector_store.store import MemoryStore


@dataclass(frozen=True)
class Container:
    """Everything that lives as long as the process. ``close`` it to reopen the folder."""

    settings: Settings
    clock: Clock
    db: Database
    store: MemoryStore
    memory_service: MemoryService
    relations: RelationIndex
    extraction_worker: ExtractionWorker
    archiving: Archiving
    extractor: Extractor
    session_opener: SessionOpener
    companion: Companion
    safety_watch: SafetyWatch
    contexts: ContextBuilder
    review: Review
    importer: Importer
    integrity: Integrity
    webhooks: WebhookDelivery
    graph_mirror: GraphMirror | None
    priority: Priority
    warm_up: WarmUp
    embedding_upkeep: EmbeddingUpkeep
    accounts: Accounts
    chat_model: ChatModel
    extraction_model: ExtractionModel
    taught: TaughtExamples
    personas: Mapping[str, Persona]
    studio: Studio
    worker: Worker
    summaries: RollingSummaries
    procedures: EndpointProcedure | None
    instructions: EndpointInstructions | None
    attachment_files: AttachmentFiles
    attachment_intake: AttachmentIntake
    photo_captions: PhotoCaptions
    transcriber: Transcriber | None
    voice: EndpointVoice | None
    local_servers: LocalServers = field(default_factory=LocalServers)
    replies: ReplyRuns = field(default_factory=ReplyRuns)

    def erase_user(self, user_id: str) -> None:
        """Erase everything about a user: memories, vectors, history, database rows.

        A crash in the middle is finished at the next start. Can't be undone.
        """
        self.memory_service.history_first.erase_user(user_id)
        self.review.forget(user_id)
        drop_upgrades(self.settings.data_dir)

    def erase_owner(self, owner: Owner) -> None:
        """Erase everything between a user and one persona; the profile stays."""
        self.memory_service.history_first.erase_owner(owner)
        self.review.forget(owner)
        drop_upgrades(self.settings.data_dir)

    def halt(self, timeout: float = 2.0) -> None:
        """End the work in the background, as the process is about to end.

        What isn't done stays owed and is taken up at the next start. May be repeated.

        Args:
            timeout: Seconds to wait for the extraction worker.
        """
        self.extraction_worker.ask_to_stop()
        self.replies.close()
        self.worker.close()
        self.embedding_upkeep.stop()
        self.summaries.stop()
        self.extraction_worker.stop(timeout)
        self.webhooks.stop(timeout / 2)
        if self.graph_mirror is not None:
            self.graph_mirror.stop(timeout / 2)

    def close(self) -> None:
        """Stop the extraction worker, the review and a rebuild, and let go of the folder."""
        self.warm_up.stop()
        self.halt()
        self.review.close()
        self.integrity.close()
        self.store.close()
        self.db.close()
