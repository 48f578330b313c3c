"""A module that is imported at first use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from memory.system.lazy_imports import LazyModule


def test_it_is_imported_at_the_first_look_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_load.py").write_text("class Odd(Exception): ...\nSIZE = [7]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    late = LazyModule("slow_to_load")
    assert "slow_to_load" not in sys.modules
    assert late.SIZE == [7]
    real = sys.modules["slow_to_load"]
    assert late.SIZE is real.SIZE
    # A class that is raised and caught is one and the same.
    with pytest.raises(late.Odd):
        raise real.Odd
    monkeypatch.delitem(sys.modules, "slow_to_load")


def test_a_missing_module_and_a_missing_name_say_so() -> None:
    with pytest.raises(ModuleNotFoundError, match="not_to_be_found"):
        _ = LazyModule("not_to_be_found").name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = LazyModule("json").no_such_name
