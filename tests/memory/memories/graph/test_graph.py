"""Many memories' connections as one graph, and as files."""

from __future__ import annotations

from xml.etree import ElementTree

from memory.db import GraphEdge
from memory.memories.graph.formats import to_cypher, to_graphml
from memory.memories.graph.graph import assemble
from memory.types import Owner, Triple

OWNER = Owner("lin", "niannian")


def edge(id: str, triple: Triple, since: str = "2024-01-01", until: str | None = None) -> GraphEdge:
    return GraphEdge(OWNER, id, triple, since, until)


SISTER = edge("m1", Triple("user", "sister", "Wren"))
HER_HOME = edge("m2", Triple("sister", "lives_in", "Porto", "person", "place"), "2024-03")


def test_kin_word_and_name_are_one_person() -> None:
    graph = assemble([HER_HOME, edge("m3", Triple("user", "sister", "sister")), SISTER])
    assert [node.id for node in graph.nodes] == ["user", "person:wren", "place:porto"]
    (wren,) = [node for node in graph.nodes if node.name == "Wren"]
    assert set(wren.memory_ids) == {"m1", "m2", "m3"}
    assert {(k.source, k.target) for k in graph.links} == {
        ("user", "person:wren"),
        ("person:wren", "place:porto"),
    }


def test_of_two_sisters_a_nameless_one_is_neither() -> None:
    other = edge("m3", Triple("user", "sister", "Ida"))
    graph = assemble([SISTER, other, edge("m4", Triple("user", "sister", "sister"))])
    assert {node.name for node in graph.nodes} == {"", "Wren", "Ida", "sister"}


def test_what_held_on_a_day() -> None:
    love = Triple("user", "boyfriend", "Tom")
    over = edge("m2", Triple("user", "boyfriend", "Tom", ended=True), "2024-06-01")
    edges = [over, edge("m1", love)]
    (link,) = assemble(edges).links
    assert (link.since, link.until, link.memory_ids) == ("2024-01-01", "2024-06-01", ("m1", "m2"))
    assert assemble(edges, "2024-05-31").links
    assert not assemble(edges, "2024-06-30").links
    assert not assemble(edges, "2023-12-31").nodes


def test_files_keep_strange_names() -> None:
    graph = assemble([edge("m1", Triple("user", "a` {x}", 'W"re\\n <&>'))])
    cypher = to_cypher(graph, "lin")
    assert "-[r:`A___X_`]->" in cypher
    assert 'n.name = "W\\"re/n <&>"' in cypher
    assert cypher.count("\n") == 3
    root = ElementTree.fromstring(to_graphml(graph, "lin"))
    assert 'W"re\\n <&>' in [data.text for data in root.iter() if data.tag.endswith("data")]
