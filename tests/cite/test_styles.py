"""How a source is named."""

from __future__ import annotations

from dataclasses import replace

from navo_qa.cite.styles import plain
from navo_qa.pipeline import Pipeline, citation


def test_the_form_follows_what_is_known(hashed: Pipeline) -> None:
    """Letter date and page appear where they are known; nothing is invented where they are not."""
    document = hashed.document("verslag-ifmm-antalya-2025")
    made = citation(document, hashed.snapshot.collection.passages_of(document.id)[0])
    assert plain(document, made, "nl") == f"{document.title}, brief van 23 mei 2025, alinea 1"
    assert plain(document, replace(made, page=2, paragraph=7), "en") == (
        f"{document.title}, letter of 23 May 2025, p. 2, para. 7"
    )
    assert plain(replace(document, letter_date=None), made, "nl") == f"{document.title}, alinea 1"
