"""What the engines with a real model share: what they are asked, the way to their server, and what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Final, Literal, Protocol

import attrs

from duo_lsp.errors import UsageError
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.privacy.secrets import Secret

KEY_VARIABLE: Final = "DUO_LSP_MODEL_KEY"
"""The variable of the environment that holds the key for a model's server; there is no other way to give it."""
TIMEOUT: Final = 5.0
"""Seconds for a completion."""


TALK_TEMPERATURE: Final = 0.2
"""How much chance there is in an answer: a little, so that asking again helps; in a completion there is none."""


@attrs.frozen
class Wish:
    """Which model a person wants."""

    url: str = ""
    """Where its server is; empty for its usual place on this machine."""
    model: str = ""
    """Its name, or a file; empty for the only one there."""
    template: str = ""
    """One of `fim.TEMPLATES`, for servers that take no text after the cursor; empty to guess it."""
    timeout: float = TIMEOUT
    """Seconds after which a completion comes from elsewhere."""
    key: Secret = Secret()
    """For servers that want one."""
    alone: bool = False
    """Whether one person asks, so that a newer question ends the work on the one before."""
    discreet: bool = False
    """Whether others ask, who need not know where the model is and what its server says."""


@attrs.frozen
class Said:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


def key(environment: Mapping[str, str]) -> Secret:
    """The key in the environment, maybe none. Raises UsageError."""
    try:
        return Secret(environment.get(KEY_VARIABLE, ""))
    except ValueError:
        raise UsageError(f"The key in {KEY_VARIABLE} has characters that no key has.", "Copy it once more.") from None


class Backend(Protocol):
    """A model that is served somewhere."""

    name: str
    """As in `Ollama at 127.0.0.1:11434`."""

    def fill(self, gap: Gap, tokens: int) -> AsyncGenerator[str, None]:
        """What goes between, piece by piece and so many tokens at most; closing it ends the model's work.

        Raises ModelError.
        """

    def speak(self, messages: Sequence[Said], tokens: int) -> AsyncGenerator[str, None]:
        """The answer to the last message, in the same way."""

    async def close(self) -> None:
        """Give connections back and end what was started."""
