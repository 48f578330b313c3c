"""The extraction worker: a background thread that hands due batches to the extraction.

All it knows is in the database: which sessions owe a batch, who works on which
batch, when a failed one is tried again. So it can die at any moment, and the
next one goes on where it stopped. It is never on the path of a reply.
"""

from __future__ import annotations

from memory.extraction.worker.state import Phase, WorkerState
from memory.extraction.worker.worker import PAUSES, ExtractionWorker

__all__ = ["PAUSES", "ExtractionWorker", "Phase", "WorkerState"]
