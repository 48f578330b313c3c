"""Passwords, keys, card and identity numbers are refused; what only looks like them isn't."""

from __future__ import annotations

import pytest

from memory.extraction.validation.secrets import secret_in
from tests.memory.extraction.batches import add
from tests.memory.extraction.proposals import kept

SECRETS = {
    "用户的银行卡号是 4111 1111 1111 1111": "card",
    "用户的信用卡 5500-0000-0000-0004 到期了": "card",
    "用户的身份证号是 11010519491231002X": "id",
    "用户的密码是 hunter2!": "password",
    "用户把支付密码改成了 482913": "password",
    "用户的 WiFi 密码：niannian2024": "password",
    "The user's password is hunter2": "password",
    "The user's PIN is 4829": "password",
    "The user's API key is sk-proj-abcdefghijklmnop1234": "key",
    "The user's key is AKIAIOSFODNN7EXAMPLE": "key",
    "The user's SSN is 078-05-1120": "id",
    "The user's passport number is E12345678": "id",
    "The user has -----BEGIN RSA PRIVATE KEY----- in a file": "key",
    "用户的 token 是 ghp_abcdefghijklmnopqrstuvwx": "key",
    "The user's PIN for the debit card is 4471": "password",
    "The user's password for Netflix is Tiger2020!": "password",
    "The user's password for gmail.com is Tiger2020": "password",
    "The user always uses Tiger2020 as their password": "password",
    "Tiger2020 is the user's Netflix password": "password",
    "The user's password: swordfish": "password",
    "用户的锁屏密码1234": "password",
    "用户家的门禁密码8842#": "password",
    "用户把123456设为银行卡密码": "password",
    "用户用abc123当邮箱密码": "password",
    "用户用生日0512当密码": "password",
    "123456是用户的银行卡密码": "password",
    "用户的WiFi密码是iloveyou": "password",
    "The user's seed phrase: apple banana cherry": "key",
    "The user's recovery words are apple banana cherry": "key",
}


NO_SECRETS = [
    "用户忘了密码，很着急",
    "用户的手机号是 13800001111",
    "用户昨天花了 12800 元买电脑",
    "用户2024年10月18日去了西湖",
    "The user forgot the password of an old account",
    "The user likes the movie 1917",
    "用户常用密码管理器",
    "The user's order number is 20241018123456",
    "The user forgot their password",
    "The user changed the password in 2019",
    "The user's password manager is Bitwarden",
    "The user's password manager is 1Password",
    "The user uses 1Password as a password manager",
    "The user pinned a poster",
    "The user's PIN code is hard to remember",
    "The user wrote down the seed phrase",
    "The user thinks the new password is great!",
    "用户忘了密码",
    "用户改了密码",
    "用户的密码2023年改过",
    "用户用1Password当密码管理器",
    "用户的密码是Bitwarden生成的",
    "用户的银行卡丢了",
    "用户的生日是密码学会议那天",
    "用户觉得密码太难记",
]


@pytest.mark.parametrize(("text", "kind"), SECRETS.items())
def test_secrets_are_never_kept(text: str, kind: str) -> None:
    assert secret_in(text) == kind
    assert kept(text.replace("用户", "我").replace("The user", "I"), op=add(text)) == "secret"


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_only_looks_like_a_secret_is_none(text: str) -> None:
    assert secret_in(text) is None


def test_a_secret_that_appears_once_the_day_is_written_out_is_refused() -> None:
    assert secret_in("用户的密码是0昨天") is None
    assert kept("我的密码是0昨天", op=add("用户的密码是0昨天")) == "secret"
