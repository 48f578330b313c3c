"""Errors that name cause and remedy.

    NiannianError
    ├── SettingsError        a setting has a value that isn't allowed
    ├── BadInput             what a person or program sent can't be used
    ├── NotFound             no such thing, or it belongs to somebody else
    ├── NotUndoable          a change that can't be undone (any more)
    ├── StoreError           the memory store can't do what was asked
    │   ├── FolderBusy       another process has this folder open
    │   ├── FolderUnusable   can't be written, or the disk is full
    │   │   ├── FolderDamaged     a file in it isn't what was written
    │   │   ├── FolderIncomplete  a file of it is missing
    │   │   └── FolderNewer       a newer version of this program or its engine made it
    │   └── EmbedderChanged  vectors in the store come from another embedder
    ├── WorkError            work on a text or file was given up
    │   ├── WorkTimeout      it took too long
    │   ├── WorkTooLarge     it needed too much memory
    │   └── WorkerDied       the process that did it ended
    └── ModelError           an endpoint failed
        ├── ModelAuth        the key was refused
        ├── ModelAccount     the account may not: region, real name, permission
        ├── ModelBalance     money or quota is used up
        ├── ModelUnknown     no such model there
        ├── ModelAddress     nothing of the kind at this address
        ├── ModelTooLong     the request doesn't fit into the model
        ├── ModelFiltered    the provider's filter stopped it
        ├── ModelTimeout     no answer in time
        ├── ModelBusy        rate limited or overloaded
        ├── ModelUnreachable no connection
        │   └── ModelTls     the certificate isn't trusted
        ├── ReplyCut         a reply ended before its end
        └── UnreadableReply  nothing in the reply could be read

Each carries a ``code`` and ``params``; the screen looks the code up in its
language files (``error.<code>``), so nothing in here is shown as it is, except
in logs. ``params`` never hold message text, memory text or keys.
"""

from __future__ import annotations

from typing import Any


class NiannianError(Exception):
    """Root of all errors that this project raises on purpose."""

    code = "unexpected"

    def __init__(self, message: str = "", *, code: str | None = None, **params: Any) -> None:
        super().__init__(message or code or self.code)
        if code is not None:
            self.code = code
        self.params: dict[str, Any] = params


class SettingsError(NiannianError):
    """A setting's value isn't allowed. Params: setting, given, allowed."""

    code = "settings"


class BadInput(NiannianError):
    """Input that can't be used; ``code`` says which (e.g. ``message_empty``)."""

    code = "bad_input"


class NotFound(NiannianError):
    """No such thing for this owner. Says the same for what belongs to others."""

    code = "not_found"


class NotUndoable(NiannianError):
    """This change can't be undone. Params: why."""

    code = "not_undoable"


class StoreError(NiannianError):
    """The memory store failed."""

    code = "store"


class FolderBusy(StoreError):
    """Another process has the data folder open. Params: folder."""

    code = "folder_busy"


class FolderUnusable(StoreError):
    """The data folder can't be used. Params: folder, why."""

    code = "folder_unusable"


class FolderDamaged(FolderUnusable):
    """A file isn't what was written. Params: folder, what (the file), why."""

    code = "folder_damaged"


class FolderIncomplete(FolderUnusable):
    """A file is missing. Params: folder, what (the file), why."""

    code = "folder_incomplete"


class FolderNewer(FolderUnusable):
    """Made by a newer version of this program or of its engine. Params: folder, why."""

    code = "folder_newer"


class EmbedderChanged(StoreError):
    """The vectors were made by another embedder. Params: stored, configured."""

    code = "embedder_changed"


class WorkError(NiannianError):
    """Work on a text or file was given up."""

    code = "work"


class WorkTimeout(WorkError):
    """It took longer than it may. Params: seconds."""

    code = "work_timeout"


class WorkTooLarge(WorkError):
    """It needed more memory than it may."""

    code = "work_too_large"


class WorkerDied(WorkError):
    """The process that worked on it ended in the middle. Params: exit (its code)."""

    code = "worker_died"


class ModelError(NiannianError):
    """An endpoint failed. Params: status (if HTTP), endpoint host, said, part.

    ``said`` is its own complaint, short and without keys; ``part`` is ``embedding`` where
    it was asked for vectors.
    """

    code = "model"


class ModelAuth(ModelError):
    """The endpoint refused the key."""

    code = "model_auth"


class ModelAccount(ModelAuth):
    """The account may not do this: its region, a missing verification, a permission."""

    code = "model_account"


class ModelBalance(ModelError):
    """The balance or the quota is used up."""

    code = "model_balance"


class ModelUnknown(ModelError):
    """The endpoint doesn't have this model, or not for this purpose. Params: model."""

    code = "model_unknown"


class ModelAddress(ModelError):
    """The address is of something else."""

    code = "model_address"


class ModelTooLong(ModelError):
    """The request is longer than the model takes."""

    code = "model_too_long"


class ModelFiltered(ModelError):
    """The provider's filter stopped the request or the reply."""

    code = "model_filtered"


class ReplyCut(ModelError):
    """A reply stopped early; what came of it is worth keeping. ``code`` says why."""

    code = "reply_cut"


class ModelTimeout(ModelError):
    """The endpoint didn't answer in time. Params: seconds."""

    code = "model_timeout"


class ModelBusy(ModelError):
    """The endpoint asked to slow down. Params: retry_after (seconds, if it said so)."""

    code = "model_busy"


class ModelUnreachable(ModelError):
    """No connection to the endpoint."""

    code = "model_unreachable"


class ModelTls(ModelUnreachable):
    """The endpoint's certificate isn't trusted."""

    code = "model_tls"


class UnreadableReply(ModelError):
    """Nothing in the model's reply could be read."""

    code = "unreadable_reply"
