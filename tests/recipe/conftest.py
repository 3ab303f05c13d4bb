"""Put the recipe on the path, and make the tiny pairs, records and encoder its tests run on."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

RECIPE = Path(__file__).resolve().parents[2] / "embeddings" / "recipe"
sys.path.insert(0, str(RECIPE))

WORDS = {
    "the minister": "de minister",
    "the council": "de raad",
    "the ship": "het schip",
    "the border": "de grens",
    "the treaty": "het verdrag",
    "the army": "het leger",
    "a bridge": "een brug",
    "the budget": "de begroting",
}
VERBS = {"supports": "steunt", "closes": "sluit", "pays for": "betaalt", "names": "noemt", "leaves": "verlaat"}


def sentences() -> list[tuple[str, str]]:
    """Return 280 aligned sentences, one in five with a number."""
    made = []
    for i, (subject, wie) in enumerate(WORDS.items()):
        for j, (verb, doet) in enumerate(VERBS.items()):
            for k, (other, wat) in enumerate(WORDS.items()):
                if i != k:
                    year = f" in {2000 + i + j + k}" if (i + j + k) % 5 == 0 else ""
                    made.append((f"{subject} {verb} {other}{year}", f"{wie} {doet} {wat}{year}"))
    return made


@pytest.fixture(autouse=True)
def small_numbers() -> Iterator[None]:
    """A training flushes numbers below float32's least to 0, for the whole process: no other test is to run so."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture(scope="session")
def field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder of someone's own field: pairs, a lexicon, and records in two files."""
    folder = tmp_path_factory.mktemp("field")
    (folder / "parallel").mkdir()
    rows = [f"own\t{english}\t{dutch}" for english, dutch in sentences()]
    (folder / "parallel" / "train.tsv").write_text("\n".join(rows) + "\n", encoding="utf8")
    (folder / "records").mkdir()
    (folder / "records" / "lexicon.tsv").write_text("leger\tarmy|forces\tn\tmil\n", encoding="utf8")
    for name, start in (("a.jsonl", 0), ("extra-b.jsonl", 120)):
        lines = [json.dumps(_record(sentences()[i : i + 3])) for i in range(start, start + 60, 3)]
        (folder / "records" / name).write_text("\n".join(lines) + "\n", encoding="utf8")
    return folder


def _record(rows: list[tuple[str, str]]) -> dict[str, object]:
    english, dutch = rows[0]
    question = {"qn": f"wat {dutch}?", "qe": f"what {english}?", "an": dutch, "ae": english}
    near = {"n": "hoeveel kost het?", "e": "how much is it?"}
    return {"t": "t", "nl": [r[1] for r in rows], "en": [r[0] for r in rows], "qa": [question], "u": near}
