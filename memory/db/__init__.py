"""Database: users, sessions, messages, traces, batches and the change history in SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memory.db.access_log import AccessLog
from memory.db.aggregates import Aggregates, MoodPoint, Slot
from memory.db.api_tokens import Tokens
from memory.db.appearances import Appearances
from memory.db.attachments import MessageAttachments
from memory.db.batches import Batches
from memory.db.branch_rows import BranchChange
from memory.db.branches import Branches
from memory.db.changelog import Block, ChangeFilter, Changelog
from memory.db.copying import Copying
from memory.db.engine import Engine, resolve_database_url
from memory.db.engine_errors import NO_SPACE
from memory.db.erase import Erase
from memory.db.extraction_settings import StoredExtractionSettings
from memory.db.feedback import Feedback
from memory.db.history import ChangeHistory
from memory.db.holdings import Held, Holdings
from memory.db.imports import Imports, Incoming
from memory.db.leases import SET_ASIDE, Leases
from memory.db.logins import Logins
from memory.db.memory_exports import MemoryExports
from memory.db.memory_json import from_dict, to_dict
from memory.db.message_deletion import MessageDeletion, title_of
from memory.db.message_search import MessageHit, MessageSearch
from memory.db.messages import Messages
from memory.db.operators import Operators
from memory.db.overviews import Overviews, Reach
from memory.db.owners import Owners
from memory.db.positions import Positions
from memory.db.relations import GraphEdge, Relations
from memory.db.reply_trials import ReplyTrials
from memory.db.review import SettledFindings
from memory.db.safety_states import SafetyStates
from memory.db.sessions import Sessions
from memory.db.studio_texts import StudioTexts
from memory.db.traces import Traces
from memory.db.users import Users
from memory.db.webhooks import Webhooks
from memory.system.clock import Clock, utc_now


class Database:
    """The SQL side: a repository for each noun, over one engine.

    One repository for each noun, over one engine. Safe from many threads; on PostgreSQL
    from many processes too.

    Example: ``db.messages.add(owner, session_id, "user", "你好")``.

    Args (on creation): those of :class:`memory.db.engine.Engine`, which says what it raises.
    """

    def __init__(
        self,
        url: str,
        clock: Clock = utc_now,
        *,
        accept_loss: bool = False,
        before_upgrade: Callable[[Path, int, int], None] | None = None,
    ) -> None:
        engine = Engine(url, clock, accept_loss=accept_loss, before_upgrade=before_upgrade)
        self.engine = engine
        self.users = Users(engine)
        self.appearances = Appearances(engine)
        self.logins = Logins(engine, self.users)
        self.tokens = Tokens(engine)
        self.access_log = AccessLog(engine)
        self.owners = Owners(engine)
        self.sessions = Sessions(engine)
        self.messages = Messages(engine)
        self.attachments = MessageAttachments(engine)
        self.positions = Positions(engine)
        self.deletion = MessageDeletion(engine)
        self.branches = Branches(engine)
        self.search = MessageSearch(engine)
        self.traces = Traces(engine)
        self.batches = Batches(engine)
        self.leases = Leases(engine)
        self.history = ChangeHistory(engine)
        self.changelog = Changelog(engine)
        self.overviews = Overviews(engine)
        self.holdings = Holdings(engine)
        self.findings = SettledFindings(engine)
        self.erasure = Erase(engine)
        self.studio_texts = StudioTexts(engine)
        self.reply_trials = ReplyTrials(engine)
        self.imports = Imports(engine)
        self.aggregates = Aggregates(engine)
        self.operators = Operators(engine)
        self.feedback = Feedback(engine)
        self.relations = Relations(engine)
        self.extraction_settings = StoredExtractionSettings(engine)
        self.memory_exports = MemoryExports(engine)
        self.webhooks = Webhooks(engine)
        self.safety = SafetyStates(engine)
        self.copying = Copying(engine)

    def close(self) -> None:
        """Close all connections; later calls raise :class:`memory.errors.FolderUnusable`."""
        self.engine.close()


__all__ = [
    "NO_SPACE",
    "SET_ASIDE",
    "Block",
    "BranchChange",
    "ChangeFilter",
    "Database",
    "GraphEdge",
    "Held",
    "Incoming",
    "MessageHit",
    "MoodPoint",
    "Reach",
    "Slot",
    "from_dict",
    "resolve_database_url",
    "title_of",
    "to_dict",
]
