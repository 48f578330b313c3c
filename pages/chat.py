"""Chat, the landing page: talk, and see what is being remembered."""

import streamlit as st

from components.chat import composer as chat_composer
from components.chat import deep_link as chat_arrival
from components.chat import first_visit as chat_first_visit
from components.chat import follow_up as chat_plans
from components.chat import header as chat_header
from components.chat import memory_chips as chat_chips
from components.chat import message_deletion as chat_unsaying
from components.chat import messages as chat_messages
from components.chat import safety_help as chat_care
from components.chat import sessions as chat_sessions
from components.chat import summary as chat_summary
from components.chat import turns as chat_turns
from components.error_boundary import sentences
from components.memories import changes as memory_changes
from components.runtime import container
from components.shell import require_frame

PAGE = {"order": 10, "icon": ":material/chat_bubble:"}

me = require_frame()
running = container()
found = chat_arrival.wanted(running, me, on_page=chat_composer.was_here())
session = chat_sessions.current(running, me)
found = chat_arrival.in_session(found, session)
chat_sessions.sidebar(running, me, session)

with st.container(key="chat"):
    chat_header.show(running, me, session)
    chat_summary.show(running, me, session)
    conversation = st.container()
    news = st.container()
    memory_changes.notice_bar(running, me.owner, place=chat_unsaying.PLACE)

with st.bottom:
    if not chat_care.in_reach(running, me, session):
        chat_plans.card(running, me)
run = running.replies.of(me.owner, session.id)
said, controls = chat_composer.composer(running, me, session, news, run)

with conversation, sentences():
    wish = chat_turns.wished(bool(said))
    if run is not None and wish is not None:
        # Who speaks now has heard enough.
        run.stop()
        run = None
    messages = chat_messages.load(running, me, session, found)
    messages = chat_turns.standing(messages, wish, run)
    since = chat_composer.news_since(running)
    remembered = chat_chips.by_message(running, me, session, since)
    going_on = wish is not None or run is not None
    chat_messages.history(running, me, messages, remembered, found, going_on=going_on)
    if not going_on:
        chat_first_visit.show(running, me, session, messages)
    if wish is not None:
        run = chat_turns.begin(running, me, session, wish, said)
    if run is not None:
        chat_composer.stop_button(me, run, controls)
        chat_messages.stream(running, me, run)

chat_chips.open_chosen(running, me)
chat_unsaying.open_asked(running, me)
