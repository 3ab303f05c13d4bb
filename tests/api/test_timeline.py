"""The same question over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from navo_qa.api import timeline
from navo_qa.api.app import create_app
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.settings import Settings

QUESTION = "Hoeveel geld ging er naar UCAP?"
REPORTS = {
    "a": "2023-05-31: In Oslo ging EUR 10 miljoen naar UCAP.",
    "b": "2025-05-14: In Antalya ging EUR 100 miljoen naar UCAP.",
    "c": "2025-12-03: In Brussel ging EUR 35 miljoen naar UCAP.",
    "d": "Een stuk zonder datum zegt dat er geld naar UCAP ging.",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client over three dated reports and an undated one."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = ["id,file,title,kind,meeting_start"]
    for name, text in REPORTS.items():
        day, _, said = text.rpartition(": ")
        (folder / f"{name}.txt").write_text(f"{said}\n")
        rows.append(f"{name},{name}.txt,Verslag {name},report,{day}")
    (folder / "catalogue.csv").write_text("\n".join(rows) + "\n")
    build([folder], folder / ".index", HashingEncoder())
    with TestClient(create_app(Settings(index=folder / ".index", threshold=0.0))) as made:
        yield made


def ask(client: TestClient, **body: Any) -> Any:
    """What the timeline says."""
    response = client.post("/v1/timeline", json={"question": QUESTION} | body)
    assert response.status_code == 200
    return response.json()


def test_each_year_says_its_own(client: TestClient) -> None:
    """In order of time, the undated last; each answer is a slice of a document of that year."""
    found = ask(client)
    assert [point["year"] for point in found["points"]] == [2023, 2025, None]
    assert [point["documents"] for point in found["points"]] == [1, 2, 1]
    assert not found["truncated"] and found["language"] == "nl" and found["by"] == "year"
    for point in found["points"]:
        document = client.get(f"/v1/documents/{point['document_id']}").json()
        (cited,) = point["answer"]["citations"]
        stretch = document["text"][cited["start_char_index"] : cited["end_char_index"]]
        assert stretch == cited["cited_text"] == point["answer"]["text"] and cited["sha256"] == document["sha256"]
        assert point["title"] == document["title"] and point["date"] == document["meeting_start"]
        assert point["nearest"]["document_id"] in REPORTS


def test_by_document_within_filters(client: TestClient) -> None:
    """A point a document, in order of time."""
    found = ask(client, by="document", filters={"date_from": "2025-01-01"})
    assert [point["document_id"] for point in found["points"]] == ["b", "c"]
    assert ["100" in found["points"][0]["answer"]["text"], "35" in found["points"][1]["answer"]["text"]] == [True, True]


def test_silence_keeps_the_nearest(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is null with the passage that comes nearest; without any hit that is null too."""
    monkeypatch.setattr(client.app.state.service.pipeline(), "threshold", 1.1)  # type: ignore[attr-defined]
    for point in ask(client)["points"]:
        assert point["answer"] is None and point["nearest"]["text"] and point["document_id"]
    for point in ask(client, question="Xylofoon?", mode="lexical")["points"]:
        assert point["answer"] is point["nearest"] is point["document_id"] is None


def test_many_points_are_cut(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest years, the nearest documents; and it says so."""
    monkeypatch.setattr(timeline, "MOST_POINTS", 2)
    years = ask(client)
    assert years["truncated"] and [point["year"] for point in years["points"]] == [2023, 2025]
    documents = ask(client, by="document", question="Wat ging er in Oslo naar UCAP?")
    assert documents["truncated"] and len(documents["points"]) == 2
    assert "a" in [point["document_id"] for point in documents["points"]]


@pytest.mark.parametrize(
    "body",
    [{"question": ""}, {"by": "month"}, {"filters": {"document_ids": ["geen"]}},
     {"filters": {"date_from": "2025-02-01", "date_to": "2024-02-01"}}],
)  # fmt: skip
def test_bad_requests_are_problems(client: TestClient, body: dict[str, Any]) -> None:
    """As everywhere."""
    response = client.post("/v1/timeline", json={"question": QUESTION} | body)
    assert response.status_code == 422 and response.json()["detail"]
