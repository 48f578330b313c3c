"""Chat, the landing page: talk, and see what is being remembered."""

import streamlit as st

from components.chat import composer as chat_composer
from components.chat import deep_link as chat_arrival
from components.chat import follow_up as chat_plans
from components.chat import header as chat_header
from components.chat import memory_chips as chat_chips
from components.chat import message_deletion as chat_unsaying
from components.chat import messages as chat_messages
from components.chat import safety_help as chat_care
from components.chat import sessions as chat_sessions
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
    conversation = st.container()
    news = st.container()
    memory_changes.notice_bar(running, me.owner, place=chat_unsaying.PLACE)

with st.bottom:
    if not chat_care.in_reach(running, me, session):
        chat_plans.card(running, me)
run = running.replies.of(me.owner, session.id)
text, controls = chat_composer.composer(running, me, session, news, run)

with conversation, sentences():
    again, resumed = chat_messages.asked_again(), chat_messages.resumed()
    if run is not None and (text or again or resumed):
        # Who speaks now has heard enough.
        run.stop()
        run = None
    last_comes = again or resumed or run is not None
    messages = chat_messages.load(
        running, me, session, without_last_reply=last_comes, found_message=found
    )
    since = chat_composer.news_since(running)
    remembered = chat_chips.by_message(running, me, session, since)
    chat_messages.history(
        running, me, messages, remembered, found, going_on=bool(text) or last_comes
    )
    if text:
        chat_messages.user_bubble(text)
        remember = chat_composer.may_be_remembered()
        with chat_composer.not_lost(text):
            turn = running.companion.reply(
                me.owner, session.id, text, remember=remember, language=me.language
            )
            run = chat_messages.begin(running, turn)
    elif again:
        turn = running.companion.regenerate(me.owner, session.id, me.language)
        run = chat_messages.begin(running, turn)
    elif resumed:
        turn = running.companion.resume(me.owner, session.id, me.language)
        run = chat_messages.begin(running, turn)
    if run is not None:
        chat_composer.stop_button(running, me, run, controls)
        chat_messages.stream(running, me, run)

chat_chips.open_chosen(running, me)
chat_unsaying.open_asked(running, me)
