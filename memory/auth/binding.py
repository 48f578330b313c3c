"""Where the server may be reached from: without accounts, from this machine only."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from memory.config import Settings
from memory.errors import SettingsError


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or address, without port) is this machine and no other."""
    name = host.strip().strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    if not is_address(name):
        return False
    address = ipaddress.ip_address(name.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


@lru_cache(maxsize=256)
def is_address(host: str) -> bool:
    """Whether ``host`` is an IP address, with or without a zone, and no name."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


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
