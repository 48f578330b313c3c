"""What an operator who serves others gets from the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner

START = datetime(2026, 11, 28, 8, tzinfo=UTC)


@pytest.fixture
def served(serve):  # type: ignore[no-untyped-def]
    client = serve(served_to_others="true")
    client.running.db.users.create("Rosa", id="rosa", language="en", region="NZ")
    return client


def say(client: TestClient, text: str, at: datetime, session: str | None = None) -> dict:
    answer = client.post(
        "/api/chat/message",
        json={
            "user_id": "rosa",
            "message": text,
            "timestamp": at.isoformat(),
            "session_id": session,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(answer: dict) -> list[str]:
    return [notice["kind"] for notice in answer["notices"]]


def test_the_ai_notice_comes_at_the_start_and_every_three_hours(served: TestClient) -> None:
    first = say(served, "Good morning", START)
    assert kinds(first) == ["ai"]
    assert "NOT A HUMAN BEING" in first["notices"][0]["text"]
    session = first["session_id"]
    seen = [
        kinds(say(served, f"still here {n}", START + timedelta(minutes=20 * n), session))
        for n in range(1, 11)
    ]
    # After 2 hours a break, after 3 hours the notice again.
    assert seen == [[], [], [], [], [], ["break"], [], [], ["ai"], []]


def test_whoever_is_under_18_is_told_to_rest_after_one_hour(served: TestClient) -> None:
    session = say(served, "I'm 15 and bored", START)["session_id"]
    seen = [
        kinds(say(served, f"and then {n}", START + timedelta(minutes=20 * n), session))
        for n in range(1, 4)
    ]
    assert seen == [[], [], ["break"]]
    assert served.get("/api/users/rosa/care").json()["data"]["minor"] is True


def test_a_streamed_reply_says_it_at_its_start(served: TestClient) -> None:
    answer = served.post(
        "/api/chat/message", json={"user_id": "rosa", "message": "Hi there", "stream": True}
    )
    start = next(line for line in answer.text.splitlines() if line.startswith("data:"))
    assert '"kind": "ai"' in start


def test_a_private_install_says_nothing(api: TestClient) -> None:
    answer = api.post("/api/chat/message", json={"user_id": "rosa", "message": "Hello"}).json()
    assert answer["notices"] == []
    refused = api.post("/api/complaints", json={"user_id": "rosa", "text": "too slow"})
    assert (refused.status_code, refused.json()["error"]) == (400, "not_served")


def test_alarms_are_counted_by_day_kind_and_region_and_survive_erasing(served: TestClient) -> None:
    say(served, "I want to kill myself", START)
    say(served, "I want to kill myself tonight", START + timedelta(days=1))
    assert served.delete("/api/users/rosa").status_code == 200
    data = served.get("/api/care/alarms").json()["data"]
    assert data["alarms"] == [
        {"day": "2026-11-28", "kind": "suicide", "region": "NZ", "number": 1},
        {"day": "2026-11-29", "kind": "suicide", "region": "NZ", "number": 1},
    ]
    assert (
        'niannian_care_alarms{kind="suicide",region="NZ"} 2.0'
        in served.get("/metrics", headers={"accept": "text/plain"}).text
    )


def test_a_complaint_is_read_answered_and_erased_with_its_user(served: TestClient) -> None:
    text = "It told me to skip sleep."
    made = served.post("/api/complaints", json={"user_id": "rosa", "text": text}).json()["data"]
    answered = served.put(f"/api/complaints/{made['id']}", json={"answer": "We changed that."})
    assert answered.status_code == 200
    [seen] = served.get("/api/complaints", params={"user_id": "rosa"}).json()["data"]["complaints"]
    assert (seen["text"], seen["answer"]) == (text, "We changed that.")
    assert served.put("/api/complaints/none", json={"answer": "?"}).status_code == 404
    served.delete("/api/users/rosa")
    assert served.get("/api/complaints").json()["data"]["complaints"] == []


def test_an_emergency_contact_is_kept_changed_and_removed(served: TestClient) -> None:
    def put(contact: str) -> dict:
        return served.put("/api/users/rosa/care", json={"emergency_contact": contact}).json()

    assert (
        put("  Aunt Mei,  021 555 0199 ")["data"]["emergency_contact"] == "Aunt Mei, 021 555 0199"
    )
    assert put("")["data"]["emergency_contact"] is None
    assert put("x" * 201)["success"] is False


def test_with_accounts_a_person_cannot_unsay_their_age_and_a_designer_can(serve) -> None:  # type: ignore[no-untyped-def]
    client = serve(accounts="required", served_to_others="true", designers="boss@example.org")
    running: Container = client.running
    kid = running.db.users.create("Kit", id="kit")
    boss = running.db.users.create("Boss", id="boss")
    running.db.logins.set_role(boss.id, "designer")
    _, kids = running.accounts.create_token(kid.id, "app", ["chat", "memory"])
    _, bosses = running.accounts.create_token(boss.id, "desk", ["chat", "memory", "designer"])

    def put(secret: str, minor: bool) -> tuple[int, dict]:
        answer = client.put(
            "/api/users/kit/care",
            json={"minor": minor},
            headers={"authorization": f"Bearer {secret}"},
        )
        return answer.status_code, answer.json()

    assert put(kids, True)[1]["data"]["age_source"] == "stated"
    status, refused = put(kids, False)
    assert (status, refused["error"]) == (400, "age_fixed")
    assert put(bosses, False)[1]["data"]["age_source"] == "designer"
    # What a designer put right isn't overturned by a number in a message.
    running.db.operators.set_age("kit", minor=True, source="said")
    assert running.db.users.get("kit").minor is False
    for path in ("/api/care/alarms", "/api/complaints"):
        assert client.get(path, headers={"authorization": f"Bearer {kids}"}).status_code == 403
        assert client.get(path, headers={"authorization": f"Bearer {bosses}"}).status_code == 200


def test_the_young_get_their_own_line_in_the_answer(api: TestClient, owner: Owner) -> None:
    api.running.db.operators.set_age(owner.user_id, minor=True, source="stated")  # type: ignore[attr-defined]
    answer = api.post(
        "/api/chat/message", json={"user_id": owner.user_id, "message": "我不想活了"}
    ).json()
    assert answer["help"]["lines"][0]["number"] == "12355"
