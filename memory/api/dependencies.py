"""Request dependencies: the caller, their rights, and the running parts, for every route."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from memory.api.concurrency import limiter
from memory.api.request_info import CURRENT, RequestInfo
from memory.api.responses.envelope import Answer
from memory.api.tenants import documented, tenant_of
from memory.chat.personas import DEFAULT_PERSONA
from memory.container import Container
from memory.errors import BadInput, NotFound
from memory.i18n import translate
from memory.types import AccessAction, AccessEntry, Language, MemoryFilter, Owner, Token, User
from memory.types.conversation import NAME_LENGTH
from memory.vector_store.points import point_id

# They are asked with POST because of what they carry.
_READING = frozenset(
    {
        *("search", "search-memories", "extract", "search_memories", "get_context"),
        *("get_memories", "get_memory", "list_entities", "get_event_status"),
    }
)
_building: RunVar[CapacityLimiter] = RunVar("niannian_building")


class Services(Protocol):
    """Where the running parts are: the same that the page uses."""

    def __call__(self) -> Container:
        """The running parts; builds them if they aren't there."""

    def ready(self) -> Container | None:
        """The running parts, or ``None`` if they would have to be built."""


@dataclass(frozen=True, slots=True)
class BuiltServices:
    """Running parts that are built already, where no page shares them."""

    running: Container

    def __call__(self) -> Container:
        """The running parts."""
        return self.running

    def ready(self) -> Container:
        """The running parts."""
        return self.running


