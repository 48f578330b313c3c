"""Niannian 念念: start with ``streamlit run app.py`` or ``make run``."""

from components import frame

frame.run()
