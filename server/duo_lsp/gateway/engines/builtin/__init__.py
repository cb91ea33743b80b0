"""The engine without a model: it learns from the open file and the workspace, and is silent when unsure."""

from __future__ import annotations

from duo_lsp.gateway.engines.builtin.engine import Builtin


def make(megabytes: int) -> Builtin:
    """A fresh one that knows no workspace, and will learn so much of one."""
    return Builtin(megabytes)
