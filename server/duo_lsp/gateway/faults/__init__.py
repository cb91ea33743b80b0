"""What can be made to go wrong, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from duo_lsp import wire, wire_chat
from duo_lsp.errors import UsageError
from duo_lsp.gateway import paths
from duo_lsp.gateway.faults import answers, connections
from duo_lsp.gateway.refusals import Answers

KINDS: Mapping[str, Answers] = MappingProxyType({**answers.KINDS, **connections.KINDS})
PATHS = (
    wire.COMPLETIONS_PATH,
    wire.TOKENS_PATH,
    wire.ENABLED_PATH,
    wire.VERSION_PATH,
    wire.ACCESS_PATH,
    wire.OAUTH_PATH,
    wire_chat.CHAT_PATH,
    wire.GRAPHQL_PATH,
    paths.DIRECT_ACCESS,
    paths.CONNECTION_DETAILS,
    wire.MODEL_GATEWAY_PATH,
)
EVERYWHERE = "*"


def read(wanted: Iterable[str]) -> dict[str, Answers]:
    """The fault of each path; reads `[PATH=]KIND`, the later wins. Raises UsageError.

    A path may be given by its end (`/version`) or as `*`; without one the completions fail.
    """
    found: dict[str, Answers] = {}
    for text in wanted:
        path, _, kind = text.rpartition("=")
        if kind not in KINDS:
            raise UsageError(f"There is no fault {kind!r}.", f"Choose one of: {', '.join(KINDS)}.")
        found |= dict.fromkeys(_meant(path or wire.COMPLETIONS_PATH), KINDS[kind])
    return found


def _meant(path: str) -> list[str]:
    meant = [each for each in PATHS if path == EVERYWHERE or each.endswith("/" + path.strip("/"))]
    if not meant:
        ends = ", ".join(dict.fromkeys("/" + each.rpartition("/")[2] for each in PATHS))
        raise UsageError(f"There is no path {path!r} to fail at.", f"Choose one of: {ends}, or {EVERYWHERE} for all.")
    return meant
