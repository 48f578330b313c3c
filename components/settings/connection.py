"""Connection settings: endpoint, models, embedder; a test with a clear verdict."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.markdown_escape import plain
from components.settings.form import FORM, Fixed, as_saved, save_and_restart, typed
from components.settings.local_servers import offer
from components.settings.presets import PRESETS
from components.text import catalogue, language, t, word
from memory.config import Settings
from memory.container import Container
from memory.llm.connection_check import ALL_PARTS, ConnectionVerdict, ModelPart
from memory.llm.openai_client import check_connection
from memory.system.saved_keys import ADDRESSES, address_of, place_of

OK, NO_MODEL = "ok", "no_model"
OFFERED = "settings_offered_model"
FIELDS = (
    *("openai_base_url", "openai_api_key", "chat_model", "extraction_model", "thinking"),
    *("fallback_base_url", "fallback_api_key", "fallback_model"),
    "embedder",
    *("embedding_model", "embedding_dims", "embedding_base_url", "embedding_api_key"),
)
SECRETS = ("openai_api_key", "fallback_api_key", "embedding_api_key")


def connection(running: Container, fixed: Fixed) -> None:
    """Which endpoint speaks; preset, fields, save and test."""
    settings = running.settings
    banner = st.empty()
    with banner:
        _in_use(settings)
    offer(running, fixed, "settings_found", pick=True)
    _preset(fixed)
    with st.form("connection_form", border=False):
        tested: list[ModelPart] = []
        beneath = _chat_fields(settings, fixed, tested)
        _thinking_field(settings, fixed)
        _fallback_fields(settings, fixed, tested)
        _embedding_fields(running, settings, fixed, tested)
        fixed.say(FIELDS)
        with st.container(horizontal=True):
            save = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
            test = st.form_submit_button(t("settings.test"), icon=":material/network_check:")
    parts: Set[ModelPart] = ALL_PARTS if test else frozenset(tested)
    changes = typed(FIELDS, SECRETS, fixed) if save or parts else {}
    left = keys_left_behind(settings, changes)
    if save:
        save_and_restart(settings, changes, notices=[left_behind(key) for key in left])
    elif parts:
        # Of a test of its own the verdict is seen where one clicked for it.
        place = beneath if parts <= {"chat", "extraction"} else st.container()
        for key in left:
            place.caption(f":material/key_off: {left_behind(key)}")
        wanted = as_saved(settings, {**changes, **dict.fromkeys(left)})
        if wanted is None:
            return
        verdict = _test(wanted, parts, place)
        if "chat" in parts and not verdict.chats and _same_chat(settings, wanted):
            with banner:
                _not_answering(settings)


def _in_use(settings: Settings) -> None:
    if settings.has_language_model:
        st.success(
            t("settings.model_in_use", model=settings.chat_model, host=_host(settings)),
            icon=":material/cloud_done:",
        )
    else:
        st.info(
            t("settings.no_model_text"),
            title=t("settings.no_model_title"),
            icon=":material/cloud_off:",
        )


def _not_answering(settings: Settings) -> None:
    """The model in use, where its test has just failed."""
    st.warning(
        t("settings.model_not_answering", model=settings.chat_model, host=_host(settings)),
        icon=":material/cloud_alert:",
    )


def _host(settings: Settings) -> str:
    return urlsplit(settings.openai_base_url or PRESETS["openai"].base_url).netloc


def _same_chat(one: Settings, other: Settings) -> bool:
    """Whether both would ask the same model at the same place with the same key."""
    names = ("openai_base_url", "openai_api_key", "chat_model")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _preset(fixed: Fixed) -> None:
    key = f"{FORM}preset"

    def fill() -> None:
        preset = PRESETS.get(st.session_state[key] or "")
        if preset is None:
            return
        values: dict[str, Any] = {
            "openai_base_url": preset.base_url,
            "chat_model": preset.chat_model,
            "extraction_model": "",
        }
        if preset.embedding_model:
            values |= {
                "embedding_model": preset.embedding_model,
                "embedding_dims": preset.embedding_dims,
            }
        for name, value in values.items():
            if name not in fixed:
                st.session_state[f"{FORM}{name}"] = value

    st.selectbox(
        t("settings.preset"),
        list(PRESETS),
        index=None,
        placeholder=t("settings.preset_hint"),
        format_func=lambda value: PRESETS[value].name,
        help=t("settings.preset_help"),
        key=key,
        on_change=fill,
    )


def _chat_fields(settings: Settings, fixed: Fixed, tested: list[ModelPart]) -> DeltaGenerator:
    """The chat's endpoint and models; the place beneath them, for the verdict of a test."""
    st.text_input(
        t("settings.openai_base_url"),
        placeholder="https://api.openai.com/v1",
        **fixed.field("openai_base_url", settings.openai_base_url or ""),
    )
    key_field("openai_api_key", settings, fixed)
    left, right = st.columns(2)
    left.text_input(t("settings.chat_model"), **fixed.field("chat_model", settings.chat_model))
    right.text_input(
        t("settings.extraction_model"),
        placeholder=t("settings.same_model"),
        **fixed.field("extraction_model", settings.extraction_model or ""),
    )
    with left:
        _test_button("chat", tested)
    with right:
        _test_button("extraction", tested)
    return st.container()


