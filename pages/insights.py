"""Insights: how many memories, about whom, of which kind, and when."""

from components.error_boundary import sentences
from components.insights import page as insights_page
from components.runtime import container
from components.shell import require_frame

me = require_frame()
running = container()

with sentences():
    everyone = insights_page.head(me)
    insights_page.body(running, me, running.settings.zone_for(me.user), everyone)
