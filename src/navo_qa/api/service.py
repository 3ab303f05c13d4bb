"""The index that is being served: opened at the start, opened anew when a build has replaced it."""

from __future__ import annotations

import threading

from navo_qa.cite.citing import verifier
from navo_qa.cite.verify import Verifier
from navo_qa.encode import Encoder, EncoderChoice, load_encoder
from navo_qa.errors import IndexProblem
from navo_qa.index.snapshot import current
from navo_qa.pipeline import Pipeline
from navo_qa.reader import ReaderChoice
from navo_qa.settings import Settings

FIRST = "Wat staat er in deze rapporten?"  # asked of a fresh pipeline, so that nobody waits for what loads on first use


class Service:
    """Hands out a pipeline over the current snapshot; a question under way keeps the one it has."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._pipeline: Pipeline | None = None
        self._verifier: tuple[str, Verifier] | None = None

    def pipeline(self) -> Pipeline:
        """Return the pipeline over the current snapshot. Raises IndexProblem, EncoderError."""
        held = self._pipeline
        if held and held.snapshot.name == current(self.settings.index):
            return held
        with self._lock:
            if self._pipeline is held:
                self._pipeline = self._open()
            return self._pipeline or self._open()

    def building_encoder(self) -> Encoder:
        """Return the encoder that documents are added with: the index's own, else what the settings say."""
        try:
            return self.pipeline().encoder
        except IndexProblem:
            return load_encoder(self._choice())

    def verifier(self) -> Verifier:
        """Return what checks memos against the current snapshot, made once for each. Raises IndexProblem."""
        snapshot = self.pipeline().snapshot
        with self._lock:
            if self._verifier is None or self._verifier[0] != snapshot.name:
                self._verifier = (snapshot.name, verifier(snapshot.collection))
            return self._verifier[1]

    def _open(self) -> Pipeline:
        settings = self.settings
        choice = self._choice()
        reader = ReaderChoice(settings.reader, threads=settings.threads, download=settings.download)
        pipeline = Pipeline.open(settings.index, choice, reader=reader, threshold=settings.threshold)
        pipeline.ask(FIRST)
        return pipeline

    def _choice(self) -> EncoderChoice:
        settings = self.settings
        return EncoderChoice(settings.encoder, threads=settings.threads, download=settings.download)
