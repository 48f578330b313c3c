"""The words of the project as types (design: one name for one thing).

Everything in here is a frozen value without behaviour beyond small derived
properties. Pydantic models live where JSON enters (config, REST, exports);
inside, these dataclasses travel.
"""

from memory.types.accounts import SCOPES, AccessAction, AccessEntry, Scope, Token
from memory.types.care import (
    CARE_LASTS,
    SAFETY_KINDS,
    URGENT_FRESH,
    URGENT_LASTS,
    CarePhase,
    CareState,
    RiskKind,
)
from memory.types.changes import (
    Actor,
    Batch,
    BatchState,
    Change,
    ChangeAction,
    SettledFinding,
)
from memory.types.context import Context, ContextItem, Reason, Trace, TraceItem, Use
from memory.types.conversation import (
    AgeSource,
    Message,
    MessageState,
    Persona,
    PersonaText,
    Session,
    User,
)
from memory.types.extraction import (
    MAX_MEMORIES,
    MOOD_MOST,
    Action,
    ExtractionModel,
    ExtractionReply,
    ExtractionRequest,
    Mood,
    Operation,
)
from memory.types.memories import (
    DEFAULT_CATEGORIES,
    EVERYTHING,
    GIVEN_FIELDS,
    Hit,
    Kind,
    Language,
    Memory,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Role,
    Source,
    Status,
    Subject,
)
from memory.types.models import ChatModel, Embedder, ReplyRequest, ReplyStream, Usage
from memory.types.operators import AlarmCount, Complaint
from memory.types.studio import StudioText, TextKind

__all__ = [
    "CARE_LASTS",
    "DEFAULT_CATEGORIES",
    "EVERYTHING",
    "GIVEN_FIELDS",
    "MAX_MEMORIES",
    "MOOD_MOST",
    "SAFETY_KINDS",
    "SCOPES",
    "URGENT_FRESH",
    "URGENT_LASTS",
    "AccessAction",
    "AccessEntry",
    "Action",
    "Actor",
    "AgeSource",
    "AlarmCount",
    "Batch",
    "BatchState",
    "CarePhase",
    "CareState",
    "Change",
    "ChangeAction",
    "ChatModel",
    "Complaint",
    "Context",
    "ContextItem",
    "Embedder",
    "ExtractionModel",
    "ExtractionReply",
    "ExtractionRequest",
    "Hit",
    "Kind",
    "Language",
    "Memory",
    "MemoryDraft",
    "MemoryFilter",
    "Message",
    "MessageState",
    "Mood",
    "Operation",
    "Owner",
    "Persona",
    "PersonaText",
    "Reason",
    "ReplyRequest",
    "ReplyStream",
    "RiskKind",
    "Role",
    "Scope",
    "Session",
    "SettledFinding",
    "Source",
    "Status",
    "StudioText",
    "Subject",
    "TextKind",
    "Token",
    "Trace",
    "TraceItem",
    "Usage",
    "Use",
    "User",
]
