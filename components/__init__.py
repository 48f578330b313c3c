"""UI components. Apart from ``pages``, the only code that imports streamlit."""

from components import collector as collector
