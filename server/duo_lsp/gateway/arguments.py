"""What may be written behind `duo-lsp gateway`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duo_lsp.gateway.options import Options

TOKEN = "DUO_LSP_GATEWAY_TOKEN"  # noqa: S105 - its name
"""The token of who starts it; without it there is a new one each time."""
STORE = "DUO_LSP_GATEWAY_RATE_STORE"
"""The same as --rate-store, for an address with a password: everybody on the machine sees a command line."""


def define(options: argparse.ArgumentParser) -> None:
    """Add them to the parser."""
    options.add_argument("--port", type=int, default=0, help="0 (the default) takes any free one")
    options.add_argument(
        "--workspace", type=Path, action="append", default=[], metavar="DIR", help="learn from this folder"
    )
    options.add_argument(
        "--index-megabytes", type=int, default=5, metavar="N", help="learn so much of the folders at most: 1 to 20"
    )
    options.add_argument(
        "--limit", type=int, default=60, metavar="N", help="requests a minute for one user; 0 for no limit"
    )
    options.add_argument(
        "--engine", default="builtin", metavar="NAME", help="who answers: builtin, ollama, llama.cpp or openai"
    )
    options.add_argument(
        "--child", action="store_true", help="end with stdin, and take workspaces from it as JSON lines"
    )
    _model(options.add_argument_group("for engines with a model"))
    _playing(options.add_argument_group("to try a client"))
    _team(options.add_argument_group("for a team"))
    commands = options.add_subparsers(dest="gateway_command", metavar="token")
    _token(commands.add_parser("token", help="give someone a token of their own, or take it back"))


def _model(options: argparse._ArgumentGroup) -> None:
    options.add_argument("--url", default="", help="where its server is; a key for it goes into DUO_LSP_MODEL_KEY")
    options.add_argument("--model", default="", metavar="NAME", help="its name; for llama.cpp a file ending in .gguf")
    options.add_argument(
        "--fim-template", default="", metavar="T", help="how it fills gaps: qwen, starcoder, codellama, deepseek"
    )
    options.add_argument(
        "--model-timeout", type=float, default=5.0, metavar="S", help="seconds until builtin answers in its place"
    )


def _playing(options: argparse._ArgumentGroup) -> None:
    options.add_argument("--gitlab", metavar="VERSION", help="play this version of GitLab")
    options.add_argument("--delay", type=int, default=0, metavar="MS", help="wait before every answer")
    options.add_argument(
        "--fault", action="append", default=[], metavar="[PATH=]KIND", help="fail on purpose: 503, /version=401, *=hang"
    )
    options.add_argument(
        "--off", action="append", default=[], metavar="FEATURE", help="play a GitLab without it: access_rest_chat"
    )
    options.add_argument("--legacy-stream", action="store_true", help="stream raw text, as GitLab before 17.7")


def _team(options: argparse._ArgumentGroup) -> None:
    options.add_argument("--listen", default="", metavar="ADDRESS:PORT", help="for other machines too: 0.0.0.0:8443")
    options.add_argument("--tls-cert", type=Path, metavar="FILE", help="the certificate and those above it, as PEM")
    options.add_argument("--tls-key", type=Path, metavar="FILE", help="its key, as PEM and without a password")
    options.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="a name that clients call it by"
    )
    options.add_argument(
        "--trusted-proxy", action="append", default=[], metavar="ADDRESS", help="who speaks for clients, or a network"
    )
    options.add_argument("--jobs", type=int, default=0, metavar="N", help="requests worked on at once")
    options.add_argument("--connections", type=int, default=0, metavar="N", help="connections at once")
    options.add_argument(
        "--rate-store", default="", metavar="URL", help="count requests together with others: redis://HOST:PORT/0"
    )
    options.add_argument("--token-file", type=Path, metavar="FILE", help="where the tokens of the team are noted")
    options.add_argument("--access-log", action="store_true", help="write a line for every request to stderr")


def _token(options: argparse.ArgumentParser) -> None:
    actions = options.add_subparsers(dest="action", metavar="add|revoke", required=True)
    add = actions.add_parser("add", help="make a token and print it, once")
    add.add_argument(
        "--scope", action="append", default=[], metavar="SCOPE", help="what it is good for, if not for everything"
    )
    revoke = actions.add_parser("revoke", help="take a token back")
    for each in (add, revoke):
        each.add_argument("name", metavar="NAME", help="whose it is")
        each.add_argument("--token-file", type=Path, metavar="FILE", help="where the tokens of the team are noted")


def chosen(given: argparse.Namespace, environ: Mapping[str, str]) -> Options:
    """What a gateway is to be like. Raises UsageError."""
    from duo_lsp.gateway import models, token_file
    from duo_lsp.gateway.options import Options

    own = {"token": environ.get(TOKEN), "gitlab": given.gitlab}
    return Options(
        port=given.port,
        workspaces=tuple(given.workspace),
        index_megabytes=given.index_megabytes,
        limit=given.limit,
        engine=given.engine,
        wish=models.Wish(
            given.url, given.model, given.fim_template, given.model_timeout, key=models.key(environ), alone=given.child
        ),
        child=given.child,
        delay=given.delay,
        faults=tuple(given.fault),
        legacy_stream=given.legacy_stream,
        off=tuple(given.off),
        listen=given.listen,
        tls_cert=given.tls_cert,
        tls_key=given.tls_key,
        hosts=tuple(given.allow_host),
        proxies=tuple(given.trusted_proxy),
        token_file=None if given.child else given.token_file or token_file.default(),
        rate_store=given.rate_store or environ.get(STORE, ""),
        jobs=given.jobs,
        connections=given.connections,
        access_log=given.access_log,
        **{name: value for name, value in own.items() if value},
    )
