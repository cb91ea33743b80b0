"""GitLab's REST bodies, one home for client and gateway (GitLab documentation, api/code_suggestions)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs

from duo_lsp.privacy.secrets import Secret

COMPLETIONS_PATH = "/api/v4/code_suggestions/completions"
TOKENS_PATH = "/api/v4/code_suggestions/tokens"
"""Short-lived tokens; GitLab 16.1 and 16.2 want one beside the person's own."""
ENABLED_PATH = "/api/v4/code_suggestions/enabled"
MODEL_GATEWAY_PATH = "/v2/completions"
"""On the model gateway of GitLab 16.1, which is another server."""
VERSION_PATH = "/api/v4/version"
ACCESS_PATH = "/api/v4/personal_access_tokens/self"
OAUTH_PATH = "/oauth/token/info"
GRAPHQL_PATH = "/api/graphql"
HEALTH_PATH = "/health"
SERVER_VERSION_HEADER = "X-Gitlab-Language-Server-Version"
"""Who sends it is a language server of GitLab's to the instance, and may be too old for it."""
REASON_HEADER = "X-Duo-Lsp-Reason"
"""Our local gateway says here why it has nothing to offer."""
SILENCE_HEADER = "X-Duo-Lsp-Silence"
"""Our local gateway is told here how sure it has to be."""
OIDC_HEADER = "X-Gitlab-Oidc-Token"
"""Where GitLab 16.2 wants the short-lived token."""
STREAM_HEADER = "X-Streaming-Format"
"""Tells real server-sent events (`sse`) from raw text, which has the same content type."""

MAX_FILE_NAME = 255
"""Characters, also of a context item's name."""
MAX_CONTENT = 400_000
"""Characters on either side of the cursor."""
MAX_INSTRUCTION = 600_000
"""Characters of `user_instruction` and of one context item."""

SHORT_TOKEN_SECONDS = 3600

_LONGEST_MESSAGE = 200

Intent = Literal["completion", "generation"]
Silence = Literal["quiet", "normal", "eager"]
GenerationType = Literal["comment", "empty_function", "small_file"]
INTENTS = ("completion", "generation")
SILENCES: tuple[Silence, ...] = ("quiet", "normal", "eager")
GENERATION_TYPES = ("comment", "empty_function", "small_file")
CONTEXT_TYPES = ("file", "snippet")


@attrs.frozen
class CurrentFile:
    """The file around the cursor; its name's extension tells GitLab the language."""

    file_name: str
    content_above_cursor: str
    content_below_cursor: str = ""
    language_identifier: str | None = None


@attrs.frozen
class ContextItem:
    """Another file, or a piece of one, that helps."""

    type: Literal["file", "snippet"]
    name: str
    content: str


@attrs.frozen
class SuggestionRequest:
    """The body of POST /code_suggestions/completions, in GitLab's names."""

    current_file: CurrentFile
    intent: Intent | None = None
    generation_type: GenerationType | None = None
    user_instruction: str | None = None
    project_path: str | None = None
    stream: bool = False
    context: tuple[ContextItem, ...] = ()
    silence: Silence | None = None
    """How sure our local engine has to be; goes in a header of ours, as GitLab knows no such thing."""

    def model_gateway_body(self) -> dict[str, Any]:
        """The same for the model gateway of GitLab 16.1, which knows the file and the project only."""
        kept = {key: value for key, value in self.body().items() if key in ("current_file", "project_path")}
        return {"prompt_version": 1, "project_id": -1, **kept}

    def body(self) -> dict[str, Any]:
        """What goes over the wire: absent fields are left out, so that `context` is never an empty list."""
        return attrs.asdict(attrs.evolve(self, silence=None), filter=_present, value_serializer=_listed)


@attrs.frozen
class Answer:
    """What came back: the suggested texts, best first (none is a normal answer), and who made them."""

    texts: tuple[str, ...] = ()
    model: str = ""
    reason: str = ""
    """Why there is none, where the server says so; only the local engine does."""


@attrs.frozen
class ShortToken:
    """A token for suggestions only, and the seconds it lives."""

    token: Secret
    seconds: float


def completion_body(text: str, *, model: str, engine: str, lang: str, created: int) -> dict[str, Any]:
    """The body that answers the intent `completion`; an empty text is an empty list of choices."""
    return {
        "id": "id",
        "model": {"engine": engine, "name": model, "lang": lang},
        "object": "text_completion",
        "created": created,
        "choices": _choices(text),
    }


def generation_body(text: str, *, model: str, engine: str, lang: str, created: int) -> dict[str, Any]:
    """The body that answers the intent `generation`: no id, object or model at the top."""
    return {
        "choices": _choices(text),
        "metadata": {"model": {"engine": engine, "name": model, "lang": lang}, "timestamp": created},
    }


def short_token_body(token: str, *, created: int) -> dict[str, Any]:
    """The body that answers POST /code_suggestions/tokens; it lives for an hour (GitLab 16.1)."""
    return {"access_token": token, "expires_in": SHORT_TOKEN_SECONDS, "created_at": created}


