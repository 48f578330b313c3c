"""The system's keyring (Keychain, Credential Manager, Secret Service), where there is one.

A backend that would ask somebody to type a password, that keeps nothing, or that keeps
keys readable is as good as none. Every call has a time limit, because a keyring's
service may hang, and on a machine without a screen nobody answers it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

log = logging.getLogger(__name__)

SERVICE = "niannian"
SECONDS = 3.0
"""How long one call may take; after one that took longer none is tried any more."""

# Backends that keep nothing, or that open a window to ask for a password.
_UNUSABLE = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.kwallet")
# keyrings.alt: files, in the clear or behind a password that is asked for.
_FILES = ("keyrings.alt", "keyrings.cryptfile")
_SECRET_SERVICE = ("keyring.backends.SecretService", "keyring.backends.libsecret")

T = TypeVar("T")
stuck = threading.Event()


def read(name: str) -> str | None:
    """The secret kept under ``name``; None if there is none, or no usable keyring."""

    def work() -> str | None:
        backend = _backend()
        found = backend.get_password(SERVICE, name) if backend is not None else None
        return found if isinstance(found, str) and found else None

    return _limited(work, None)


def write(name: str, secret: str) -> bool:
    """Keep ``secret`` under ``name``; False if it isn't certain that it is kept."""

    def work() -> bool:
        backend = _backend()
        if backend is None:
            return False
        backend.set_password(SERVICE, name, secret)
        return bool(backend.get_password(SERVICE, name) == secret)

    return _limited(work, False)


def forget(name: str) -> bool:
    """Remove what is kept under ``name``; False if it couldn't be removed."""

    def work() -> bool:
        backend = _backend()
        if backend is None:
            return False
        if backend.get_password(SERVICE, name) is not None:
            backend.delete_password(SERVICE, name)
        return True

    return _limited(work, False)


def _backend() -> Any | None:
    """The best usable backend: the one that is configured, or the first of several."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    several: Iterable[Any] = chosen.backends if isinstance(chosen, ChainerBackend) else (chosen,)
    return next((backend for backend in several if _is_usable(backend)), None)


def _is_usable(backend: Any) -> bool:
    module = type(backend).__module__
    if module.startswith((*_UNUSABLE, *_FILES)) or "plaintext" in type(backend).__name__.lower():
        return False
    if module.startswith(_SECRET_SERVICE) and not _is_unlocked():
        return False
    return bool(backend.priority > 0)


def _is_unlocked() -> bool:
    """Whether the Secret Service can be used without a window that asks for a password."""
    import secretstorage

    bus = secretstorage.dbus_init()
    try:
        # Not get_default_collection(): it would make one, and ask for its password.
        collection = secretstorage.collection.Collection(
            bus, "/org/freedesktop/secrets/aliases/default"
        )
        return not collection.is_locked()
    finally:
        bus.close()


def _limited(work: Callable[[], T], otherwise: T) -> T:
    """``work`` in a thread that is left behind when its time is over."""
    if stuck.is_set():
        return otherwise
    results: list[T] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 (backends raise what their services raise)
            # Only the type: what a backend says may hold what it was given.
            log.warning("the system's keyring can't be used: %s", type(error).__name__)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        stuck.set()
        log.warning("the system's keyring didn't answer within %g s; going on without it", SECONDS)
        return otherwise
    return results[0] if results else otherwise
