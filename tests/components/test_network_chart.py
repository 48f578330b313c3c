"""The map of people and things: everybody has a place of their own."""

from __future__ import annotations

from components.network_chart import network, radial
from memory.memories.graph.graph import Graph, GraphLink, GraphNode
from memory.types import ENTITY_TYPES, EntityType


def node(id: str, type: EntityType = "person") -> GraphNode:
    return GraphNode(id, id, type, ("m",))


def link(source: str, target: str) -> GraphLink:
    return GraphLink(source, target, "knows", "2024", None, ("m",))


GRAPH = Graph(
    (node("user", "user"), node("a"), node("b"), node("c"), node("persona", "persona"), node("d")),
    (link("user", "a"), link("user", "b"), link("b", "c"), link("c", "user"), link("persona", "d")),
)


def test_no_two_share_a_place() -> None:
    places = radial(GRAPH)
    assert places["user"] == (0, 0)
    assert set(places) == {node.id for node in GRAPH.nodes}
    rounded = {(round(x, 2), round(y, 2)) for x, y in places.values()}
    assert len(rounded) == len(GRAPH.nodes)


def test_every_node_can_be_clicked() -> None:
    names = {node.id: node.id for node in GRAPH.nodes}
    figure = network(GRAPH, names, {type: type for type in ENTITY_TYPES}, "light")
    ids = {told[0] for trace in figure.data for told in trace.customdata or ()}
    assert ids == names.keys()


def test_where_it_is_narrow_a_second_group_stands_below() -> None:
    places = radial(GRAPH, below=True)
    mine = [places[id] for id in ("user", "a", "b", "c")]
    other = [places[id] for id in ("persona", "d")]
    assert max(y for _, y in other) < min(y for _, y in mine)
    assert abs(places["persona"][0]) < 0.01


def test_those_around_somebody_share_the_whole_circle() -> None:
    ids = ("a", "b", "c", "d")
    around = Graph((node("user", "user"), *map(node, ids)), tuple(link("user", id) for id in ids))
    places = radial(around)
    middle = [sum(places[id][axis] for id in ids) for axis in (0, 1)]
    assert max(map(abs, middle)) < 0.01
