"""Login claims: what a login provider says about somebody, reduced to what is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from memory.errors import BadInput

LOGIN_LENGTH = 400


@dataclass(frozen=True, slots=True)
class LoginClaims:
    """Verified claims of an OpenID Connect identity token.

    ``email`` is only kept where the provider has verified it: anybody can claim
    an unverified one, and it may make somebody a designer.
    """

    login: str
    name: str
    email: str | None = None

    @classmethod
    def read(cls, claims: Mapping[str, Any]) -> LoginClaims:
        """From the claims of the identity token (OpenID Connect Core 1.0, section 5.1).

        Raises:
            BadInput: ``login_incomplete``, issuer or subject is missing.
        """
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not issuer or not subject:
            raise BadInput(code="login_incomplete")
        login = f"{str(issuer).rstrip('/')}|{subject}"
        if len(login) > LOGIN_LENGTH:
            raise BadInput(code="login_incomplete")
        email = claims.get("email") if claims.get("email_verified") in (True, "true") else None
        name = claims.get("name") or claims.get("preferred_username") or email
        return cls(login, str(name or ""), str(email).lower() if email else None)

    def among(self, names: Collection[str]) -> bool:
        """Whether the login or the verified email is one of ``names``."""
        wanted = {name.lower() for name in names}
        return self.login.lower() in wanted or (self.email or "") in wanted - {""}
