"""What a reader of one format returns, and the shape of such a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from navo_qa.text.blocks import Normalised


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's text, and what the file says of itself: front matter or a format's own properties, as written.

    Known names are those of the catalogue: title, kind, meeting, meeting_start, ..., source.
    unread: the pages that are pictures which could not be read, where the others could.
    """

    normalised: Normalised
    properties: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[int, ...] = ()


ReadFile: TypeAlias = Callable[[bytes, Path], Reading]
"""From a file's bytes, and its path for the errors, to its text. Raises a FileProblem if they cannot be read."""
