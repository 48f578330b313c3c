"""All-users view, for designers: a table of all users, and their categories as a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components import chart_look, row_cards
from components.identity import Identity
from components.insights import charts as insights_charts
from components.insights import rated
from components.insights.charts import Asked, Chart
from components.markdown_escape import plain
from components.page_script import narrow
from components.profiles import user_label
from components.row_cards import RowCard
from components.shell import page_path
from components.text import t, word
from memory.container import Container
from memory.memories.everybody import UserFigures, everybody
from memory.types import DEFAULT_CATEGORIES, Kind, MemoryFilter, Owner, Subject, User

MOST_IN_MAP = 40
PERIODS: Mapping[str, int | None] = {"all": None, "year": 365, "quarter": 90}
_LOOKED = "insights_looked_at_all"


def there(running: Container, me: Identity) -> bool:
    """Whether there is anybody else whom this designer may see."""
    return me.designer and len(_visible(running, me)) > 1


def show(running: Container, me: Identity, zone: ZoneInfo) -> None:
    """Filters, the table, rated replies, the map; a click leads to a user or to the memories."""
    visible = _visible(running, me)
    tenants = sorted({user.tenant_id for user in visible if user.tenant_id})
    wanted, tenant = _filters(running, me, tenants)
    users = {user.id: user for user in visible if not tenant or user.tenant_id == tenant}
    _write_down(running, me, users)
    figures = everybody(running.store, running.db, list(users), running.clock(), wanted)
    total = sum(one.memories for one in figures)
    st.caption(t("everybody.says", users=len(figures), memories=f"{total:,}"))
    _table(figures, users, _to_review(running, list(users)))
    rated.show(running, me, users, zone, wanted.personas)
    counted = [one for one in figures if one.memories][:MOST_IN_MAP]
    if counted:
        asked = insights_charts.draw(_map(counted, users))
        if asked:
            st.switch_page(page_path("memories"), query_params=asked)


def _visible(running: Container, me: Identity) -> list[User]:
    return [user for user in running.db.users.all() if running.accounts.may_see(me.viewer, user.id)]


def _write_down(running: Container, me: Identity, users: Mapping[str, User]) -> None:
    """Whose figures were shown stands in the access log, once a browser session."""
    known: set[str] = st.session_state.setdefault(_LOOKED, set())
    for user_id in users.keys() - known:
        running.accounts.look(me.viewer, user_id, "insights")
        known.add(user_id)


def _known_categories(running: Container) -> list[str]:
    own = [one.name for one in running.db.extraction_settings.of().categories]
    return list(dict.fromkeys([*DEFAULT_CATEGORIES, *own]))


def _filters(
    running: Container, me: Identity, tenants: Sequence[str]
) -> tuple[MemoryFilter, str | None]:
    """Which memories count, and whose tenant's users; tenants are only asked for where any are."""
    tenant = None
    with st.container(horizontal=True, vertical_alignment="bottom", key="everybody_filters"):
        subject = st.pills(
            t("memories.subject"),
            list(Subject),
            format_func=lambda value: word("subject", value),
            key="everybody_subject",
        )
        kind = st.pills(
            t("memories.kind"),
            list(Kind),
            format_func=lambda value: word("kind", value),
            key="everybody_kind",
        )
        period = st.segmented_control(
            t("insights.period"),
            list(PERIODS),
            default="all",
            required=True,
            format_func=lambda value: word("period", value),
            key="everybody_period",
        )
        persona = st.selectbox(
            t("app.persona"),
            ["", *running.personas],
            format_func=lambda id: (
                running.personas[id].text(me.language).name if id else t("insights.all_personas")
            ),
            key="everybody_persona",
            width=180,
        )
        found = st.multiselect(
            t("memories.category"),
            _known_categories(running),
            format_func=lambda value: word("category", value),
            placeholder=t("everybody.all_categories"),
            key="everybody_category",
            width=260,
        )
        if tenants:
            tenant = st.selectbox(
                t("everybody.tenant"),
                tenants,
                index=None,
                placeholder=t("everybody.all_tenants"),
                key="everybody_tenant",
                width=180,
            )
    days = PERIODS[period]
    wanted = MemoryFilter(
        personas=frozenset({persona} if persona else ()),
        categories=frozenset(found),
        subjects=frozenset({subject} if subject else ()),
        kinds=frozenset({kind} if kind else ()),
        created_from=running.clock() - timedelta(days=days) if days else None,
    )
    return wanted, tenant


def _to_review(running: Container, user_ids: Sequence[str]) -> Mapping[str, int]:
    """How many findings wait in each inbox, where that is known without looking again."""
    found: dict[str, int] = {}
    for user_id in user_ids:
        for persona_id in running.personas:
            count = running.review.known(Owner(user_id, persona_id))
            if count is not None:
                found[user_id] = found.get(user_id, 0) + count
    return found


