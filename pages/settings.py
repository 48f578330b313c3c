"""Settings: connection, remembering, profile, and everything about your data."""

import streamlit as st

from components.error_boundary import sentences
from components.runtime import container
from components.settings import page as settings_page
from components.shell import require_frame
from components.text import t

me = require_frame()
running = container()

st.title(t("settings.title"), anchor=False)
with sentences():
    settings_page.tabs(running, me)
