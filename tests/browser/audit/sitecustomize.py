"""Writes down what a Python process tries: connections, look-ups, writes, programs.

Put this folder on PYTHONPATH and name a file in AUDIT_LOG. Audit hooks see what
every library does, also where it swallows the error afterwards. What native code
does by itself they don't see: the test looks at the kernel's tables for that.
"""

import os
import sys

_LOG = os.path.abspath(os.environ.get("AUDIT_LOG", ""))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_LOCAL_NAMES = {"localhost", "0.0.0.0", "::", "::1", ""}
# Which arguments of an event are paths that it changes.
_CHANGES = {
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "sqlite3.connect": (0,),
}
_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}


def _write(line: str) -> None:
    # Not open(): a file object could be closed by an interpreter that is ending.
    handle = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, line.encode("utf-8", "replace") + b"\n")
    os.close(handle)


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    return name in _LOCAL_NAMES or name.startswith("127.")


def _path(value: object) -> str | None:
    """The full path of an argument; None for file numbers and databases in memory."""
    if not isinstance(value, (str, bytes, os.PathLike)):
        return None
    name = os.fsdecode(value)
    return None if name == ":memory:" else os.path.abspath(name.removeprefix("file:"))


def _hook(event: str, args: tuple) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = args[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            _write(f"connect {address[0]}:{address[1]}")
    elif event in _LOOKUPS:
        if not _is_local(args[0]):
            _write(f"lookup {args[0]}")
    elif event == "open":
        path, flags = _path(args[0]), args[2]
        if path and path != _LOG and isinstance(flags, int) and flags & _WRITING:
            _write(f"write {path}")
    elif event in _CHANGES:
        for place in _CHANGES[event]:
            path = _path(args[place])
            if path:
                _write(f"write {path}")
    elif event in _PROGRAMS:
        _write(f"run {args[0]}")


if os.environ.get("AUDIT_LOG"):
    _write("started")
    sys.addaudithook(_hook)
