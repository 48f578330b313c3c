"""Download button: saves a file without a rerun of the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def download(
    label: str,
    data: str | bytes | Callable[[], str | bytes],
    file_name: str,
    mime: str,
    *,
    key: str,
    quiet: bool = False,
    icon: str | None = ":material/download:",
    help: str | None = None,
) -> None:
    """One button that saves a file.

    Args:
        label: What it says.
        data: The file, or what makes it when it is asked for.
        file_name: What it is saved as.
        mime: Its media type.
        key: The widget's.
        quiet: Beside other things, without a frame.
        icon: Before the label.
        help: Shown on hovering.
    """
    st.download_button(
        label,
        data,
        file_name=file_name,
        mime=mime,
        key=key,
        type="tertiary" if quiet else "secondary",
        icon=icon,
        # A click must not interrupt what goes on.
        on_click="ignore",
        help=help,
    )
