"""Settings: connection, remembering, profile, and everything about your data."""

import streamlit as st

from components import url_state
from components.error_boundary import sentences
from components.runtime import container
from components.safety.tab import safety
from components.settings.access import access
from components.settings.appearance import appearance
from components.settings.connection import connection
from components.settings.costs import costs
from components.settings.data import data
from components.settings.extraction_settings import extraction_settings
from components.settings.form import fixed, saved_notice
from components.settings.memory import changed_embedder, remembering
from components.settings.people import profile
from components.settings.voice import voice
from components.shell import require_frame
from components.text import t

PAGE = {"order": 70, "icon": ":material/tune:"}

TABS = ("connection", "remembering", "profile", "access", "safety", "data")
FOR_EVERYBODY = frozenset({"connection", "remembering"})
"""What changes the server for everybody is for designers."""

me = require_frame()
running = container()
names = [name for name in TABS if me.designer or name not in FOR_EVERYBODY]
if me.looking_at_another:
    names.remove("profile")

st.title(t("settings.title"), anchor=False)
with sentences():
    saved_notice()
    if me.designer:
        changed_embedder(running)
    # All are drawn, not only the open one: what is typed in the others must stay.
    shown = url_state.tabs({name: t(f"settings.tab_{name}") for name in names}, key="settings_tabs")
    if me.designer:
        given = fixed()
        with shown["connection"]:
            connection(running, given)
            voice(running, given)
            costs(running)
        with shown["remembering"]:
            remembering(running, given)
            extraction_settings(running, None)
    if "profile" in shown:
        with shown["profile"]:
            profile(running, me)
            appearance(running, me)
            extraction_settings(running, me.user.id)
    with shown["access"]:
        access(running, me)
    with shown["safety"]:
        safety(running, me)
    with shown["data"]:
        data(running, me)
