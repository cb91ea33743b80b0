"""The composition root: makes the parts and hands them to each other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import platformdirs

from duo_lsp import capabilities, config, features, logs, urls
from duo_lsp.chat.pages import Pages
from duo_lsp.config import Layer
from duo_lsp.gitlab import choice
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.credentials import Credentials, Keeper
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.local import COMMAND, LocalEngine
from duo_lsp.gitlab.sign_in import place
from duo_lsp.gitlab.sign_in.account import Account
from duo_lsp.gitlab.sign_in.late_keeper import LateKeeper
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy.secrets import Secret
from duo_lsp.protocol import stdio
from duo_lsp.protocol.greeting import Greeting, Promise
from duo_lsp.protocol.pipes import Pipes
from duo_lsp.services import Services
from duo_lsp.session import DuoServer
from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.pipeline import Pipeline

if TYPE_CHECKING:
    from duo_lsp.gitlab.sign_in.logins import Logins

_FILE: Final = "config.toml"


def base_layers(environment: Mapping[str, str]) -> tuple[Layer, ...]:
    """Settings that do not come from an editor, weakest first: files, then the environment."""
    site = platformdirs.site_config_path("duo-lsp") / _FILE
    files = (config.of_file(site, "site file"), config.of_file(user_file(), "user file"))
    return (*files, config.of_environment(environment))


def user_file() -> Path:
    """Where a person keeps the settings of all editors; it may not be there."""
    return platformdirs.user_config_path("duo-lsp") / _FILE


def open_upstream(chosen: Choice, environment: Mapping[str, str], user_agent: str) -> Upstream:
    """The upstream that was chosen; nothing is started or sent yet."""
    command = (*COMMAND, *chosen.engine.arguments)
    parts = choice.Parts(lambda: LocalEngine(environment, time.monotonic, command), _suggestions)
    return choice.open_upstream(chosen, parts, user_agent)


def _suggestions(given: Credentials) -> Admission:
    """When an instance may be asked for suggestions."""
    file = CountsFile(urls.origin(given.base_url))
    return Admission(urls.host_of(given.base_url), time.monotonic, Limit(time.monotonic, file))


def pipeline(upstream_: Upstream, settings: Settings, status: Status, desk: Desk | None = None) -> Pipeline:
    """A pipeline with an empty cache; `desk` is what lies open in an editor."""
    return Pipeline(upstream_, settings, cache=Cache(time.monotonic), status=status, desk=desk)


def keeper(environment: Mapping[str, str], learn: Callable[[Secret], None]) -> Keeper:
    """Finds logins and runs the token command; `learn` is told of every token."""

    def make() -> Keeper:
        from duo_lsp.gitlab.sign_in import assembly

        return assembly.keeper(environment, learn)

    return LateKeeper(place.file(), make)


def stored_logins() -> Logins:
    """The person's logins, not read yet."""
    from duo_lsp.gitlab.sign_in import assembly

    return assembly.logins()


def services(environment: Mapping[str, str], formatter: logs.MaskingFormatter) -> Services:
    """Everything a session needs."""
    keep = keeper(environment, formatter.learn)
    return Services(
        promise=promise(environment),
        base=base_layers(environment),
        choose=lambda resolved: choice.choose(resolved, environment, keep),
        open=lambda chosen, agent: open_upstream(chosen, environment, agent),
        pipeline=pipeline,
        formatter=formatter,
        account=Account(place.file(), stored_logins, time.monotonic),
        pages=Pages(platformdirs.user_state_path("duo-lsp") / "chat"),
        clock=time.monotonic,
        time_of_day=time_of_day,
    )


def time_of_day() -> datetime:
    """Now, where the person is."""
    return datetime.now(UTC).astimezone()


def promise(environment: Mapping[str, str]) -> Promise:
    """What an editor is told that we can do."""
    return lambda params: capabilities.answer(params, environment)


def serve(formatter: logs.MaskingFormatter, pipes: Pipes, greeting: Greeting) -> NoReturn:
    """Run the language server on these pipes until the editor ends it."""
    server = DuoServer(services(os.environ, formatter))
    features.register(server)
    stdio.serve(server.protocol, pipes, greeting)
