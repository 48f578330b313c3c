"""The composition root: settings become objects here, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from qdrant_client import QdrantClient

from memory.attachments.files import AttachmentFiles
from memory.attachments.intake import AttachmentIntake
from memory.auth import Accounts
from memory.builtin import extraction as rules
from memory.builtin.chat import BuiltinChat
from memory.builtin.extraction import BuiltinExtraction
from memory.builtin.taught import TaughtExamples
from memory.chat import safety
from memory.chat.companion import Companion
from memory.chat.context import ContextBuilder
from memory.chat.llm_reply import EndpointChat, OpenAIChat
from memory.chat.prompt import HISTORY_TOKENS
from memory.chat.reply_runs import ReplyRuns
from memory.chat.summary import EndpointSummarizer, RollingSummaries
from memory.config import Settings
from memory.db import NO_SPACE, Database, resolve_database_url
from memory.errors import FolderDamaged, FolderIncomplete, FolderUnusable
from memory.extraction.captions import PhotoCaptions
from memory.extraction.instruction_writer import EndpointInstructions
from memory.extraction.openai_extraction import OpenAIExtraction
from memory.extraction.pipeline import Extractor
from memory.extraction.procedure import EndpointProcedure
from memory.extraction.worker import ExtractionWorker
from memory.llm import local_embedder, local_transcriber, openai_client, transport
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.local_servers import LocalServers
from memory.llm.openai_client import OpenAIEmbedder, chat_endpoint, speech_endpoint
from memory.llm.prompts import Prompts, load_prompt
from memory.llm.sentence_encoder import shared_encoder
from memory.llm.speech import EndpointTranscriber, EndpointVoice, LocalTranscriber, Transcriber
from memory.memories import MemoryService
from memory.memories.archiving import Archiving
from memory.memories.graph import neo4j_server
from memory.memories.graph.index import RelationIndex
from memory.memories.graph.mirror import GraphMirror
from memory.memories.integrity import Integrity
from memory.memories.review import Review
from memory.memories.safety_marking import SafetyMarking
from memory.memories.webhook_delivery import WebhookDelivery
from memory.nlp import glosses
from memory.priority import Priority
from memory.studio import PersonaRegistry, Studio
from memory.system.clock import utc_now
from memory.system.files import make_private
from memory.system.warm_up import WarmUp
from memory.system.worker_process import Worker, WorkerProcess
from memory.transfer import Importer
from memory.transfer.backup import before_upgrade, drop_upgrades
from memory.types import ChatModel, Embedder, ExtractionModel, Owner, Persona
from memory.vector_store.client import open_client
from memory.vector_store.edge.folder import DISK_FULL
from memory.vector_store.embedding_upkeep import EmbeddingUpkeep
from memory.vector_store.owed_vectors import OwedVectors
from memory.vector_store.search.fusion import SearchWeights
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

ENCODER_PATIENCE = 15.0
"""Seconds that a batch waits for the sentence encoder to be loaded."""

# A file that no message names for so long was left behind by a crash.
UNNAMED_SECONDS = 3600.0

# A reply of another process that said nothing for so long has died with it.
QUIET_REPLY = timedelta(minutes=10)


@dataclass(frozen=True)
class Container:
    """Everything that lives as long as the process. ``close`` it to reopen the folder."""

    settings: Settings
    clock: Callable[[], datetime]
    db: Database
    store: MemoryStore
    memory_service: MemoryService
    relations: RelationIndex
    extraction_worker: ExtractionWorker
    archiving: Archiving
    extractor: Extractor
    companion: Companion
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


def build(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    worker: Worker | None = None,
) -> Container:
    """Open the folder, finish what a crash left owed, start the extraction worker.

    Args:
        settings: As loaded.
        clock: Aware UTC.
        worker: Works through texts and files; by default a process of its own.

    Raises:
        FolderBusy: another process has the folder open.
        FolderUnusable: it can't be written, was made by a newer version, or is damaged
            so that the history can't make up for it.
    """
    with ExitStack() as opened:
        worker = worker or WorkerProcess()
        opened.callback(worker.close)
        container = _assemble(settings, clock, worker, opened)
        opened.pop_all()
    return container


def _assemble(
    settings: Settings, clock: Callable[[], datetime], worker: Worker, opened: ExitStack
) -> Container:
    """What :func:`build` does; ``opened`` is told what to close if it goes wrong half-way."""
    folder = _prepare(settings.data_dir)
    embedder = make_embedder(settings)
    client = _open_client(settings)
    opened.callback(client.close)
    db = open_database(settings, clock)
    opened.callback(db.close)
    weights = SearchWeights(dense=settings.dense_weight, cjk=settings.cjk_weight)
    store = MemoryStore(client, embedder, folder, weights, background=True)
    opened.callback(store.close)
    memory_service = MemoryService(store, db, clock=clock)
    store.reads.judgements = db.feedback.judgements
    integrity = Integrity(store, db, memory_service)
    relations = RelationIndex(store, db, memory_service.history_first)
    opened.callback(integrity.close)
    integrity.check_database()
    attachment_files = AttachmentFiles(settings.data_dir)
    db.engine.rows_deleted = lambda user_id: attachment_files.retain(
        user_id, db.attachments.named(user_id).get(user_id, ())
    )
    studio = Studio(db)
    taught = TaughtExamples(settings.data_dir)
    chat_model, extraction_model = make_models(
        settings, studio.loaded, worker, attachment_files, taught
    )
    photo_captions = PhotoCaptions(
        *(db, attachment_files),
        chat_endpoint(settings) if settings.has_language_model else None,
        settings.chat_model,
        sees=lambda: isinstance(chat_model, EndpointChat) and chat_model.sees,
    )
    personas = PersonaRegistry(studio)
    priority = Priority()
    warm_up = WarmUp(priority)
    embedding_upkeep = EmbeddingUpkeep(store, priority)
    extractor = Extractor(
        store=store,
        db=db,
        memory_service=memory_service,
        model=extraction_model,
        personas=personas,
        settings=settings,
        clock=clock,
        priority=priority,
        prompts=studio.loaded,
        worker=worker,
        captions=photo_captions,
    )
    archiving = Archiving(
        store,
        db,
        memory_service,
        zone=settings.zone,
        clock=clock,
        days=settings.memory_days,
        most=settings.memory_limit,
        below=settings.archive_below,
    )

    def settle() -> None:
        memory_service.history_first.settle()
        if settings.database_url is not None:
            _recover_replies(db, settings)

    marking = SafetyMarking(store, db, memory_service, priority)
    owed_vectors = OwedVectors(store)

    def sweep() -> None:
        # Other processes may be writing files that no row names yet.
        wait = 0.0 if settings.database_url is None else UNNAMED_SECONDS
        attachment_files.sweep(db.attachments.named(), wait)

    def nightly() -> None:
        sweep()
        marking.run()
        archiving.nightly()
        owed_vectors.run()

    extraction_worker = ExtractionWorker(
        db,
        extractor,
        turns=settings.batch_turns,
        idle_seconds=settings.idle_seconds,
        clock=clock,
        exclusive=settings.database_url is None,
        settle=settle,
        nightly=nightly,
    )
    summaries = RollingSummaries(
        db=db,
        summarizer=make_summarizer(settings),
        history_tokens=(
            chat_model.history_tokens if isinstance(chat_model, EndpointChat) else HISTORY_TOKENS
        ),
        personas=personas,
        zone=lambda user_id: settings.zone_for(db.users.get(user_id)),
        clock=clock,
        priority=priority,
    )

    def turn_ended(owner: Owner, session_id: str) -> None:
        extraction_worker.wake(owner, session_id)
        summaries.turn_ended(owner, session_id)

    contexts = ContextBuilder(store, db.traces.uses)
    container = Container(
        settings=settings,
        clock=clock,
        db=db,
        store=store,
        memory_service=memory_service,
        relations=relations,
        extraction_worker=extraction_worker,
        archiving=archiving,
        extractor=extractor,
        contexts=contexts,
        review=Review(
            store,
            db,
            memory_service,
            clock,
            personas=personas,
            zone=settings.zone,
            priority=priority,
        ),
        importer=Importer(
            store,
            db,
            memory_service,
            extractor,
            clock,
            personas=personas,
            timezone=settings.timezone,
            rules=extraction_model if extraction_model.is_builtin else None,
            worker=worker,
            files=attachment_files,
        ),
        integrity=integrity,
        webhooks=WebhookDelivery(db, clock, private_allowed=settings.webhooks_private),
        graph_mirror=make_graph_mirror(settings, db, relations),
        priority=priority,
        warm_up=warm_up,
        embedding_upkeep=embedding_upkeep,
        accounts=Accounts(db, settings, clock),
        companion=Companion(
            settings=settings,
            db=db,
            store=store,
            contexts=contexts,
            chat_model=chat_model,
            personas=personas,
            clock=clock,
            turn_ended=turn_ended,
            set_aside=memory_service.branches.follow,
            priority=priority,
            files=attachment_files,
            stands_in=make_stand_in(settings),
            encoder=shared_encoder() if settings.sentence_encoder else None,
        ),
        chat_model=chat_model,
        extraction_model=extraction_model,
        taught=taught,
        personas=personas,
        studio=studio,
        worker=worker,
        summaries=summaries,
        procedures=make_procedures(settings),
        instructions=make_instructions(settings),
        attachment_files=attachment_files,
        attachment_intake=AttachmentIntake(
            worker, attachment_files, keep=settings.keep_attachments
        ),
        photo_captions=photo_captions,
        transcriber=make_transcriber(settings, worker),
        voice=make_voice(settings),
    )
    for step in (
        lambda: _recover_replies(db, settings),
        memory_service.history_first.recover,
        integrity.at_start,
        sweep,
    ):
        _unless_full(step)
    extraction_worker.start()
    container.webhooks.start()
    if container.graph_mirror is not None:
        container.graph_mirror.start()
    warm_up.add("care", safety.warm_up)
    if settings.sentence_encoder:
        # Early: whoever is in danger is noticed by words alone until it is there.
        safety.use_encoder(shared_encoder())
        warm_up.add("sentence encoder", shared_encoder().load_in_background)
    else:
        safety.use_encoder(None)
    # In the order in which somebody would wait: a reply's search, its model, the first write.
    warm_up.add("dictionary", glosses.warm_up)
    if chat_model.is_builtin:
        warm_up.add("rules", rules.warm_up)
    if settings.has_language_model or settings.embedder == "openai":
        warm_up.add("openai", transport.warm_up)
    warm_up.add("embedder", embedding_upkeep.start)
    warm_up.add("mem0", store.history.warm_up)
    return container


def _unless_full(step: Callable[[], object]) -> None:
    """A full disk is no reason not to read: what it keeps from being written is made up for."""
    try:
        step()
    except FolderUnusable as error:
        if error.params.get("why") not in (DISK_FULL, NO_SPACE):
            raise
        log.warning("not done while the disk is full: %s", error)


def open_database(
    settings: Settings, clock: Callable[[], datetime] = utc_now, *, accept_loss: bool = False
) -> Database:
    """The database that the settings name; a file is backed up before it is upgraded.

    Raises:
        StoreError: see :class:`memory.db.engine.Engine`.
    """
    url = resolve_database_url(settings.data_dir, settings.database_url)
    return Database(
        url,
        clock=clock,
        accept_loss=accept_loss,
        before_upgrade=lambda path, old, new: before_upgrade(settings.data_dir, path, old),
    )


def _open_client(settings: Settings) -> QdrantClient:
    """The store's client. Files that can't be used are dropped if the history can replace them.

    Raises:
        StoreError: see :func:`memory.vector_store.client.open_client`; the database's own error
            where that can't be used either.
    """
    try:
        return open_client(settings)
    except (FolderDamaged, FolderIncomplete) as error:
        with closing(open_database(settings)) as db:
            if db.holdings.knows_nobody():
                raise
        log.warning("%s; the memories are rebuilt from the history", error)
        return open_client(settings, drop_damaged=True)


def _recover_replies(db: Database, settings: Settings) -> None:
    """Replies that a crash cut off are over; on a server only those gone quiet for long."""
    if settings.database_url is None:
        db.messages.recover_streaming()
    else:
        quiet = max(QUIET_REPLY, 3 * timedelta(seconds=settings.request_timeout))
        db.messages.recover_streaming(before=db.engine.clock() - quiet)


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; hashed n-grams without the sentence encoder."""
    if settings.embedder == "openai":
        return OpenAIEmbedder(settings)
    if settings.sentence_encoder and local_embedder.is_installed():
        return LocalEmbedder(shared_encoder())
    return HashingEmbedder()


