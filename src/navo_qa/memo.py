"""A memo in Markdown becomes a document with real footnotes: every `[@passage-id]` a source, or the export stops.

    Markdown --pandoc--> its tree --each mark a footnote, sources at the end--> docx, odt, html, md; pdf by LibreOffice

pandoc runs in its sandbox: it opens no file and no address that the memo names. Raw HTML stays text.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote

from navo_qa.cite.cuts import stretch_of
from navo_qa.cite.manuscript import Paragraph
from navo_qa.cite.quotations import PAGES, quotations
from navo_qa.cite.styles import Language, Style, pieces
from navo_qa.cite.works import Locator, Work, pages, work
from navo_qa.errors import ConversionFailed, InvalidMemo, NotFound, UnknownMark
from navo_qa.types import Document, Passage

Form = Literal["docx", "odt", "pdf", "html", "md"]
FORMS: tuple[Form, ...] = ("docx", "odt", "pdf", "html", "md")
Inline = dict[str, Any]

MAX_MEMO = 2_000_000  # characters
_SECONDS = 60
_OPEN = 12  # brackets of one paragraph that never close
_RUN = re.compile(r"([`~\[(<$^@\"'])\1{99}")
_READ = (
    "markdown-raw_html-raw_tex-raw_attribute-latex_macros-tex_math_dollars-yaml_metadata_block-pandoc_title_block"
    "-native_divs-native_spans-fenced_divs-bracketed_spans-link_attributes-header_attributes-fenced_code_attributes"
    "-inline_code_attributes-example_lists"
)
_WRITE = {"docx": "docx", "odt": "odt", "html": "html5", "md": "markdown-raw_html-raw_attribute-citations-smart"
          "-simple_tables-multiline_tables-grid_tables"}  # fmt: skip
_TEMPLATES = Path(__file__).parent / "memo_templates"  # scripts/memo_templates.py writes them
_LOOKS = (
    "<style>html{font:17px system-ui,sans-serif}body{max-width:42rem;line-height:1.55}"
    "sup{line-height:0}h1,h2,h3{color:#154273}"
    "blockquote{color:inherit;font-style:normal}table{margin:1.2rem 0}td,th{text-align:left;vertical-align:top}"
    "tbody tr{border-bottom:1px solid #bbb}section.footnotes{font-size:.85rem}"
    "section.footnotes p{margin:.3rem 0}</style>"
)
_MARK = re.compile(r"(?<!\\)\[([^\[\]]{0,500}?(?<![\w.\\])-?@[^\[\]]{1,2000})\](?!\(|\[(?!\^)[^@\]]{0,500}\])")
_KEY = re.compile(r"(?<![\w.\\])-?@(?:\{([^{}\n]{1,300})\}|([^\s,;{}\[\]]{1,300}))")
_PLAIN_KEY = re.compile(r"\w(?:[\w]|[:.#$%&+?<>~/-](?=\w))*")
_CODE = re.compile(
    r"(?ms)^[ ]{0,3}(```+|~~~+).*?(?:^[ ]{0,3}\1[`~]*[ ]*$|\Z)|(?<!`)(`+)(?!`)(?:(?!\n\s*\n).){1,2000}?(?<!`)\2(?!`)"
)
# What Markdown, as pandoc reads it, would take for more than the signs that they are; as in basket.js.
_SIGNS = re.compile(r"[\\`*_\[\]<>@#~^&|$\"']|-{2,}|\.{3,}")
_FIRST = re.compile(r"^[-+:=]")  # of a list, a definition, a line below a heading
_NUMBER = re.compile(r"^(\(?(?:\d+|[^\W\d_]|[ivxlcdm]+))([.)])(?=\s|$)", re.IGNORECASE)  # "2025. ", "a) ", "(iv) "
_SAFE = re.compile(r"(?:https?:|mailto:|#|/d/)", re.IGNORECASE)
_WORDS = {
    "nl": {"sources": "Bronnen", "missing": "[bron niet gevonden]", "memo": "Memo"},
    "en": {"sources": "Sources", "missing": "[source not found]", "memo": "Memo"},
}


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that a mark names, and its document."""

    passage: Passage
    document: Document
    work: Work = field(compare=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a memo is to be exported. missing: "stop" at a mark that names nothing, or "mark" it visibly."""

    form: Form = "docx"
    style: Style = Style.LEIDRAAD
    language: Language = "nl"
    missing: Literal["stop", "mark"] = "stop"


def export_memo(
    markdown: str, passage: Callable[[str], Passage], document: Callable[[str], Document], wanted: Wanted
) -> bytes:
    """Return the memo in the wanted form, each mark a footnote with its source, and the sources at its end.

    passage, document: look one up by its id, and raise NotFound.
    Raises UnknownMark with line numbers, InvalidMemo, ConversionFailed.
    """
    if len(markdown) > MAX_MEMO:
        raise InvalidMemo("the memo", f"has over {MAX_MEMO:,} characters; split it")
    markdown = markdown.replace("\r\n", "\n").replace("\0", "")
    _bounded(markdown)
    shelf = _Sources(passage, document)
    faults = _faults(markdown, shelf)
    if faults and wanted.missing == "stop":
        raise UnknownMark(faults)
    markdown = _as_pandoc_reads(markdown, wanted.language)
    tree = json.loads(_pandoc(["-f", _READ, "-t", "json"], markdown.encode()))
    writer = _Writer(shelf, wanted)
    tree["blocks"] = [*writer.walk(tree["blocks"]), *writer.sources()]
    words = _WORDS[wanted.language]
    tree["meta"] = {"pagetitle": _meta(words["memo"]), "lang": _meta({"nl": "nl-NL", "en": "en-GB"}[wanted.language])}
    return _written(json.dumps(tree).encode(), wanted.form)


def quote_and_mark(quote: str, passage_id: str) -> str:
    """Return what is appended to a memo for a passage: the quote as a block of quotation, and its mark."""
    own = "  \n> ".join(_escaped(line) for line in quote.splitlines() if line.strip())
    key = passage_id if _PLAIN_KEY.fullmatch(passage_id) else f"{{{passage_id}}}"
    return f"> {own} [@{key}]\n"


def _escaped(line: str) -> str:
    """Return a line as Markdown that reads as it stands: no marks, no table, no list."""
    line = _SIGNS.sub(lambda signs: "".join(f"\\{sign}" for sign in signs[0]), line)
    return _NUMBER.sub(r"\1\\\2", _FIRST.sub(r"\\\g<0>", line))


class _Sources:
    """The passages that the memo's marks name, each looked up once."""

    def __init__(self, passage: Callable[[str], Passage], document: Callable[[str], Document]) -> None:
        self._passage, self._document = passage, document
        self._known: dict[str, Source | None] = {}

    def find(self, key: str) -> Source | None:
        """Return the source of a mark, None where there is none."""
        if key not in self._known:
            self._known[key] = self._looked_up(key) or (self._looked_up(unquote(key)) if "%" in key else None)
        return self._known[key]

    def _looked_up(self, key: str) -> Source | None:
        try:
            passage = self._passage(key)
            document = self._document(passage.document_id)
        except NotFound:
            return None
        return Source(passage, document, work(document))


def _faults(markdown: str, sources: _Sources) -> list[tuple[int | None, str, str]]:
    """Return the marks that name no passage, or not the page that it stands on: line, key, what is wrong."""
    blank = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)
    faults: list[tuple[int | None, str, str]] = []
    line, counted = 1, 0
    for mark in _MARK.finditer(blank):
        if "\n\n" in mark[0]:
            continue
        keys = list(_KEY.finditer(mark[1]))
        for number, key in enumerate(keys):
            at = mark.start(1) + key.start()
            line, counted = line + blank.count("\n", counted, at), at
            after = mark[1][key.end() : keys[number + 1].start() if number + 1 < len(keys) else len(mark[1])]
            named = key[1] or key[2]
            source = sources.find(named)
            if source is None:
                faults.append((line, named, "names no passage of this index"))
            elif (page := PAGES.match(after)) and not _on_page(stands := _pages(source), page):
                faults.append((line, named, f"stands on p. {stands}, not on p. {page[1]}"))
    return faults


