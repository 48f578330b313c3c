"""Assembly: settings become objects here, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

from memory.attachments.files import AttachmentFiles
from memory.attachments.intake import AttachmentIntake
from memory.auth import Accounts
from memory.builtin import extraction as rules
from memory.builtin.taught import TaughtExamples
from memory.chat import safety
from memory.chat.companion import Companion
from memory.chat.context import ContextBuilder
from memory.chat.llm_reply import EndpointChat
from memory.chat.prompt import HISTORY_TOKENS
from memory.chat.safety.watch import SafetyWatch
from memory.chat.session_opener import SessionOpener
from memory.chat.summary import RollingSummaries
from memory.config import Settings
from memory.container.container import Container
from memory.container.factories import (
    make_embedder,
    make_graph_mirror,
    make_instructions,
    make_models,
    make_procedures,
    make_speakers,
    make_summarizer,
    make_transcriber,
    make_voice,
)
from memory.container.storage import open_database, open_folder, open_store_client
from memory.db import NO_SPACE, Database
from memory.errors import FolderUnusable
from memory.extraction.captions import PhotoCaptions
from memory.extraction.pipeline import Extractor
from memory.extraction.worker import ExtractionWorker
from memory.llm import transport
from memory.llm.openai_client import chat_endpoint
from memory.llm.sentence_encoder import shared_encoder
from memory.memories import MemoryService
from memory.memories.archiving import Archiving
from memory.memories.graph.index import RelationIndex
from memory.memories.integrity import Integrity
from memory.memories.review import Review
from memory.memories.safety_marking import SafetyMarking
from memory.memories.webhook_delivery import WebhookDelivery
from memory.nlp import glosses
from memory.priority import Priority
from memory.studio import PersonaRegistry, Studio
from memory.system.clock import Clock, utc_now
from memory.system.warm_up import WarmUp
from memory.system.worker_process import Worker, WorkerProcess
from memory.transfer import Importer
from memory.types import Owner
from memory.vector_store.edge.folder import DISK_FULL
from memory.vector_store.embedding_upkeep import EmbeddingUpkeep
from memory.vector_store.owed_vectors import OwedVectors
from memory.vector_store.search.fusion import SearchWeights
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

# A file that no message names for so long was left behind by a crash.
UNNAMED_SECONDS = 3600.0

# A reply of another process that said nothing for so long has died with it.
QUIET_REPLY = timedelta(minutes=10)


def build(
    settings: Settings,
    *,
    clock: Clock = utc_now,
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


def _assemble(settings: Settings, clock: Clock, worker: Worker, opened: ExitStack) -> Container:
    """What :func:`build` does; ``opened`` is told what to close if it goes wrong half-way."""
    folder = open_folder(settings.data_dir)
    embedder = make_embedder(settings)
    client = open_store_client(settings)
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
    safety_watch = SafetyWatch(settings=settings, db=db, clock=clock)
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
        safety_watch=safety_watch,
        session_opener=SessionOpener(
            settings=settings, db=db, store=store, personas=personas, clock=clock
        ),
        companion=Companion(
            settings=settings,
            db=db,
            contexts=contexts,
            speakers=make_speakers(settings, chat_model),
            watch=safety_watch,
            personas=personas,
            clock=clock,
            turn_ended=turn_ended,
            set_aside=memory_service.branches.follow,
            priority=priority,
            files=attachment_files,
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
    _start(container)
    return container


def _start(container: Container) -> None:
    """Let the work in the background begin."""
    container.extraction_worker.start()
    container.webhooks.start()
    if container.graph_mirror is not None:
        container.graph_mirror.start()
    settings, warm_up = container.settings, container.warm_up
    warm_up.add("care", safety.warm_up)
    if settings.sentence_encoder:
        # Early: whoever is in danger is noticed by words alone until it is there.
        safety.use_encoder(shared_encoder())
        warm_up.add("sentence encoder", shared_encoder().load_in_background)
    else:
        safety.use_encoder(None)
    # In the order in which somebody would wait: a reply's model, its search, the first write.
    if settings.has_language_model or settings.embedder == "openai":
        warm_up.add("openai", transport.warm_up)
    warm_up.add("dictionary", glosses.warm_up)
    if container.chat_model.is_builtin:
        warm_up.add("rules", rules.warm_up)
    warm_up.add("embedder", container.embedding_upkeep.start)
    warm_up.add("mem0", container.store.history.warm_up)


def _unless_full(step: Callable[[], object]) -> None:
    """A full disk is no reason not to read: what it keeps from being written is made up for."""
    try:
        step()
    except FolderUnusable as error:
        if error.params.get("why") not in (DISK_FULL, NO_SPACE):
            raise
        log.warning("not done while the disk is full: %s", error)


def _recover_replies(db: Database, settings: Settings) -> None:
    """Replies that a crash cut off are over; on a server only those gone quiet for long."""
    if settings.database_url is None:
        db.messages.recover_streaming()
    else:
        quiet = max(QUIET_REPLY, 3 * timedelta(seconds=settings.request_timeout))
        db.messages.recover_streaming(before=db.engine.clock() - quiet)
