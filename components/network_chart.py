"""Network figure of people and things; no words, no data access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi, sin, tau

import plotly.graph_objects as go

from components.chart_look import PART_COLOURS, QUIET, Mode, base_figure, category_colour
from memory.memories.graph.graph import Graph, GraphLink, GraphNode
from memory.types import EntityType

HEIGHT = 520
MOST_LABELS = 40
"""Up to this many links say what they are on the map."""
_AS_CATEGORY: Mapping[EntityType, str] = {
    "person": "relationship",
    "pet": "habit",
    "place": "event",
    "organisation": "work_study",
}
Place = tuple[float, float]


def network(
    graph: Graph,
    names: Mapping[str, str],
    types: Mapping[str, str],
    theme: Mode,
    *,
    narrow: bool = False,
) -> go.Figure:
    """Nodes around the user, each with its name; a click on one tells its id.

    Args:
        graph: Who and what, and how they are connected.
        names: Of nodes by id.
        types: Names of the types, for the legend.
        theme: Light or dark.
        narrow: There is room for one group beside no other, and for names alone.
    """
    places = radial(graph, below=narrow)
    traces = [
        *_lines(graph.links, places, theme, labels=0 if narrow else MOST_LABELS),
        *(_points(graph.nodes, type, places, names, types, theme) for type in types),
    ]
    figure = base_figure([trace for trace in traces if trace.x], theme, height=HEIGHT)
    figure.update_xaxes(visible=False, fixedrange=False)
    figure.update_yaxes(visible=False, fixedrange=False, scaleanchor="x")
    figure.update_layout(dragmode="pan", margin={"l": 8, "r": 8, "t": 8, "b": 8})
    return figure


def radial(graph: Graph, *, below: bool = False) -> dict[str, Place]:
    """A place for each node: the user in the middle, whom they know around, and so on outwards.

    What isn't connected with the user has a middle of its own, to the right, or ``below``.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for link in graph.links:
        near[link.source].append(link.target)
        near[link.target].append(link.source)
    tree: dict[str, list[str]] = {}
    roots = []
    for node in graph.nodes:
        if node.id not in tree:
            roots.append(node.id)
            _grow(node.id, near, tree)

    def along(place: Place) -> float:
        """How far a place is in the direction in which groups follow each other."""
        return -place[1] if below else place[0]

    places: dict[str, Place] = {}
    edge = 0.0
    for root in roots:
        around: dict[str, Place] = {}
        _spread(root, tree, 0.0, tau, 0, around)
        shift = edge - min(map(along, around.values())) + 1 if places else 0.0
        right, up = (0.0, -shift) if below else (shift, 0.0)
        places |= {id: (x + right, y + up) for id, (x, y) in around.items()}
        edge = max(map(along, places.values()))
    return places


def _grow(root: str, near: Mapping[str, Sequence[str]], tree: dict[str, list[str]]) -> None:
    tree[root] = []
    waiting = [root]
    while waiting:
        parent = waiting.pop(0)
        for child in near.get(parent, ()):
            if child not in tree:
                tree[child] = []
                tree[parent].append(child)
                waiting.append(child)


def _room(id: str, tree: Mapping[str, Sequence[str]]) -> float:
    """How much of the angle a node wants: a leaf one, others half of what those below want."""
    return max(1.0, (1 + sum(_room(child, tree) for child in tree[id])) / 2)


def _spread(
    id: str,
    tree: Mapping[str, Sequence[str]],
    start: float,
    end: float,
    depth: int,
    places: dict[str, Place],
) -> None:
    """Each child gets the share of the angle that its own children need."""
    angle = (start + end) / 2 + pi / 2
    places[id] = (depth * cos(angle), depth * sin(angle))
    angle_each = (end - start) / max(1.0, sum(_room(child, tree) for child in tree[id]))
    for child in tree[id]:
        share = angle_each * _room(child, tree)
        _spread(child, tree, start, start + share, depth + 1, places)
        start += share


def _lines(
    links: Sequence[GraphLink], places: Mapping[str, Place], theme: Mode, labels: int
) -> Iterator[go.Scatter]:
    for over in (False, True):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for link in links:
            if (link.until is not None) == over:
                for coordinates, axis in ((xs, 0), (ys, 1)):
                    coordinates += [places[link.source][axis], places[link.target][axis], None]
        yield go.Scatter(
            x=xs,
            y=ys,
            mode="lines",
            line={"color": QUIET[theme], "width": 1, "dash": "dot" if over else "solid"},
            hoverinfo="skip",
            showlegend=False,
        )
    said = links[:labels]
    middles = [
        [places[k.source][axis] * 0.36 + places[k.target][axis] * 0.64 for k in said]
        for axis in (0, 1)
    ]
    yield go.Scatter(
        x=middles[0],
        y=middles[1],
        text=[link.relationship for link in said],
        mode="text",
        textfont={"size": 11, "color": QUIET[theme]},
        hoverinfo="skip",
        showlegend=False,
    )


def _points(
    nodes: Sequence[GraphNode],
    type: str,
    places: Mapping[str, Place],
    names: Mapping[str, str],
    types: Mapping[str, str],
    theme: Mode,
) -> go.Scatter:
    mine = [node for node in nodes if node.type == type]
    return go.Scatter(
        x=[places[node.id][0] for node in mine],
        y=[places[node.id][1] for node in mine],
        text=[names[node.id] for node in mine],
        customdata=[[node.id, len(node.memory_ids)] for node in mine],
        name=types[type],
        mode="markers+text",
        textposition="bottom center",
        cliponaxis=False,
        marker={
            "size": [min(14 + 3 * len(node.memory_ids), 38) for node in mine],
            "color": colour(type, theme),
        },
        hovertemplate="%{text}: %{customdata[1]}<extra></extra>",
    )


def colour(type: str, theme: Mode) -> str:
    """The one colour of a type of node."""
    own = {"user": "user", "persona": "ai"}.get(type)
    if own is not None:
        return PART_COLOURS[theme][own]
    return next(category_colour(c, theme) for kind, c in _AS_CATEGORY.items() if kind == type)
