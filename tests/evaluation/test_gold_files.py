"""The gold files that ship are right: their evidence stands where they say, over the documents they ask about."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import CORPUS, ROOT, SEEDS
from navo_qa.evaluation import gold
from navo_qa.evaluation.check import check
from navo_qa.evaluation.configure import corpus

GOLD = ROOT / "eval" / "gold"


@pytest.mark.parametrize(
    ("name", "folder"),
    [("corpus", CORPUS), ("reports", SEEDS), ("documents", SEEDS.parent / "data" / "documents")],
)
def test_every_line_is_right(name: str, folder: Path) -> None:
    """No line has a fault; a quote that stands twice may be warned about."""
    if not folder.is_dir():
        pytest.skip(f"{folder.name} lie beside the repository, not in it")
    findings = check(gold.read(GOLD / f"{name}.jsonl"), corpus([folder]))
    assert [str(finding) for finding in findings if finding.severity == "error"] == []
