"""What the service says of itself."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi.testclient import TestClient

from navo_qa.api.app import create_app
from navo_qa.pipeline import Pipeline
from navo_qa.settings import Settings


def test_it_tells_the_index_and_the_corpus(hashed_index: Path, hashed: Pipeline) -> None:
    """Counts, dates, kinds and languages agree with the documents themselves."""
    with TestClient(create_app(Settings(index=hashed_index, threshold=0.25))) as client:
        about = client.get("/v1/about").json()
    documents = hashed.documents()
    assert about["ready"] and not about["building"] and about["detail"] is None
    assert about["threshold"] == 0.25 and about["index"]["encoder"] == "hashing-256"
    assert about["index"]["snapshot"] == hashed.snapshot.name and about["index"]["bytes"] > 10_000
    corpus = about["corpus"]
    assert corpus["documents"] == len(documents) == sum(corpus["kinds"].values()) == sum(corpus["languages"].values())
    assert corpus["characters"] == sum(len(document.text) for document in documents)
    assert corpus["date_from"] == "2023-05-31" and corpus["date_to"] == max(str(d.date) for d in documents)
    assert sum(corpus["years"].values()) + corpus["undated"] == 5 and list(corpus["years"]) == sorted(corpus["years"])


def test_without_an_index_it_says_why(tmp_path: Path) -> None:
    """200 with nulls and one sentence; `building` while a living process builds, not after it died."""
    with TestClient(create_app(Settings(index=tmp_path))) as client:
        about = client.get("/v1/about").json()
        assert not about["ready"] and about["index"] is None and about["corpus"] is None
        assert "navo-qa build" in about["detail"] and not about["building"]
        (tmp_path / "snapshots" / f".building-{os.getpid()}").mkdir(parents=True)
        assert client.get("/v1/about").json()["building"]
        (tmp_path / "snapshots" / f".building-{os.getpid()}").rename(tmp_path / "snapshots" / ".building-999999999")
        assert not client.get("/v1/about").json()["building"]


def test_a_door_names_what_it_switches_on(hashed_index: Path) -> None:
    """Page images are a feature of every service, a rate limit only where one is set."""
    for rate, limited in ((None, False), ("60/minute", True)):
        with TestClient(create_app(Settings(index=hashed_index, rate_limit=rate))) as client:
            features = client.get("/v1/about").json()["features"]
        assert features["page_images"] and features["rate_limit"] is limited
