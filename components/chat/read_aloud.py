"""Reading a reply aloud: by a model behind an endpoint, or by the browser's own speech."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.element_data import packed
from components.identity import Identity
from components.text import error_text, t
from memory.chat.spoken import sentences, spoken_text
from memory.container import Container
from memory.errors import NiannianError
from memory.nlp.language import detect
from memory.types import Message

PLAYING = "read_aloud_playing"
LIVE = "read_live"
"""The unseen element with the sentences of a reply that is on its way."""
HTML = '<button type="button"><span class="icon"></span><span class="label"></span></button>'
VOICES = {"zh": "zh-CN", "en": "en-US"}

_HERE = Path(__file__).parent
_by_browser = st.components.v2.component(
    "niannian_read_aloud",
    html=HTML,
    css=(_HERE / "read_aloud.css").read_text(encoding="utf-8"),
    js=(_HERE / "read_aloud.js").read_text(encoding="utf-8"),
)


class Reader:
    """Reads a reply aloud while it comes, where that is wished for the persona.

    The browser's own speech gets each sentence as soon as it is complete; a model behind an
    endpoint makes the speech of the whole reply once it is there.

    Args:
        running: The running parts.
        me: Who is here, and with whom.
        message_id: Of the reply.
    """

    def __init__(self, running: Container, me: Identity, message_id: str) -> None:
        self._id = message_id
        self._said = 0
        self._place: DeltaGenerator | None = None
        wished = me.owner.persona_id in running.settings.always_read
        wanted = wished and not me.looking_at_another
        self._at_the_end = wanted and running.voice is not None
        if wanted and not self._at_the_end:
            with st.container(key=LIVE):
                self._place = st.empty()
                _by_browser(
                    key=f"follow_{message_id}",
                    data=packed(
                        id=message_id,
                        follow=f".st-key-{LIVE}",
                        language=VOICES.get(me.language, "en-US"),
                    ),
                )

    def hear(self, text: str) -> None:
        """The reply so far; its last sentence may not be whole."""
        if self._place is None:
            return
        whole = sentences(spoken_text(text))[:-1]
        if len(whole) > self._said:
            self._said = len(whole)
            self._place.text("\n".join(whole))

    def end(self) -> None:
        """The reply is there: the button beneath it reads the rest, or all of it."""
        if self._at_the_end:
            st.session_state[PLAYING] = self._id


def button(running: Container, message: Message) -> None:
    """The control that reads a reply, in the row beneath it; none where nothing is to be read."""
    text = spoken_text(message.text)
    if not text:
        return
    if running.voice is None:
        _by_browser(
            key=f"read_{message.id}",
            data=packed(
                id=message.id,
                sentences=sentences(text),
                language=VOICES.get(detect(text), "en-US"),
                read=t("voice.read"),
                stop=t("voice.stop"),
                help=t("voice.by_browser"),
                none=t("voice.no_browser_voice"),
            ),
            width="content",
        )
        return
    playing = st.session_state.get(PLAYING) == message.id
    st.button(
        t("voice.stop" if playing else "voice.read"),
        key=f"read_{message.id}",
        type="tertiary",
        icon=":material/stop:" if playing else ":material/volume_up:",
        help=t("voice.by_endpoint", model=running.voice.name, host=running.voice.host),
        on_click=_switch,
        args=(message.id, playing),
    )


def player(running: Container, me: Identity, message: Message) -> None:
    """Beneath the row: what is being read, or one sentence why it can't be."""
    if running.voice is None or st.session_state.get(PLAYING) != message.id:
        return
    key = f"read_audio_{message.id}"
    if key not in st.session_state:
        try:
            with st.spinner(t("voice.making")):
                st.session_state[key] = running.voice.speak(
                    spoken_text(message.text), running.settings.voices.get(me.owner.persona_id)
                )
        except NiannianError as error:
            st.session_state.pop(PLAYING, None)
            st.caption(f":material/info: {error_text(error)}")
            return
    st.audio(st.session_state[key], format=running.voice.media_type, autoplay=True)


def _switch(message_id: str, playing: bool) -> None:
    if playing:
        st.session_state.pop(PLAYING, None)
        st.session_state.pop(f"read_audio_{message_id}", None)
    else:
        st.session_state[PLAYING] = message_id
