"""Chat: the landing page."""

from components.frame import require_frame

me = require_frame()
