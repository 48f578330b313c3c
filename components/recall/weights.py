"""Weights and budget to try, and a way to keep them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from components.settings.form import fixed, save_and_restart
from components.text import t
from memory.config import Settings
from memory.container import Container
from memory.vector_store.search.fusion import SearchWeights

CJK_MOST = 3.0
BUDGET_LEAST = 200
BUDGET_MOST = 6000
BUDGET_STEP = 100
SETTINGS = ("dense_weight", "cjk_weight", "context_tokens")
_KEY = "recall_try_"


@dataclass(frozen=True, slots=True)
class TriedWeights:
    """Search weights and token budget, as the sliders stand."""

    weights: SearchWeights
    budget: int


def in_use(settings: Settings) -> SearchWeights:
    """The weights of the settings."""
    return SearchWeights(dense=settings.dense_weight, cjk=settings.cjk_weight)


def sliders(running: Container) -> TriedWeights:
    """Draw the sliders, at first as the settings are."""
    settings = running.settings
    for name in SETTINGS:
        st.session_state.setdefault(f"{_KEY}{name}", getattr(settings, name))
    plain_dense = _dense_means_nothing(running)
    with st.container(border=True, key="recall_weights", gap="small"):
        left, middle, right = st.columns(3)
        left.slider(
            t("recall.dense_weight"),
            min_value=0.0,
            max_value=1.0,
            step=0.05,
            disabled=plain_dense,
            help=t("recall.dense_unused" if plain_dense else "recall.dense_weight_help"),
            key=f"{_KEY}dense_weight",
        )
        middle.slider(
            t("recall.cjk_weight"),
            min_value=0.0,
            max_value=max(CJK_MOST, settings.cjk_weight),
            step=0.05,
            help=t("recall.cjk_weight_help"),
            key=f"{_KEY}cjk_weight",
        )
        right.slider(
            t("recall.context_tokens"),
            min_value=BUDGET_LEAST,
            max_value=max(BUDGET_MOST, settings.context_tokens),
            step=BUDGET_STEP if settings.context_tokens % BUDGET_STEP == 0 else 1,
            help=t("recall.budget_help"),
            key=f"{_KEY}context_tokens",
        )
        changed = _changed(settings)
        if changed:
            _keep(settings, changed)
        elif plain_dense:
            st.caption(t("recall.dense_unused"))
    tried = replace(in_use(settings), dense=_value("dense_weight"), cjk=float(_value("cjk_weight")))
    return TriedWeights(tried, int(_value("context_tokens")))


def _keep(settings: Settings, changed: dict[str, Any]) -> None:
    """Back to the settings, or make these the settings; what the environment fixes is said."""
    locked = fixed()
    free = {name: value for name, value in changed.items() if name not in locked}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("recall.reset"),
            icon=":material/undo:",
            type="tertiary",
            on_click=_reset,
            args=(settings,),
            key="recall_reset",
        )
        if free and st.button(
            t("recall.use"), icon=":material/check:", type="tertiary", key="recall_use"
        ):
            save_and_restart(settings, free)
    names = [f"NIANNIAN_{name}".upper() for name in changed if name in locked]
    if names:
        st.caption(f":material/lock: {t('recall.locked', names='、'.join(names))}")


def _reset(settings: Settings) -> None:
    for name in SETTINGS:
        st.session_state[f"{_KEY}{name}"] = getattr(settings, name)


def _changed(settings: Settings) -> dict[str, Any]:
    return {name: _value(name) for name in SETTINGS if _value(name) != getattr(settings, name)}


def _value(name: str) -> Any:
    return st.session_state[f"{_KEY}{name}"]


def _dense_means_nothing(running: Container) -> bool:
    """Whether searches go by words alone: hashed vectors, or those of another embedder."""
    return running.store.embedding.status().state not in ("meaning", "loading")
