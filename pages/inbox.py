"""Inbox: memories that may need a hand, each with its fix in one click."""

from components.error_boundary import sentences
from components.inbox import page as inbox_page
from components.runtime import container
from components.shell import require_frame

me = require_frame()
running = container()

with sentences():
    inbox_page.head(running, me)
    inbox_page.body(running, me, running.settings.zone_for(me.user))
