"""Changes page: every change of every memory by day, each with a way back."""

import streamlit as st

from components.access_log import looks
from components.changes import blocks as change_blocks
from components.changes import filters as change_filters
from components.changes import journal as change_journal
from components.error_boundary import sentences
from components.memories import changes as memory_changes
from components.runtime import container
from components.shell import require_frame
from components.text import t

PAGE = {"order": 40, "icon": ":material/history:"}

me = require_frame()
running = container()
zone = running.settings.zone_for(me.user)

with sentences():
    with st.container(key="changes_head"):
        st.title(t("changes.title"), anchor=False)
        st.caption(t("changes.hint"))
    memory_changes.notice_bar(running, me.owner, place=change_blocks.PLACE)
    if running.db.changelog.has_changes(me.user.id):
        chosen = change_filters.bar(me, zone)
        change_journal.show(running, me, zone, chosen)
    else:
        change_journal.nothing_yet()
    looks(running, me)
