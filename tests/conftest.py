"""What tests share: the shipped corpus, an index of it made without any model, and a pipeline over that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from navo_qa.build import build
from navo_qa.encode import HashingEncoder, load_encoder
from navo_qa.pipeline import Pipeline
from pdf_files import Put, pdf
from server_process import serving

# Tests that are not about reading need no network: it takes half a second a question on two cores.
os.environ.setdefault("NAVO_QA_READER", "sentences")

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SEEDS = ROOT.parent / "shared" / "seeds"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests last: while its driver runs, nothing else may start an event loop."""
    items.sort(key=lambda item: item.path.parent.name == "web")


@pytest.fixture(scope="session")
def hashed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped corpus by the hashing encoder."""
    folder = tmp_path_factory.mktemp("index")
    build([CORPUS], folder, HashingEncoder())
    return folder


@pytest.fixture(scope="session")
def served_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped corpus and brief.pdf."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "brief.pdf").write_bytes(pdf([[Put(72, 700, "De minister schreef een brief over de bijeenkomst.")]]))
    build([CORPUS, folder / "brief.pdf"], folder / "index", HashingEncoder())
    return folder / "index"


@pytest.fixture(scope="session")
def server(served_index: Path) -> Iterator[str]:
    """The address of a service process over the shipped corpus and brief.pdf; it answers whatever it is asked."""
    with serving(served_index) as url:
        yield url


@pytest.fixture(scope="session")
def hashed(hashed_index: Path) -> Pipeline:
    """A pipeline over the shipped corpus by the hashing encoder."""
    return Pipeline.open(hashed_index, reader="sentences")


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped corpus by the bundled encoder, as `make run` would build it."""
    folder = tmp_path_factory.mktemp("shipped")
    build([CORPUS], folder, load_encoder())
    return folder


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five real reports; where it is absent the test is skipped."""
    if not SEEDS.is_dir():
        pytest.skip("the real reports (../shared/seeds) are not beside this checkout")
    return SEEDS
