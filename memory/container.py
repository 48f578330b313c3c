"""The composition root: settings become objects here, and nowhere else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memory import care
from memory.accounts import Accounts
from memory.companion import Companion
from memory.config import Settings
from memory.context import ContextBuilder
from memory.errors import FolderUnusable
from memory.extraction.openai_extraction import OpenAIExtraction
from memory.extraction.pipeline import Extractor
from memory.extraction.rules import BuiltinExtraction
from memory.inbox import Inbox
from memory.keeper import Keeper
from memory.ledger import Ledger, ledger_url
from memory.life_cycle import LifeCycle
from memory.models.builtin import BuiltinChat
from memory.models.hashing import HashingEmbedder
from memory.models.openai_client import OpenAIChat, OpenAIEmbedder
from memory.models.sentence_encoder import shared_encoder
from memory.precedence import Precedence
from memory.prompting import Prompts, load_prompt
from memory.store import glosses
from memory.store.client import open_client
from memory.store.fusion import SearchWeights
from memory.store.memories import MemoryStore
from memory.studio import Cast, Studio
from memory.transfer import Importer
from memory.types import ChatModel, Embedder, ExtractionModel, Owner, Persona
from memory.writer import Writer

log = logging.getLogger(__name__)

# A reply of another process that said nothing for so long has died with it.
QUIET_REPLY = timedelta(minutes=10)


def utc_now() -> datetime:
    """The real clock; tests pass their own."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Container:
    """Everything that lives as long as the process. ``close`` it to reopen the folder."""

    settings: Settings
    clock: Callable[[], datetime]
    ledger: Ledger
    store: MemoryStore
    keeper: Keeper
    writer: Writer
    life_cycle: LifeCycle
    extractor: Extractor
    companion: Companion
    contexts: ContextBuilder
    inbox: Inbox
    importer: Importer
    precedence: Precedence
    accounts: Accounts
    chat_model: ChatModel
    extraction_model: ExtractionModel
    personas: Mapping[str, Persona]
    studio: Studio

    def erase_user(self, user_id: str) -> None:
        """Erase everything about a user: memories, vectors, history, ledger rows.

        A crash in the middle is finished at the next start. Can't be undone.
        """
        self.keeper.erase_user(user_id)
        self.inbox.forget(user_id)

    def erase_owner(self, owner: Owner) -> None:
        """Erase everything between a user and one persona; the profile stays."""
        self.keeper.erase_owner(owner)
        self.inbox.forget(owner)

    def close(self) -> None:
        """Stop the writer and the inbox, and let go of the folder."""
        self.writer.stop()
        self.inbox.close()
        self.store.close()
        self.ledger.close()


def build(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Container:
    """Open the folder, finish what a crash left owed, start the writer.

    Raises:
        FolderBusy: another process has the folder open.
        FolderUnusable: it can't be written, or is damaged.
    """
    with ExitStack() as opened:
        container = _assemble(settings, clock, opened)
        opened.pop_all()
    return container


def _assemble(settings: Settings, clock: Callable[[], datetime], opened: ExitStack) -> Container:
    """What :func:`build` does; ``opened`` is told what to close if it goes wrong half-way."""
    folder = _prepare(settings.data_dir)
    embedder = make_embedder(settings)
    client = open_client(settings)
    opened.callback(client.close)
    ledger = Ledger(ledger_url(folder, settings.database_url), clock=clock)
    opened.callback(ledger.close)
    weights = SearchWeights(dense=settings.dense_weight, cjk=settings.cjk_weight)
    store = MemoryStore(client, embedder, folder, weights)
    opened.callback(store.close)
    # The first search must not wait for the dictionary.
    threading.Thread(target=glosses.warm_up, name="niannian-dictionary", daemon=True).start()
    keeper = Keeper(store, ledger, clock=clock)
    studio = Studio(ledger)
    chat_model, extraction_model = make_models(settings, studio.loaded)
    personas = Cast(studio)
    precedence = Precedence()
    extractor = Extractor(
        store=store,
        ledger=ledger,
        keeper=keeper,
        model=extraction_model,
        personas=personas,
        settings=settings,
        clock=clock,
        precedence=precedence,
        prompts=studio.loaded,
    )
    life_cycle = LifeCycle(
        store,
        ledger,
        keeper,
        zone=settings.zone,
        clock=clock,
        days=settings.memory_days,
        most=settings.memory_limit,
        below=settings.archive_below,
    )

    def settle() -> None:
        keeper.settle()
        if settings.database_url is not None:
            _recover_replies(ledger, settings)

    writer = Writer(
        ledger,
        extractor,
        turns=settings.batch_turns,
        idle_seconds=settings.idle_seconds,
        clock=clock,
        exclusive=settings.database_url is None,
        settle=settle,
        nightly=life_cycle.nightly,
    )
    contexts = ContextBuilder(store, ledger.uses)
    container = Container(
        settings=settings,
        clock=clock,
        ledger=ledger,
        store=store,
        keeper=keeper,
        writer=writer,
        life_cycle=life_cycle,
        extractor=extractor,
        contexts=contexts,
        inbox=Inbox(
            store,
            ledger,
            keeper,
            clock,
            personas=personas,
            zone=settings.zone,
            precedence=precedence,
        ),
        importer=Importer(
            store,
            ledger,
            keeper,
            extractor,
            clock,
            personas=personas,
            timezone=settings.timezone,
            rules=extraction_model if extraction_model.is_builtin else None,
        ),
        precedence=precedence,
        accounts=Accounts(ledger, settings, clock),
        companion=Companion(
            settings=settings,
            ledger=ledger,
            store=store,
            contexts=contexts,
            chat_model=chat_model,
            personas=personas,
            clock=clock,
            turn_ended=writer.wake,
            precedence=precedence,
        ),
        chat_model=chat_model,
        extraction_model=extraction_model,
        personas=personas,
        studio=studio,
    )
    _recover_replies(ledger, settings)
    keeper.recover()
    store.adopt()
    writer.start()
    _begin_to_encode(settings)
    return container


def _begin_to_encode(settings: Settings) -> None:
    """Load the sentence encoder beside the first requests; words alone until then."""
    threading.Thread(target=care.warm_up, name="niannian-care", daemon=True).start()
    if settings.sentence_encoder:
        encoder = shared_encoder()
        encoder.load_in_background()
        care.use_encoder(encoder)
    else:
        care.use_encoder(None)


def _recover_replies(ledger: Ledger, settings: Settings) -> None:
    """Replies that a crash cut off are over; on a server only those gone quiet for long."""
    if settings.database_url is None:
        ledger.recover_streaming()
    else:
        quiet = max(QUIET_REPLY, 3 * timedelta(seconds=settings.request_timeout))
        ledger.recover_streaming(before=ledger.clock() - quiet)


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name."""
    if settings.embedder == "builtin":
        return HashingEmbedder()
    return OpenAIEmbedder(settings)


def make_models(
    settings: Settings, prompts: Prompts = load_prompt
) -> tuple[ChatModel, ExtractionModel]:
    """What speaks and what extracts: an endpoint if one is configured, else the rules.

    ``prompts`` gives a language model the prompt in use, at each request.
    """
    if settings.has_language_model:
        return OpenAIChat(settings, prompts), OpenAIExtraction(settings, prompts)
    rules = BuiltinExtraction()
    return BuiltinChat(listener=rules), rules


def _prepare(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        raise FolderUnusable(
            f"{folder} can't be written: {error.strerror}",
            folder=str(folder),
            why=error.strerror or type(error).__name__,
        ) from None
    return folder
