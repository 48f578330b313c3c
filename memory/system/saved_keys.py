"""API keys at rest: in the system's keyring or the settings file, each bound to one address.

A key is given for an address. When the address changes, on the page or in the
environment, the key doesn't go along: it has to be given again. ``keys.json`` in the
data folder holds for each saved key where it is kept and for which address it was given,
and never the key itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from memory.system import keyring as system_keyring
from memory.system.files import atomic_write

log = logging.getLogger(__name__)

KEYS_FILE = "keys.json"
ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "openai_api_key": ("openai_base_url",),
    "fallback_api_key": ("fallback_base_url",),
    "embedding_api_key": ("embedding_base_url", "openai_base_url"),
    "speech_api_key": ("speech_base_url", "openai_base_url"),
}
"""For each key the settings that say where it is sent; the first that is set counts."""

Place = Literal["keyring", "file"]


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """Where a saved key is kept, and for which address it was given.

    ``address`` is ``""`` for the default one; ``None``: for none, it may not be used.
    """

    place: Place
    address: str | None


def address_of(key: str, values: Mapping[str, Any]) -> str:
    """The address that ``key`` would be sent to; ``""`` is the default one."""
    given = (values.get(name) for name in ADDRESSES[key])
    return next((str(value).rstrip("/") for value in given if value), "")


def read_records(folder: Path) -> dict[str, KeyRecord]:
    """What ``keys.json`` says; a file that can't be read says that no key may be used."""
    path = folder / KEYS_FILE
    if not path.exists():
        return {}
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return {
            key: KeyRecord("keyring" if row["place"] == "keyring" else "file", row["address"])
            for key, row in read.items()
            if key in ADDRESSES
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        log.warning("%s can't be read: saved keys have to be given again", path)
        return {key: KeyRecord("file", None) for key in ADDRESSES}


def write_records(folder: Path, records: Mapping[str, KeyRecord]) -> None:
    """Write ``keys.json``, or remove it where there is nothing to say."""
    if not records:
        (folder / KEYS_FILE).unlink(missing_ok=True)
        return
    rows = {key: {"place": row.place, "address": row.address} for key, row in records.items()}
    atomic_write(folder / KEYS_FILE, json.dumps(rows, ensure_ascii=False, indent=2))


def with_saved_keys(
    folder: Path, saved: Mapping[str, Any], values: Mapping[str, Any], *, keyring: bool
) -> dict[str, Any]:
    """What was saved, with the keys that may be used for the addresses in force.

    Args:
        folder: The data folder.
        saved: What the settings file says.
        values: The settings in force; decides where a key would be sent.
        keyring: Whether the system's keyring may be asked.
    """
    out, records = dict(saved), read_records(folder)
    for key in ADDRESSES:
        record = records.get(key)
        if record is None:
            # Saved by an older version: for the address that was saved with it.
            bound = address_of(key, saved) or None
            if key in out and bound is not None and bound != address_of(key, values):
                _refuse(out, key)
            continue
        if record.address is None or record.address != address_of(key, values):
            _refuse(out, key)
        elif record.place == "keyring" and key not in out and keyring:
            kept = system_keyring.read(name_of(folder, key))
            if kept is not None:
                out[key] = kept
    return out


def keep_keys(
    folder: Path,
    saved: Mapping[str, Any],
    given: Mapping[str, Any],
    addresses: tuple[Mapping[str, Any], Mapping[str, Any]],
    *,
    keyring: bool,
) -> tuple[dict[str, Any], dict[str, KeyRecord]]:
    """Decide where each key is kept after a change of settings, and put it there.

    A key that isn't given again while its address changes is forgotten. One that lay
    in the file moves to the keyring if there is one.

    Args:
        folder: The data folder.
        saved: What the settings file says until now.
        given: What was changed, keys included; an empty one removes the key.
        addresses: The settings in force before and after the change.
        keyring: Whether the system's keyring may be used.

    Returns:
        The keys that stay in the settings file, and the records for all.
    """
    before, after = addresses
    records, secrets = read_records(folder), _secrets(folder, saved, given, before, after)
    in_file: dict[str, Any] = {}
    for key, secret in secrets.items():
        record = records.get(key)
        if record is not None:
            # Should it break off on the way, a key may be lost, but none goes astray.
            write_records(folder, {**records, key: KeyRecord(record.place, None)})
        if secret and keyring and system_keyring.write(name_of(folder, key), secret):
            records[key] = KeyRecord("keyring", address_of(key, after))
        elif secret:
            records[key] = KeyRecord("file", address_of(key, after))
            in_file[key] = secret
        elif record is not None:
            del records[key]
        now = records.get(key)
        if record and record.place == "keyring" and (now is None or now.place == "file"):
            system_keyring.forget(name_of(folder, key))
    return in_file, records


def _secrets(
    folder: Path,
    saved: Mapping[str, Any],
    given: Mapping[str, Any],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, str | None]:
    """The keys that are to be written; None for those that go."""
    records, out = read_records(folder), dict[str, str | None]()
    for key in ADDRESSES:
        record = records.get(key)
        if key in given:
            out[key] = given[key] or None
        elif record is not None or key in saved:
            bound = record.address if record else address_of(key, saved) or address_of(key, before)
            if bound != address_of(key, after):
                out[key] = None
            elif key in saved:
                out[key] = saved[key]
    return out


def name_of(folder: Path, key: str) -> str:
    """Under which name a key is kept; data folders of one person keep theirs apart."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return f"{key}:{digest}"


def place_of(folder: Path, key: str) -> Place | None:
    """Where ``key`` is kept; None if none was saved since keys have records."""
    record = read_records(folder).get(key)
    return record.place if record else None


def _refuse(values: dict[str, Any], key: str) -> None:
    if values.pop(key, None) is not None:
        log.warning("%s isn't used: it was saved for another address", key)
