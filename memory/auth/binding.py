"""Bind address check: without accounts, the server is reachable from this machine only."""

from __future__ import annotations

from memory.config import Settings
from memory.errors import SettingsError
from memory.system.loopback import is_loopback


def check_binding(address: str | None, settings: Settings) -> None:
    """Refuse to listen for other machines as long as nobody has to sign in.

    Args:
        address: What the server listens on; ``None`` means every address. A Unix
            socket (``unix://…``) is nobody else's.
        settings: Whether accounts are required.

    Raises:
        SettingsError: ``binding``, with the address.
    """
    if settings.accounts == "required" or (address or "").startswith("unix:"):
        return
    if not address or not is_loopback(address):
        given = address or "0.0.0.0"
        raise SettingsError(
            f"{given} can be reached from other machines, where anybody could read and "
            "change every memory: listen on localhost, or set NIANNIAN_ACCOUNTS=required",
            code="binding",
            setting="server.address",
            given=given,
            allowed="localhost",
        )
