from __future__ import annotations

import pytest

from memory.auth.binding import check_binding
from memory.config import load_settings
from memory.errors import SettingsError
from memory.system.loopback import is_loopback


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_this_machine(host) -> None:
    assert is_loopback(host)
    check_binding(host, load_settings())


@pytest.mark.parametrize(
    "host",
    [None, "", "0.0.0.0", "::", "192.168.1.2", "example.org", "localhost.example.org", "127.1"],
)
def test_other_machines_are_refused_with_the_reason(host) -> None:
    with pytest.raises(SettingsError) as caught:
        check_binding(host, load_settings())
    assert caught.value.code == "binding"
    assert caught.value.params["given"] == (host or "0.0.0.0")
    assert "NIANNIAN_ACCOUNTS" in str(caught.value)
    check_binding(host, load_settings(accounts="required"))


def test_a_unix_socket_is_nobody_elses() -> None:
    check_binding("unix:///run/niannian.sock", load_settings())
