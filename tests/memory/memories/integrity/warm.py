"""Imported once by the process that the others are forked from: what is slow to load."""

from memory.nlp import glosses
from memory.vector_store.mem0 import history

glosses.warm_up()
# Nothing here asks mem0 for anything.
history.IMPORT_AFTER = 3600.0
