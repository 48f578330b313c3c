"""Settings: connection, remembering, profile, and everything about your data."""

import streamlit as st

from components.frame import require_frame
from components.guard import sentences
from components.runtime import container
from components.settings import page as settings_page
from components.text import t

me = require_frame()
running = container()

st.title(t("settings.title"), anchor=False)
with sentences():
    settings_page.tabs(running, me)
