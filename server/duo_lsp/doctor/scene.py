"""What a check looks at, and what it finds."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import attrs

from duo_lsp.config import Resolved
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.http import exchange, tls
from duo_lsp.gitlab.upstream import Upstream


@attrs.frozen
class Finding:
    """One line of the report; one that is not fine says what to do."""

    name: str
    text: str
    fine: bool = True
    remedy: str = ""
    skipped: bool = False
    """It could not be looked at, because something before it is wrong."""


def bad(name: str, text: str, remedy: str) -> Finding:
    """Something is wrong."""
    return Finding(name, text, fine=False, remedy=remedy)


async def _open(_: Path) -> str:
    return ""


@attrs.frozen
class Scene:
    """Everything the checks need; they change nothing."""

    resolved: Resolved
    choice: Choice
    upstream: Upstream
    clock: Callable[[], float]
    """Seconds, monotonic."""
    today: date
    closed: Callable[[Path], Awaitable[str]] = _open
    """Why nothing of this file is ever sent; nothing when it may be. Raises DuoError."""
    counted: str = ""
    """What suggestions have done in this session, in a sentence; nothing where there is none, as in a shell."""
    file: Path | None = None
    """The file a person wonders about."""
    folder: Path = attrs.field(factory=Path.cwd)
    """Where the person is."""
    patience: float = 3.0
    """Seconds for each step on the network that is not a request."""
    engines: tuple[tuple[str, int], ...] = (("Ollama", 11434), ("llama.cpp", 8080))
    """Servers of models that may run on this machine, and their usual ports."""

    @property
    def address(self) -> str:
        """The instance that is asked; empty when none is."""
        return self.choice.credentials.base_url if self.choice.credentials is not None else ""

    @property
    def proxy(self) -> str:
        """The proxy on the way to the instance, nothing where there is none."""
        return exchange.proxy_to(self.address, self.choice.network)

    def context(self) -> ssl.SSLContext:
        """Whom we trust; takes a while to make. Raises SettingError."""
        return tls.context(self.choice.network)

    async def project(self) -> str:
        """The project the file, or else the current folder, belongs to; empty when none is known."""
        named = self.resolved.settings.project_path
        return named or await self.upstream.project(str(self.file.resolve() if self.file else self.folder / "any"))


Look = Callable[[Scene], Awaitable[list[Finding]]]
