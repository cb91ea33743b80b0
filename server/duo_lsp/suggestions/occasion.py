"""Whether typing at a place is an occasion to ask; who asks by hand needs none."""

from __future__ import annotations

from duo_lsp.settings import Settings
from duo_lsp.suggestions.context import Here


def missing(here: Here, settings: Settings) -> str:  # noqa: ARG001 - what it will look at
    """Why nobody is asked because of a key typed here, in a sentence; empty when somebody is."""
    return ""