def _test_button(part: ModelPart, tested: list[ModelPart]) -> None:
    """A test of one model alone."""
    if st.form_submit_button(
        t(f"settings.test_part_{part}"),
        type="tertiary",
        key=f"test_{part}",
        icon=":material/network_check:",
    ):
        tested.append(part)


def _fallback_fields(settings: Settings, fixed: Fixed, tested: list[ModelPart]) -> None:
    with st.expander(t("settings.fallback"), icon=":material/alt_route:"):
        st.caption(t("settings.fallback_help"))
        left, right = st.columns(2)
        left.text_input(
            t("settings.fallback_base_url"),
            placeholder="http://localhost:11434/v1",
            **fixed.field("fallback_base_url", settings.fallback_base_url or ""),
        )
        right.text_input(
            t("settings.fallback_model"),
            **fixed.field("fallback_model", settings.fallback_model or ""),
        )
        key_field("fallback_api_key", settings, fixed)
        _test_button("fallback", tested)


def _thinking_field(settings: Settings, fixed: Fixed) -> None:
    st.radio(
        t("settings.thinking"),
        ("off", "on"),
        horizontal=True,
        format_func=lambda value: word("thinking", value),
        **fixed.field("thinking", settings.thinking, t("settings.thinking_help")),
    )


def _embedding_fields(
    running: Container, settings: Settings, fixed: Fixed, tested: list[ModelPart]
) -> None:
    st.radio(
        t("settings.embedder"),
        ("builtin", "openai"),
        horizontal=True,
        format_func=lambda value: word("embedder", value),
        **fixed.field("embedder", settings.embedder, t("settings.embedder_help")),
    )
    status = running.store.embedding.status()
    st.caption(t(f"settings.embedder_{status.state}", name=status.configured.name))
    with st.expander(t("settings.embedding"), icon=":material/tune:"):
        left, right = st.columns(2)
        left.text_input(
            t("settings.embedding_model"),
            **fixed.field("embedding_model", settings.embedding_model),
        )
        right.number_input(
            t("settings.embedding_dims"),
            min_value=8,
            max_value=8192,
            step=1,
            **fixed.field("embedding_dims", settings.embedding_dims),
        )
        st.text_input(
            t("settings.embedding_base_url"),
            placeholder=t("settings.same_endpoint"),
            **fixed.field("embedding_base_url", settings.embedding_base_url or ""),
        )
        key_field("embedding_api_key", settings, fixed)
        _test_button("embedding", tested)


def key_field(name: str, settings: Settings, fixed: Fixed) -> None:
    """A key goes in and never comes back out: the field is always empty at first."""
    known = getattr(settings, name) is not None
    st.text_input(
        t(f"settings.{name}"),
        type="password",
        autocomplete="off",
        placeholder=t("settings.key_kept") if known else t("settings.key_none"),
        **fixed.field(name, ""),
    )
    place = place_of(settings.data_dir, name) if name not in fixed else None
    if place is not None and known:
        st.caption(t(f"settings.key_in_{place}"))
    elif place == "keyring":
        st.caption(f":material/key_off: {t('settings.key_out_of_reach')}")
    if known and name not in fixed:
        st.checkbox(t("settings.key_remove"), key=f"{FORM}{name}_remove")


