"""The way to a Qdrant server: what is sent over HTTP, and that the answers are understood."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from memory.config import load_settings
from memory.errors import NotFound, StoreError
from memory.llm.hashing_embedder import HashingEmbedder
from memory.types import Kind, Memory, MemoryFilter, Owner, Subject
from memory.vector_store.client import open_client
from memory.vector_store.store import MemoryStore
from tests.fakes.qdrant_server import QdrantServer, qdrant_server
from tests.memory.vector_store.conftest import ME

Make = Callable[..., Memory]
KEY = "a-key-of-the-server"


@pytest.fixture
def server() -> Iterator[QdrantServer]:
    with qdrant_server() as running:
        yield running


def open_store(server: QdrantServer, folder: Path, **settings: object) -> MemoryStore:
    client = open_client(load_settings(qdrant_url=server.url, data_dir=folder, **settings))
    return MemoryStore(client, HashingEmbedder(), folder)


def test_the_collection_is_made_for_many_users(server: QdrantServer, tmp_path: Path) -> None:
    open_store(server, tmp_path).close()
    [made] = server.sent("PUT", "/collections/niannian")
    assert made["vectors"] == {"size": 384, "distance": "Cosine"}
    assert set(made["sparse_vectors"]) >= {"bm25"}
    assert {params["modifier"] for params in made["sparse_vectors"].values()} == {"idf"}
    indexes = {body["field_name"]: body["field_schema"] for body in server.sent("PUT", "/index")}
    assert indexes["user_id"] == {"type": "keyword", "is_tenant": True}
    assert indexes["importance"] == "integer"
    assert indexes["created_at"] == "datetime"
    assert indexes["pinned"] == "bool"


def test_everything_that_is_filtered_has_an_index(
    server: QdrantServer, tmp_path: Path, make: Make
) -> None:
    store = open_store(server, tmp_path)
    store.writes.put([make("用户对花生过敏", event_date="2024-05", pinned=True)])
    everything = MemoryFilter(
        subjects=frozenset({Subject.USER}),
        kinds=frozenset({Kind.CONSTANT}),
        categories=frozenset({"other"}),
        event_from=date(2024, 5, 1),
        event_to=date(2024, 5, 31),
        created_from=datetime(2024, 1, 1, tzinfo=UTC),
        created_to=datetime(2025, 1, 1, tzinfo=UTC),
        importance_min=1,
        pinned=True,
        session_id="s",
        batch_id="b",
    )
    store.reads.matching(ME, everything)
    store.reads.search(ME, "花生", today=date(2024, 5, 2), filter=everything)
    store.reads.count(ME, everything)
    store.close()
    indexed = {body["field_name"] for body in server.sent("PUT", "/index")}
    asked = {key for request in server.requests for key in _filtered(request.body)}
    assert "user_id" in asked
    assert asked <= indexed


def _filtered(body: object) -> Iterator[str]:
    """The payload keys in the conditions of a request."""
    if isinstance(body, dict):
        if "key" in body and ("match" in body or "range" in body):
            yield body["key"]
        for value in body.values():
            yield from _filtered(value)
    elif isinstance(body, list):
        for value in body:
            yield from _filtered(value)


def test_what_is_read_and_written_names_its_user(
    server: QdrantServer, tmp_path: Path, make: Make
) -> None:
    store, other = open_store(server, tmp_path), Owner("lin", "niannian")
    mine, theirs = make("用户对花生过敏"), make("用户对虾过敏", owner=other)
    store.writes.put([mine, theirs])
    opened = len(server.requests)
    assert [hit.memory for hit in store.reads.search(ME, "过敏", today=date(2024, 5, 2))] == [mine]
    assert store.reads.matching(other) == [theirs]
    with pytest.raises(NotFound):
        store.writes.delete(ME, [theirs.id])
    assert store.reads.count(other) == 1
    for request in server.requests[opened:]:
        if request.path.endswith(("/scroll", "/count", "/query", "/query/batch")):
            assert "user_id" in set(_filtered(request.body)), request.path
    store.close()


def test_writes_wait_until_they_are_there(server: QdrantServer, tmp_path: Path, make: Make) -> None:
    store = open_store(server, tmp_path)
    memory = make("用户对花生过敏")
    store.writes.put([memory])
    store.writes.delete(ME, [memory.id])
    store.close()
    changes = [
        r
        for r in server.requests
        if r.path.endswith(("/points", "/points/delete", "/payload")) and r.query != ""
    ]
    assert changes
    assert all("wait=true" in request.query for request in changes)


def test_a_second_process_finds_what_the_first_made(
    server: QdrantServer, tmp_path: Path, make: Make
) -> None:
    memory = make("用户对花生过敏")
    first = open_store(server, tmp_path / "a")
    first.writes.put([memory])
    second = open_store(server, tmp_path / "b")
    assert second.reads.matching(ME) == [memory]
    assert second.reads.owners() == [ME]
    assert len(server.sent("PUT", "/collections/niannian")) == 1
    first.close()
    second.close()


def test_two_that_start_at_once_make_one_collection(server: QdrantServer, tmp_path: Path) -> None:
    asked = threading.Barrier(2)
    stores: list[MemoryStore] = []

    def start(name: str) -> None:
        client = open_client(load_settings(qdrant_url=server.url))
        really = client.collection_exists
        seen = []

        def together(collection: str) -> bool:
            found = really(collection)
            if collection == "niannian" and not seen:
                seen.append(found)
                asked.wait(timeout=20)
            return found

        client.collection_exists = together  # type: ignore[method-assign]
        stores.append(MemoryStore(client, HashingEmbedder(), tmp_path / name))

    threads = [threading.Thread(target=start, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 2
    assert len(server.sent("PUT", "/collections/niannian")) == 2
    for store in stores:
        store.close()


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
def test_the_api_key_is_sent_and_a_wrong_one_is_said(tmp_path: Path, make: Make) -> None:
    with qdrant_server(api_key=KEY) as server:
        store = open_store(server, tmp_path, qdrant_api_key=KEY)
        store.writes.put([make("用户对花生过敏")])
        store.close()
        assert {request.headers["api-key"] for request in server.requests} == {KEY}
        for wrong in ({}, {"qdrant_api_key": "wrong"}):
            with pytest.raises(StoreError) as caught:
                open_client(load_settings(qdrant_url=server.url, **wrong))
            assert caught.value.code == "store_unreachable"
            assert KEY not in str(caught.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of 127.0.0.1, signed by itself, valid for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_a_server_is_spoken_to_in_tls_and_its_certificate_is_checked(
    certificate: Path, tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qdrant_server(api_key=KEY, certificate=certificate) as server:
        with pytest.raises(StoreError) as caught:
            open_store(server, tmp_path, qdrant_api_key=KEY)
        assert caught.value.code == "store_unreachable"
        assert server.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        store = open_store(server, tmp_path, qdrant_api_key=KEY)
        memory = make("用户对花生过敏")
        store.writes.put([memory])
        assert store.reads.matching(ME) == [memory]
        store.close()


def test_a_server_that_isnt_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_client(load_settings(qdrant_url="http://127.0.0.1:9"))
    assert caught.value.params["address"] == "http://127.0.0.1:9"
