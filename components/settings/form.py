"""Settings forms: fields fixed by the environment, saving, restarting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from components import runtime
from components.text import error_text, t
from memory.config import Settings, load_settings, save_settings
from memory.errors import NiannianError

FORM = "settings_"
_SAVED = "settings_saved"


class Fixed(frozenset[str]):
    """The settings that the environment decides: shown, but not to be changed here."""

    def field(self, name: str, value: Any, help: str | None = None) -> dict[str, Any]:
        """Arguments of the widget for a setting: key, value, and why it is fixed if so."""
        key = f"{FORM}{name}"
        st.session_state.setdefault(key, value)
        locked = name in self
        if locked:
            st.session_state[key] = value
            help = t("settings.fixed")
        return {"key": key, "disabled": locked, "help": help}

    def say(self, names: Iterable[str]) -> None:
        """Say in the open, too, why some of these fields are locked."""
        if any(name in self for name in names):
            st.caption(f":material/lock: {t('settings.fixed_some')}")


def fixed() -> Fixed:
    """What environment, ``.env`` and secrets decide."""
    return Fixed(runtime.fixed_settings())


def typed(fields: Iterable[str], secrets: Collection[str], fixed: Fixed) -> dict[str, Any]:
    """What a form says, without what the environment decides.

    Args:
        fields: Names of its settings.
        secrets: Those whose field is empty while a key is kept: nothing typed leaves it, and
            only the box beside it removes it.
        fixed: What the environment decides.
    """
    changes: dict[str, Any] = {}
    for name in fields:
        if name in fixed:
            continue
        value = st.session_state[f"{FORM}{name}"]
        value = value.strip() if isinstance(value, str) else value
        if name in secrets and not value:
            if st.session_state.get(f"{FORM}{name}_remove"):
                changes[name] = None
            continue
        changes[name] = value
    return changes


def as_saved(settings: Settings, changes: Mapping[str, Any]) -> Settings | None:
    """The settings that ``changes`` would make, to test them; a sentence and ``None`` if one
    isn't allowed."""
    given = {name: value for name, value in changes.items() if value not in (None, "")}
    removed = {name: None for name, value in changes.items() if value in (None, "")}
    try:
        loaded = load_settings(runtime.secrets(), data_dir=settings.data_dir, **given)
    except NiannianError as error:
        st.error(error_text(error), icon=":material/error:")
        return None
    return loaded.model_copy(update=removed)


def save_and_restart(
    settings: Settings, changes: Mapping[str, Any], notices: Sequence[str] = ()
) -> None:
    """Write the settings and start with them; one sentence if a value isn't allowed.

    ``notices`` are shown with the word that they were saved.
    """
    try:
        save_settings(settings.data_dir, changes, current=settings)
    except NiannianError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    clear_form()
    note_saved(notices)
    runtime.reload()
    st.rerun()


def note_saved(notices: Sequence[str] = ()) -> None:
    """Let the next run say that something was saved, with ``notices`` beside it."""
    st.session_state[_SAVED] = tuple(notices)


def saved_notice() -> None:
    """Say once that settings were saved."""
    notices: Sequence[str] | None = st.session_state.pop(_SAVED, None)
    if notices is not None:
        st.toast(t("settings.saved"), icon=":material/check:")
        for notice in notices:
            st.warning(notice, icon=":material/key_off:")


def clear_form() -> None:
    """Forget what was typed, keys above all; the fields show the settings again."""
    for key in [str(key) for key in st.session_state if str(key).startswith(FORM)]:
        del st.session_state[key]