def keys_left_behind(settings: Settings, changes: Mapping[str, Any]) -> list[str]:
    """The keys that stay with the old address: it changes, and no key comes with the new one."""
    now = settings.model_dump()
    return [
        key
        for key in ADDRESSES
        if now[key] is not None
        and key not in changes
        and address_of(key, {**now, **changes}) != address_of(key, now)
    ]


def left_behind(key: str) -> str:
    """One sentence: this key stays with the old address."""
    return t("settings.key_left_behind", name=t(f"settings.{key}"))


def _test(wanted: Settings, parts: Set[ModelPart], place: DeltaGenerator) -> ConnectionVerdict:
    """Ask the models, and show what each answered."""
    with place:
        with st.spinner(t("settings.testing")):
            verdict = check_connection(wanted, parts)
        _verdicts(wanted, verdict, parts)
    if parts & {"chat", "extraction"}:
        _offered(verdict)
    return verdict


def _verdicts(wanted: Settings, verdict: ConnectionVerdict, parts: Set[ModelPart]) -> None:
    """What each of the models answered, and the names like a wrong one."""
    extraction, second = verdict.extraction, verdict.fallback
    if "chat" in parts:
        said = {"model": wanted.chat_model, "ms": round(verdict.latency_ms)}
        _say(verdict.ok, verdict.code, "settings.test_ok", verdict.detail, **said)
    elif "extraction" in parts:
        said = {
            "model": wanted.extraction_model or wanted.chat_model,
            "ms": round(extraction.latency_ms) if extraction else 0,
        }
        _say(verdict.ok, verdict.code, "settings.test_ok", verdict.detail, **said)
    if verdict.nearest and parts & {"chat", "extraction"}:
        names = t("settings.nearest", names=", ".join(verdict.nearest))
        st.caption(f":material/lightbulb: {plain(names)}")
    if second is not None:
        said = {"model": wanted.fallback_model, "ms": round(second.latency_ms)}
        _say(second.ok, second.code, "settings.test_ok", second.detail, **said)
    elif parts == {"fallback"}:
        st.info(t("settings.no_fallback"), icon=":material/info:")
    if parts == {"embedding"} and verdict.embedding is None:
        st.info(t("settings.embedder_is_builtin"), icon=":material/info:")
    if verdict.embedding is not None:
        mine = verdict.embedding
        said = {"model": wanted.embedding_model, "ms": round(mine.latency_ms)}
        _say(mine.ok, mine.code, "settings.test_embedding_ok", mine.detail, **said)


def _offered(verdict: ConnectionVerdict) -> None:
    """The models that the endpoint has, to choose from; those like a wrong name first."""
    if not verdict.models:
        return
    key = f"{FORM}chat_model"

    def pick() -> None:
        if chosen := st.session_state.get(OFFERED):
            st.session_state[key] = chosen

    others = [name for name in verdict.models if name not in verdict.nearest]
    st.selectbox(
        t("settings.offered"),
        [*verdict.nearest, *others],
        index=None,
        placeholder=t("settings.pick_model"),
        key=OFFERED,
        on_change=pick,
    )


def _say(ok: bool, code: str, good: str, detail: str, **params: Any) -> None:
    if code == NO_MODEL:
        st.info(t("settings.test_no_model"), icon=":material/cloud_off:")
    elif ok:
        st.success(t(good, **params), icon=":material/check_circle:")
    else:
        known = catalogue(language())
        key = f"settings.test_{code}" if f"settings.test_{code}" in known else f"error.{code}"
        st.error(
            known.get(key, known["error.model"]),
            title=t("settings.test_failed", model=params["model"]),
            icon=":material/error:",
        )
        if detail:
            st.caption(t("settings.test_detail", detail=plain(detail)))
