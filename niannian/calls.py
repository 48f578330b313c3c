"""Request builders: every call of the API as a value, for both clients to send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from niannian.answers import (
    Added,
    Change,
    Changed,
    Context,
    ExportFormat,
    FoundMemory,
    Imported,
    Memory,
    Message,
    Messages,
    Page,
    Processed,
    Reply,
    Session,
    Sessions,
    Stopped,
    Trace,
    User,
)

T = TypeVar("T")


def _data(answer: Any) -> Any:
    return answer["data"]


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request. ``read`` takes what is wanted out of the answer's JSON (``None``: its text)."""

    method: str
    path: str
    json: Mapping[str, Any] | None = None
    params: Mapping[str, Any] | None = None
    read: Callable[[Any], T] | None = _data


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _at(path: str, *ids: str) -> str:
    """A path with ids in it, which may hold anything."""
    return path.format(*(quote(id, safe="") for id in ids))


# --- talking -------------------------------------------------------------------------


def chat(
    user_id: str,
    message: str,
    *,
    session_id: str | None = None,
    persona_id: str | None = None,
    timestamp: str | None = None,
    remember: bool = True,
    language: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Call[Reply]:
    """Say something and get the whole reply.

    Args:
        user_id: Who speaks; a new id makes a profile (without accounts).
        message: What is said.
        session_id: An id, or your own name of a conversation; a new one if left out.
        persona_id: The companion; the default one if left out.
        timestamp: When it was said (ISO 8601); now if left out.
        remember: ``False``: memories are read, never written.
        language: ``zh`` or ``en``, where the message itself doesn't tell.
        metadata: Kept with what is learnt of it; comes back with the reply.
    """
    body = _given(
        user_id=user_id,
        message=message,
        session_id=session_id,
        persona_id=persona_id,
        timestamp=timestamp,
        remember=remember,
        language=language,
        metadata=metadata,
    )
    return Call("POST", "/api/chat/message", json=body, read=lambda answer: answer)


def stop(user_id: str, session_id: str, *, persona_id: str | None = None) -> Call[Stopped]:
    """Stop the reply that is being made in a session; what was said so far is kept."""
    body = _given(user_id=user_id, session_id=session_id, persona_id=persona_id)
    return Call("POST", "/api/chat/stop", json=body)


def sessions(
    user_id: str,
    *,
    persona_id: str | None = None,
    query: str = "",
    folder: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Call[Sessions]:
    """A user's sessions with one persona (in one folder), the most recently used first."""
    params = _given(
        user_id=user_id,
        persona_id=persona_id,
        query=query or None,
        folder=folder,
        limit=limit,
        offset=offset,
    )
    return Call("GET", "/api/sessions", params=params)


def session(session_id: str, *, user_id: str | None = None) -> Call[Session]:
    """One session; a name of your own needs the ``user_id`` too."""
    return Call("GET", _at("/api/sessions/{}", session_id), params=_given(user_id=user_id))


def new_session(
    user_id: str, *, persona_id: str | None = None, title: str = "", greet: bool = False
) -> Call[Session]:
    """Begin a session; with ``greet`` the persona speaks first."""
    body = _given(user_id=user_id, persona_id=persona_id, title=title, greet=greet)
    return Call("POST", "/api/sessions", json=body)


def rename_session(session_id: str, title: str) -> Call[Session]:
    """Give a session a title."""
    return Call("PATCH", _at("/api/sessions/{}", session_id), json={"title": title})


def pin_session(session_id: str, *, pinned: bool = True) -> Call[Session]:
    """Keep a session at the head of the list, or no longer."""
    return Call("PATCH", _at("/api/sessions/{}", session_id), json={"pinned": pinned})


def file_session(session_id: str, folder: str) -> Call[Session]:
    """Put a session into a folder, which is made if there is none; empty takes it out."""
    return Call("PATCH", _at("/api/sessions/{}", session_id), json={"folder": folder})


def folders(user_id: str, *, persona_id: str | None = None) -> Call[list[str]]:
    """The folders of a user's sessions, by name."""
    params = _given(user_id=user_id, persona_id=persona_id)
    return Call("GET", "/api/session-folders", params=params, read=_folders)


def _folders(answer: Any) -> list[str]:
    found: list[str] = answer["data"]["folders"]
    return found


def delete_session(
    session_id: str, *, user_id: str | None = None, persona_id: str | None = None
) -> Call[Session]:
    """Delete a session with its messages, for good; memories stay."""
    params = _given(user_id=user_id, persona_id=persona_id)
    return Call("DELETE", _at("/api/sessions/{}", session_id), params=params)


def messages(
    session_id: str,
    *,
    user_id: str | None = None,
    persona_id: str | None = None,
    limit: int = 50,
    before: int | None = None,
) -> Call[Messages]:
    """The last messages of a session; earlier ones with ``before=…["next_before"]``."""
    params = _given(user_id=user_id, persona_id=persona_id, limit=limit, before=before)
    return Call("GET", _at("/api/sessions/{}/messages", session_id), params=params)


def rate(message_id: str, rating: Literal["up", "down"] | None) -> Call[Message]:
    """Say what a reply is worth; ``None`` takes it back."""
    return Call("PUT", _at("/api/messages/{}/rating", message_id), json={"rating": rating})


def trace(message_id: str) -> Call[Trace]:
    """What shaped a reply."""
    return Call("GET", _at("/api/messages/{}/trace", message_id))


# --- memories ------------------------------------------------------------------------


def add(
    user_id: str,
    text: str,
    *,
    persona_id: str | None = None,
    subject: str | None = None,
    category: str | None = None,
    event_date: str | None = None,
    importance: int | None = None,
    pinned: bool | None = None,
    metadata: Mapping[str, Any] | None = None,
    expiration_date: str | None = None,
    immutable: bool | None = None,
) -> Call[Added]:
    """Add a memory word for word; the same sentence is not added twice.

    Args:
        user_id: Whose.
        text: One self-contained sentence.
        persona_id: With which companion; the default one if left out.
        subject: ``user`` (if left out) or ``ai``.
        category: One of those that there are; ``other`` if left out.
        event_date: ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``, for what happened or will.
        importance: 1 to 5.
        pinned: Always in the context.
        metadata: Free JSON, at most 16 KB.
        expiration_date: Not recalled after this day.
        immutable: Its words can't be changed.
    """
    body = _given(
        user_id=user_id,
        text=text,
        persona_id=persona_id,
        subject=subject,
        category=category,
        event_date=event_date,
        importance=importance,
        pinned=pinned,
        metadata=metadata,
        expiration_date=expiration_date,
        immutable=immutable,
    )
    return Call("POST", "/api/memory/add", json=body)


def learn(
    user_id: str,
    messages: Sequence[Mapping[str, Any]] | str,
    *,
    persona_id: str | None = None,
    session_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    wait: bool = True,
) -> Call[Added]:
    """Let an extraction learn from a conversation.

    Args:
        user_id: Whose.
        messages: ``{"role": "user", "content": "…"}``, in order; ``timestamp`` if you have it.
        persona_id: With which companion; the default one if left out.
        session_id: An id, or your own name of the conversation.
        metadata: Kept with every memory that is learnt.
        wait: For the extraction, half a minute at most; else it goes on in the background.
    """
    body = _given(
        user_id=user_id,
        messages=messages,
        wait=wait,
        persona_id=persona_id,
        session_id=session_id,
        metadata=metadata,
    )
    return Call("POST", "/api/memory/add", json=body)


def search(
    user_id: str,
    query: str,
    *,
    persona_id: str | None = None,
    limit: int = 20,
    filters: Mapping[str, Any] | None = None,
) -> Call[list[FoundMemory]]:
    """Search by meaning, words and dates, best first.

    Args:
        user_id: Whose.
        query: In Chinese or English.
        persona_id: With which companion; the default one if left out.
        limit: At most so many, 1 to 200.
        filters: ``subject``, ``kind``, ``category``, ``status``, ``event_from``, ``event_to``,
            ``stored_from``, ``stored_to``, ``importance_min``, ``pinned``.
    """
    body = _given(user_id=user_id, query=query, persona_id=persona_id, limit=limit, filters=filters)
    return Call("POST", "/api/memory/search", json=body, read=_memories)


def _memories(answer: Any) -> list[FoundMemory]:
    found: list[FoundMemory] = answer["data"]["memories"]
    return found


def memories(
    user_id: str, *, persona_id: str | None = None, limit: int = 50, cursor: str | None = None
) -> Call[Page]:
    """A page of a user's memories, newest first."""
    params = _given(persona_id=persona_id, limit=limit, cursor=cursor)
    return Call("GET", _at("/api/memory/user/{}", user_id), params=params)


def memory(memory_id: str) -> Call[Memory]:
    """One memory by its id, whatever its status."""
    return Call("GET", _at("/api/memory/memory/{}", memory_id))


def update(memory_id: str, **fields: Any) -> Call[Memory]:
    """Change fields of a memory: those of :func:`add`, and ``status``. The rest stays."""
    return Call("PUT", "/api/memory/update", json={"memory_id": memory_id, **fields})


def delete(memory_id: str) -> Call[Changed]:
    """Delete a memory; :func:`undo` with an id of the answer brings it back."""
    return Call("DELETE", _at("/api/memory/memory/{}", memory_id))


def delete_all(user_id: str, *, persona_id: str | None = None) -> Call[Changed]:
    """Delete all memories of a user with a persona, as one group that can be undone."""
    params = _given(persona_id=persona_id)
    return Call("DELETE", _at("/api/memory/user/{}", user_id), params=params)


def history(memory_id: str) -> Call[list[Change]]:
    """Every change of a memory, newest first; of deleted ones too."""
    return Call("GET", _at("/api/memory/history/{}", memory_id), read=_changes)


def undo(change_id: str) -> Call[list[Change]]:
    """Undo a change, or a group of changes."""
    return Call("POST", _at("/api/memory/undo/{}", change_id), read=_changes)


def _changes(answer: Any) -> list[Change]:
    made: list[Change] = answer["data"]["changes"]
    return made


def context(
    user_id: str, message: str = "", *, persona_id: str | None = None, budget: int | None = None
) -> Call[Context]:
    """Profile, diary and what a message recalls, as a text for the prompt of any model.

    ``budget`` counts tokens.
    """
    params = _given(message=message, persona_id=persona_id, budget=budget)
    return Call("GET", _at("/api/memory/context/{}", user_id), params=params)


def process(
    user_id: str, *, persona_id: str | None = None, timeout: float = 30.0
) -> Call[Processed]:
    """Extract what is pending now, and wait; ``timeout`` is in seconds, 120 at most."""
    params = _given(persona_id=persona_id, timeout=timeout)
    return Call("POST", _at("/api/memory/process/{}", user_id), params=params)


def export(user_id: str, format: ExportFormat = "json") -> Call[str]:
    """Everything about a user as the text of a file; ``json`` can be taken in again."""
    return Call("GET", _at("/api/memory/export/{}", user_id), params={"format": format}, read=None)


def take_in(
    user_id: str, content: Any, *, name: str = "import.json", dry_run: bool = False
) -> Call[Imported]:
    """Take in a file: an export of ours or of mem0, chats of other programs, plain text."""
    body = {"user_id": user_id, "content": content, "name": name, "dry_run": dry_run}
    return Call("POST", "/api/memory/import", json=body)


# --- people --------------------------------------------------------------------------


def user(user_id: str) -> Call[User]:
    """A profile."""
    return Call("GET", _at("/api/users/{}", user_id))


def new_user(
    name: str,
    *,
    user_id: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
    region: str | None = None,
) -> Call[User]:
    """Make a profile. ``language`` is ``auto``, ``zh`` or ``en``; ``region`` a country's code."""
    body = _given(name=name, user_id=user_id, language=language, timezone=timezone, region=region)
    return Call("POST", "/api/users", json=body)


def update_user(user_id: str, **fields: str | None) -> Call[User]:
    """Change ``name``, ``language``, ``timezone`` or ``region``; ``None`` clears the last two."""
    return Call("PATCH", _at("/api/users/{}", user_id), json=fields)


def profile(user_id: str, *, persona_id: str | None = None) -> Call[dict[str, Any]]:
    """A person as their memories show them: summary, interests, people, habits, counts."""
    params = _given(persona_id=persona_id)
    return Call("GET", _at("/api/users/{}/profile", user_id), params=params)


def erase(user_id: str) -> Call[dict[str, Any]]:
    """Erase everything about a user, for good."""
    return Call("DELETE", _at("/api/users/{}", user_id))
