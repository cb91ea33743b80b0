"""How to get a model to chat with: the exact words where one runs on this machine already."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final

from duo_lsp.errors import ModelError
from duo_lsp.gateway.models.way import Way
from duo_lsp.privacy.secrets import Secret

OLLAMA: Final = "http://127.0.0.1:11434"
LLAMA: Final = "http://127.0.0.1:8080"
"""Where they listen unless told otherwise."""
PATIENCE: Final = 0.5
"""Seconds: on this machine the answer is there at once, or nobody is."""
NAME: Final = "qwen2.5-coder:1.5b"
NOBODY: Final = (
    "To add one, run `duo-lsp login` for GitLab Duo's, "
    f"or get Ollama from https://ollama.com and run `ollama pull {NAME}`."
)
_NAME: Final = re.compile(r"[\w./:-]{1,80}", re.ASCII)


async def advice(ollama: str = OLLAMA, llama: str = LLAMA) -> str:
    """What to do, in a sentence or two; only this machine is asked."""
    tags, models = await asyncio.gather(_look(ollama, "api/tags"), _look(llama, "v1/models"))
    match tags:
        case {"models": []}:
            return f"Ollama runs here without one: run `ollama pull {NAME}` and ask again."
        case {"models": [{"name": str(name)}, *_]} if _NAME.fullmatch(name):
            return _use("Ollama", {"engine": "ollama", "model": name})
    match models:
        case {"data": [{"owned_by": "llamacpp"}, *_]}:
            return _use("llama.cpp", {"engine": "llama.cpp"})
    return NOBODY


def _use(what: str, options: Mapping[str, str]) -> str:
    line = " ".join(f"--{name} {value}" for name, value in options.items())
    table = ", ".join(f'{name} = "{value}"' for name, value in options.items())
    return (
        f"{what} runs here: put the line `localEngine = {{ {table} }}` at the top of config.toml for your editors, "
        f"or run `duo-lsp gateway {line}`."
    )


async def _look(url: str, path: str) -> Any:
    way = Way(url, "a model", "", Secret())
    try:
        return await way.look(path, seconds=PATIENCE)
    except ModelError:
        return None
    finally:
        await way.close()
