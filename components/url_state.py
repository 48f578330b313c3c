"""URL state: which view or tab of a page is open.

``?view=diary`` or ``?tab=data`` is what a reload restores and what can be sent to a
colleague. Moving to another page empties the address, so the session remembers the
choice as well and writes it there again. The first of the names is the default; it
stays out of the address, so the plain page has a plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from components.identity import PERSONA, USER

VIEW = "view"
TAB = "tab"


def view(label: str, names: Sequence[str], format_func: Callable[[str], str], key: str) -> str:
    """Buttons for the views of a page; returns the name of the open one."""
    values = {name: name for name in names}
    chosen = _settle(VIEW, key, values)
    st.segmented_control(
        label,
        names,
        required=True,
        format_func=format_func,
        label_visibility="collapsed",
        key=key,
        on_change=_choose,
        args=(VIEW, key, values),
    )
    return chosen


def tabs(labels: Mapping[str, str], key: str) -> dict[str, TabContainer]:
    """Tabs by name, one for each label; ``open`` tells which one is shown."""
    _settle(TAB, key, labels)
    shown = st.tabs(
        list(labels.values()), key=key, on_change=_choose, args=(TAB, key, dict(labels))
    )
    return dict(zip(labels, shown, strict=True))


def _settle(param: str, key: str, values: Mapping[str, str]) -> str:
    """Bring address, session and control in step; returns the name they agree on.

    ``values``: what the control holds for each name.
    """
    default = next(iter(values))
    asked = st.query_params.get(param, "")
    shown = _shown(key, values)
    kept = str(st.session_state.get(_kept(key), default))
    own = shown or (kept if kept in values else default)
    # A control leaves the state with its page, so it is there only if it was drawn last.
    drawn = key in st.session_state
    before = st.session_state.get(_seen(key))
    if drawn and before == _address(param):
        chosen = own
    elif asked in values:
        chosen = asked
    elif drawn and before is not None and before[1:] == _address(param)[1:]:
        # Same person, same page, and the address says it no more: "back" in the browser.
        chosen = default
    else:
        chosen = own
    _remember(param, key, chosen, default)
    if shown != chosen:
        st.session_state[key] = values[chosen]
    return chosen


def _choose(param: str, key: str, values: Mapping[str, str]) -> None:
    """Keep what was clicked (a callback)."""
    shown = _shown(key, values)
    if shown is not None:
        _remember(param, key, shown, next(iter(values)))


def _shown(key: str, values: Mapping[str, str]) -> str | None:
    value = st.session_state.get(key)
    return next((name for name, held in values.items() if held == value), None)


def _remember(param: str, key: str, chosen: str, default: str) -> None:
    st.session_state[_kept(key)] = chosen
    if chosen == default:
        st.query_params.pop(param, None)
    elif st.query_params.get(param) != chosen:
        st.query_params[param] = chosen
    st.session_state[_seen(key)] = _address(param)


def _address(param: str) -> tuple[str | None, ...]:
    """What the address says, and about whom: switching to another person empties it."""
    return tuple(st.query_params.get(name) for name in (param, USER, PERSONA))


def _kept(key: str) -> str:
    return f"{key}_chosen"


def _seen(key: str) -> str:
    return f"{key}_seen"