@dataclass(frozen=True, slots=True)
class RequestScope:
    """One request: the running parts, whose token it carries, and its language."""

    running: Container
    token: Token | None
    language: Language
    info: RequestInfo
    route: str
    tenant: str | None = None
    # Read once a request: who it is for, and where their days begin.
    _users: dict[str, User] = field(default_factory=dict)
    # Those of them who have no profile yet: nothing was stored for them.
    _new: set[str] = field(default_factory=set)

    def user(self, user_id: str | None = None) -> User:
        """A stored user whom the caller may see; the token's own if none is named.

        Raises:
            BadInput: ``user_id_missing``.
            NotFound: no such user, or one who is not the caller's business.
        """
        wanted = user_id or (self.token.user_id if self.token else None)
        if wanted is None:
            raise BadInput(code="user_id_missing")
        self._check(wanted)
        return self._profile(wanted)

    def person(self, user_id: str) -> User:
        """A user whose profile is read or changed; as :meth:`user`, and in the access log."""
        user = self.user(user_id)
        self.noting(user.id)
        return user

    def zone(self, user_id: str) -> ZoneInfo:
        """Where a user's days begin and end."""
        return self.running.settings.zone_for(self._profile(user_id))

    def owner(self, user_id: str | None, persona_id: str | None = None) -> Owner:
        """A stored user with a persona; as :meth:`user`.

        Raises:
            NotFound: ``persona_not_found`` too.
        """
        owner = Owner(self.user(user_id).id, self.persona(persona_id))
        self.noting(owner)
        return owner

    def owner_or_new(self, user_id: str, persona_id: str | None = None) -> Owner:
        """As :meth:`owner`; without accounts, the id may be new.

        A new id has no profile yet: :meth:`settle_in` makes it, once it is sure that
        something will be stored. A request that fails before leaves nothing behind.
        """
        persona = self.persona(persona_id)
        self._check(user_id)
        try:
            self._profile(user_id)
        except NotFound:
            if self.running.accounts.required:
                raise
            now = self.running.clock()
            self._users[user_id] = User(id=user_id, name=user_id, created_at=now)
            self._new.add(user_id)
        owner = Owner(user_id, persona)
        self.noting(owner)
        return owner

    def is_new(self, owner: Owner) -> bool:
        """Whether :meth:`owner_or_new` found no profile and none was made since."""
        return owner.user_id in self._new

    def settle_in(self, owner: Owner) -> None:
        """Make the profile of a new id (see :meth:`owner_or_new`).

        The last step before something is stored.
        """
        user_id = owner.user_id
        if user_id not in self._new:
            return
        db = self.running.db
        try:
            made = db.users.create(user_id[:NAME_LENGTH], id=user_id, tenant_id=self.tenant)
        except BadInput as error:
            if error.code != "user_exists":
                raise
            # Another request of the same new user was quicker.
            made = db.users.get(user_id)
            if self.tenant not in (None, made.tenant_id):
                raise NotFound(code="user_not_found") from error
        self._users[user_id] = made
        self._new.discard(user_id)

    def owner_of_memory(self, memory_id: str, user_id: str | None = None) -> Owner:
        """Whose memory this is, if the caller may see it.

        Raises:
            NotFound: there never was such a memory, or it is somebody else's.
        """
        found = self.running.db.owners.of_memory(memory_id)
        if found is None:
            # A memory that another mem0 client wrote has no line in the journal.
            found = _owner_in_store(self.running, memory_id)
        return self._mine(found, user_id, "memory_not_found")

    def owner_of_change(self, change_id: str, user_id: str | None = None) -> Owner:
        """Whose change (or group of changes) this is; as :meth:`owner_of_memory`."""
        found = self.running.db.owners.of_change(change_id)
        return self._mine(found, user_id, "change_not_found")

    def owner_of_message(self, message_id: str) -> Owner:
        """Whose message this is; as :meth:`owner_of_memory`."""
        return self._mine(self.running.db.owners.of_message(message_id), None, "message_not_found")

    def owner_of_session(self, session_id: str, user_id: str | None = None) -> Owner | None:
        """Whose session has this id; ``None`` if none has it.

        Raises:
            NotFound: it is somebody else's.
        """
        found = self.running.db.owners.of_session(session_id)
        return None if found is None else self._mine(found, user_id, "session_not_found")

    def may_see(self, user_id: str) -> bool:
        """Whether the caller may see and change what is this user's."""
        seen = self.running.accounts.may_see(self.token, user_id)
        return seen and (self.tenant is None or self._is_of_tenant(user_id))

    def _is_of_tenant(self, user_id: str) -> bool:
        try:
            return self._profile(user_id).tenant_id == self.tenant
        except NotFound:
            return True  # an id that nobody has yet may become one of the tenant's

    def answer(self, key: str, data: Any, **params: Any) -> Answer[Any]:
        """The envelope: a sentence (``api.<key>``), the data, the time."""
        sentence = translate(self.language, f"api.{key}", **params)
        return Answer(message=sentence, data=data, timestamp=datetime.now(UTC))

    def require(self, scope: str) -> None:
        """Refuse a token that isn't for this.

        Raises:
            BadInput: ``scope_missing``.
        """
        if self.token is not None and scope not in self.token.scopes:
            raise BadInput(code="scope_missing", scope=scope)

    @property
    def is_designer(self) -> bool:
        """Whether the caller may do what concerns everybody; without accounts anybody may."""
        return not self.running.accounts.required or bool(
            self.token and "designer" in self.token.scopes
        )

    def require_designer(self) -> None:
        """Refuse whoever isn't a designer, where there are accounts.

        Raises:
            BadInput: ``only_designers``.
        """
        if not self.is_designer:
            raise BadInput(code="only_designers")

    def _mine(self, found: Owner | None, user_id: str | None, code: str) -> Owner:
        if (
            found is None
            or not self.may_see(found.user_id)
            or (user_id is not None and user_id != found.user_id)
        ):
            raise NotFound(code=code)
        self.info.user_id = found.user_id
        self.noting(found)
        return found

    def _check(self, user_id: str) -> None:
        # The same sentence as for an id that nobody has: it tells nothing.
        if not self.may_see(user_id):
            raise NotFound(code="user_not_found")
        self.info.user_id = user_id

    def persona(self, persona_id: str | None) -> str:
        """The id of a persona that there is; the default one if none is named.

        Raises:
            NotFound: ``persona_not_found``.
        """
        personas = self.running.personas
        if persona_id is None:
            return DEFAULT_PERSONA if DEFAULT_PERSONA in personas else next(iter(personas))
        if persona_id not in personas:
            raise NotFound(code="persona_not_found")
        return persona_id

    def agent(self, agent_id: str | None) -> str:
        """The id of a persona for mem0's ``agent_id``; an unknown one is made.

        It begins as a copy of the default persona under the id as its name.

        Raises:
            NotFound: ``persona_not_found``: there is none, and the caller may not add one
                that everybody sees.
        """
        running = self.running
        if agent_id is None or agent_id in running.personas:
            return self.persona(agent_id)
        if not self.is_designer:
            raise NotFound(code="persona_not_found")
        try:
            running.studio.add_agent(agent_id, self.persona(None))
        except BadInput as error:
            if error.code != "persona_id_taken":
                raise  # else another request was quicker, or it was archived
        return agent_id

    def _profile(self, user_id: str) -> User:
        if user_id not in self._users:
            self._users[user_id] = self.running.db.users.get(user_id)
        return self._users[user_id]

    def access_log(self, user_id: str, limit: int, before: int | None) -> Sequence[AccessEntry]:
        """A user's entries of the access log, also of one who was erased.

        Raises:
            NotFound: there never was such a user, or it is not the caller's business.
        """
        self._check(user_id)
        if self.tenant is not None:
            # Of whom nobody is left to ask, it isn't known whose user they were.
            self._profile(user_id)
        found = self.running.db.access_log.entries(user_id, limit=limit, before=before)
        if not found and before is None:
            self._profile(user_id)
        self.noting(user_id)
        return found

    def noting(self, whose: Owner | str) -> None:
        """Write into the access log what this route does with another's data."""
        self.running.accounts.look(self.token, whose, self.route, _action(self.route))

    def erasing(self, user_id: str) -> None:
        """Write down who is about to erase whom."""
        self.running.accounts.look(self.token, user_id, self.route, "erase")


