"""The ledger: users, sessions, messages, traces, batches and the journal in SQL."""

from __future__ import annotations

from memory.db.access_log import AccessLog
from memory.db.aggregates import Aggregates, MoodPoint, Slot
from memory.db.api_tokens import Tokens
from memory.db.batches import Batches
from memory.db.changelog import Block, ChangeFilter, Changelog
from memory.db.copying import Copying
from memory.db.engine import NO_SPACE, Clock, resolve_database_url, utc_now
from memory.db.erase import Erase
from memory.db.history import ChangeHistory
from memory.db.holdings import Held, Holdings
from memory.db.imports import Imports, Incoming
from memory.db.leases import MOST_CRASHES, SET_ASIDE, Leases
from memory.db.logins import Logins
from memory.db.memory_json import from_dict, to_dict
from memory.db.message_deletion import MessageDeletion, title_of
from memory.db.messages import Messages
from memory.db.operators import Operators
from memory.db.owners import Owners
from memory.db.review import SettledFindings
from memory.db.safety_states import SafetyStates
from memory.db.studio_texts import StudioTexts
from memory.db.traces import Traces


class Database(
    Logins,
    Tokens,
    AccessLog,
    Owners,
    Messages,
    Traces,
    Batches,
    Leases,
    ChangeHistory,
    Holdings,
    SettledFindings,
    Erase,
    StudioTexts,
    Changelog,
    MessageDeletion,
    Imports,
    Aggregates,
    Operators,
    SafetyStates,
    Copying,
):
    """Everything that is kept beside the memories themselves, and what is owed.

    Safe from many threads; on PostgreSQL from many processes too.
    """


__all__ = [
    "MOST_CRASHES",
    "NO_SPACE",
    "SET_ASIDE",
    "Block",
    "ChangeFilter",
    "Clock",
    "Database",
    "Held",
    "Incoming",
    "MoodPoint",
    "Slot",
    "from_dict",
    "resolve_database_url",
    "title_of",
    "to_dict",
    "utc_now",
]
