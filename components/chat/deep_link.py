"""Deep link from a memory to the message it came from, or to a reply it shaped.

The address names the message (``?session=…&message=…``). The chat loads enough of
the conversation to show it, marks it, and scrolls to it once.
"""

from __future__ import annotations

import streamlit as st

from components.identity import Identity, owner_address
from components.shell import page_path
from components.text import t
from memory.container import Container
from memory.errors import NotFound
from memory.types import Message, MessageState, Session

MESSAGE = "message"
SESSION = "session"
_ARRIVED = "chat_arrived"
_ROUND = "chat_arrival"

# Streamlit keeps a conversation at its end while it grows, so the place is held for a
# moment until everything has been drawn; whoever scrolls meanwhile is not held back.
_SCROLL = """
<script>
(() => {
  const arrival = "%s";
  if (window.niannianArrival === arrival) return;
  window.niannianArrival = arrival;
  let calm = 0, left = 60, free = false;
  const letGo = () => { free = true; };
  for (const name of ["wheel", "touchmove", "keydown", "pointerdown"])
    window.addEventListener(name, letGo, { once: true, passive: true });
  let before = null;
  const hold = () => {
    const found = document.querySelector(".st-key-found_message");
    if (found && !free) {
      const top = found.getBoundingClientRect().top;
      calm = before !== null && Math.abs(top - before) < 2 ? calm + 1 : 0;
      if (calm === 0) found.scrollIntoView({ block: "center", behavior: "instant" });
      before = found.getBoundingClientRect().top;
    }
    if (!free && calm < 8 && left-- > 0) setTimeout(hold, 100);
  };
  hold();
})();
</script>
"""


def wanted(running: Container, me: Identity, on_page: bool) -> Message | None:
    """The message that the address asks for; opens its session.

    Args:
        running: The running parts.
        me: Whose conversation.
        on_page: Whether the run before was on this page too: then it's no new arrival.
    """
    message_id = st.query_params.get(MESSAGE)
    if not message_id:
        st.session_state.pop(_ARRIVED, None)
        return None
    try:
        message = _standing(running, me, running.db.messages.get(me.owner, message_id))
    except NotFound:
        leave()
        st.toast(t("arrival.gone"), icon=":material/info:")
        return None
    if st.query_params.get(SESSION) != message.session_id:
        st.query_params[SESSION] = message.session_id
    if not on_page or st.session_state.get(_ARRIVED) != message_id:
        st.session_state[_ARRIVED] = message_id
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    return message


def scroll() -> None:
    """Scroll to the marked message, once an arrival."""
    # Nothing but a number of ours gets into the script.
    st.html(_SCROLL % int(st.session_state.get(_ROUND, 0)), unsafe_allow_javascript=True)


def leave() -> None:
    """Forget about the message: the conversation is at its end again (a callback too)."""
    st.query_params.pop(MESSAGE, None)


def link_to(message: Message, label: str) -> None:
    """The way to a message from another page; ``label`` is what the link is called."""
    st.page_link(
        page_path("chat"),
        label=label,
        icon=":material/chat_bubble:",
        query_params={
            **owner_address(message.owner),
            SESSION: message.session_id,
            MESSAGE: message.id,
        },
    )


def in_session(message: Message | None, session: Session) -> Message | None:
    """The message if it is in this session."""
    return message if message and message.session_id == session.id else None


def _standing(running: Container, me: Identity, message: Message) -> Message:
    """The answer that took the place of one that was set aside."""
    if message.state is not MessageState.REPLACED:
        return message
    for other in reversed(running.db.deletion.turn_of(me.owner, message.id)):
        if other.role != "user" and other.state is not MessageState.REPLACED:
            return other
    raise NotFound(code="message_not_found")