def _action(route: str) -> AccessAction:
    """What a route does with somebody's data."""
    method, _, path = route.partition(" ")
    if path.startswith("/api/chat/message"):
        return "chat"
    if method in ("GET", "HEAD") or path.rsplit("/", 1)[-1] in _READING:
        return "view"
    return "change"


def _owner_in_store(running: Container, memory_id: str) -> Owner | None:
    key = point_id(memory_id)
    if key is None:
        return None
    which = MemoryFilter(statuses=frozenset(), ids=frozenset({key}))
    return next((memory.owner for memory in running.store.reads.iterate(which)), None)


async def running_parts(parts: Services) -> Container:
    """The running parts; building them never holds up the event loop."""
    running = parts.ready()
    if running is not None:
        return running
    # Not one of the threads that all requests share: they may all be busy for long.
    return await to_thread.run_sync(parts.__call__, limiter=limiter(_building, 1))


async def identified(request: Request, parts: Services, *, has_body: bool = False) -> RequestScope:
    """Find out who asks, and of which tenant's users.

    Args:
        request: Theirs.
        parts: The running parts.
        has_body: A JSON body was read of it, and may name the tenant.

    Raises:
        BadInput: ``token_missing`` or ``token_wrong`` (401), ``tenant_id``.
    """
    running = await running_parts(parts)
    request.state.running = running
    info = CURRENT.get() or RequestInfo("-")
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if not secret.strip():
        # mem0's server takes its keys there.
        scheme, secret = "token", request.headers.get("x-api-key", "")
    token: Token | None = None
    if secret.strip():
        # Also where none is needed: a wrong token is a mistake that somebody wants to hear of.
        if scheme.lower() in ("bearer", "token"):
            token = await to_thread.run_sync(running.accounts.check, secret.strip())
        # mem0's clients (scheme "Token") can't be made without a key: where none is
        # needed, any will do.
        if token is None and (scheme.lower() != "token" or running.accounts.required):
            raise BadInput(code="token_wrong")
        if token is not None:
            info.user_id = token.user_id
    elif running.accounts.required:
        raise BadInput(code="token_missing")
    route = request.scope.get("route")
    name = f"{request.method} {getattr(route, 'path', request.url.path)}"
    tenant = await tenant_of(request, in_body=has_body)
    return RequestScope(running, token, info.language, info, name, tenant)


def _asking(scope: str) -> Callable[..., Any]:
    async def dependency(request: Request, _: Annotated[None, Depends(documented)]) -> RequestScope:
        body = getattr(request.scope.get("route"), "body_field", None)
        has_body = body is not None and _is_json(request)
        asking = await identified(request, request.app.state.parts, has_body=has_body)
        asking.require(scope)
        return asking

    return dependency


def _is_json(request: Request) -> bool:
    """Whether FastAPI read a body of this request as JSON (it keeps what it read)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


# Only for the OpenAPI document and its "try it" form; the check is ours.
bearer = HTTPBearer(auto_error=False, description="An API token, where accounts are required")
ForChat = Annotated[RequestScope, Depends(_asking("chat"))]
ForMemory = Annotated[RequestScope, Depends(_asking("memory"))]
