"""Encoder and reader as ONNX graphs, written node by node from their weights: embed, six layers, and a head.

Inputs `input_ids`, `attention_mask`: int64 (batch, tokens), for the reader `token_type_ids` too. Output of the encoder:
`sentence_embedding`, float32 (batch, 384), mean-pooled, whitened where a matrix is given, and L2-normalised. Of the
reader: `start_logits` and `end_logits`, float32 (batch, tokens), and `relevance`, float32 (batch,).
Needs numpy and onnx, not torch. Fused nodes are onnxruntime's own (domain com.microsoft), so that loading needs no
graph optimisation and a cold start stays short.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Precision = Literal["fp32", "fp16", "int8"]
Array = NDArray[np.generic]
FUSED = "com.microsoft"
BLOCK = 32  # weights that share a scale; activations are quantised by the same blocks, which keeps int8 close


def build(
    weights: Mapping[str, Array],
    heads: int,
    precision: Precision = "int8",
    matrix: NDArray[np.float32] | None = None,
) -> ModelProto:
    """Return the graph of a BERT encoder.

    weights: a transformers BertModel's state dict as arrays, float16 or float32.
    matrix: float32 (out, in), by which the mean is multiplied.
    precision: of the stored weights. fp16 is widened on loading; int8 is multiplied as int8 (VNNI where there is).
    """
    graph = _Graph(weights, precision)
    _pool(graph, _layers(graph, _embed(graph), heads), matrix)
    return graph.model("navo-minilm-nl-en", ["input_ids", "attention_mask"], {"sentence_embedding": ["batch", 384]})


def build_reader(weights: Mapping[str, Array], heads: int, precision: Precision = "int8") -> ModelProto:
    """Return the graph of a reader: a ReaderNet's state dict as arrays; its `bert.` layers, `span` and `relevance`."""
    graph = _Graph({name.removeprefix("bert."): value for name, value in weights.items()}, precision)
    hidden = _layers(graph, _embed(graph, types=True), heads)
    _read(graph, hidden)
    outputs = {"start_logits": ["batch", "tokens"], "end_logits": ["batch", "tokens"], "relevance": ["batch"]}
    return graph.model("navo-reader-nl-en", ["input_ids", "attention_mask", "token_type_ids"], outputs)


def _layers(graph: "_Graph", hidden: str, heads: int) -> str:
    count = 1 + max(int(name.split(".")[2]) for name in graph.weights if name.startswith("encoder.layer."))
    graph.add("Cast", ["attention_mask"], ["mask32"], to=TensorProto.INT32)
    for n in range(count):
        hidden = _layer(graph, hidden, f"encoder.layer.{n}", heads)
    return hidden


@dataclass
class _Graph:
    given: Mapping[str, Array]
    precision: Precision
    weights: dict[str, NDArray[np.float32]] = field(init=False)
    nodes: list[NodeProto] = field(default_factory=list)
    tensors: list[TensorProto] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weights = {name: np.asarray(value, np.float32) for name, value in self.given.items()}

    def add(
        self, op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: int | float | list[int]
    ) -> str:
        """Append a node and return the name of its first output."""
        self.nodes.append(_node(op, inputs, outputs, domain, attributes))
        return outputs[0]

    def constant(self, name: str, value: Array) -> str:
        """Store an array and return its name."""
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def stored(self, name: str, value: NDArray[np.float32]) -> str:
        """Store a float array in fp16 where asked for, and return the name of its float32 form."""
        if self.precision != "fp16":
            return self.constant(name, value)
        return self.add("Cast", [self.constant(f"{name}.half", value.astype(np.float16))], [name], to=TensorProto.FLOAT)

    def linear(self, x: str, name: str, weight: NDArray[np.float32]) -> str:
        """Multiply by weight (out, in) transposed, without its bias."""
        if self.precision != "int8":
            return self.add("MatMul", [x, self.stored(f"{name}.weight", weight.T)], [f"{name}.product"])
        blocks, scales = quantise(weight)
        tensors = [self.constant(f"{name}.int8", blocks), self.constant(f"{name}.scale", scales)]
        size = {"K": weight.shape[1], "N": weight.shape[0], "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self.add("MatMulNBits", [x, *tensors], [f"{name}.product"], FUSED, **size)

    def model(self, name: str, inputs: list[str], outputs: Mapping[str, list[str | int]]) -> ModelProto:
        """Return the model, checked to hold every node."""
        taken = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in inputs]
        given = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in outputs.items()]
        graph = helper.make_graph(self.nodes, name, taken, given, self.tensors)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="navo-qa")


def _node(op: str, inputs: list[str], outputs: list[str], domain: str, attributes: Mapping[str, object]) -> NodeProto:
    node = helper.make_node(op, inputs, outputs, name=outputs[0], domain=domain)
    node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
    return node


def quantise(weight: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return weight (out, in) as uint8 (out, in / 32, 32) and scales (out · in / 32): w = (q − 128) · scale."""
    blocks = weight.reshape(weight.shape[0], -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(-1), 1e-8) / 127
    rounded = np.rint(blocks / scales[..., None]) + 128
    return rounded.astype(np.uint8), scales.astype(np.float32).reshape(-1)


def _embed(graph: _Graph, types: bool = False) -> str:
    words = graph.weights["embeddings.word_embeddings.weight"]
    if graph.precision == "int8":
        scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-8) / 127
        graph.constant("words.int8", np.rint(words / scale).astype(np.int8))
        graph.constant("words.scale", scale.astype(np.float32))
        graph.add("Gather", ["words.int8", "input_ids"], ["words.rounded"], axis=0)
        graph.add("Gather", ["words.scale", "input_ids"], ["words.factor"], axis=0)
        graph.add("Cast", ["words.rounded"], ["words.wide"], to=TensorProto.FLOAT)
        graph.add("Mul", ["words.wide", "words.factor"], ["words"])
    elif graph.precision == "fp16":
        graph.constant("words.half", words.astype(np.float16))
        graph.add("Gather", ["words.half", "input_ids"], ["words.found"], axis=0)
        graph.add("Cast", ["words.found"], ["words"], to=TensorProto.FLOAT)
    else:
        graph.add("Gather", [graph.constant("words.table", words), "input_ids"], ["words"], axis=0)
    table = graph.weights["embeddings.token_type_embeddings.weight"]
    first_type = 0 if types else table[0]
    graph.constant("positions.table", graph.weights["embeddings.position_embeddings.weight"] + first_type)
    graph.add("Shape", ["input_ids"], ["tokens"], start=1, end=2)
    graph.constant("zero", np.array([0], np.int64))
    graph.add("Slice", ["positions.table", "zero", "tokens", "zero"], ["positions"])
    graph.add("Add", ["words", "positions"], ["placed" if types else "embedded"])
    if types:
        graph.add("Gather", [graph.constant("types.table", table), "token_type_ids"], ["types"], axis=0)
        graph.add("Add", ["placed", "types"], ["embedded"])
    norm = [graph.constant(f"embeddings.{p}", graph.weights[f"embeddings.LayerNorm.{p}"]) for p in ("weight", "bias")]
    return graph.add("LayerNormalization", ["embedded", *norm], ["hidden"], axis=-1, epsilon=1e-12)


def _layer(graph: _Graph, hidden: str, name: str, heads: int) -> str:
    w = graph.weights
    sides = [f"{name}.attention.self.{side}" for side in ("query", "key", "value")]
    merged = graph.linear(hidden, f"{name}.qkv", np.concatenate([w[f"{s}.weight"] for s in sides]))
    bias = graph.constant(f"{name}.qkv.bias", np.concatenate([w[f"{s}.bias"] for s in sides]))
    graph.add("Split", [merged], [f"{name}.{side}" for side in "qkv"], axis=-1)
    parts = [f"{name}.{side}" for side in "qkv"]
    mixed = graph.add("MultiHeadAttention", [*parts, bias, "mask32"], [f"{name}.mixed"], FUSED, num_heads=heads)
    hidden = _residual(graph, mixed, hidden, f"{name}.attention.output")
    wide = graph.linear(hidden, f"{name}.intermediate", w[f"{name}.intermediate.dense.weight"])
    bias = graph.constant(f"{name}.intermediate.bias", w[f"{name}.intermediate.dense.bias"])
    active = graph.add("BiasGelu", [wide, bias], [f"{name}.active"], FUSED)
    return _residual(graph, active, hidden, f"{name}.output")


def _residual(graph: _Graph, x: str, hidden: str, name: str) -> str:
    w = graph.weights
    product = graph.linear(x, f"{name}.dense", w[f"{name}.dense.weight"])
    inputs = [product, hidden]
    inputs += [graph.constant(f"{name}.norm.{p}", w[f"{name}.LayerNorm.{p}"]) for p in ("weight", "bias")]
    inputs.append(graph.constant(f"{name}.dense.bias", w[f"{name}.dense.bias"]))
    return graph.add("SkipLayerNormalization", inputs, [f"{name}.hidden"], FUSED, epsilon=1e-12)


def _pool(graph: _Graph, hidden: str, matrix: NDArray[np.float32] | None) -> None:
    """Mean of the unmasked tokens, times the matrix, then L2 norm; a row without tokens gives zeros, never NaN."""
    graph.constant("tokens.axis", np.array([1], np.int64))
    graph.constant("last.axis", np.array([-1], np.int64))
    graph.constant("least", np.array(1e-9, np.float32))
    graph.add("Cast", ["attention_mask"], ["mask.float"], to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["mask.float", "last.axis"], ["mask.wide"])
    graph.add("Mul", [hidden, "mask.wide"], ["masked"])
    graph.add("ReduceSum", ["masked", "tokens.axis"], ["sum"], keepdims=0)
    graph.add("ReduceSum", ["mask.wide", "tokens.axis"], ["count"], keepdims=0)
    graph.add("Max", ["count", "least"], ["count.safe"])
    pooled = graph.add("Div", ["sum", "count.safe"], ["mean"])
    if matrix is not None:
        pooled = graph.add("MatMul", ["mean", graph.constant("matrix", matrix.T)], ["mean.whitened"])
    graph.add("ReduceL2", [pooled], ["length"], axes=[-1], keepdims=1)
    graph.add("Max", ["length", "least"], ["length.safe"])
    graph.add("Div", [pooled, "length.safe"], ["sentence_embedding"])


def _read(graph: _Graph, hidden: str) -> None:
    """Start and end logits of every token, and the relevance read off the first."""
    w = graph.weights
    span = [graph.constant("span.matrix", w["span.weight"].T), graph.constant("span.bias", w["span.bias"])]
    graph.add("MatMul", [hidden, span[0]], ["span.product"])
    graph.add("Add", ["span.product", span[1]], ["span.logits"])
    graph.add("Split", ["span.logits"], ["start.column", "end.column"], axis=-1)
    graph.constant("last", np.array([-1], np.int64))
    graph.constant("one", np.array([1], np.int64))
    for side in ("start", "end"):
        graph.add("Squeeze", [f"{side}.column", "last"], [f"{side}_logits"])
    graph.add("Slice", [hidden, "zero", "one", "one"], ["first"])
    graph.constant("relevance.matrix", w["relevance.weight"].T)
    graph.add("MatMul", ["first", "relevance.matrix"], ["relevance.product"])
    graph.add("Add", ["relevance.product", graph.constant("relevance.bias", w["relevance.bias"])], ["relevance.wide"])
    graph.constant("inner", np.array([1, 2], np.int64))
    graph.add("Squeeze", ["relevance.wide", "inner"], ["relevance"])
