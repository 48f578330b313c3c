from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from memory.auth import Accounts, LoginClaims, digest_of
from memory.config import load_settings
from memory.db import Database
from memory.errors import BadInput, NotFound
from memory.types import Owner, User
from tests.memory.db_fakes import StandingClock


@pytest.fixture
def accounts(db: Database, clock: StandingClock) -> Callable[..., Accounts]:
    def make(mode: str = "required", **settings) -> Accounts:
        return Accounts(db, load_settings(accounts=mode, **settings), clock)

    return make


@pytest.fixture
def lin(db: Database) -> User:
    return db.users.create("Lin", id="lin")


@pytest.fixture
def mei(db: Database) -> User:
    return db.users.create("Mei", id="mei")


def claims(sub: str = "1", **more) -> LoginClaims:
    return LoginClaims.read({"iss": "https://id.example", "sub": sub, "name": "Lin", **more})


def test_a_token_opens_what_it_was_made_for(accounts, lin: User) -> None:
    token, secret = accounts().create_token(lin.id, "  phone\n app ", ["chat", "memory"])
    assert token.name == "phone app"
    found = accounts().check(secret)
    assert found is not None
    assert (found.user_id, found.scopes) == ("lin", {"chat", "memory"})
    assert accounts().list("lin") == [found]


def test_the_secret_is_kept_nowhere(accounts, lin: User, tmp_path: Path) -> None:
    _, secret = accounts().create_token(lin.id, "app", ["chat"])
    rows = sqlite3.connect(tmp_path / "ledger.db").execute("SELECT * FROM tokens").fetchall()
    assert secret not in str(rows)
    assert secret.rsplit("_", 1)[-1] not in str(rows)
    assert digest_of(secret) in str(rows)


@pytest.mark.parametrize(
    "change",
    [
        lambda secret: secret[:-1],
        lambda secret: secret + "a",
        lambda secret: secret.replace("nn_", "xx_"),
        lambda secret: secret.split("_")[1],
        lambda secret: "_".join((*secret.split("_", 2)[:2], "a" * 43)),
        lambda _: "",
        lambda _: "nn__",
        lambda _: "nn_' OR 1=1 --_x",
        lambda _: "nn_\ud800_\x00",
    ],
)
def test_no_other_secret_opens(accounts, lin: User, change) -> None:
    _, secret = accounts().create_token(lin.id, "app", ["chat"])
    assert accounts().check(change(secret)) is None


def test_a_revoked_token_is_refused_and_stays_listed(accounts, lin: User, mei: User) -> None:
    token, secret = accounts().create_token(lin.id, "app", ["chat"])
    with pytest.raises(NotFound):
        accounts().revoke(mei.id, token.id)
    assert accounts().check(secret) is not None
    accounts().revoke(lin.id, token.id)
    accounts().revoke(lin.id, token.id)
    assert accounts().check(secret) is None
    assert accounts().list(lin.id)[0].revoked_at is not None


def test_last_used_is_written_once_a_minute(accounts, lin: User, clock: StandingClock) -> None:
    _, secret = accounts().create_token(lin.id, "app", ["chat"])
    first = clock.now
    accounts().check(secret)
    clock.forward(seconds=59)
    accounts().check(secret)
    assert accounts().list(lin.id)[0].last_used_at == first
    later = clock.forward(seconds=1)
    accounts().check(secret)
    assert accounts().list(lin.id)[0].last_used_at == later


@pytest.mark.parametrize(
    ("name", "scopes", "code"),
    [
        (" ", ["chat"], "token_name"),
        ("x" * 81, ["chat"], "token_name"),
        ("app", [], "token_scopes"),
        ("app", ["chat", "admin"], "token_scopes"),
        ("app", ["designer"], "token_designer"),
    ],
)
def test_what_no_token_can_be_is_refused(accounts, lin: User, name, scopes, code) -> None:
    with pytest.raises(BadInput) as caught:
        accounts().create_token(lin.id, name, scopes)
    assert caught.value.code == code
    assert accounts().list(lin.id) == []


