"""`navo-qa index`: look at an index, or check it whole."""

from __future__ import annotations

import typer

from navo_qa.cli.given import IndexOption, JsonOption, print_json, say, settings_of


def check(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Verify an index whole: every file's hash, every row, every slice."""
    from navo_qa.index.snapshot import check as check_index

    report = check_index(settings_of(index).index)
    if as_json:
        print_json({"folder": str(report.folder), "ok": report.ok, "problems": list(report.problems)})
    elif report.ok and report.manifest:
        counts = report.manifest.counts
        say(f"{report.folder} is whole: {counts.documents} documents, {counts.passages} passages")
    else:
        say("\n".join(f"{report.folder}: {problem}" for problem in report.problems), err=True)
    if not report.ok:
        raise typer.Exit(1)


def show(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show what an index was built from and with."""
    from navo_qa import terminal
    from navo_qa.index.snapshot import open_snapshot

    snapshot = open_snapshot(settings_of(index).index)
    if as_json:
        print_json(snapshot.manifest.model_dump(mode="json"))
    else:
        terminal.show_manifest(snapshot)


def documents(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List the documents of an index."""
    from navo_qa import terminal
    from navo_qa.index.snapshot import open_snapshot

    listings = open_snapshot(settings_of(index).index).collection.listings()
    if as_json:
        from navo_qa.api.models import DocumentOut

        print_json({"documents": [DocumentOut.of(listing).model_dump(mode="json") for listing in listings]})
    else:
        terminal.show_documents(listings)
