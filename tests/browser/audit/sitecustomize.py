"""Writes down what a Python process tries: outgoing connections, files opened for writing.

Put this folder on PYTHONPATH and name a file in AUDIT_LOG. Audit hooks see what
every library does, also where it swallows the error afterwards.
"""

import os
import sys

_LOG = os.environ.get("AUDIT_LOG")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_LOCAL = ("127.", "::1", "localhost")


def _write(line: str) -> None:
    # Not open(): that would raise another event.
    handle = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, line.encode("utf-8", "replace") + b"\n")
    os.close(handle)


def _hook(event: str, args: tuple) -> None:
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
            _write(f"connect {address[0]}:{address[1]}")
    elif event == "socket.getaddrinfo":
        host = args[0]
        host = host.decode() if isinstance(host, bytes) else host
        if host and not str(host).startswith((*_LOCAL, "0.0.0.0", "::")):
            _write(f"lookup {host}")
    elif event == "open":
        path, _, flags = args
        if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & _WRITING:
            path = os.fsdecode(path)
            if os.path.abspath(path) != os.path.abspath(_LOG):
                _write(f"write {os.path.abspath(path)}")
    elif event in {"os.mkdir", "os.rename", "shutil.move", "sqlite3.connect"}:
        _write(f"write {os.path.abspath(os.fsdecode(args[0]))}")


if _LOG:
    sys.addaudithook(_hook)
