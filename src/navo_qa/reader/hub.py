"""Any extractive model of transformers as a reader, with any cross-encoder of sentence-transformers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from navo_qa.encode import encodable
from navo_qa.errors import UnknownReader
from navo_qa.reader.judge import FIRST, RANKING, SIGNS, SURETY, Judge
from navo_qa.reader.network import SEPARATOR, Look, Network

LIMIT = 384  # tokens, where the model takes as many


def hub_network(name: str, download: bool, threads: int) -> tuple[Network, Judge]:
    """Return the network "MODEL" or "MODEL+CROSSENCODER", with a judge that trusts its scores as they are.

    Raises UnknownReader where either is not there.
    """
    return HubNetwork(name, download, threads), plain_judge(name)


def plain_judge(name: str) -> Judge:
    """Return a judge that was fitted to nothing: start plus end logit over "no answer", and the relevance."""
    first, weights = (dict.fromkeys(names, 0.0) | {"span": 1.0} for names in (FIRST, SIGNS))
    ranking = dict.fromkeys(RANKING, 0.0) | {"retrieval": 1.0, "relevance": 1.0}
    surety = dict.fromkeys(SURETY, 0.0) | {"share": 1.0}
    return Judge(name=name, first=first, weights=weights, ranking=ranking, surety=surety, threshold=0.5)


class HubNetwork:
    """A question-answering head of transformers; imports torch when made.

    Its null score (the first token's) is taken off, so that "no answer" is 0 as for the bundled reader. Relevance is
    the cross-encoder's score; without one it is the best span's.
    """

    def __init__(self, name: str, download: bool, threads: int) -> None:
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging

        if threads:
            torch.set_num_threads(threads)
        self.name = name
        model, _, cross = name.partition("+")
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=not download)
            self._model = AutoModelForQuestionAnswering.from_pretrained(model, local_files_only=not download).eval()
            self._cross = _cross_encoder(cross, download) if cross else None
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise UnknownReader(name[:100], reason if download else f"it is not on this machine: {reason}") from error
        if not self._tokenizer.is_fast:
            raise UnknownReader(name[:100], "its tokenizer tells no offsets")
        longest = getattr(self._model.config, "max_position_embeddings", LIMIT) or LIMIT
        self._limit = min(LIMIT, longest - 2)

    def look(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Look]:
        """Return what the model says of each (context, text), in order; the context is read but holds no answer."""
        texts = [encodable(f"{context}{SEPARATOR}{text}" if context else text) for context, text in passages]
        looks = [self._look(encodable(question), text, text_start) for text, text_start in zip(
            texts, (len(text) - len(passage) for text, (_, passage) in zip(texts, passages, strict=True)), strict=True
        )]  # fmt: skip
        if self._cross is None:
            return looks
        scores = self._cross.predict([(question, text) for text in texts], activation_fn=_logit())
        return [
            Look(look.start, look.end, look.places, float(np.ravel(score)[-1]))
            for look, score in zip(looks, scores, strict=True)
        ]

    def _look(self, question: str, text: str, shift: int) -> Look:
        import torch

        encoded = self._tokenizer(
            question, text, truncation="only_second", max_length=self._limit, return_offsets_mapping=True,
            return_tensors="pt",
        )  # fmt: skip
        offsets = encoded.pop("offset_mapping")[0].numpy().astype(np.int64)
        second = np.array([part == 1 for part in encoded.sequence_ids(0)])
        with torch.inference_mode():
            said = self._model(**encoded)
        start, end = (
            np.asarray(logits[0].float().numpy(), np.float32) for logits in (said.start_logits, said.end_logits)
        )
        kept = second & (offsets[:, 0] >= shift) & (offsets[:, 1] > offsets[:, 0])
        start, end = start - start[0], end - end[0]
        best = float(start[kept].max() + end[kept].max()) if kept.any() else -20.0
        return Look(start[kept], end[kept], offsets[kept] - shift, best)


def _cross_encoder(name: str, download: bool) -> Any:  # noqa: ANN401 - sentence-transformers has no types
    from sentence_transformers import CrossEncoder

    return CrossEncoder(name, device="cpu", local_files_only=not download)


def _logit() -> Any:  # noqa: ANN401
    import torch

    return torch.nn.Identity()
