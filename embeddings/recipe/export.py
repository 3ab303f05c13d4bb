"""The trained network as a folder: sentence-transformers layout in half precision, and ONNX with int8 weights."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoModel

import graph
from model import BASE, DIM, Encoder, Floats

log = logging.getLogger("recipe")
MOST_TOKENS = 256
HEADS = 12
MODULES = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"), ("3_Normalize", "Normalize"))


def export(encoder: Encoder, matrix: Floats, folder: Path, precision: graph.Precision = "int8") -> None:
    """Write the model folder; a README.md and LICENSE already there are left alone.

    matrix: float32 (384, 384), symmetric, by which pooled vectors are multiplied before they are normalised.
    """
    for path in ("onnx", "1_Pooling", "2_Dense"):
        (folder / path).mkdir(parents=True, exist_ok=True)
    state = encoder.network.state_dict()
    write_network(state, folder)
    write_tokenizer(encoder.tokenizer, folder)
    write_modules(folder, matrix)
    arrays = {name: value.float().cpu().numpy() for name, value in state.items()}
    model = graph.build(arrays, HEADS, precision, matrix)
    onnx.save(model, folder / "onnx" / ("model_int8.onnx" if precision == "int8" else "model.onnx"))
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        log.info("%8.1f kB %s", path.stat().st_size / 1e3, path.relative_to(folder))


def write_network(state: dict[str, torch.Tensor], folder: Path) -> None:
    """Write config.json and model.safetensors: float16 on disk, float32 once loaded (config's dtype says so).

    The published pooler is written too, unused by mean pooling, so that loading finds no weight missing.
    """
    whole = AutoModel.from_pretrained(BASE)
    whole.resize_token_embeddings(len(state["embeddings.word_embeddings.weight"]), mean_resizing=False)
    tensors = whole.state_dict() | state
    save_file({k: v.half().contiguous() for k, v in tensors.items()}, folder / "model.safetensors", {"format": "pt"})
    config = whole.config.to_dict() | {"dtype": "float32", "pad_token_id": 0, "_name_or_path": "navo-minilm-nl-en"}
    dump(config, folder / "config.json")


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write tokenizer.json, cut at 256 tokens and without padding, and what transformers reads beside it."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
    dump(special, folder / "special_tokens_map.json")
    settings: dict[str, object] = {"do_lower_case": True, "strip_accents": None, "tokenize_chinese_chars": True}
    settings |= {"model_max_length": MOST_TOKENS, "tokenizer_class": "BertTokenizer"}
    dump(special | settings, folder / "tokenizer_config.json")


def write_modules(folder: Path, matrix: Floats) -> None:
    """Write the files that tell sentence-transformers: transformer, mean pooling, whitening, L2 norm, cosine."""
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(MODULES)
    ]
    dump(modules, folder / "modules.json")
    dump({"max_seq_length": MOST_TOKENS, "do_lower_case": False}, folder / "sentence_bert_config.json")
    kept: dict[str, object] = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    dump(kept, folder / "config_sentence_transformers.json")
    modes = {"cls_token": False, "mean_tokens": True, "max_tokens": False, "mean_sqrt_len_tokens": False}
    pooling = {f"pooling_mode_{name}": on for name, on in modes.items()}
    dump({"word_embedding_dimension": DIM} | pooling, folder / "1_Pooling" / "config.json")
    linear = {"in_features": DIM, "out_features": DIM, "bias": False}
    dump(linear | {"activation_function": "torch.nn.modules.linear.Identity"}, folder / "2_Dense" / "config.json")
    save_file({"linear.weight": torch.from_numpy(matrix)}, folder / "2_Dense" / "model.safetensors", {"format": "pt"})


def dump(content: object, path: Path) -> None:
    """Write JSON, indented, keys as given."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf8")


class OnnxEncoder:
    """The exported graph and tokenizer alone, as the product runs them: no torch, no transformers."""

    def __init__(self, folder: Path, threads: int = 0, name: str = "model_int8.onnx") -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(folder / "onnx" / name, options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def encode(self, texts: Sequence[str], batch: int = 16) -> Floats:
        """Return float32 (len(texts), 384), batched by length."""
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.zeros((len(rows), DIM), np.float32)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            ids = np.zeros((len(chosen), len(rows[chosen[-1]])), np.int64)
            mask = np.zeros_like(ids)
            for r, i in enumerate(chosen):
                ids[r, : len(rows[i])] = rows[i]
                mask[r, : len(rows[i])] = 1
            out[chosen] = self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return out
