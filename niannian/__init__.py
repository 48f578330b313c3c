"""Client library: talk to a running Niannian from other Python programs.

>>> from niannian import Client
>>> client = Client("http://localhost:8501")  # with accounts: Client(…, token="nn_…")

It needs httpx and nothing else of this repository, so the folder can be copied.
"""

from niannian.client import ApiError, AsyncClient, AsyncReplyStream, Client, ReplyStream

__all__ = ["ApiError", "AsyncClient", "AsyncReplyStream", "Client", "ReplyStream"]
