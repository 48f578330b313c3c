"""A server that speaks Qdrant's REST API over loopback, and writes down what it is sent.

Bodies are read with the client's own request models, which are generated from
Qdrant's OpenAPI document, so that a request that a real server couldn't read fails
here too. What the requests mean is left to the client's in-memory engine: this
shows what goes over the wire, not how a server ranks or locks.
"""

from __future__ import annotations

import json
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, TypeAdapter, ValidationError
from qdrant_client import QdrantClient
from qdrant_client.http import models as m

Answer = tuple[int, Any]


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any


@dataclass
class QdrantServer:
    """What was sent (``requests``) and what is stored (``engine``)."""

    url: str = ""
    api_key: str | None = None
    requests: list[Request] = field(default_factory=list)
    engine: QdrantClient = field(default_factory=lambda: QdrantClient(":memory:"))
    indexes: dict[str, dict[str, Any]] = field(default_factory=dict)
    alone: threading.Lock = field(default_factory=threading.Lock)

    def sent(self, method: str, ending: str) -> list[Any]:
        """The bodies of the requests whose path ends so."""
        return [r.body for r in self.requests if r.method == method and r.path.endswith(ending)]

    def answer(self, request: Request) -> Answer:
        """Do what the request asks for."""
        if self.api_key and request.headers.get("api-key") != self.api_key:
            return 401, "Must provide an API key or an Authorization bearer token"
        parts = request.path.strip("/").split("/")
        if parts == ["collections"]:
            return 200, self.engine.get_collections()
        if parts[0] != "collections":
            return 404, "not found"
        name, rest = parts[1], "/".join(parts[2:])
        known = self.engine.collection_exists(name)
        if rest == "exists":
            return 200, {"exists": known}
        if (request.method, rest) == ("PUT", ""):
            return self._create(name, known, request.body)
        if not known:
            return 404, f"Not found: Collection `{name}` doesn't exist!"
        do = ROUTES.get((request.method, rest))
        return (404, "not found") if do is None else (200, do(self, name, request.body))

    def _create(self, name: str, known: bool, body: Any) -> Answer:
        if known:
            return 409, f"Wrong input: Collection `{name}` already exists!"
        asked = m.CreateCollection.model_validate(body)
        self.engine.create_collection(
            name,
            vectors_config=asked.vectors,
            sparse_vectors_config=asked.sparse_vectors,
            metadata=asked.metadata,
        )
        self.indexes[name] = {}
        return 200, True


def _info(server: QdrantServer, name: str, _: Any) -> Any:
    info = server.engine.get_collection(name).model_dump(mode="json")
    info["payload_schema"] = {
        key: {"data_type": params if isinstance(params, str) else params["type"], "points": 0}
        for key, params in server.indexes.get(name, {}).items()
    }
    return info


def _index(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.CreateFieldIndex.model_validate(body)
    server.indexes.setdefault(name, {})[asked.field_name] = body["field_schema"]
    return DONE


def _upsert(server: QdrantServer, name: str, body: Any) -> Any:
    points = [m.PointStruct.model_validate(point) for point in body["points"]]
    server.engine.upsert(name, points)
    return DONE


def _set_payload(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.SetPayload.model_validate(body)
    points = asked.points if asked.points is not None else m.FilterSelector(filter=asked.filter)
    server.engine.set_payload(name, asked.payload, points, key=asked.key)
    return DONE


def _overwrite(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.SetPayload.model_validate(body)
    server.engine.overwrite_payload(name, asked.payload, asked.points)
    return DONE


def _delete_payload(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.DeletePayload.model_validate(body)
    points = asked.points if asked.points is not None else m.FilterSelector(filter=asked.filter)
    server.engine.delete_payload(name, asked.keys, points)
    return DONE


def _vectors(server: QdrantServer, name: str, body: Any) -> Any:
    server.engine.update_vectors(name, m.UpdateVectors.model_validate(body).points)
    return DONE


def _delete(server: QdrantServer, name: str, body: Any) -> Any:
    server.engine.delete(name, TypeAdapter(m.PointsSelector).validate_python(body))
    return DONE


def _retrieve(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.PointRequest.model_validate(body)
    return server.engine.retrieve(name, asked.ids, asked.with_payload, bool(asked.with_vector))


def _scroll(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.ScrollRequest.model_validate(body)
    points, following = server.engine.scroll(
        name,
        asked.filter,
        asked.limit or 10,
        asked.order_by,
        asked.offset,
        True if asked.with_payload is None else asked.with_payload,
        asked.with_vector or False,
    )
    return {"points": [_plain(point) for point in points], "next_page_offset": following}


def _count(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.CountRequest.model_validate(body)
    return server.engine.count(name, asked.filter, exact=asked.exact is not False)


def _facet(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.FacetRequest.model_validate(body)
    if asked.key not in server.indexes[name]:
        raise ValueError(f"Index required but not found for {asked.key!r}")
    return server.engine.facet(name, asked.key, asked.filter, asked.limit or 10, bool(asked.exact))


def _query(server: QdrantServer, name: str, body: Any) -> Any:
    return server.engine.query_batch_points(name, [m.QueryRequest.model_validate(body)])[0]


def _queries(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.QueryRequestBatch.model_validate(body)
    return server.engine.query_batch_points(name, asked.searches)


def _update(server: QdrantServer, name: str, body: Any) -> Any:
    asked = m.UpdateCollection.model_validate(body)
    return server.engine.update_collection(name, metadata=asked.metadata)


def _drop(server: QdrantServer, name: str, _: Any) -> Any:
    server.indexes.pop(name, None)
    return server.engine.delete_collection(name)


DONE = {"operation_id": 1, "status": "completed"}
ROUTES: dict[tuple[str, str], Callable[[QdrantServer, str, Any], Any]] = {
    ("GET", ""): _info,
    ("PATCH", ""): _update,
    ("DELETE", ""): _drop,
    ("PUT", "index"): _index,
    ("PUT", "points"): _upsert,
    ("POST", "points"): _retrieve,
    ("POST", "points/payload"): _set_payload,
    ("PUT", "points/payload"): _overwrite,
    ("POST", "points/payload/delete"): _delete_payload,
    ("PUT", "points/vectors"): _vectors,
    ("POST", "points/delete"): _delete,
    ("POST", "points/scroll"): _scroll,
    ("POST", "points/count"): _count,
    ("POST", "facet"): _facet,
    ("POST", "points/query"): _query,
    ("POST", "points/query/batch"): _queries,
}


@contextmanager
def qdrant_server(
    *, api_key: str | None = None, certificate: Path | None = None
) -> Iterator[QdrantServer]:
    """A running server.

    Args:
        api_key: Refuse requests without it.
        certificate: A PEM file with certificate and key: speak TLS.
    """
    server = QdrantServer(api_key=api_key)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    scheme = "https" if certificate else "http"
    server.url = f"{scheme}://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
        server.engine.close()


def _handler(server: QdrantServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            address = urlsplit(self.path)
            headers = {key.lower(): value for key, value in self.headers.items()}
            request = Request(
                self.command,
                address.path,
                address.query,
                headers,
                json.loads(raw) if raw else None,
            )
            with server.alone, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                server.requests.append(request)
                try:
                    status, result = server.answer(request)
                except (ValidationError, ValueError) as error:
                    status, result = 400, f"Bad request: {error}"
            said = (
                {"result": _plain(result), "status": "ok", "time": 0.0}
                if status == 200
                else {"status": {"error": result}, "time": 0.0}
            )
            body = json.dumps(said, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: what was asked is in ``requests``."""

    return Handler


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return [_plain(item) for item in value] if isinstance(value, list) else value
