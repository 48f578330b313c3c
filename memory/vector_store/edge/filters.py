"""Filters of the client as filters of Edge: all of a filter, or an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import qdrant_edge as edge
from qdrant_client import models

from memory.vector_store.edge.convert import to_id, to_moment, unsupported


def to_filter(query_filter: Any) -> edge.Filter | None:
    """A filter, all of it."""
    if query_filter is None:
        return None
    if not isinstance(query_filter, models.Filter):
        raise unsupported(query_filter)
    least = query_filter.min_should
    return edge.Filter(
        must=_conditions(query_filter.must),
        should=_conditions(query_filter.should),
        must_not=_conditions(query_filter.must_not),
        min_should=(
            edge.MinShould(_conditions(least.conditions) or [], least.min_count) if least else None
        ),
    )


def _conditions(given: Any) -> list[Any] | None:
    if given is None:
        return None
    many: Iterable[Any] = given if isinstance(given, list | tuple) else [given]
    return [_condition(one) for one in many]


def _condition(condition: Any) -> Any:
    match condition:
        case models.FieldCondition():
            return _field_condition(condition)
        case models.Filter():
            return to_filter(condition)
        case models.HasIdCondition():
            return edge.HasIdCondition({to_id(i) for i in condition.has_id})
        case models.IsEmptyCondition():
            return edge.IsEmptyCondition(condition.is_empty.key)
        case models.IsNullCondition():
            return edge.IsNullCondition(condition.is_null.key)
        case models.HasVectorCondition():
            return edge.HasVectorCondition(condition.has_vector)
        case models.NestedCondition():
            inner = to_filter(condition.nested.filter) or edge.Filter()
            return edge.NestedCondition(condition.nested.key, inner)
    raise unsupported(condition)


def _field_condition(condition: models.FieldCondition) -> edge.FieldCondition:
    for geo in ("geo_bounding_box", "geo_radius", "geo_polygon"):
        if getattr(condition, geo) is not None:
            raise unsupported(geo)
    counted = condition.values_count
    return edge.FieldCondition(
        condition.key,
        match=_match(condition.match),
        range=_range(condition.range),
        values_count=(
            edge.ValuesCount(counted.lt, counted.gt, counted.lte, counted.gte) if counted else None
        ),
        is_empty=condition.is_empty,
        is_null=condition.is_null,
    )


def _match(match_: Any) -> Any:
    match match_:
        case None:
            return None
        case models.MatchValue():
            return edge.MatchValue(_exact(match_.value))
        case models.MatchAny():
            return edge.MatchAny(match_.any)
        case models.MatchExcept():
            return edge.MatchExcept(match_.except_)
        case models.MatchText():
            return edge.MatchText(match_.text)
        case models.MatchTextAny():
            return edge.MatchTextAny(match_.text_any)
        case models.MatchPhrase():
            return edge.MatchPhrase(match_.phrase)
    raise unsupported(match_)


def _exact(value: str | int | bool) -> Any:
    """A value to match. Edge 0.9 reads Python's ``True`` as the number 1, which matches
    no boolean; numpy's it reads right."""
    return np.bool_(value) if isinstance(value, bool) else value


def _range(range_: Any) -> Any:
    match range_:
        case None:
            return None
        case models.Range():
            return edge.RangeFloat(range_.gte, range_.gt, range_.lte, range_.lt)
        case models.DatetimeRange():
            return edge.RangeDateTime(
                *(to_moment(v) for v in (range_.gte, range_.gt, range_.lte, range_.lt))
            )
    raise unsupported(range_)


def to_selection(selector: Any) -> tuple[list[edge.PointId], edge.Filter | None]:
    """Ids, or the filter that says which points."""
    if isinstance(selector, models.PointIdsList):
        return [to_id(i) for i in selector.points], None
    if isinstance(selector, models.FilterSelector):
        return [], to_filter(selector.filter)
    if isinstance(selector, models.Filter):
        return [], to_filter(selector)
    if isinstance(selector, Sequence) and not isinstance(selector, str):
        return [to_id(i) for i in selector], None
    raise unsupported(selector)
