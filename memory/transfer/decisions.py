"""Remapped review decisions: under the ids that their memories have after an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from memory.memories.review.finding import FindingKind, key_of
from memory.transfer.id_map import Remap
from memory.types import Memory, SettledFinding

KEY_LENGTH = 300
KINDS = frozenset(FindingKind)


def ids_of(finding: str) -> tuple[str, ...]:
    """The memories that a finding's key (:attr:`memory.memories.review.Finding.key`) is about; none
    if it isn't such a key."""
    kind, *ids, digest = finding.split(":") if finding.count(":") > 1 else ("", "")
    sound = kind in KINDS and len(ids) <= 2 and all(ids) and len(digest) == 16
    return tuple(ids) if sound and len(finding) <= KEY_LENGTH else ()


def brought_over(
    settled: Iterable[SettledFinding], memories: Mapping[str, Memory], remap: Remap
) -> Iterator[SettledFinding]:
    """The same under new ids; without what isn't about memories of the file any more.

    Args:
        settled: From the file.
        memories: The file's memories by their ids there.
        remap: Knows the new ids.
    """
    for one in settled:
        ids = ids_of(one.finding)
        if all(remap.id(id) == id for id in ids):
            finding = one.finding
        else:
            about = [memories[id] for id in ids if id in memories]
            kind = FindingKind(one.finding.split(":")[0])
            # The digest goes by the order of the ids, and by the texts of that time.
            if len(about) < len(ids) or key_of(kind, about) != one.finding:
                continue
            finding = key_of(kind, [replace(m, id=remap.id(m.id)) for m in about])
        yield replace(one, owner=remap.owner(one.owner), finding=finding)
