"""What GitLab passes on of a valid request: it trims first and refuses only what is still too large."""

from __future__ import annotations

import json

import attrs

from duo_lsp import wire
from duo_lsp.gateway import refusals

SIDE = 100_000
"""Characters kept on either side of the cursor, those next to it."""
CONTEXT = 500_000
"""Characters of context in all; later items are dropped."""
BODY = 600_000
"""Characters of the whole body."""


def forwarded(request: wire.SuggestionRequest) -> wire.SuggestionRequest:
    """The request as an engine sees it; raises `RefusedError` when it is too large even so."""
    file = request.current_file
    trimmed = attrs.evolve(
        request,
        current_file=attrs.evolve(
            file,
            content_above_cursor=file.content_above_cursor[-SIDE:],
            content_below_cursor=file.content_below_cursor[:SIDE],
        ),
        context=_fitting(request.context),
    )
    if _longest(trimmed) > BODY and len(json.dumps(trimmed.body(), ensure_ascii=False)) > BODY:
        raise refusals.RefusedError(refusals.TOO_LARGE)
    return trimmed


def _longest(request: wire.SuggestionRequest) -> int:
    """Characters that the body has at most: JSON writes six for one at the worst, and some around them."""
    file = request.current_file
    texts = (file.file_name, file.content_above_cursor, file.content_below_cursor, file.language_identifier)
    more = (request.user_instruction, request.project_path, *(item.name + item.content for item in request.context))
    return sum(6 * len(text or "") + 100 for text in (*texts, *more))


def _fitting(items: tuple[wire.ContextItem, ...]) -> tuple[wire.ContextItem, ...]:
    room, kept = CONTEXT, 0
    for item in items:
        room -= len(item.content)
        if room < 0:
            break
        kept += 1
    return items[:kept]