def access_token_body(name: str, scopes: Sequence[str], *, expires: str | None = None) -> dict[str, Any]:
    """The body of GET /personal_access_tokens/self; `expires` is a date (GitLab documentation)."""
    state = {"active": True, "revoked": False, "expires_at": expires, "last_used_at": None}
    return {"id": 1, "user_id": 1, "name": name, "scopes": list(scopes), **state}


def oauth_token_body(scopes: Sequence[str], *, created: int) -> dict[str, Any]:
    """The body of GET /oauth/token/info."""
    return {
        "resource_owner_id": 1,
        "scope": list(scopes),
        "expires_in": None,
        "application": None,
        "created_at": created,
    }


def stream_start(*, model: str, engine: str, created: int) -> str:
    """The first event of a stream, which says who answers."""
    return _event("stream_start", {"metadata": {"model": {"engine": engine, "name": model}, "timestamp": created}})


def content_chunk(text: str) -> str:
    """The event that brings more text."""
    return _event("content_chunk", {"choices": [{"delta": {"content": text}, "index": 0}]})


def stream_end() -> str:
    """The event without which a stream is broken."""
    return _event("stream_end", None)


def read_answer(body: object) -> Answer:
    """Read either success body; every field but `choices` is optional.

    Raises ValueError when it is neither.
    """
    choices = body.get("choices") if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(choices, list):
        raise ValueError("no list of choices in the answer")
    return Answer(tuple(text for text in map(_text, choices) if text), read_model(body))


def read_silence(header: str | None) -> Silence | None:
    """What our own header asks for; nothing where it is not there, or says something else."""
    return next((one for one in SILENCES if one == header), None)


def read_short_token(body: object) -> ShortToken:
    """The token in the answer to POST /code_suggestions/tokens. Raises ValueError when there is none."""
    match body:
        case {"access_token": str(token), "expires_in": int() | float() as seconds} if token and seconds > 0:
            return ShortToken(Secret(token), float(seconds))
        case {"access_token": str(token)} if token:
            return ShortToken(Secret(token), SHORT_TOKEN_SECONDS)
    raise ValueError("no token in the answer")


def read_delta(event: object) -> str:
    """The new text in an event of a stream. Raises ValueError when it is no such event."""
    match event:
        case None | {"choices": []}:
            return ""
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return text
        case {"choices": [{"delta": {"content": None}} | {"delta": None}, *_]}:
            return ""
    raise ValueError("an event without a piece of text in the answer")


def read_model(body: object) -> str:
    """Who made it, where the body says so."""
    match body:
        case {"model": {"name": str(name)}} | {"metadata": {"model": {"name": str(name)}}}:
            return name
    return ""


def read_message(body: object) -> str:
    """The sentence in an error body, whichever of GitLab's dialects it is in; nothing of a web page."""
    if isinstance(body, str):
        return "" if body.lstrip().startswith("<") else _one_line(body)
    if not isinstance(body, Mapping):
        return ""
    sentences = (_sentence(body.get(key)) for key in ("error_description", "message", "detail", "error"))
    return next(filter(None, sentences), "")


def _event(name: str, data: object) -> str:
    """One server-sent event (WHATWG HTML, 9.2); JSON has no line ends that would cut the data."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _sentence(value: object) -> str:
    match value:
        case str(text) | {"error": str(text)} | [{"msg": str(text)}, *_]:
            return _one_line(text)
    return ""


def _one_line(text: str) -> str:
    """What may be shown: no line ends, nothing that steers a terminal or turns text around."""
    words = "".join(char if char.isprintable() else " " for char in text[:_LONGEST_MESSAGE]).split()
    return " ".join(words)


def _present(_: object, value: Any) -> bool:
    return value not in (None, False, ())


def _listed(_: object, __: object, value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _choices(text: str) -> list[dict[str, Any]]:
    return [{"text": text, "index": 0, "finish_reason": "length"}] if text else []


def _text(choice: object) -> str:
    match choice:
        case {"text": str(text)}:
            return text
        case {"text": None} | {"delta": _}:
            return ""
    raise ValueError("a choice without text in the answer")


EXCLUSIONS_QUERY = (
    "query duoLspExclusions($project: ID!)"
    " { project(fullPath: $project) { duoContextExclusionSettings { exclusionRules } } }"
)
"""Which files a project excludes from GitLab Duo (GitLab 18.2; GraphQL reference, DuoContextExclusionSettings)."""
_UNKNOWN_FIELD = "doesn't exist on type"


def read_exclusions(body: object) -> tuple[str, ...]:
    """The rules in the answer to `EXCLUSIONS_QUERY`; none for a project that is not seen, or an older GitLab.

    Raises ValueError when the answer says neither.
    """
    match body:
        case {"data": {"project": {"duoContextExclusionSettings": {"exclusionRules": [*rules]}}}}:
            return tuple(rule for rule in rules if isinstance(rule, str))
        case {"data": {"project": None | {"duoContextExclusionSettings": None}}, **rest} if not rest.get("errors"):
            return ()
        case {"errors": [{"message": str(message)}, *_]} if _UNKNOWN_FIELD in message:
            return ()
    raise ValueError("neither rules nor the word that there are none")
