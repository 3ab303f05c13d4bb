"""One WordPiece vocabulary for both languages: the English pieces kept, Dutch pieces added, the rest pruned."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import BertWordPieceTokenizer, Tokenizer

from model import BASE

TRAINED = 32_000
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LATIN = re.compile(r"[\u0000-\u024f\u2000-\u206f\u20a0-\u20cf\u2100-\u218f\u2190-\u22ff]+")


def build(dutch: Sequence[str], english: Sequence[str], path: Path, most: int = 45_000) -> dict[str, int]:
    """Write the merged tokenizer.json and return its vocabulary, piece to row.

    dutch, english: text of each language; the Dutch pieces are trained on the former.
    Kept: special pieces, every English piece of Latin script, digits and signs that occurs or is a word of three
    letters or more, and the most used Dutch pieces up to `most` rows in all.
    """
    spec = json.loads((BASE / "tokenizer.json").read_text(encoding="utf8"))
    published = sorted(spec["model"]["vocab"], key=spec["model"]["vocab"].__getitem__)
    kept = [piece for piece in published if useful(piece)]
    new = _dutch_pieces(dutch, TRAINED)
    known = set(kept)
    merged = dict.fromkeys(kept) | dict.fromkeys(new)
    spec["padding"] = None
    spec["truncation"] = None
    used = _usage(spec, list(merged), [*dutch, *english])
    added = sorted((p for p in merged if p not in known and used[p] >= 2), key=lambda p: (-used[p], p))
    vocabulary = {piece: row for row, piece in enumerate((*kept, *added[: most - len(kept)]))}
    path.write_text(json.dumps(_with(spec, vocabulary), ensure_ascii=False), encoding="utf8")
    return vocabulary


def useful(piece: str) -> bool:
    """Return whether Dutch or English text can use the piece: special, or Latin script, digits and signs only."""
    if piece in SPECIAL:
        return True
    return not piece.startswith("[unused") and LATIN.fullmatch(unicodedata.normalize("NFC", piece)) is not None


def _dutch_pieces(texts: Iterable[str], size: int) -> list[str]:
    trainer = BertWordPieceTokenizer(lowercase=True, strip_accents=True)
    trainer.train_from_iterator(texts, vocab_size=size, min_frequency=3, show_progress=False)
    pieces = sorted(trainer.get_vocab().items(), key=lambda entry: entry[1])
    return [piece for piece, _ in pieces if useful(piece)]


def _usage(spec: dict[str, object], pieces: list[str], texts: list[str]) -> Counter[str]:
    tokenizer = Tokenizer.from_str(json.dumps(_with(spec, {p: i for i, p in enumerate(pieces)})))
    tokenizer.no_truncation()
    count: Counter[str] = Counter()
    for encoding in tokenizer.encode_batch(texts):
        count.update(encoding.tokens)
    return count


def _with(spec: dict[str, object], vocabulary: dict[str, int]) -> dict[str, object]:
    """Return the tokenizer with another vocabulary, its special tokens renumbered."""
    copy = json.loads(json.dumps(spec))
    copy["model"]["vocab"] = vocabulary
    for token in copy["added_tokens"]:
        token["id"] = vocabulary[token["content"]]
    for name, special in copy["post_processor"].get("special_tokens", {}).items():
        special["ids"] = [vocabulary[name]]
    return dict(copy)
