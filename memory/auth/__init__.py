"""Accounts: who is signed in, who may see what, and API tokens."""

from memory.auth.accounts import Accounts, digest_of
from memory.auth.logins import Claims
from memory.types import SCOPES, Look, Token

__all__ = ["SCOPES", "Accounts", "Claims", "Look", "Token", "digest_of"]
