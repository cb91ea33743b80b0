"""The gateway's own description in OpenAPI 3.1, made of the tables that its bodies are checked with."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import parameters, paths, shapes, validation
from duo_lsp.gateway.chat import asking
from duo_lsp.gateway.graphql import answering
from duo_lsp.gateway.parameters import Fields
from duo_lsp.gateway.shapes import Shape

JSON: Final = "application/json"
STREAM: Final = "text/event-stream"
ALWAYS: Final = {
    400: "No HTTP, or no such body",
    403: "A web page, a foreign name, or a token for less",
    408: "Too slow",
}
"""What any request may be refused with."""
WITH_TOKEN: Final = {401: "No token, or one that is not taken"}
WITH_BODY: Final = {413: "Too large"}
WORKING: Final = {429: "Too many requests; come back after Retry-After", 503: "Busy; come back after Retry-After"}


@attrs.frozen
class Operation:
    """One of the routes."""

    path: str
    method: Literal["get", "post"]
    summary: str
    status: int
    answer: Shape
    kinds: tuple[str, ...] = (JSON,)
    """The content types of the answer."""
    body: Fields | None = None
    errors: Mapping[int, str] = {}
    token: bool = True
    anonymous: bool = False
    """Whether it answers without a token too."""


OPERATIONS: Final = (
    Operation(wire.HEALTH_PATH, "get", "Whether it runs", 200, shapes.HEALTH, token=False),
    Operation(paths.OPENAPI, "get", "This description", 200, {"type": "object"}, token=False),
    Operation(paths.METRICS, "get", "Figures for Prometheus", 200, shapes.TEXT, ("text/plain",), errors={404: "None"}),
    Operation(wire.VERSION_PATH, "get", "Which GitLab this stands in for", 200, shapes.VERSION),
    Operation(wire.ACCESS_PATH, "get", "What the token is and may", 200, shapes.ACCESS_TOKEN),
    Operation(wire.OAUTH_PATH, "get", "The same in the words of OAuth", 200, shapes.OAUTH_TOKEN),
    Operation(wire.TOKENS_PATH, "post", "A token for an hour", 201, shapes.SHORT_TOKEN),
    Operation(
        wire.COMPLETIONS_PATH,
        "post",
        "Suggest code at the cursor",
        200,
        shapes.either(shapes.COMPLETION, shapes.GENERATION),
        (JSON, STREAM),
        body=validation.SUGGESTION,
        errors={404: "Turned off", **WORKING},
    ),
    Operation(
        wire.MODEL_GATEWAY_PATH,
        "post",
        "The same for a direct connection, whose token it wants",
        200,
        shapes.COMPLETION,
        body=validation.SUGGESTION,
        errors=WORKING,
    ),
    Operation(
        wire.ENABLED_PATH,
        "post",
        "Whether a project has suggestions",
        200,
        shapes.NOTHING,
        body=validation.ENABLED,
        errors={404: "No such project"},
    ),
    Operation(paths.DIRECT_ACCESS, "post", "What a direct connection needs", 201, shapes.DIRECT_ACCESS, errors=WORKING),
    Operation(
        paths.CONNECTION_DETAILS, "post", "Who is connected to what", 201, shapes.CONNECTION_DETAILS, errors=WORKING
    ),
    Operation(
        wire_chat.CHAT_PATH,
        "post",
        "Ask the chat",
        201,
        shapes.TEXT,
        body=asking.QUESTION,
        errors={404: "Turned off, or no such resource", **WORKING},
    ),
    Operation(
        wire.GRAPHQL_PATH,
        "post",
        "Who one is, and the chat, in GraphQL",
        200,
        shapes.GRAPHQL,
        body=answering.DOCUMENT,
        anonymous=True,
    ),
)


@functools.cache
def document() -> bytes:
    """The description as JSON."""
    by_path: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        by_path.setdefault(one.path, {})[one.method] = _operation(one)
    header = {"type": "apiKey", "in": "header", "name": "PRIVATE-TOKEN"}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "GitLab Duo at a duo-lsp gateway", "version": "v4"},
        "paths": by_path,
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "token": header}},
    }
    return json.dumps(whole).encode()


def _operation(one: Operation) -> dict[str, Any]:
    answers = {str(one.status): _answer("As asked", one.answer, one.kinds)}
    refused = {**ALWAYS, **(WITH_TOKEN if one.token else {}), **(WITH_BODY if one.body else {}), **one.errors}
    answers |= {str(status): _answer(what, shapes.ERROR, (JSON,)) for status, what in sorted(refused.items())}
    described: dict[str, Any] = {"summary": one.summary, "responses": answers}
    if one.token:
        described["security"] = [{"bearer": []}, {"token": []}, *([{}] if one.anonymous else [])]
    if one.body is not None:
        content = {JSON: {"schema": parameters.schema(one.body)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _answer(what: str, shape: Shape, kinds: tuple[str, ...]) -> dict[str, Any]:
    content = {kind: {"schema": shapes.TEXT if kind == STREAM else shape} for kind in kinds}
    return {"description": what, "content": content}
