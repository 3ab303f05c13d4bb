"""Floors and ceilings."""

from __future__ import annotations

from pathlib import Path

import pytest

from navo_qa.evaluation import gate
from navo_qa.evaluation.study import Study


def floors(tmp_path: Path, text: str) -> gate.Floors:
    path = tmp_path / "gate.toml"
    path.write_text(text)
    return gate.read(path)


def test_one_line_a_failure(study: Study, tmp_path: Path) -> None:
    """A measure under its floor, or over its ceiling, is one line; what holds is silent."""
    text = (
        '[all]\nverbatim = 1.0\n"nDCG@10" = 0.1\nEM = 0.99\nAURC = 0.0001\n["lang=nl,split=dev"]\n"Success@1" = 0.5\n'
    )
    lines = gate.failures(floors(tmp_path, text), study.main.scores)
    assert len(lines) == 2
    assert "EM is 0.0000, under its floor 0.99" in lines[0] and "over its ceiling" in lines[1]


def test_a_floor_on_nothing_fails(study: Study, tmp_path: Path) -> None:
    """A slice without questions, or of which the measure says nothing, cannot be passed by being empty."""
    lines = gate.failures(floors(tmp_path, '["lang=fr"]\nEM = 0\n["kind=date"]\nright = 0\n'), study.main.scores)
    assert len(lines) == 2 and all("says nothing" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[all]\nspeed = 1", '"speed"'),
        ("verbatim = 1", "outside a table"),
        ('[all]\nverbatim = "high"', "give a number"),
        ("[all]\nverbatim = nan", "give a number"),
        ('["language=nl"]\nEM = 0', "language"),
        ("[all", "cannot be read"),
    ],
)
def test_unusable_gate_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """A gate that names nothing known is an error, not an open gate."""
    with pytest.raises(gate.GateError, match=said):
        floors(tmp_path, text)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """An editor may put one before the floors."""
    assert floors(tmp_path, "\ufeff[all]\nEM = 0.5\n") == {"all": {"EM": 0.5}}