def _bounded(markdown: str) -> None:
    """Refuse what pandoc reads in exponential time: brackets that stay open, and endless runs of one mark."""
    line = 1
    for block in markdown.split("\n\n"):
        if block.count("[") - block.count("]") > _OPEN or _RUN.search(block):
            raise InvalidMemo("the memo", f"cannot be read from line {line} on: brackets or marks that never close")
        line += block.count("\n") + 2


def _pages(source: Source) -> str | None:
    return pages(source.document, source.passage.start, source.passage.end)


def _on_page(stands: str | None, page: re.Match[str]) -> bool:
    """Whether the page or pages that a mark gives are among those that its passage stands on."""
    if stands is None:
        return True
    first, _, last = stands.partition("-")
    return int(page[1]) <= int(last or first) and int(first) <= int(page[2] or page[1])


def _as_pandoc_reads(markdown: str, language: Language) -> str:
    """Return the memo with its marks as pandoc takes them.

    What it would not take for a mark, "[@../../etc/passwd]", is made visible; spaces of a key are escaped; marks that
    touch, which it would take for a link, are parted.
    """
    missing = _WORDS[language]["missing"].replace("[", "\\[").replace("]", "\\]")
    code = [match.span() for match in _CODE.finditer(markdown)]

    def seen(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in code):
            return match[0]
        odd = any(key[2] and not _PLAIN_KEY.fullmatch(key[2].rstrip(".:")) for key in _KEY.finditer(match[1]))
        read = missing if odd else _KEY.sub(lambda key: re.sub(r"\s", lambda space: quote(space[0]), key[0]), match[0])
        return read + " " * (markdown[match.end() : match.end() + 1] == "[")

    return _MARK.sub(seen, markdown)


