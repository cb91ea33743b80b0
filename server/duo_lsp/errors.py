"""Everything that can go wrong, drawn once.

DuoError                     a sentence for the person, and a remedy
├── SettingError             a setting has a value we cannot use
├── UsageError               the command line asks for something that is not there
├── LocalEngineError         the local engine did not start
├── FrameError               what the editor sends is no messages
└── UpstreamError            the server was asked and gave no usable answer
    ├── OfflineError         no connection: refused, reset, no such host, bad certificate
    ├── SlowError            the deadline passed
    ├── BadAnswerError       an answer nobody can read: not JSON, wrong shape, a page of HTML, a redirect
    └── RefusedError         an answer with an error status
        ├── SignInError      401: no token, a bad one, or no access
        ├── NotAllowedError  402 and 403: no seat, no credits, missing scope
        ├── NotThereError    404: the feature is not on this instance
        ├── TooLargeError    413: the request was too large
        ├── SetupError       422: something on the instance has to be chosen first
        ├── LimitedError     429: too many requests
        └── BrokenError      5xx: the server itself failed
"""

from __future__ import annotations

from typing import ClassVar


class DuoError(Exception):
    """What went wrong in one sentence, and what to do about it in another."""

    remedy: ClassVar[str] = "Run `duo-lsp doctor` to see what is wrong."

    def __init__(self, sentence: str, remedy: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = self.remedy if remedy is None else remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".rstrip()


class SettingError(DuoError):
    """A setting has a value we cannot use; the others still apply."""

    remedy = "Change it in the editor's settings or in config.toml; until then the default is used."


class UsageError(DuoError):
    """The command line asks for something that is not there."""

    remedy = "See `duo-lsp --help`."


class LocalEngineError(DuoError):
    """The local engine did not start."""

    remedy = "Run `duo-lsp gateway` in a terminal to see why."


class FrameError(DuoError):
    """What the editor sends is no messages; nothing after it can be understood."""

    remedy = "Restart the server; if it happens again, something else writes into the editor's pipe."


class UpstreamError(DuoError):
    """The server was asked and gave no usable answer."""


class OfflineError(UpstreamError):
    """No connection: refused, reset, no such host, bad certificate."""

    remedy = "Check the network and the setting baseUrl."


class SlowError(UpstreamError):
    """The deadline passed."""

    remedy = "Nothing to do; the next suggestion tries again."


class BadAnswerError(UpstreamError):
    """An answer nobody can read: not JSON, wrong shape, a page of HTML, a redirect."""

    remedy = "A proxy or a sign-in page may stand in between; open the address in a browser."


class RefusedError(UpstreamError):
    """An answer with an error status."""

    rest: float = 0.0
    """Seconds in which asking again is pointless, unless the settings change."""

    def __init__(self, status: int, sentence: str, remedy: str | None = None) -> None:
        super().__init__(sentence, remedy)
        self.status = status


class SignInError(RefusedError):
    """401: no token, a bad one, or no access."""

    rest = 60.0
    remedy = "Check the token (scope api or ai_features) and that your account may use GitLab Duo."


class NotAllowedError(RefusedError):
    """402 and 403: no seat, no credits, missing scope."""

    rest = 600.0
    remedy = "Ask an owner of your group for a GitLab Duo seat, or give the token the scope api."


class NotThereError(RefusedError):
    """404: the feature is not on this instance."""

    rest = 600.0
    remedy = "Code Suggestions need GitLab 16.8 or later with GitLab Duo turned on."


class TooLargeError(RefusedError):
    """413: the request was too large."""

    remedy = "Nothing to do; less of the file is sent next time."


class SetupError(RefusedError):
    """422: something on the instance has to be chosen first."""

    rest = 600.0
    remedy = "Choose a default GitLab Duo namespace in GitLab: Preferences, Behavior."


class LimitedError(RefusedError):
    """429: too many requests."""

    remedy = "Suggestions come back by themselves."

    def __init__(self, sentence: str, retry_after: float) -> None:
        super().__init__(429, sentence)
        self.rest = retry_after


class BrokenError(RefusedError):
    """5xx: the server itself failed."""

    remedy = "Nothing to do here; the server has a problem."
