"""Memories: find, read, correct, forget, and take any of it back."""

from components import passed_plans
from components.error_boundary import sentences
from components.memories import in_progress
from components.memories import page as memory_page
from components.runtime import container
from components.shell import require_frame

me = require_frame()
running = container()

with sentences():
    view = memory_page.head(running, me)
    in_progress.watch(running, me)
    if memory_page.is_empty(running, me):
        memory_page.nothing_yet(running)
    else:
        passed_plans.block(running, me)
        memory_page.body(running, me, running.settings.zone_for(me.user), view)
