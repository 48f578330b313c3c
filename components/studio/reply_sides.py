"""Sides of a reply trial: who speaks, as a persona, a version of it, and a prompt."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.identity import Identity
from components.studio import drafts, editor
from components.studio.sides import DRAFT, IN_USE, OWN, RULES, SHIPPED
from components.text import t
from memory.chat.personas import parse_persona
from memory.container import Container
from memory.errors import BadInput
from memory.studio.reply_bench import ReplySide
from memory.types import Language, TextKind

_KEY = "studio_reply_{side}_{what}"


def pick(running: Container, me: Identity, language: Language, side: str) -> ReplySide | None:
    """The choice of one side (``a`` or ``b``); None while its texts can't be used."""
    with st.container(border=True, key=f"studio_reply_side_{side}"):
        st.markdown(f"**{side.upper()}**")
        persona_id = _persona(running, me, language, side)
        persona_label, body = _version(running, me, persona_id, side)
        prompt_label, prompt = _prompt(running, me, language, side)
    name = running.personas[persona_id].text(language).name
    parts = [name, *filter(None, [persona_label, prompt_label])]
    try:
        persona = parse_persona(persona_id, body)
        if prompt is not None:
            running.studio.check("chat", language, prompt)
    except BadInput as error:
        st.error(editor.problem(error), icon=":material/block:")
        return None
    return ReplySide(" · ".join(parts), persona, body, prompt or "", rules=prompt is None)


def same(sides: list[ReplySide]) -> bool:
    """Whether there is nothing to tell the sides apart by."""
    return len({(one.persona_text, one.prompt, one.rules) for one in sides}) < len(sides)


def _persona(running: Container, me: Identity, language: Language, side: str) -> str:
    known = list(running.studio.personas())
    default = me.persona.id
    if side == "b" and running.chat_model.is_builtin and not drafts.is_edited("persona", default):
        # Rules read no prompt, so that only another persona makes a difference.
        default = next((one for one in known if one != default), default)
    return st.selectbox(
        t("app.persona"),
        known,
        index=known.index(default) if default in known else 0,
        format_func=lambda value: running.personas[value].text(language).name,
        key=_KEY.format(side=side, what=f"persona_{language}"),
        persist_state="session",
    )


def _version(
    running: Container, me: Identity, persona_id: str, side: str
) -> tuple[str | None, str]:
    """What the label says of the persona's text, and the text."""
    texts = _texts(running, me, "persona", persona_id)
    if len(texts) == 1:
        return None, texts[IN_USE][1]
    default = DRAFT if side == "b" and DRAFT in texts else IN_USE
    chosen = st.selectbox(
        t("studio.persona_version"),
        list(texts),
        index=list(texts).index(default),
        format_func=lambda value: texts[value][0],
        key=_KEY.format(side=side, what=f"version_{persona_id}"),
        persist_state="session",
    )
    label, body = texts[chosen]
    return (None if chosen == IN_USE else label), body


def _prompt(
    running: Container, me: Identity, language: Language, side: str
) -> tuple[str | None, str | None]:
    """What the label says of the prompt, and its text; no text where rules speak."""
    if running.chat_model.is_builtin:
        return None, None
    texts = _texts(running, me, "chat", language)
    labels = {name: label for name, (label, _) in texts.items()}
    labels |= {OWN: t("studio.side_own"), RULES: t("studio.care_builtin")}
    default = IN_USE
    if side == "b":
        default = next((one for one in (DRAFT, SHIPPED) if one in texts), OWN)
    chosen = st.selectbox(
        t("studio.kind_chat_prompt"),
        list(labels),
        index=list(labels).index(default),
        format_func=lambda value: labels[value],
        key=_KEY.format(side=side, what=f"prompt_{language}"),
        persist_state="session",
    )
    if chosen == RULES:
        return labels[RULES], None
    if chosen != OWN:
        return labels[chosen], texts[chosen][1]
    body = st.text_area(
        t("studio.own_prompt"),
        height=280,
        label_visibility="collapsed",
        key=drafts.seed(
            _KEY.format(side=side, what=f"own_{language}"), running.studio.prompt("chat", language)
        ),
        persist_state="session",
    )
    return labels[OWN], body or ""


def _texts(
    running: Container, me: Identity, kind: TextKind, name: str
) -> Mapping[str, tuple[str, str]]:
    """Each text there is, with its label; the shipped one only where another is in use."""
    studio = running.studio
    in_use = studio.text(kind, name)
    found = {IN_USE: (t("studio.text_in_use"), in_use)}
    shipped = studio.shipped(kind, name)
    if shipped is not None and shipped.strip() != in_use.strip():
        found[SHIPPED] = (t("studio.shipped"), shipped)
    if drafts.is_edited(kind, name):
        found[DRAFT] = (t("studio.side_draft"), drafts.current(running, kind, name))
    zone = running.settings.zone_for(me.user)
    for version in studio.versions(kind, name):
        if not version.active:
            found[version.id] = (editor.label(version, zone), version.body)
    return found
