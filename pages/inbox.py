"""Inbox: memories that may need a hand, each with its fix in one click."""

import streamlit as st

from components.error_boundary import sentences
from components.inbox import actions as inbox_actions
from components.inbox import findings as inbox_findings
from components.inbox import health as inbox_health
from components.memories import changes as memory_changes
from components.runtime import container
from components.shell import require_frame
from components.text import t

PAGE = {"order": 30, "icon": ":material/inbox:", "wide": True}

me = require_frame()
running = container()

with sentences():
    with st.container(key="inbox_head"):
        st.title(t("inbox.title"), anchor=False)
    memory_changes.notice_bar(running, me.owner, place=inbox_actions.PLACE)
    if running.review.ready(me.owner):
        found = running.review.findings(me.owner)
        inbox_findings.show(running, me, running.settings.zone_for(me.user), found)
    else:
        inbox_health.wait(running, me)
