"""Imported once by the process that the others are forked from: what is slow to load."""

from memory import glosses
from memory.store import history

glosses.warm_up()
# Nothing here asks mem0 for anything.
history.IMPORT_AFTER = 3600.0