class _Writer:
    """Turns marks into footnotes, and keeps which sources were cited, in their order."""

    def __init__(self, sources: _Sources, wanted: Wanted) -> None:
        self._sources, self._wanted = sources, wanted
        self._cited: dict[str, Source] = {}
        self._in_note = False
        self._quote = ""  # the words that the marks are for

    def walk(self, node: Any) -> Any:  # noqa: ANN401
        """Return the tree with footnotes for marks, and without what a memo has no use for."""
        if isinstance(node, list):
            kept: list[Any] = []
            since = 0
            for number, part in enumerate(node):
                around = self._quote
                if isinstance(part, dict) and part.get("t") in ("Cite", "Note"):
                    if self._in_note or not around:
                        self._quote = _quoted(node[since:number]) or around
                    since = number + 1
                made = self._element(part)
                self._quote = around
                kept += made if isinstance(made, list) and isinstance(part, dict) and "t" in part else [made]
            return _settled(kept)
        return self._element(node)

    def sources(self) -> list[Inline]:
        """Return the list of sources: each document once, with the hash of the text that was cited."""
        if not self._cited:
            return []
        title = _inlines(_WORDS[self._wanted.language]["sources"])
        entries = [[{"t": "Plain", "c": self._entry(source)}] for source in self._cited.values()]
        return [{"t": "Header", "c": [2, ["", [], []], title]}, {"t": "BulletList", "c": entries}]

    def _entry(self, source: Source) -> list[Inline]:
        return [*self._formatted(source, Locator()), *_inlines(f" (sha256 {source.document.sha256[:16]})")]

    def _element(self, node: Any) -> Any:  # noqa: ANN401
        if isinstance(node, list):
            return self.walk(node)
        if not isinstance(node, dict):
            return node
        kind, content = node.get("t"), node.get("c", ())
        if kind == "Cite":
            return self._note(content[0], self.walk(content[1]))
        if kind == "Note":
            return {"t": "Note", "c": self._own_note(content)}
        if kind == "BlockQuote":
            self._quote = _plain(content)
        if kind in ("RawInline", "RawBlock"):
            return []
        if kind == "Image":
            return [{"t": "Emph", "c": self.walk(content[1])}]
        if kind == "Link" and not _SAFE.match(content[2][0]):
            return self.walk(content[1])
        return {name: self.walk(value) if isinstance(value, list | dict) else value for name, value in node.items()}

    def _own_note(self, blocks: list[Any]) -> list[Any]:
        """Return the author's own footnote, in which a mark is its source in place: notes hold no notes."""
        self._in_note = True
        walked: list[Any] = self.walk(blocks)
        self._in_note = False
        for block, made in zip(blocks[:1], walked, strict=False):
            if block["t"] == "Para" and block["c"][0]["t"] == "Cite":
                made["c"][0] = _capital(made["c"][0])
        return walked

    def _note(self, citations: Sequence[Any], fallback: list[Inline]) -> list[Inline]:
        note: list[Inline] = []
        missing: list[Inline] = []
        for made in citations:
            source = self._sources.find(made["citationId"])
            if source is None:
                if made["citationMode"]["t"] == "AuthorInText":
                    return fallback
                missing = [{"t": "Strong", "c": _inlines(_WORDS[self._wanted.language]["missing"])}]
                continue
            self._cited.setdefault(source.document.id, source)
            at, rest = _located(source, self._quote, _plain(made["citationSuffix"]))
            prefix = [*self.walk(made["citationPrefix"]), {"t": "Space"}] if made["citationPrefix"] else []
            formatted = self._formatted(source, at)
            formatted[:1] = [_small(formatted[0])] if prefix or note or self._in_note else formatted[:1]
            note += [*_inlines("; ") * bool(note), *prefix, *formatted, *_inlines(rest)]
        if note and not self._in_note:
            note[0] = _capital(note[0])
            note = [{"t": "Note", "c": [{"t": "Para", "c": [*note, {"t": "Str", "c": "."}]}]}]
        return [*note, *missing]

    def _formatted(self, source: Source, at: Locator) -> list[Inline]:
        made: list[Inline] = []
        for text, italic in pieces(source.work, at, self._wanted.style, self._wanted.language):
            inlines = _inlines(text)
            made += [{"t": "Emph", "c": inlines}] if italic and inlines else inlines
        if made and made[-1].get("t") == "Str" and made[-1]["c"].endswith("."):
            made[-1] = {"t": "Str", "c": made[-1]["c"][:-1]}
        return made


