"""Chat, the landing page: talk, and see what is being remembered."""

import streamlit as st

from components.chat import chips as chat_chips
from components.chat import composer as chat_composer
from components.chat import header as chat_header
from components.chat import messages as chat_messages
from components.chat import sessions as chat_sessions
from components.frame import require_frame
from components.guard import sentences
from components.runtime import container

me = require_frame()
running = container()
session = chat_sessions.current(running, me)
chat_sessions.sidebar(running, me, session)

with st.container(key="chat"):
    chat_header.show(running, me, session)
    conversation = st.container()
    news = st.container()

text = chat_composer.composer(running, me, session, news)

with conversation, sentences():
    again = chat_messages.asked_again()
    messages = chat_messages.load(running, me, session, without_last_reply=again)
    since = chat_composer.news_since(running)
    remembered = chat_chips.by_message(running, me, session, since)
    chat_messages.history(running, me, messages, remembered)
    if text:
        chat_messages.user_bubble(text)
        remember = chat_composer.may_be_remembered()
        with chat_composer.not_lost(text):
            turn = running.companion.reply(
                me.owner, session.id, text, remember=remember, language=me.language
            )
        chat_messages.stream(running, me, turn)
    elif again:
        chat_messages.stream(
            running, me, running.companion.regenerate(me.owner, session.id, me.language)
        )

chat_chips.open_chosen(running, me)
