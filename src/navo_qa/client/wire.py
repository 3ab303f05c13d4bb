"""JSON to the client's results; a field that a later service adds is passed over."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any


def read(kind: Any, value: Any) -> Any:  # noqa: ANN401 - JSON in, any of the client's kinds out
    """Return JSON's value as the kind: a dataclass of the client, a container of them, a date, or as it is.

    Raises KeyError or TypeError where the JSON is not of that kind.
    """
    if value is None:
        return None
    made: Any = kind
    if is_dataclass(kind):
        known = _known(made)
        return made(**{f.name: read(known[f.name], value[f.name]) for f in fields(kind)})
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return read(next(one for one in inside if one is not type(None)), value)
    if origin is tuple:
        return tuple(read(inside[0], one) for one in value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return value


@functools.cache
def _known(kind: Hashable) -> dict[str, Any]:
    """Return the kind's fields with their types."""
    return typing.get_type_hints(kind)
