"""The ledger: users, sessions, messages, traces, batches and the journal in SQL."""

from __future__ import annotations

from memory.db.access_log import Looks
from memory.db.aggregates import Figures, MoodPoint, Slot
from memory.db.api_tokens import Tokens
from memory.db.batches import Batches
from memory.db.changelog import Block, ChangeFilter, Changelog
from memory.db.copying import Moving
from memory.db.engine import NO_SPACE, Clock, ledger_url, utc_now
from memory.db.erase import Erase
from memory.db.history import Journal
from memory.db.holdings import Held, Holdings
from memory.db.imports import Imports, Incoming
from memory.db.leases import MOST_CRASHES, SET_ASIDE, Claims
from memory.db.logins import Logins
from memory.db.message_deletion import Deleting, title_of
from memory.db.messages import Conversations
from memory.db.operators import Operators
from memory.db.owners import Lookup
from memory.db.review import Settled
from memory.db.safety_states import CareStates
from memory.db.studio_texts import StudioTexts
from memory.db.traces import Traces
from memory.types.memory_json import from_dict, to_dict


class Ledger(
    Logins,
    Tokens,
    Looks,
    Lookup,
    Conversations,
    Traces,
    Batches,
    Claims,
    Journal,
    Holdings,
    Settled,
    Erase,
    StudioTexts,
    Changelog,
    Deleting,
    Imports,
    Figures,
    Operators,
    CareStates,
    Moving,
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
    "Held",
    "Incoming",
    "Ledger",
    "MoodPoint",
    "Slot",
    "from_dict",
    "ledger_url",
    "title_of",
    "to_dict",
    "utc_now",
]