def make_models(
    settings: Settings,
    prompts: Prompts = load_prompt,
    worker: Worker | None = None,
    files: AttachmentFiles | None = None,
    taught: TaughtExamples | None = None,
) -> tuple[ChatModel, ExtractionModel]:
    """What speaks and what extracts: an endpoint if one is configured, else the rules.

    ``prompts`` gives a language model the prompt in use, at each request; ``worker`` reads
    what it answers; ``files`` has the pictures that it is shown; ``taught`` is what designers say
    that messages mean.
    """
    if settings.has_language_model:
        return OpenAIChat(settings, prompts, files), OpenAIExtraction(settings, prompts, worker)
    encoder = shared_encoder() if settings.sentence_encoder else None
    # A batch may wait for the encoder to be loaded; a reply, for what it hears, never does.
    extraction = BuiltinExtraction(encoder, patience=ENCODER_PATIENCE, taught=taught)
    return BuiltinChat(BuiltinExtraction(encoder, taught=taught), encoder, taught), extraction


def make_stand_in(settings: Settings) -> ChatModel | None:
    """What speaks to somebody in danger where a language model says what nobody should."""
    return BuiltinChat() if settings.has_language_model else None


def make_summarizer(settings: Settings) -> EndpointSummarizer | None:
    """What sums up long sessions: the model that extracts; nothing where rules speak."""
    if not settings.has_language_model:
        return None
    return EndpointSummarizer(*openai_client.extraction_endpoint(settings))


