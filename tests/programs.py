"""The command line's programs, run in this process: to import all of the app takes seconds."""

from __future__ import annotations

import io
import runpy
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest


def run_script(name: str, *arguments: str) -> tuple[int, str, str]:
    """What ``python -m scripts.NAME`` does: its exit code, what it prints, and its errors."""
    out, errors = io.StringIO(), io.StringIO()
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
        patch.setattr(sys, "argv", [name, *arguments])
        # A program that was imported already is run anew.
        patch.delitem(sys.modules, f"scripts.{name}", raising=False)
        try:
            runpy.run_module(f"scripts.{name}", run_name="__main__")
        except SystemExit as ended:
            code = ended.code
    if isinstance(code, str):  # the interpreter's own way with it
        print(code, file=errors)
        code = 1
    return int(str(code or 0)), out.getvalue(), errors.getvalue()
