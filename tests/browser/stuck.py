"""An app whose extraction never ends, inside a pattern, for a message that says so."""

from __future__ import annotations

import os
from pathlib import Path

STUCK = "请卡住"

# Python loads this before anything else, in the app and in its worker process; only in
# the latter does it get stuck, as a pattern of the rules would.
_HOOK = f"""
import importlib.util, re, sys

class Hook:
    def find_spec(self, name, path=None, target=None):
        if name != "memory.builtin.extraction":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            whole = module.BuiltinExtraction.extract

            def extract(self, request, **callbacks):
                if any({STUCK!r} in message.text for message in request.messages):
                    re.fullmatch("(?:a+)+b", "a" * 64)
                return whole(self, request, **callbacks)

            module.BuiltinExtraction.extract = extract

        spec.loader.exec_module = exec_module
        return spec

if any("worker_child" in word for word in sys.orig_argv):
    sys.meta_path.insert(0, Hook())
"""


def environment(folder: Path) -> dict[str, str]:
    """What makes an app get stuck; ``folder`` is for the hook."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def children(pid: int) -> list[int]:
    """Process ids of the children of a process that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def processor_seconds(pid: int) -> float:
    """What a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
