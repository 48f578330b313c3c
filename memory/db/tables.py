"""The tables of the database, in portable SQL (SQLite and PostgreSQL).

Times are aware UTC on the way in and out. Enumerations are stored by value, so
that a file stays readable without this program.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

metadata = MetaData()

ID_LENGTH = 256
"""Characters of the ids that programs choose: of users and personas."""

# SQLite takes texts of any length and can't change what a column was called with.
_Id = String(ID_LENGTH).with_variant(String(200), "sqlite")
_Key = String(400).with_variant(String(200), "sqlite")


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes, stored as UTC: SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To UTC; without the zone where the database can't hold one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the database takes aware datetimes only")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC datetime."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


def _owner_columns() -> tuple[Column[str], Column[str]]:
    return (
        Column("user_id", _Id, nullable=False),
        Column("persona_id", _Id, nullable=False),
    )


meta = Table(
    "meta",
    metadata,
    Column("key", _Key, primary_key=True),
    Column("value", Text, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("language", String(10), nullable=False),
    Column("timezone", String(100)),
    Column("region", String(10)),
    # The tenant that somebody belongs to, where a program serves several.
    Column("tenant_id", _Id),
    Column("demo", Boolean, nullable=False, default=False),
    # "person" or "designer"; a designer sees everybody's memories.
    Column("role", String(20), nullable=False, server_default="person"),
    # Who this is to the login provider (OIDC issuer and subject); none for a local profile.
    Column("login", String(400)),
    # Whether under 18 (null: nobody said), since when that is known, and from whom.
    Column("minor", Boolean),
    Column("age_at", UtcTime),
    Column("age_source", String(20)),
    Column("emergency_contact", Text),
    Index("users_by_login", "login", unique=True),
    Index("users_by_tenant", "tenant_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    *_owner_columns(),
    Column("title", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("pinned", Boolean, nullable=False, server_default=false()),
    # The name of the folder that somebody put it in; empty: none.
    Column("folder", String(60), nullable=False, server_default=""),
    # What its older turns were about: text, upto, updated_at, edited, tokens.
    Column("summary", JSON(none_as_null=True)),
    Index("sessions_by_owner", "user_id", "persona_id", "updated_at"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    *_owner_columns(),
    Column("number", Integer, nullable=False),
    Column("role", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("remember", Boolean, nullable=False),
    Column("batch_id", String(64)),
    Column("care", String(40)),
    Column("reply_to", String(64)),
    Column("opening", Boolean, nullable=False),
    # Fields that memories learnt of this message get: metadata, app, run, last day.
    Column("memory_fields", JSON(none_as_null=True)),
    # The message that this one follows: those of one parent and side are versions.
    Column("parent_id", String(64)),
    # The step in which it was set aside, and its state before.
    Column("aside", String(64)),
    Column("kept_state", String(20)),
    # What a reply said before somebody wrote it differently; "up" or "down".
    Column("original", Text),
    Column("rating", String(10)),
    # What was given with it: facts and texts; files lie in the data folder.
    Column("attachments", JSON(none_as_null=True)),
    UniqueConstraint("session_id", "number", name="messages_by_number"),
    Index("messages_by_batch", "batch_id"),
    Index("messages_by_aside", "aside"),
)
# What is still to be extracted is a handful of rows among very many.
_unbatched = messages.c.batch_id.is_(None)
Index(
    "messages_unbatched",
    messages.c.session_id,
    messages.c.number,
    sqlite_where=_unbatched,
    postgresql_where=_unbatched,
)
_streaming = messages.c.state == "streaming"
Index(
    "messages_streaming",
    messages.c.state,
    sqlite_where=_streaming,
    postgresql_where=_streaming,
)

# Hardly a reply is judged, and every search asks for those that are.
_rated = messages.c.rating.is_not(None)
Index("messages_rated", messages.c.user_id, sqlite_where=_rated, postgresql_where=_rated)

_attached = messages.c.attachments.is_not(None)
Index(
    "messages_attached",
    messages.c.user_id,
    sqlite_where=_attached,
    postgresql_where=_attached,
)

traces = Table(
    "traces",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    *_owner_columns(),
    Column("created_at", UtcTime, nullable=False),
    Column("body", JSON, nullable=False),
    Index("traces_by_owner", "user_id", "persona_id"),
)

trace_memories = Table(
    "trace_memories",
    metadata,
    Column("message_id", ForeignKey("traces.message_id", ondelete="CASCADE"), primary_key=True),
    Column("memory_id", String(64), primary_key=True),
    # The trace's own time: every search asks how often and when last memories were used.
    Column("used_at", UtcTime, nullable=False),
    Index("trace_memories_by_memory", "memory_id", "used_at"),
)

batches = Table(
    "batches",
    metadata,
    # Batches are taken in the order in which they were made.
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    *_owner_columns(),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime),
    Column("error", Text),
    Column("finished_at", UtcTime),
    Column("outcome", JSON, nullable=False),
    Column("claimed_by", String(200)),
    Column("claimed_at", UtcTime),
    # How often its worker died on it or gave it up; counted when it is claimed, and taken
    # back by every worker that lives to say what came of it.
    Column("crashes", Integer, nullable=False, server_default="0"),
    Index("batches_by_owner", "user_id", "persona_id", "state"),
    Index("batches_by_session", "session_id"),
    Index("batches_by_state", "state"),
    sqlite_autoincrement=True,
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    *_owner_columns(),
    Column("memory_id", String(64), nullable=False),
    Column("action", String(20), nullable=False),
    Column("actor", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("group_id", String(64)),
    Column("batch_id", String(64)),
    Column("applied", Boolean, nullable=False),
    Column("undone_by", String(64)),
    Index("journal_by_memory", "memory_id"),
    Index("journal_by_owner", "user_id", "persona_id", "seq"),
    Index("journal_by_group", "group_id"),
    Index("journal_by_batch", "batch_id"),
    sqlite_autoincrement=True,
)
_owed = journal.c.applied.is_(False)
Index("journal_owed", journal.c.seq, sqlite_where=_owed, postgresql_where=_owed)

# Payload keys that other mem0 clients gave to memories: the journal knows only ours.
foreign_payloads = Table(
    "foreign_payloads",
    metadata,
    Column("memory_id", String(64), primary_key=True),
    *_owner_columns(),
    Column("payload", JSON, nullable=False),
    Index("foreign_payloads_by_owner", "user_id", "persona_id"),
)

# Edited prompts and personas: every version is kept, the newest active one is in use.
studio_texts = Table(
    "studio_texts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    # "extract" or "chat" (name: the language), or "persona" (name: the persona's id).
    Column("kind", String(20), nullable=False),
    Column("name", _Id, nullable=False),
    Column("body", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("studio_texts_by_name", "kind", "name", "seq"),
    sqlite_autoincrement=True,
)

# Situations that prompts and personas are tried on. One from a session names the message
# that is to be answered and goes with it; a written one is nobody's (an empty user id).
situations = Table(
    "situations",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    *_owner_columns(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE")),
    Column("name", String(200), nullable=False),
    Column("language", String(10), nullable=False),
    # Of a written one: message, history, memories, user_name.
    Column("body", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("situations_by_owner", "user_id", "persona_id"),
    Index("situations_by_message", "message_id"),
    sqlite_autoincrement=True,
)

# What was compared with each other: the texts of each side as they were then.
reply_trials = Table(
    "reply_trials",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("language", String(10), nullable=False),
    Column("sides", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

trial_answers = Table(
    "trial_answers",
    metadata,
    Column("trial_id", ForeignKey("reply_trials.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_owner_columns(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE")),
    Column("situation_id", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("message", Text, nullable=False),
    Column("replies", JSON, nullable=False),
    # "a", "b", "same" or "neither".
    Column("rating", String(10)),
    Index("trial_answers_by_owner", "user_id", "persona_id"),
    Index("trial_answers_by_message", "message_id"),
)

# What somebody looked at in the inbox and found to be right as it is.
inbox_settled = Table(
    "inbox_settled",
    metadata,
    Column("user_id", _Id, primary_key=True),
    Column("persona_id", _Id, primary_key=True),
    Column("finding", String(300), primary_key=True),
    Column("at", UtcTime, nullable=False),
)

# The latest danger that was noticed of somebody: no text, and one row a pair.
care_states = Table(
    "care_states",
    metadata,
    Column("user_id", _Id, primary_key=True),
    Column("persona_id", _Id, primary_key=True),
    # Without a foreign key: a danger isn't over because its session was deleted.
    Column("session_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("sign_at", UtcTime, nullable=False),
    Column("urgent_at", UtcTime),
    Column("young", Boolean, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("over_at", UtcTime),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(200), nullable=False),
    # SHA-256 of the token; the token itself is shown once and kept nowhere.
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
    Index("tokens_by_user", "user_id"),
)

# The access log. Not erased with the person: it holds ids only.
looks = Table(
    "looks",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("by_user_id", _Id, nullable=False),
    Column("user_id", _Id, nullable=False),
    Column("persona_id", _Id),
    Column("what", String(100), nullable=False),
    Column("action", String(20), nullable=False, server_default="view"),
    Column("token_id", String(64)),
    # By which somebody who was erased and signs in again is known.
    Column("login_digest", String(64)),
    Index("looks_by_user", "user_id", "seq"),
    Index("looks_by_login", "login_digest", "seq"),
    sqlite_autoincrement=True,
)

# Alarms by day, kind and region, without text and ids: they outlive an erased user.
care_counts = Table(
    "care_counts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("kind", String(40), primary_key=True),
    # An ISO 3166 code; empty where nobody knows.
    Column("region", String(10), primary_key=True),
    Column("number", Integer, nullable=False),
)

complaints = Table(
    "complaints",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", _Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("answer", Text),
    Column("answered_at", UtcTime),
    Index("complaints_by_user", "user_id", "created_at"),
)

# What programs and people think of a memory: the latest word of each.
feedback = Table(
    "feedback",
    metadata,
    Column("memory_id", String(64), primary_key=True),
    *_owner_columns(),
    # "positive", "negative" or "very_negative".
    Column("value", String(20), nullable=False),
    Column("reason", Text),
    Column("at", UtcTime, nullable=False),
    Index("feedback_by_owner", "user_id", "persona_id"),
)

# Which memory connects whom with what, read from the memories (and read again, if need be).
relations = Table(
    "relations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_owner_columns(),
    Column("memory_id", String(64), nullable=False),
    Column("source", String(60), nullable=False),
    Column("source_type", String(20), nullable=False),
    Column("relationship", String(60), nullable=False),
    Column("target", String(60), nullable=False),
    Column("target_type", String(20), nullable=False),
    Column("ended", Boolean, nullable=False),
    # YYYY, YYYY-MM or YYYY-MM-DD; no end while it holds.
    Column("since", String(10), nullable=False),
    Column("until", String(10)),
    Index("relations_by_owner", "user_id", "persona_id"),
    Index("relations_by_memory", "memory_id"),
)

# What everybody (an empty user id) or one user sets for the making of memories.
extraction_settings = Table(
    "extraction_settings",
    metadata,
    Column("user_id", _Id, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

# Addresses that are told of changes. What is still to be told is the journal after
# "position": no copy of a text waits here, so that erasing somebody needs no look at it.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(200), nullable=False),
    Column("url", Text, nullable=False),
    Column("event_types", JSON, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("position", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_at", UtcTime),
    Column("last_error", String(200)),
    sqlite_autoincrement=True,
)

# Which memories an export takes, and the schema that it fills; never the memories.
memory_exports = Table(
    "memory_exports",
    metadata,
    Column("id", String(64), primary_key=True),
    # Empty where an export isn't of one user.
    Column("user_id", _Id, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("memory_exports_by_user", "user_id", "created_at"),
)
