"""What was found in a memo, for people and for programs: lines of text, JSON, a page of HTML without scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from navo_qa.cite.links import link
from navo_qa.cite.styles import Language
from navo_qa.cite.verify import Finding, Verdict

WORDS: dict[Language, dict[Verdict | str, str]] = {
    "nl": {
        Verdict.VERBATIM: "letterlijk",
        Verdict.OTHER_SOURCE: "letterlijk, maar uit een andere bron of van een andere bladzijde",
        Verdict.ALTERED: "gewijzigd",
        Verdict.FIGURE: "cijfer wijkt af",
        Verdict.NOT_FOUND: "niet gevonden",
        Verdict.UNKNOWN_SOURCE: "bron niet in de collectie",
        Verdict.SUPPORTED: "gedekt door de bron",
        Verdict.UNSUPPORTED: "niet alles staat in de bron",
        "line": "regel", "page": "p.", "missing": "ontbreekt", "source": "bron",
        "joined": "samengevoegd uit meer plaatsen",
        "not-in-collection": "de genoemde bron zit niet in de collectie",
        "earlier-version": "in een eerdere versie, die sindsdien is vervangen", "title": "Controle van citaten",
        "sound": "in orde", "faults": "niet in orde",
    },
    "en": {
        Verdict.VERBATIM: "verbatim",
        Verdict.OTHER_SOURCE: "verbatim, but from another source or page",
        Verdict.ALTERED: "altered",
        Verdict.FIGURE: "figure differs",
        Verdict.NOT_FOUND: "not found",
        Verdict.UNKNOWN_SOURCE: "source not in the collection",
        Verdict.SUPPORTED: "supported by the source",
        Verdict.UNSUPPORTED: "not all of it is in the source",
        "line": "line", "page": "p.", "missing": "missing", "source": "source",
        "joined": "joined from several places",
        "not-in-collection": "the source named is not in the collection",
        "earlier-version": "in an earlier version, replaced since", "title": "Quotations checked",
        "sound": "sound", "faults": "not sound",
    },
}  # fmt: skip
_LOOSE = re.compile(r" (?=(?:</?(?:ins|del)>)*[.,;:!?)\]…])|(?<=[(\[]) ")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "article{border-left:6px solid #777;padding:.2rem 1rem;margin:1rem 0}.sound{border-color:#1d7a3a}"
    ".fault{border-color:#a3160f}del{background:#fbd5d2}ins{background:#d3f0db;text-decoration:none}"
    "h2{font-size:1rem;margin:.3rem 0}p{margin:.3rem 0}"
)


def fields(finding: Finding) -> dict[str, Any]:
    """Return the finding as JSON's own types."""
    place = finding.place
    return {
        "verdict": finding.verdict.value,
        "sound": finding.sound,
        "text": finding.text,
        "line": finding.line,
        "page": finding.page,
        "cited": list(finding.cited),
        "source": None
        if place is None
        else {
            "document_id": place.document.id,
            "title": place.document.title,
            "start": place.start,
            "end": place.end,
            "page": place.page,
            "text": place.text,
            "sha256": place.document.sha256,
            "url": link(place.document, place.start, place.end),
        },
        "difference": [{"op": tag, "source": source, "memo": memo} for tag, source, memo in finding.difference],
        "missing": [{"kind": fact.kind, "text": fact.text} for fact in finding.missing],
        "note": finding.note,
    }


def lines(findings: Sequence[Finding], language: Language) -> Iterator[str]:
    """Yield what a terminal shows: one line a finding, below it where the words stand and how they differ."""
    words = WORDS[language]
    for finding in findings:
        yield f"{_where(finding, language)}{words[finding.verdict]}: {_short(finding.text)}"
        if finding.place and not finding.sound:
            page = f", {words['page']} {finding.place.page}" if finding.place.page else ""
            yield f"    {words['source']}: {finding.place.document.title}{page}"
        changed = [(source, memo) for tag, source, memo in finding.difference if tag != "equal"]
        if changed:
            yield "    " + "  ".join(f"[-{source}-]{{+{memo}+}}" for source, memo in changed[:20])
        if finding.missing:
            yield f"    {words['missing']}: " + ", ".join(fact.text for fact in finding.missing)
        if finding.note:
            yield f"    {words[finding.note]}"
    faults = sum(not finding.sound for finding in findings)
    yield f"{len(findings) - faults} {words['sound']}, {faults} {words['faults']}"


def page(findings: Sequence[Finding], name: str, language: Language) -> str:
    """Return the report as one HTML page that loads nothing and runs nothing."""
    words = WORDS[language]
    title = html.escape(f"{words['title']}: {name}")
    faults = sum(not finding.sound for finding in findings)
    body = "".join(_article(finding, language) for finding in findings)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{len(findings) - faults} {words['sound']}, {faults} {words['faults']}</p>{body}</body></html>\n"
    )


def _article(finding: Finding, language: Language) -> str:
    words = WORDS[language]
    parts = [f"<h2>{html.escape(_where(finding, language) + words[finding.verdict])}</h2>"]
    if finding.difference:
        parts.append(f"<p>{_set(_changed(*part) for part in finding.difference)}</p>")
    else:
        parts.append(f"<p>{html.escape(finding.text)}</p>")
    if finding.place:
        at = f", {words['page']} {finding.place.page}" if finding.place.page else ""
        parts.append(f"<p>{words['source']}: {html.escape(finding.place.document.title + at)}</p>")
    if finding.missing:
        parts.append(f"<p>{words['missing']}: {html.escape(', '.join(fact.text for fact in finding.missing))}</p>")
    if finding.note:
        parts.append(f"<p>{words[finding.note]}</p>")
    return f'<article class="{"sound" if finding.sound else "fault"}">{"".join(parts)}</article>'


def _changed(tag: str, source: str, memo: str) -> str:
    if tag == "equal":
        return html.escape(memo)
    gone = f"<del>{html.escape(source)}</del>" if source else ""
    return gone + (f"<ins>{html.escape(memo)}</ins>" if memo else "")


def _set(parts: Iterable[str]) -> str:
    """Return the parts with a space between, but none before a comma or after a bracket that opens."""
    return _LOOSE.sub("", " ".join(parts))


def _where(finding: Finding, language: Language) -> str:
    words = WORDS[language]
    if finding.line:
        return f"{words['line']} {finding.line}: "
    return f"{words['page']} {finding.page}: " if finding.page else ""


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}…"
