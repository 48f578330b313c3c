"""Console of the scripts: settings, the language, one sentence and an exit code."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from components import runtime
from memory.config import Settings, load_settings
from memory.errors import BadInput, FolderBusy, FolderDamaged, FolderIncomplete, NiannianError
from memory.i18n import error_text, translate
from memory.types import Language

OK, DIFFERS, UNUSABLE = 0, 1, 2
"""Exit codes: all is well; something is damaged or differs; it couldn't be done."""


def settings() -> Settings:
    """The app's own settings; a wrong one ends the script."""
    try:
        return load_settings(runtime.secrets())
    except NiannianError as error:
        fail(error)


def language() -> Language:
    """Of the settings, or else of the terminal."""
    chosen = os.environ.get("NIANNIAN_LANGUAGE", "auto")
    if chosen not in ("zh", "en"):
        chosen = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if chosen.startswith("zh") else "en"


def say(key: str, **params: object) -> None:
    """One sentence of the catalogue."""
    print(translate(language(), key, **params))


def fail_with(key: str, **params: object) -> NoReturn:
    """A sentence of the catalogue that says why it couldn't be done."""
    print(translate(language(), key, **params), file=sys.stderr)
    sys.exit(UNUSABLE)


def fail(error: NiannianError) -> NoReturn:
    """One sentence for an error, and the exit code that goes with it."""
    print(error_text(language(), error), file=sys.stderr)
    damaged = isinstance(error, FolderDamaged | FolderIncomplete)
    sys.exit(DIFFERS if damaged and not isinstance(error, FolderBusy | BadInput) else UNUSABLE)