def _settled(inlines: list[Any]) -> list[Any]:
    """Return the inlines with each footnote's mark against its word, after a stop or comma: "top [@x]." -> "top.¹"."""
    settled: list[Any] = []
    for inline in inlines:
        kind = inline.get("t") if isinstance(inline, dict) else None
        after_note = bool(settled) and isinstance(settled[-1], dict) and settled[-1].get("t") == "Note"
        if kind == "Note" and settled and settled[-1] == {"t": "Space"}:
            settled[-1] = inline
        elif kind == "Str" and after_note and (stop := re.match(r"[.,;:!?]+", inline["c"])):
            settled.insert(-1, {"t": "Str", "c": stop[0]})
            settled += [{"t": "Str", "c": inline["c"][stop.end() :]}] * (stop.end() < len(inline["c"]))
        else:
            settled.append(inline)
    return settled


def _located(source: Source, quote: str, suffix: str) -> tuple[Locator, str]:
    """Return where the mark points, and what else it says after its key.

    Its own page goes before that of the words it is quoted for, that before those of the whole passage.
    """
    passage, document = source.passage, source.document
    found = stretch_of(quote, passage.text)
    start, end = (passage.start + at for at in found or (0, len(passage.text)))
    paragraph = max(passage.paragraph, document.paragraph_of(start)) if found else passage.paragraph
    page = PAGES.match(suffix)
    if not page:
        return Locator(pages(document, start, end), paragraph), suffix
    given = page[1] + (f"-{page[2]}" if page[2] else "")
    return Locator(given, paragraph), suffix[page.end() :]


