"""Sources for reference managers: BibTeX, RIS and CSL-JSON, as Zotero imports them.

A value never breaks out of its field: line ends become spaces, BibTeX's own characters are escaped, and a value that a
spreadsheet would take for a formula ("=cmd|…") gets an apostrophe before it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from navo_qa.cite.papers import PaperKind
from navo_qa.cite.styles import number, series
from navo_qa.cite.works import Locator, Work

Source = tuple[Work, Locator]


class Export(StrEnum):
    """The formats for reference managers."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"


MEDIA_TYPES = {
    Export.BIBTEX: "application/x-bibtex",
    Export.RIS: "application/x-research-info-systems",
    Export.CSL_JSON: "application/vnd.citationstyles.csl+json",
}
_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_FORMULA = re.compile(r"^[=+\-@]")
_CSL_TYPES = {PaperKind.KAMERSTUK: "bill", PaperKind.HANDELINGEN: "hearing", PaperKind.AANHANGSEL: "bill"}
_RIS_TYPES = {PaperKind.KAMERSTUK: "BILL", PaperKind.HANDELINGEN: "HEAR", PaperKind.AANHANGSEL: "BILL"}


def export(sources: Sequence[Source], form: Export) -> str:
    """Return the sources in the format; a source that is cited twice stands there once, with its first page."""
    first = list({work.id: (work, at) for work, at in reversed(sources)}.values())[::-1]
    if form is Export.CSL_JSON:
        return json.dumps([csl(work, at) for work, at in first], ensure_ascii=False, indent=2)
    write: Callable[[Work, Locator], str] = _bibtex if form is Export.BIBTEX else _ris
    return "\n".join(write(work, at) for work, at in first)


def csl(work: Work, at: Locator) -> dict[str, Any]:
    """Return the source as a CSL-JSON object with the fields that are known."""
    paper = work.paper
    known: dict[str, Any] = {
        "id": work.id,
        "type": _CSL_TYPES[paper.kind] if paper else "document",
        "title": _plain(work.title),
        "language": work.language,
    }
    if paper:
        known |= {"container-title": series(paper), "volume": paper.session, "number": number(paper)}
    if work.sender and work.sender.family:
        known["author"] = [{"family": work.sender.family, "given": work.sender.initials}]
    elif work.sender:
        known["author"] = [{"literal": _plain(str(work.sender))}]
    if work.letter_date:
        sent = work.letter_date
        known["issued"] = {"date-parts": [[sent.year, sent.month, sent.day]]}
    known["page"] = at.page or (paper.pages if paper else None)
    known["note"] = f"sha256:{work.sha256}" if work.sha256 else None
    return {name: value for name, value in known.items() if value}


def _bibtex(work: Work, at: Locator) -> str:
    known = csl(work, at)
    paper, sent = work.paper, work.letter_date
    fields = {
        "title": f"{{{_escaped(work.title)}}}",
        "author": _author(work, _escaped),
        "howpublished": _escaped(_reference(work)) if paper else None,
        "number": _escaped(number(paper)) if paper else None,
        "volume": paper.session if paper else None,
        "pages": known.get("page", "").replace("-", "--"),
        "year": str(sent.year) if sent else None,
        "day": str(sent.day) if sent else None,
        "langid": {"nl": "dutch", "en": "english"}.get(work.language),
        "note": known.get("note"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if sent:
        lines.append(f"  month = {_MONTHS[sent.month - 1]},")
    return "@misc{" + _key(work.id) + ",\n" + "\n".join(lines) + "\n}\n"


def _ris(work: Work, at: Locator) -> str:
    paper, sent = work.paper, work.letter_date
    first, _, last = (at.page or (paper.pages if paper else None) or "").partition("-")
    fields = [
        ("TY", _RIS_TYPES[paper.kind] if paper else "RPRT"),
        ("ID", work.id),
        ("TI", work.title),
        ("AU", _author(work, _plain)),
        ("T2", series(paper) if paper else None),
        ("VL", paper.session if paper else None),
        ("M1", number(paper) if paper else None),
        ("PY", str(sent.year) if sent else None),
        ("DA", f"{sent:%Y/%m/%d}" if sent else None),
        ("SP", first),
        ("EP", last),
        ("LA", work.language),
        ("N1", f"sha256:{work.sha256}" if work.sha256 else None),
    ]
    return "".join(f"{tag}  - {_plain(value)}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def _reference(work: Work) -> str:
    paper = work.paper
    assert paper is not None  # noqa: S101
    return " ".join(part for part in (series(paper), paper.session) if part) + f", {number(paper)}"


def _author(work: Work, clean: Callable[[str], str]) -> str | None:
    if work.sender is None:
        return None
    if work.sender.family:
        return clean(f"{work.sender.family}, {work.sender.initials}")
    return f"{{{clean(str(work.sender))}}}" if clean is _escaped else clean(str(work.sender))


def _plain(text: str) -> str:
    """Return the text on one line, without control characters, and never as a spreadsheet's formula."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    line = " ".join(kept.split())
    return f"'{line}" if _FORMULA.match(line) else line


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(character, character) for character in _plain(text))


def _key(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9:.-]+", "-", name).strip("-") or "source"
