"""A model of llama.cpp: served by somebody, or a file that we serve ourselves with the extra `duo-lsp[llama]`."""

from __future__ import annotations

from typing import Final

from duo_lsp.errors import UsageError
from duo_lsp.gateway.engines.llama_cpp import file
from duo_lsp.gateway.engines.llama_cpp.backend import LlamaCpp
from duo_lsp.gateway.models import Wish

URL: Final = "http://127.0.0.1:8080"


def make(wish: Wish) -> LlamaCpp:
    """The model that a person wants. Raises UsageError."""
    if wish.url and wish.model:
        raise UsageError("llama.cpp's server has one model already.", "Give --url or --model, not both.")
    if wish.model:
        return LlamaCpp(file.served(wish.model))
    return LlamaCpp(file.elsewhere(wish.url or URL, wish.key))