def _table(
    figures: Sequence[UserFigures], users: Mapping[str, User], review: Mapping[str, int]
) -> None:
    categories = _categories(figures)
    data = pd.DataFrame(
        {
            "user": [user_label(users[one.user_id]) for one in figures],
            "memories": [one.memories for one in figures],
            "categories": [[one.by_category.get(c, 0) for c in categories] for one in figures],
            "added": [list(one.added) for one in figures],
            "last_seen": [one.last_seen for one in figures],
            "mood": [one.mood for one in figures],
            "review": [review.get(one.user_id) for one in figures],
        }
    )
    if any(user.tenant_id for user in users.values()):
        data["tenant"] = [users[one.user_id].tenant_id or "" for one in figures]
    flat = [
        (
            *(one.user_id, users[one.user_id].name, one.memories),
            *(one.by_category.get(category, 0) for category in categories),
            *one.added,
            one.last_seen.isoformat() if one.last_seen else "",
            "" if one.mood is None else one.mood,
            review.get(one.user_id, ""),
            users[one.user_id].tenant_id or "",
        )
        for one in figures
    ]
    months = [f"added_{back}" for back in range(len(figures[0].added) - 1, -1, -1)]
    columns = ["user_id", "name", "memories", *categories, *months]
    columns += ["last_seen", "mood", "review", "tenant"]
    insights_charts.csv("everybody", columns, flat)
    if narrow():
        place = row_cards.choose([_card(one, users, review) for one in figures], "everybody")
        if place is not None:
            _open(users[figures[place].user_id])
        return
    names = ", ".join(word("category", category) for category in categories)
    config = st.column_config
    chosen = st.dataframe(
        data,
        hide_index=True,
        key="everybody_table",
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "user": config.TextColumn(t("app.user"), pinned=True),
            "memories": config.ProgressColumn(
                t("everybody.memories"),
                format="%d",
                min_value=0,
                max_value=max(1, *(one.memories for one in figures)),
            ),
            "categories": config.BarChartColumn(
                t("everybody.categories"), help=t("everybody.in_order", names=names)
            ),
            "added": config.LineChartColumn(
                t("everybody.added"), help=t("everybody.added_help"), y_min=0
            ),
            "last_seen": config.DatetimeColumn(t("everybody.last_seen"), format="YYYY-MM-DD"),
            "mood": config.NumberColumn(
                t("insights.mood"), format="%.1f", help=t("everybody.mood_help")
            ),
            "review": config.NumberColumn(t("inbox.title"), help=t("everybody.review_help")),
            "tenant": config.TextColumn(t("everybody.tenant")),
        },
    )
    rows = chosen.selection.rows
    if rows and rows[0] < len(figures):
        _open(users[figures[rows[0]].user_id])


def _card(one: UserFigures, users: Mapping[str, User], review: Mapping[str, int]) -> RowCard:
    top = max(one.by_category, key=lambda name: one.by_category[name], default=None)
    cells = (
        (t("everybody.memories"), one.memories),
        ("", word("category", top) if top and one.memories else ""),
        (t("everybody.last_seen"), f"{one.last_seen:%Y-%m-%d}" if one.last_seen else ""),
        (t("insights.mood"), "" if one.mood is None else f"{one.mood:.1f}"),
        (t("inbox.title"), review.get(one.user_id) or ""),
        (t("everybody.tenant"), users[one.user_id].tenant_id),
    )
    return RowCard(user_label(users[one.user_id]), cells)


def _open(user: User) -> None:
    """The ways to what there is of one user."""
    label = t("everybody.open", name=plain(user.name))
    with st.container(horizontal=True, key="everybody_open"):
        for name, icon in (("insights", "bar_chart"), ("memories", "menu_book")):
            st.page_link(
                page_path(name),
                label=f"{label} · {t(f'everybody.{name}')}",
                icon=f":material/{icon}:",
                query_params={"user": user.id},
            )


def _categories(figures: Sequence[UserFigures]) -> list[str]:
    found = {category for one in figures for category in one.by_category}
    known = [category for category in DEFAULT_CATEGORIES if category in found]
    return known + sorted(found - set(known))


def _map(figures: Sequence[UserFigures], users: Mapping[str, User]) -> Chart:
    """Users down, categories across; the colour is the share of the user's own memories."""
    categories = _categories(figures)
    rows = [
        (one, category, count)
        for one in figures
        for category in categories
        if (count := one.by_category.get(category, 0))
    ]
    names = {one.user_id: user_label(users[one.user_id]) for one in figures}
    # By place: two people may have one name.
    places = {one.user_id: place for place, one in enumerate(figures)}
    shares = [count / one.memories for one, _, count in rows]
    data = pd.DataFrame(
        {
            "user": [names[one.user_id] for one, _, _ in rows],
            "category": [category for _, category, _ in rows],
            "count": [count for _, _, count in rows],
            "share": [round(share, 4) for share in shares],
        }
    )
    theme = chart_look.mode()
    marks = go.Scatter(
        x=[word("category", category) for _, category, _ in rows],
        y=[places[one.user_id] for one, _, _ in rows],
        mode="markers+text",
        text=[f"{count:,}" for _, _, count in rows],
        textfont={"size": 11},
        marker={
            "symbol": "square",
            "size": 34,
            "color": [chart_look.category_colour(category, theme) for _, category, _ in rows],
            "opacity": [0.12 + 0.45 * share for share in shares],
        },
        customdata=[
            [one.user_id, category, escape(names[one.user_id])] for one, category, _ in rows
        ],
        hovertemplate="%{customdata[2]} · %{x}: %{text}<extra></extra>",
    )
    figure = chart_look.base_figure([marks], theme, height=80 + 38 * len(figures))
    figure.update_yaxes(
        tickvals=list(places.values()),
        ticktext=[escape(name) for name in names.values()],
        range=[len(figures) - 0.5, -0.5],
        automargin=True,
        showticklabels=True,
        showgrid=False,
    )
    figure.update_xaxes(
        side="top",
        showgrid=False,
        categoryorder="array",
        categoryarray=[word("category", category) for category in categories],
    )
    top = max(rows, key=lambda row: row[2])
    says = t(
        "everybody.map_says",
        name=names[top[0].user_id],
        category=word("category", top[1]),
        count=f"{top[2]:,}",
    )

    def link(point: Mapping[str, Any]) -> Asked | None:
        place = point.get("customdata")
        if not place:
            return None
        return {"user": [str(place[0])], "category": [str(place[1])]}

    return Chart("everybody_map", says, figure, data, link)
