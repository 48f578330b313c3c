"""Pieces of the screen. Beside ``pages``, the only code that imports streamlit."""

from components import collector as collector
