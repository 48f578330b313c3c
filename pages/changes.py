"""What changed: every change of every memory by day, each with a way back."""

from components.access_log import looks
from components.changes import filters as change_filters
from components.changes import page as changes_page
from components.error_boundary import sentences
from components.runtime import container
from components.shell import require_frame

me = require_frame()
running = container()
zone = running.settings.zone_for(me.user)

with sentences():
    changes_page.head(running, me)
    if changes_page.is_empty(running, me):
        changes_page.nothing_yet()
    else:
        chosen = change_filters.bar(me, zone)
        changes_page.journal(running, me, zone, chosen)
    looks(running, me)
