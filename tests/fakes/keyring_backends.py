"""Keyring backends for tests; each implements the library's own interface."""

from __future__ import annotations

import time

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps passwords as long as it lives."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class PlaintextKeyring(MemoryKeyring):
    """Named as the one of keyrings.alt that keeps a readable file."""


class ForgetfulKeyring(MemoryKeyring):
    """Says nothing is wrong, and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class LockedKeyring(MemoryKeyring):
    """Every call fails, as where nobody is signed in at the machine."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringError(f"locked: {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError(f"locked: {password}")


class HangingKeyring(MemoryKeyring):
    """Waits for somebody who isn't there."""

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(30)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        time.sleep(30)
