"""Addresses that somebody else chose."""

from __future__ import annotations

import pytest

from memory.system.outbound import resolve


def test_a_name_that_cannot_be_one_is_not_found() -> None:
    with pytest.raises(OSError, match="no host name"):
        resolve("a" * 64 + ".example", 80)


def test_each_address_must_be_allowed() -> None:
    assert resolve("127.0.0.1", 80) is None
    assert resolve("127.0.0.1", 80, lambda _address: True) == "127.0.0.1"
