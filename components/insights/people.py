"""People view: people and things in the user's life, as a map and as a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from components import chart_look, network_chart, page_script
from components.download import download
from components.identity import Identity
from components.insights.follow import address
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.shell import page_path
from components.text import t, word
from memory.container import Container
from memory.memories.graph.formats import GRAPH_FORMATS
from memory.memories.graph.graph import Graph, GraphLink, GraphNode
from memory.memories.graph.mentions import Mentioned
from memory.types import ENTITY_TYPES, Memory, Owner, Status

MOST_NODES = 60
FACTS = 5
_CHOSEN = "people_chosen"
_CONFIG = {
    "scrollZoom": True,
    "displaylogo": False,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}


def show(running: Container, me: Identity, everyone: bool, today: date) -> None:
    """The map, whom somebody clicked, and everybody with what is remembered of them."""
    persona = None if everyone else me.persona.id
    day = _day(today)
    graph = _most(running.relations.graph(me.user.id, persona, day.isoformat() if day else None))
    if not graph.nodes:
        st.info(t("insights.no_people"), icon=":material/group:")
        return
    names = {node.id: _name(running, me, node) for node in graph.nodes}
    _map(graph, names, me)
    others = [node for node in graph.nodes if node.type != "user"]
    chosen = _choice(others, names)
    mentions = running.relations.mentions.of(me.user.id, others, persona)
    if chosen is not None:
        _one(chosen, graph, names, _memories(running, mentions[chosen.id]))
        return
    memories = _memories(running, [one for found in mentions.values() for one in found[:FACTS]])
    for node in others:
        _card(node, graph, names, mentions[node.id], memories)


def _day(today: date) -> date | None:
    day: date | None = st.date_input(
        t("insights.people_on"),
        value=None,
        max_value=today.replace(year=today.year + 5, day=1),
        min_value=date(1900, 1, 1),
        help=t("insights.people_on_help"),
        key="people_on",
        width=260,
    )
    return day


def _most(graph: Graph) -> Graph:
    """The nodes with the most memories; a map of hundreds can't be read."""
    kept = graph.nodes[:MOST_NODES]
    ids = {node.id for node in kept}
    return Graph(kept, tuple(k for k in graph.links if {k.source, k.target} <= ids))


def _name(running: Container, me: Identity, node: GraphNode) -> str:
    if node.type == "user":
        return me.user.name
    if node.type == "persona":
        persona = running.personas.get(node.name)
        return persona.text(me.language).name if persona else node.name
    return node.name


def _map(graph: Graph, names: Mapping[str, str], me: Identity) -> None:
    people = sum(node.type == "person" for node in graph.nodes)
    says = t("insights.people_says", people=people, all=len(graph.nodes) - 1)
    with st.container(border=True, gap="xsmall", key="chart_people"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{t('insights.people')}**", width="stretch")
            for ending, form in GRAPH_FORMATS.items():
                download(
                    t(f"insights.people_{ending}"),
                    partial(form.write, graph, me.user.id),
                    f"niannian-{me.user.id}.{ending}",
                    form.media_type,
                    key=f"people_{ending}",
                    quiet=True,
                )
        st.caption(plain(says))
        types = {type: word("entity", type) for type in ENTITY_TYPES}
        event = st.plotly_chart(
            network_chart.network(
                _worded(graph), names, types, chart_look.mode(), narrow=page_script.narrow()
            ),
            key="plot_people",
            on_select="rerun",
            selection_mode="points",
            config=_CONFIG,
            alt=says,
        )
    clicked = next((p["customdata"][0] for p in event.selection.points if "customdata" in p), None)
    if clicked is not None and clicked != st.session_state.get("people_clicked"):
        st.session_state[_CHOSEN] = clicked
    st.session_state["people_clicked"] = clicked


def _worded(graph: Graph) -> Graph:
    links = (
        replace(link, relationship=word("relationship", link.relationship)) for link in graph.links
    )
    return Graph(graph.nodes, tuple(links))


def _choice(others: Sequence[GraphNode], names: Mapping[str, str]) -> GraphNode | None:
    by_id = {node.id: node for node in others}
    if st.session_state.get(_CHOSEN) not in by_id:
        st.session_state[_CHOSEN] = None
    id = st.selectbox(
        t("insights.people_who"),
        list(by_id),
        index=None,
        format_func=lambda id: f"{names[id]} · {word('entity', by_id[id].type)}",
        placeholder=t("insights.people_all"),
        key=_CHOSEN,
        width=360,
    )
    return by_id.get(id) if id else None


def _memories(running: Container, mentioned: Sequence[Mentioned]) -> dict[str, Memory]:
    """The memories themselves, in this order: only those that are shown are read."""
    ids: dict[Owner, list[str]] = defaultdict(list)
    for one in mentioned:
        ids[one.owner].append(one.memory_id)
    found = {
        memory.id: memory
        for owner, some in ids.items()
        for memory in running.store.reads.get_many(owner, some)
    }
    return {one.memory_id: found[one.memory_id] for one in mentioned if one.memory_id in found}


def _one(
    node: GraphNode, graph: Graph, names: Mapping[str, str], memories: Mapping[str, Memory]
) -> None:
    """All that is remembered of one, each line a way to the memory."""
    with st.container(border=True, key="people_one"):
        _heading(node, graph, names)
        for memory in memories.values():
            st.page_link(
                page_path("memories"),
                label=plain(memory.text),
                icon=":material/history:" if memory.status is not Status.ACTIVE else None,
                query_params=address(memory.owner, {memory_changes.OPEN: [memory.id]}),
            )


def _card(
    node: GraphNode,
    graph: Graph,
    names: Mapping[str, str],
    mentioned: Sequence[Mentioned],
    memories: Mapping[str, Memory],
) -> None:
    facts = [memories[one.memory_id] for one in mentioned[:FACTS] if one.memory_id in memories]
    with st.container(border=True, gap="xsmall"):
        _heading(node, graph, names)
        st.markdown("\n".join(f"- {plain(memory.text)}" for memory in facts))
        if len(mentioned) > FACTS:
            st.caption(t("insights.people_more", count=len(mentioned) - FACTS))


def _heading(node: GraphNode, graph: Graph, names: Mapping[str, str]) -> None:
    st.markdown(f"**{plain(names[node.id])}** · {word('entity', node.type)}")
    lines = [_told(k, node, names) for k in graph.links if node.id in (k.source, k.target)]
    if lines:
        st.caption("  \n".join(plain(line) for line in lines))


def _told(link: GraphLink, node: GraphNode, names: Mapping[str, str]) -> str:
    """``小雨：表妹 · 2024-05-01 起``, seen from one of the two."""
    relationship = word("relationship", link.relationship)
    if link.target == node.id:
        ends = f"{names[link.source]} → {relationship}"
    else:
        ends = f"{relationship} → {names[link.target]}"
    key = "people_since" if link.until is None else "people_between"
    return f"{ends} · {t(f'insights.{key}', since=link.since, until=link.until or '')}"
