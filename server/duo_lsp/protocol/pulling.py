"""Settings an editor has, asked for (LSP 3.6, workspace/configuration)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

SECTION: Final = "duoLsp"


async def section(server: LanguageServer) -> Any:
    """What it has in our section; None when it cannot be asked, does not answer, or has nothing."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return None
    question = lsp.ConfigurationParams([lsp.ConfigurationItem(section=SECTION)])
    try:
        answer: Any = await server.workspace_configuration_async(question)
    except Exception as problem:  # noqa: BLE001 - whatever a client answers, the server goes on without it
        log.info("the editor did not answer with its settings: %s", type(problem).__name__)
        return None
    return answer[0] if isinstance(answer, Sequence) and answer else None
