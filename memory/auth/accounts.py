"""Authorization: API tokens, and who may do what.

A token is ``nn_<id>_<random>``: the id finds its row, the random part (256 bits)
is only kept as a SHA-256 digest. A slow hash would add nothing against guessing
256 random bits, and a digest is quick enough to check at every request.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from memory.auth.logins import LoginClaims
from memory.config import Settings
from memory.db import Database
from memory.errors import BadInput
from memory.types import SCOPES, AccessAction, AccessEntry, Owner, Token, User

PREFIX = "nn"
NAME_LENGTH = 80
# "Last used" is written down at most this often: it costs a sync.
USED_EVERY = timedelta(minutes=1)
_NO_DIGEST = "0" * 64


def digest_of(secret: str) -> str:
    """SHA-256 of a token's secret, as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Accounts:
    """Who may see what. In local mode everybody at this machine may see everything."""

    def __init__(self, db: Database, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self._tidied: datetime | None = None

    @property
    def required(self) -> bool:
        """Whether people have to sign in and programs need a token."""
        return self._settings.accounts == "required"

    # --- tokens ---------------------------------------------------------------

    def create_token(self, user_id: str, name: str, scopes: Iterable[str]) -> tuple[Token, str]:
        """A new token and its secret, which can't be had again.

        Args:
            user_id: Whose memories it opens.
            name: What it is for; 1 to 80 characters.
            scopes: Some of ``chat``, ``memory``, ``designer``.

        Raises:
            BadInput: ``token_name``, ``token_scopes``, or ``token_designer``: only
                a designer can have a token with that scope.
            NotFound: there is no such user.
        """
        called = " ".join(name.replace("\x00", "").split())
        chosen = frozenset(scopes)
        if not 1 <= len(called) <= NAME_LENGTH:
            raise BadInput(code="token_name", limit=NAME_LENGTH)
        if not chosen or not chosen <= set(SCOPES):
            raise BadInput(code="token_scopes", allowed=", ".join(SCOPES))
        user = self._db.users.get(user_id)
        if "designer" in chosen and not self.is_designer(user):
            raise BadInput(code="token_designer")
        token = Token(secrets.token_hex(8), user_id, called, chosen, self._clock())
        secret = f"{PREFIX}_{token.id}_{secrets.token_urlsafe(32)}"
        self._db.tokens.add(token, digest_of(secret))
        return token, secret

    def check(self, secret: str) -> Token | None:
        """The token that ``secret`` opens, or ``None``: unknown, revoked, or no token.

        Takes the same time for a wrong secret as for the right one. The scope
        ``designer`` is only in it as long as its user is one.
        """
        parts = secret.split("_", 2)
        known = parts[0] == PREFIX and len(parts) == 3 and parts[1].isalnum()
        found = self._db.tokens.get(parts[1]) if known else None
        right = hmac.compare_digest(digest_of(secret), found[1] if found else _NO_DIGEST)
        if found is None or not right or found[0].revoked_at is not None:
            return None
        token, now = found[0], self._clock()
        if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
            self._db.tokens.note_use(token.id, now)
            token = replace(token, last_used_at=now)
        if "designer" in token.scopes and not self.is_designer(self._db.users.get(token.user_id)):
            token = replace(token, scopes=token.scopes - {"designer"})
        return token

    def revoke(self, user_id: str, token_id: str) -> None:
        """From now on the token is refused.

        Raises:
            NotFound: this user has no such token.
        """
        self._db.tokens.revoke(user_id, token_id, self._clock())

    def list(self, user_id: str) -> list[Token]:
        """A user's tokens, newest first, revoked ones too."""
        return self._db.tokens.of(user_id)

    # --- rights -----------------------------------------------------------------

    def is_designer(self, user: User) -> bool:
        """Whether somebody sees everything: by role, or anybody in local mode."""
        return not self.required or user.role == "designer"

    def may_see(self, viewer: User | Token | None, user_id: str) -> bool:
        """Whether ``viewer`` may see and change what belongs to ``user_id``.

        Args:
            viewer: A person, the token of a program, or ``None`` for neither.
            user_id: Whose data.
        """
        if viewer is None:
            return not self.required
        if isinstance(viewer, Token):
            return viewer.user_id == user_id or "designer" in viewer.scopes
        return viewer.id == user_id or self.is_designer(viewer)

    def look(
        self,
        viewer: User | Token | None,
        whose: Owner | str,
        what: str,
        action: AccessAction = "view",
    ) -> None:
        """Write into the access log what somebody is about to do with another's data.

        Nothing for one's own, except erasing it.

        Args:
            viewer: As in :meth:`may_see`. Without accounts nobody is known, and
                only a token's looks are written.
            whose: A user's id, or a user and persona.
            what: The page or route.
            action: What is done.
        """
        token = viewer if isinstance(viewer, Token) else None
        known = token is not None or (viewer is not None and self.required)
        by = token.user_id if token else viewer.id if isinstance(viewer, User) and known else ""
        user_id = whose if isinstance(whose, str) else whose.user_id
        if action != "erase" and (not known or by == user_id):
            return
        self._forget_old()
        self._db.access_log.add(
            AccessEntry(
                at=self._clock(),
                by_user_id=by,
                user_id=user_id,
                persona_id=None if isinstance(whose, str) else whose.persona_id,
                what=what[:100],
                action=action,
                token_id=token.id if token else None,
            )
        )

    def _forget_old(self) -> None:
        """Once a day what is older than the settings say."""
        days, now = self._settings.access_log_days, self._clock()
        if days and (self._tidied is None or now - self._tidied >= timedelta(days=1)):
            self._db.access_log.forget(now - timedelta(days=days))
            self._tidied = now

    # --- signing in -------------------------------------------------------------

    def sign_in(self, claims: LoginClaims, timezone: str | None = None) -> User:
        """The profile of somebody whom the login provider vouches for.

        Made at the first sign-in. Whether they are a designer follows the settings
        at every sign-in.

        Args:
            claims: What the provider says.
            timezone: The browser's, a valid name; for a new profile.
        """
        designer = claims.among(self._settings.designers)
        role: Literal["person", "designer"] = "designer" if designer else "person"
        user = self._db.logins.user(claims.login)
        if user is None:
            return self._db.logins.create(claims.login, claims.name, role=role, timezone=timezone)
        return user if user.role == role else self._db.logins.set_role(user.id, role)
