"""Text that a terminal may be given: what a document holds must not steer the screen that shows it."""

from __future__ import annotations

import json
import re
from typing import Any

# Control characters but newline and tab, in both halves of Latin-1: "\x1b" and "\x9b" begin a terminal's commands.
# Direction marks: they turn "cod.exe" and "exe.doc" into each other. Line and paragraph separators. Half
# a surrogate pair cannot be written at all.
_STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Return the text with "\ufffd" for each character that steers a terminal, so that every offset stays right."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def printable_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    r"""Return the value as indented JSON, with an escape such as "\u009b" for each character that steers a terminal."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
