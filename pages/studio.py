"""Studio: prompts and personas in versions, tried before they are used."""

from components.error_boundary import sentences
from components.runtime import container
from components.shell import require_frame
from components.studio import page as studio_page

me = require_frame()
running = container()

studio_page.head(running, me)
with sentences():
    studio_page.tabs(running, me)
