"""What is going on, as one state with one reason, for whoever asks."""

from __future__ import annotations

from typing import Final

import attrs

from duo_lsp.errors import DuoError, RefusedError


@attrs.frozen
class State:
    """One reason why suggestions do or do not show; `name` is for programs, the sentences for people."""

    name: str
    sentence: str
    remedy: str = ""
    lasting: bool = False
    """It stays until the person does something, so they are told once."""

    @property
    def whole(self) -> str:
        """Both sentences."""
        return f"{self.sentence} {self.remedy}".strip()


MOST_SENTENCES: Final = 50

READY: Final = State("ready", "Suggestions come from the GitLab instance.")
LOCAL: Final = State("local", "Suggestions come from the local engine; nothing leaves this machine.")
STARTING: Final = State("starting", "Starting.")
OFF: Final = State("off", "Suggestions are turned off.", "Set codeCompletion.enabled to true.")
SIGNED_OUT: Final = State(
    "signedOut", "There is no token for the GitLab instance.", "Set a token, or set upstream to local."
)


def of_error(error: DuoError) -> State:
    """The state that an error leaves behind."""
    return State(error.state, error.sentence, error.hint, isinstance(error, RefusedError) and error.lasting)


@attrs.define
class Status:
    """The state of this server: a base, over it the trouble of the last request, over it the last silence."""

    base: State = STARTING
    trouble: State | None = None
    silence: str = ""
    """Why the last request got nothing, in a sentence; empty after a suggestion."""
    _told: list[str] = attrs.field(factory=list)
    _troubles: list[str] = attrs.field(factory=list)
    """What went wrong since the last success."""

    @property
    def current(self) -> State:
        """The one state that matters now."""
        return self.trouble or self.base

    def succeeded(self) -> None:
        """The upstream answered: whatever was wrong is over, and may be told again if it comes back."""
        self._told = [told for told in self._told if not told.startswith(tuple(self._troubles))]
        self._troubles.clear()
        self.trouble = None

    def failed(self, error: DuoError) -> None:
        """Remember what went wrong until the next success."""
        self.trouble = of_error(error)
        _note(self._troubles, error.sentence)

    def first_time(self, sentence: str) -> bool:
        """Whether a person has not been told this yet; from now on they have."""
        if sentence in self._told:
            return False
        _note(self._told, sentence)
        return True


def _note(sentences: list[str], sentence: str) -> None:
    """Add one; the oldest go, because a server may think of ever new ones."""
    if sentence not in sentences:
        sentences.append(sentence)
    del sentences[:-MOST_SENTENCES]