def _quoted(inlines: Sequence[Any]) -> str:
    """Return the last quotation before a mark, "" where there is none."""
    return next((text for text, *_ in reversed(quotations(Paragraph(_plain(inlines))))), "")


def _plain(inlines: Sequence[Any]) -> str:
    """Return the words of pandoc's inlines or blocks, without marks and footnotes."""
    parts = []
    for inline in inlines:
        content = inline.get("c")
        if inline["t"] in ("Cite", "Note"):
            continue
        if inline["t"] in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif inline["t"] == "Quoted":
            opening, closing = "“”" if content[0]["t"] == "DoubleQuote" else "‘’"
            parts.append(f"{opening}{_plain(content[1])}{closing}")
        elif isinstance(content, str):
            parts.append(content)
        elif isinstance(content, list):
            parts.append(_plain([part for part in _flat(content) if "t" in part]))
    return "".join(parts).replace("\u00a0", " ")


def _flat(content: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(content, dict):
        return [content]
    return [part for inner in content for part in _flat(inner)] if isinstance(content, list) else []


def _inlines(text: str) -> list[Inline]:
    """Return the text as pandoc's own: words and the spaces between them."""
    parts = re.split(r"(\s+)", text)
    return [{"t": "Space"} if part.isspace() else {"t": "Str", "c": part} for part in parts if part]


def _capital(inline: Inline) -> Inline:
    if inline.get("t") == "Str":
        return {"t": "Str", "c": inline["c"][:1].upper() + inline["c"][1:]}
    return inline


def _small(inline: Inline) -> Inline:
    """Return "Brief" as "brief" where the citation opens no sentence: "Zie brief van …"."""
    return (
        {"t": "Str", "c": inline["c"].lower()} if inline.get("c") in ("Brief", "Letter", "Bijlage", "Annex") else inline
    )


def _meta(text: str) -> Inline:
    return {"t": "MetaString", "c": text}


def _written(tree: bytes, form: Form) -> bytes:
    if form == "pdf":
        return _pdf(_written(tree, "docx"))
    if form == "md":
        looks = ["--wrap=none", "--reference-location=block"]
    elif form == "html":
        looks = ["--standalone", "-V", f"header-includes={_LOOKS}"]
    else:
        looks = ["--standalone", f"--reference-doc={_TEMPLATES / f'memo.{form}'}"]
    return _pandoc(["-f", "json", "-t", _WRITE[form], "-o", "-", *looks], tree)


def _pandoc(arguments: list[str], given: bytes) -> bytes:
    import pypandoc

    try:
        program = pypandoc.get_pandoc_path()
    except OSError as error:
        raise ConversionFailed("a document", "pandoc is not installed; pip install pypandoc-binary") from error
    command = [program, "--sandbox", "--quiet", *arguments, "+RTS", "-M1500m", "-RTS"]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ConversionFailed("a document", f"pandoc took over {_SECONDS} s; simplify the memo") from error
    if done.returncode:
        raise ConversionFailed("a document", " ".join(done.stderr.decode("utf-8", "replace").split())[:200] or "pandoc")
    return done.stdout


def _pdf(word: bytes) -> bytes:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ConversionFailed("pdf", "LibreOffice is not installed; install libreoffice-writer, or export .docx")
    with tempfile.TemporaryDirectory(prefix="navo-qa-") as folder:
        place = Path(folder)
        (place / "memo.docx").write_bytes(word)
        profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(place / "memo.docx")]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise ConversionFailed("pdf", f"LibreOffice took over {_SECONDS} s") from error
        made = place / "memo.pdf"
        if not made.exists():
            raise ConversionFailed("pdf", "LibreOffice made no file; export .docx and open it there")
        return made.read_bytes()
