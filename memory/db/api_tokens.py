"""API tokens: digests only, never a token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from memory.db.repository import Repository
from memory.db.tables import tokens
from memory.errors import NotFound
from memory.types import Token


class Tokens(Repository):
    """The tokens of users."""

    def add(self, token: Token, digest: str) -> None:
        """Keep a new token.

        Args:
            token: What is shown of it.
            digest: SHA-256 of its secret, as 64 hexadecimal digits.

        Raises:
            NotFound: there is no such user.
        """
        try:
            with self._write() as connection:
                connection.execute(
                    insert(tokens).values(
                        id=token.id,
                        user_id=token.user_id,
                        name=token.name,
                        digest=digest,
                        scopes=sorted(token.scopes),
                        created_at=token.created_at,
                    )
                )
        except IntegrityError as error:
            raise NotFound(code="user_not_found") from error

    def get(self, id: str) -> tuple[Token, str] | None:
        """A token, revoked ones too, and the digest of its secret."""
        with self._read() as connection:
            row = connection.execute(select(tokens).where(tokens.c.id == id)).mappings().first()
        return None if row is None else (_token(row), row["digest"])

    def of(self, user_id: str) -> list[Token]:
        """A user's tokens, newest first, revoked ones too."""
        chosen = select(tokens).where(tokens.c.user_id == user_id)
        with self._read() as connection:
            rows = connection.execute(chosen.order_by(tokens.c.created_at.desc(), tokens.c.id))
            return [_token(row) for row in rows.mappings()]

    def revoke(self, user_id: str, id: str, at: datetime) -> None:
        """From now on the token is refused; revoking again changes nothing.

        Raises:
            NotFound: this user has no such token.
        """
        mine = (tokens.c.id == id) & (tokens.c.user_id == user_id)
        with self._write() as connection:
            if connection.execute(select(tokens.c.id).where(mine)).first() is None:
                raise NotFound(code="token_not_found")
            connection.execute(
                update(tokens).where(mine, tokens.c.revoked_at.is_(None)).values(revoked_at=at)
            )

    def note_use(self, id: str, at: datetime) -> None:
        """Note when the token was last used."""
        with self._write() as connection:
            connection.execute(update(tokens).where(tokens.c.id == id).values(last_used_at=at))


def _token(row: RowMapping) -> Token:
    return Token(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        scopes=frozenset(row["scopes"]),
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )
