"""Writes a tiny model that can fill gaps: half a megabyte of chance that llama.cpp serves like any other.

    python scripts/tiny_model.py FILE.gguf

What it says is noise; loading, /infill, streams, stops, time-outs and errors are real. Standard library only; the form
is that of ggml's docs/gguf.md, version 3, the names are those llama.cpp gives to models of the kind "llama".
"""

from __future__ import annotations

import random
import struct
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

WIDTH: Final = 64
LAYERS: Final = 2
HEADS: Final = 4
HIDDEN: Final = 128
CONTEXT: Final = 2048
_ALIGNMENT: Final = 32
_UINT32, _FLOAT32, _BOOL, _STRING, _ARRAY, _INT32 = 4, 6, 7, 8, 9, 5
_WORDS: Final = ("de", "def", "re", "se", "sel", "self")
_MERGES: Final = ("d e", "de f", "r e", "s e", "se l", "sel f")
_MARKS: Final = (
    "<|endoftext|>",
    *(f"<|fim_{part}|>" for part in ("prefix", "suffix", "middle", "pad")),
    "<|repo_name|>",
    "<|file_sep|>",
)
_NORMAL, _CONTROL = 1, 3


def letters() -> list[str]:
    """The letter that stands for each byte (GPT-2's encoder.py)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = (chr(256 + number) for number in range(256))
    return [chr(byte) if byte in printable else next(others) for byte in range(256)]


def about(tokens: Sequence[str]) -> Mapping[str, Any]:
    """The model's shape and its tokenizer."""
    token = {text: number for number, text in enumerate(tokens)}
    marks = {"pre": "prefix", "suf": "suffix", "mid": "middle", "pad": "pad"}
    return {
        "general.architecture": "llama",
        "general.name": "tiny",
        "llama.context_length": CONTEXT,
        "llama.embedding_length": WIDTH,
        "llama.block_count": LAYERS,
        "llama.feed_forward_length": HIDDEN,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDTH // HEADS,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [_CONTROL if text in _MARKS else _NORMAL for text in tokens],
        "tokenizer.ggml.merges": _MERGES,
        "tokenizer.ggml.bos_token_id": token["<|endoftext|>"],
        "tokenizer.ggml.eos_token_id": token["<|endoftext|>"],
        "tokenizer.ggml.add_bos_token": False,
        **{f"tokenizer.ggml.fim_{short}_token_id": token[f"<|fim_{name}|>"] for short, name in marks.items()},
        "tokenizer.ggml.fim_rep_token_id": token["<|repo_name|>"],
        "tokenizer.ggml.fim_sep_token_id": token["<|file_sep|>"],
    }


def tensors(vocabulary: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and shapes, rows last as ggml has them."""
    yield "token_embd.weight", (WIDTH, vocabulary)
    yield "output_norm.weight", (WIDTH,)
    yield "output.weight", (WIDTH, vocabulary)
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            yield f"blk.{layer}.{name}.weight", (WIDTH,)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"blk.{layer}.{name}.weight", (WIDTH, WIDTH)
        for name in ("ffn_gate", "ffn_up"):
            yield f"blk.{layer}.{name}.weight", (WIDTH, HIDDEN)
        yield f"blk.{layer}.ffn_down.weight", (HIDDEN, WIDTH)


def model(seed: int = 0) -> bytes:
    """The whole file; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is a secret
    tokens = [*letters(), *_WORDS, *_MARKS]
    facts, shapes = about(tokens), list(tensors(len(tokens)))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(facts))
    head += b"".join(_text(name) + _value(value) for name, value in facts.items())
    data = b""
    for name, shape in shapes:
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        numbers = array("f", (1.0 if len(shape) == 1 else chance.gauss(0, 0.3) for _ in range(count)))
        if sys.byteorder == "big":
            numbers.byteswap()
        data += _padded(numbers.tobytes())
    return _padded(head) + data


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Any) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", _BOOL, value)
        case int():
            return struct.pack("<II", _UINT32, value)
        case float():
            return struct.pack("<If", _FLOAT32, value)
        case str():
            return struct.pack("<I", _STRING) + _text(value)
    kind = _STRING if isinstance(value[0], str) else _INT32
    items = b"".join(_text(each) if isinstance(each, str) else struct.pack("<i", each) for each in value)
    return struct.pack("<IIQ", _ARRAY, kind, len(value)) + items


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(model())