def make_procedures(settings: Settings) -> EndpointProcedure | None:
    """What sums up an agent's steps: the model that extracts; nothing where rules speak."""
    if not settings.has_language_model:
        return None
    return EndpointProcedure(*openai_client.extraction_endpoint(settings))


def make_instructions(settings: Settings) -> EndpointInstructions | None:
    """What writes instructions for a use: the model that extracts; nothing where rules speak."""
    if not settings.has_language_model:
        return None
    return EndpointInstructions(*openai_client.extraction_endpoint(settings))


def make_graph_mirror(
    settings: Settings, db: Database, relations: RelationIndex
) -> GraphMirror | None:
    """What keeps a Neo4j server up to date, if the settings name one and its driver is there."""
    if settings.neo4j_uri is None:
        return None
    if not neo4j_server.is_installed():
        log.warning(
            "NEO4J_URI changes nothing: its driver isn't installed (make setup EXTRAS=neo4j)"
        )
        return None
    password = settings.neo4j_password
    server = neo4j_server.Neo4jServer(
        settings.neo4j_uri,
        settings.neo4j_username,
        password.get_secret_value() if password else "",
        settings.neo4j_database,
    )
    return GraphMirror(db, relations, server)


def make_transcriber(settings: Settings, worker: Worker) -> Transcriber | None:
    """What hears: the model that the settings name, else the extra ``voice``, else nothing."""
    if settings.transcription_model is not None:
        return EndpointTranscriber(speech_endpoint(settings), settings.transcription_model)
    return LocalTranscriber(worker) if local_transcriber.is_installed() else None


def make_voice(settings: Settings) -> EndpointVoice | None:
    """What reads aloud, if the settings name a model; the browser does otherwise."""
    if settings.speech_model is None:
        return None
    endpoint = speech_endpoint(settings)
    return EndpointVoice(endpoint, settings.speech_model, settings.speech_voice)


def _prepare(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
        make_private(folder)
    except OSError as error:
        raise FolderUnusable(
            f"{folder} can't be written: {error.strerror}",
            folder=str(folder),
            why=error.strerror or type(error).__name__,
        ) from None
    return folder
