"""Profile settings: name, language, time zone, region."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.settings.form import note_saved
from components.text import t, word
from memory.chat import safety
from memory.config import known_zones
from memory.container import Container
from memory.i18n import languages

NAME_LENGTH = 40


def profile(running: Container, me: Identity) -> None:
    """The fields of one's own profile."""
    zones = ["", *sorted(known_zones())]
    regions = ["", *safety.regions()]
    choices = ["auto", *languages()]
    if me.user.region and me.user.region not in regions:
        regions.append(me.user.region)
    with st.form("profile_form", border=False):
        name = st.text_input(
            t("app.your_name"), value=me.user.name, max_chars=NAME_LENGTH, key="profile_name"
        )
        left, right = st.columns(2)
        language = left.selectbox(
            t("app.language"),
            choices,
            index=choices.index(me.user.language),
            format_func=lambda value: word("language", value),
            key="profile_language",
        )
        zone = right.selectbox(
            t("settings.timezone"),
            zones,
            index=zones.index(me.user.timezone or ""),
            format_func=lambda value: value or t("settings.zone_default"),
            help=t("settings.timezone_help"),
            key="profile_timezone",
        )
        region = st.selectbox(
            t("app.region"),
            regions,
            index=regions.index(me.user.region or ""),
            format_func=lambda value: word("region", value) if value else t("app.region_unsaid"),
            help=t("app.region_help"),
            key="profile_region",
        )
        if me.designer and me.user.tenant_id:
            st.caption(t("everybody.in_tenant", tenant=plain(me.user.tenant_id)))
        saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
    if not saved:
        return
    if not name.strip():
        st.error(t("app.name_missing"), icon=":material/info:")
        return
    with sentences():
        running.db.users.update(
            me.user.id,
            name=name.strip(),
            language=language,
            timezone=zone or None,
            region=region or None,
        )
        note_saved()
        st.rerun()