def test_a_token_of_nobody_is_refused(accounts) -> None:
    with pytest.raises(NotFound):
        accounts().create_token("nobody", "app", ["chat"])


def test_a_designers_token_is_worth_less_once_they_are_none(accounts, db, lin: User) -> None:
    db.logins.set_role(lin.id, "designer")
    _, secret = accounts().create_token(lin.id, "app", ["memory", "designer"])
    assert accounts().may_see(accounts().check(secret), "mei")
    db.logins.set_role(lin.id, "person")
    token = accounts().check(secret)
    assert token.scopes == {"memory"}
    assert not accounts().may_see(token, "mei")


def test_erasing_a_user_takes_the_tokens_along(accounts, db, lin: User) -> None:
    _, secret = accounts().create_token(lin.id, "app", ["chat"])
    db.erasure.erase_user(lin.id)
    assert accounts().check(secret) is None


def test_with_accounts_people_see_their_own_and_designers_all(accounts, db, lin, mei) -> None:
    mine = accounts()
    assert mine.may_see(lin, "lin")
    assert not mine.may_see(lin, "mei")
    assert not mine.may_see(None, "lin")
    assert mine.may_see(db.logins.set_role(lin.id, "designer"), "mei")


def test_locally_everybody_sees_all_but_a_token_opens_its_own(accounts, lin, mei) -> None:
    local = accounts("local")
    assert local.may_see(None, "mei")
    assert local.may_see(lin, "mei")
    token, _ = local.create_token(lin.id, "app", ["memory"])
    assert not local.may_see(token, "mei")


def test_looks_at_others_are_written_down_and_at_oneself_not(accounts, db, lin, mei) -> None:
    designer = db.logins.set_role(lin.id, "designer")
    accounts().look(designer, Owner("mei", "niannian"), "memories")
    accounts().look(designer, "mei", "insights")
    accounts().look(designer, Owner("lin", "niannian"), "memories")
    accounts("local").look(mei, "lin", "memories")
    assert [(x.by_user_id, x.persona_id, x.what) for x in db.access_log.entries("mei")] == [
        ("lin", None, "insights"),
        ("lin", "niannian", "memories"),
    ]
    assert db.access_log.entries("lin") == []


def test_the_first_sign_in_makes_a_profile_and_the_next_finds_it(accounts) -> None:
    first = accounts().sign_in(claims(), timezone="Asia/Shanghai")
    assert (first.name, first.role, first.timezone) == ("Lin", "person", "Asia/Shanghai")
    assert accounts().sign_in(claims(name="Other name")) == first
    assert accounts().sign_in(claims("2")).id != first.id


def test_a_designer_is_who_the_settings_name(accounts) -> None:
    proved = claims(email="Lin@Example.org", email_verified=True)
    assert accounts(designers="lin@example.org").sign_in(proved).role == "designer"
    assert accounts().sign_in(proved).role == "person"
    assert accounts(designers="https://id.example|1").sign_in(claims()).role == "designer"


@pytest.mark.parametrize("verified", [False, None, "false", 0])
def test_an_email_that_isnt_verified_makes_nobody_a_designer(accounts, verified) -> None:
    claimed = claims(email="lin@example.org", email_verified=verified)
    assert accounts(designers="lin@example.org").sign_in(claimed).role == "person"


@pytest.mark.parametrize("broken", [{}, {"iss": "x"}, {"sub": "x"}, {"iss": "x", "sub": "y" * 400}])
def test_an_identity_without_issuer_and_subject_is_none(broken) -> None:
    with pytest.raises(BadInput):
        LoginClaims.read(broken)


def test_a_name_that_is_too_long_or_missing_is_no_obstacle(accounts) -> None:
    assert len(accounts().sign_in(claims(name="x" * 500)).name) == 80
    assert accounts().sign_in(claims("2", name="")).name
