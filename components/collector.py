"""How often Python's cycle collector looks; imported before everything else.

By default it looks after every 700 new objects, and at all of them again and again while
they become more: of starting, in which a million objects are made that stay, that took a
sixth of the time.
"""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 20, 100)
"""Looked through after so many new objects; those that survive, after so many such looks;
and everything, after so many of these. Streamlit looks at everything after each run of a
page anyway."""

gc.set_threshold(*THRESHOLDS)
