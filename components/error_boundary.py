"""Error boundary: errors become one sentence where they happen; the rest of the page stays."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.text import error_text
from memory.errors import NiannianError

log = logging.getLogger(__name__)


@contextmanager
def sentences() -> Iterator[None]:
    """Show an error of ours as its sentence, anything else as the general one.

    Streamlit's own control flow (rerun, stop, switch page) passes: those are
    ``BaseException``s.
    """
    try:
        yield
    except NiannianError as error:
        log.warning("page: %s", error.code)
        st.error(error_text(error), icon=":material/error:")
    except Exception as error:
        # Only where, not what: the message of a foreign error may hold memory text.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.exception("page: unexpected %s\n%s", type(error).__name__, where, exc_info=False)
        st.error(error_text(NiannianError()), icon=":material/error:")
