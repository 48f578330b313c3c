"""Text editor: the field, whether the text can be used, saving, versions, differences."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.studio import drafts, notice
from components.studio.difference import difference
from components.text import catalogue, error_text, language, t, word
from memory.container import Container
from memory.errors import BadInput, NiannianError
from memory.studio.studio import NOTE_LENGTH
from memory.types import StudioText, TextKind

HEIGHT = 460


def field(running: Container, kind: TextKind, name: str, height: int = HEIGHT) -> str:
    """The text to edit; what is typed is kept as a draft."""
    key = drafts.seed(
        f"{drafts.fields(running, kind, name)}_text", drafts.current(running, kind, name)
    )
    body = st.text_area(
        t("studio.text"),
        height=height,
        label_visibility="collapsed",
        key=key,
        on_change=_typed,
        args=(running, kind, name, key),
        persist_state="session",
    )
    drafts.keep(running, kind, name, body or "")
    return body or ""


def _typed(running: Container, kind: TextKind, name: str, key: str) -> None:
    """Keep what was typed (a callback): a click elsewhere may end typing and leave the tab."""
    drafts.keep(running, kind, name, st.session_state.get(key) or "")


def verdict(running: Container, kind: TextKind, name: str, body: str) -> bool:
    """Say whether the text could be used, and why not."""
    if not drafts.is_edited(kind, name):
        return False
    try:
        running.studio.check(kind, name, body)
    except BadInput as error:
        st.error(problem(error), icon=":material/block:")
        return False
    return True


def problem(error: NiannianError) -> str:
    """The sentence for a refusal, with the name of the field in the reader's language."""
    params = dict(error.params)
    if "field" in params:
        params["field"] = field_name(str(params["field"]))
    if "wanted" in params:
        params["wanted"] = word("wanted", str(params["wanted"]))
    return error_text(type(error)(code=error.code, **params))


def field_name(path: str) -> str:
    """``zh.tagline`` in words; itself where there are none."""
    head, _, last = path.rpartition(".")
    known = catalogue(language())
    said = [word("language", head)] if head else []
    if not head and path in ("zh", "en"):
        return word("language", path)
    return " · ".join([*said, known.get(f"studio.field_{last}", path)])


def save_row(running: Container, kind: TextKind, name: str, usable: bool) -> None:
    """A note for the version, save, and back to what is in use."""
    edited = drafts.is_edited(kind, name)
    begin = drafts.fields(running, kind, name)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"studio_save_{kind}"):
        note = st.text_input(
            t("studio.note"),
            placeholder=t("studio.note_hint"),
            max_chars=NOTE_LENGTH,
            disabled=not edited,
            key=f"{begin}_note",
        )
        st.button(
            t("studio.save"),
            key=f"studio_save_button_{kind}",
            type="primary",
            icon=":material/check:",
            disabled=not usable,
            on_click=_save,
            args=(running, kind, name, f"{begin}_note"),
        )
        st.button(
            t("studio.discard"),
            key=f"studio_discard_{kind}",
            icon=":material/undo:",
            disabled=not edited,
            on_click=drafts.forget,
            args=(kind, name),
        )
    del note


def _save(running: Container, kind: TextKind, name: str, note_key: str) -> None:
    try:
        # The draft, not what was drawn: the click itself may have ended the typing.
        body = drafts.current(running, kind, name)
        running.studio.save(kind, name, body, st.session_state.get(note_key) or "")
    except NiannianError as error:
        st.toast(problem(error), icon=":material/error:")
        return
    drafts.forget(kind, name)
    notice.toast("studio.saved")


def differences(running: Container, me: Identity, kind: TextKind, name: str, body: str) -> None:
    """The edited text compared with the one in use, the shipped one, or any version."""
    texts = {t("studio.in_use"): running.studio.text(kind, name)}
    shipped = running.studio.shipped(kind, name)
    if shipped is not None:
        texts[t("studio.shipped")] = shipped
    zone = running.settings.zone_for(me.user)
    texts |= {label(v, zone): v.body for v in running.studio.versions(kind, name)}
    if not drafts.is_edited(kind, name):
        # Nothing is edited: what is in use differs from nothing but earlier texts.
        texts.pop(t("studio.in_use"))
    if any(text.strip() != body.strip() for text in texts.values()):
        st.header(t("studio.differences"), anchor=False)
        difference(f"studio_diff_{kind}", texts, body)


def versions(running: Container, me: Identity, kind: TextKind, name: str) -> None:
    """What was saved, the newest first, and the shipped text; each can be used again."""
    zone = running.settings.zone_for(me.user)
    saved = running.studio.versions(kind, name)
    with st.container(gap="xsmall", key=f"studio_versions_{kind}"):
        for version in saved:
            at = f":gray[{version.created_at.astimezone(zone):%Y-%m-%d %H:%M}]"
            said = f"{plain(version.note)}  \n{at}" if version.note else at
            _version(running, kind, name, version.id, said, version.active)
        if running.studio.shipped(kind, name) is not None:
            in_use = not any(version.active for version in saved)
            _version(running, kind, name, None, t("studio.shipped"), in_use)


def _version(
    running: Container, kind: TextKind, name: str, id: str | None, said: str, in_use: bool
) -> None:
    left, right = st.columns([1, 1], vertical_alignment="center", wrap=False)
    left.markdown(said)
    with right.container(horizontal=True, horizontal_alignment="right"):
        if in_use:
            st.badge(t("studio.in_use"), icon=":material/check:", color="green")
        else:
            st.button(
                t("studio.restore"),
                key=f"studio_restore_{kind}_{id or 'shipped'}",
                icon=":material/settings_backup_restore:",
                type="tertiary",
                on_click=_restore,
                args=(running, kind, name, id),
            )


def _restore(running: Container, kind: TextKind, name: str, id: str | None) -> None:
    try:
        running.studio.restore(kind, name, id)
    except NiannianError as error:
        st.toast(problem(error), icon=":material/error:")
        return
    drafts.forget(kind, name)
    notice.toast("studio.restored")


def label(version: StudioText, zone: ZoneInfo) -> str:
    """When a version was saved, and its note."""
    at: datetime = version.created_at.astimezone(zone)
    said = f"{at:%Y-%m-%d %H:%M:%S}"
    return f"{said} · {version.note}" if version.note else said
