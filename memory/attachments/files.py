"""Content-addressed file store: attachments of people, by SHA-256 in a folder for each user.

Each user has a folder of their own, so that erasing one can't take another's file along and
nobody learns that somebody else has the same photo. Files are readable for the owner of the
data folder only, and written whole or not at all.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from memory.errors import FolderUnusable, NotFound
from memory.system.files import FOLDER_MODE, atomic_write

log = logging.getLogger(__name__)

FOLDER = "attachments"
"""In the data folder."""

HELD = 16
"""Files that are passed on and not kept; a reply needs them for seconds."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class AttachmentFiles:
    """The files of all users. Safe to share between threads.

    Args:
        data_dir: The data folder; ours is made in it with the first file.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._lock = threading.Lock()
        # Written, and not yet named by any message: not to be cleared away.
        self._new: dict[str, set[str]] = defaultdict(set)
        self._held: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def put(self, user_id: str, data: bytes) -> str:
        """Keep a file; the same bytes are kept once.

        Returns:
            Its SHA-256. :meth:`settle` it once a message names it.

        Raises:
            FolderUnusable: it can't be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        folder = self._of(user_id)
        with self._lock:
            self._new[user_id].add(sha256)
            try:
                self._write(folder, sha256, data)
            except OSError as error:
                self._new[user_id].discard(sha256)
                raise FolderUnusable(
                    f"{folder} can't be written: {error.strerror}",
                    folder=str(self._folder),
                    why=error.strerror or type(error).__name__,
                ) from error
        return sha256

    def hold(self, user_id: str, data: bytes) -> str:
        """Have a file at hand for the next reply without keeping it anywhere; its SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._lock:
            self._held[user_id, sha256] = data
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        return sha256

    def settle(self, user_id: str, hashes: Collection[str]) -> None:
        """These files are named by a message now; from now on they go with it."""
        with self._lock:
            self._new[user_id] -= set(hashes)

    def get(self, user_id: str, sha256: str) -> bytes:
        """The bytes of a file of this user.

        Raises:
            NotFound: ``attachment_not_found``: there is none.
        """
        if _SHA256.fullmatch(sha256):
            with suppress(OSError):
                return (self._of(user_id) / sha256).read_bytes()
            with self._lock:
                if (user_id, sha256) in self._held:
                    return self._held[user_id, sha256]
        raise NotFound(code="attachment_not_found")

    def has(self, user_id: str, sha256: str) -> bool:
        """Whether there is such a file of this user."""
        return bool(_SHA256.fullmatch(sha256)) and (self._of(user_id) / sha256).is_file()

    def retain(self, user_id: str, hashes: Collection[str]) -> None:
        """Remove the files of a user that no message names any more.

        Args:
            user_id: Whose.
            hashes: Of the files that messages name.
        """
        folder = self._of(user_id)
        with self._lock:
            for key in [key for key in self._held if key[0] == user_id and key[1] not in hashes]:
                del self._held[key]
        if not folder.is_dir():
            return
        with self._lock:
            kept = {*hashes, *self._new.get(user_id, ())}
            _clear(folder, kept)

    def sweep(self, known: Mapping[str, Collection[str]], older_than: float = 0.0) -> None:
        """Remove every file that no message of anybody names.

        For what a crash left between a deletion in the database and that of the file.

        Args:
            known: The hashes that messages name, by user.
            older_than: Seconds since a file was written, where other processes write too.
        """
        if not self._folder.is_dir():
            return
        with self._lock:
            kept: dict[str, set[str]] = {}
            for user_id in {*known, *self._new}:
                named = {*known.get(user_id, ()), *self._new.get(user_id, ())}
                kept[self._of(user_id).name] = named
            for folder in self._folder.iterdir():
                _clear(folder, kept.get(folder.name, set()), older_than)

    def _of(self, user_id: str) -> Path:
        # An id may be anything; its digest is a name on every file system.
        return self._folder / hashlib.sha256(user_id.encode("utf-8", "replace")).hexdigest()[:32]

    def _write(self, folder: Path, sha256: str, data: bytes) -> None:
        target = folder / sha256
        if target.is_file():
            target.touch()
            return
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        atomic_write(target, data)


def files_below(data_dir: Path) -> Iterator[Path]:
    """Every kept file of a data folder, in a fixed order."""
    for path in sorted((data_dir / FOLDER).glob("*/*")):
        if _SHA256.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            yield path


def _clear(folder: Path, kept: Collection[str], older_than: float = 0.0) -> None:
    """Remove all files of a user but these, and the folder if nothing is left."""
    try:
        found = list(folder.iterdir())
        going = [path for path in found if path.name not in kept]
        if older_than:
            before = time.time() - older_than
            going = [path for path in going if path.stat().st_mtime < before]
        if len(going) == len(found):
            shutil.rmtree(folder)
            return
        for path in going:
            path.unlink(missing_ok=True)
    except OSError as error:
        # They go with the next sweep; that the rows are gone must not seem to have failed.
        log.warning("attachments can't be removed yet: %s", error.strerror)
