"""Accounts: who is signed in, who may see what, and API tokens."""

from memory.auth.accounts import Accounts, digest_of
from memory.auth.logins import LoginClaims
from memory.types import SCOPES, AccessEntry, Token

__all__ = ["SCOPES", "AccessEntry", "Accounts", "LoginClaims", "Token", "digest_of"]
