"""Niannian 念念: start with ``make run`` or ``streamlit run app.py``.

Streamlit finds the ASGI application below and serves it, so that page and API stand
behind the same guard however they are started. Then it runs this file as the page's
script, once for each visit.
"""

from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    from components import shell

    shell.run()
else:
    from components import application

    app = st.App(Path(__file__), **application.parts())
