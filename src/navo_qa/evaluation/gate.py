"""Floors that a change may not fall through.

    [all]
    verbatim = 1.0
    "nDCG@10" = 0.80
    "p95 ms" = 1500            # lower is better here, so this is a ceiling

    ["lang=en,split=dev"]
    right = 0.60

A heading is a slice of the questions, under it stands a measure and its floor. The first configuration is judged, on
the questions as written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from navo_qa.errors import InputError
from navo_qa.evaluation.measures import LOWER_IS_BETTER, MEASURES, Scores
from navo_qa.evaluation.summary import Estimate, SliceError, estimates, select

Floors = Mapping[str, Mapping[str, float]]


class GateError(InputError):
    """A gate file that cannot be used."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{path}: {message}")


def read(path: Path) -> Floors:
    """Return the floors by slice and measure.

    Raises GateError if the file is no TOML, or names a measure or a field of questions that does not exist.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GateError(path, f"cannot be read ({error})") from error
    known = (*MEASURES, *sorted(LOWER_IS_BETTER))
    for spec, floors in tables.items():
        if not isinstance(floors, dict):
            raise GateError(path, f'"{spec}" stands outside a table; put it under [all]')
        try:
            select((), spec)
        except SliceError as error:
            raise GateError(path, str(error)) from error
        for measure, floor in floors.items():
            if measure not in known:
                raise GateError(path, f'[{spec}] names the measure "{measure}"; known are {", ".join(known)}')
            if isinstance(floor, bool) or not isinstance(floor, int | float) or not isfinite(floor):
                raise GateError(path, f'[{spec}] "{measure}" is {floor!r}; give a number')
    return tables


def failures(floors: Floors, scores: Scores) -> list[str]:
    """Return one line for each measure that is under its floor; none means that the gate is open."""
    lines: list[str] = []
    for spec, wanted in floors.items():
        found = estimates(scores.only(select(scores.questions, spec)))
        lines += filter(None, (_judge(spec, measure, floor, found) for measure, floor in wanted.items()))
    return lines


def _judge(spec: str, measure: str, floor: float, found: Mapping[str, Estimate]) -> str | None:
    estimate = found.get(measure)
    if estimate is None:
        return f"{spec}: {measure} says nothing of these questions, so its floor {floor:g} cannot hold"
    value = estimate.value
    if measure in LOWER_IS_BETTER:
        return f"{spec}: {measure} is {value:.4g}, over its ceiling {floor:g}" if value > floor + 1e-9 else None
    return f"{spec}: {measure} is {value:.4f}, under its floor {floor:g}" if value < floor - 1e-9 else None
