"""Everything that can go wrong, drawn once; the kinds that only a chat knows stand in `chat_errors`.

DuoError                     a sentence for the person, and a remedy
├── SettingError             a setting has a value we cannot use
├── UsageError               the command line asks for something that is not there
├── LoginError               a login cannot be made, kept or read
├── LocalEngineError         the local engine did not start
├── ModelError               a model behind the gateway gave no answer
├── FrameError               what the editor sends is no messages
└── UpstreamError            the server was asked and gave no usable answer
    ├── OfflineError         no connection: refused, reset, no such host
    │   ├── UntrustedError   a certificate nobody vouches for
    │   └── ProxyError       the proxy on the way did not let us through
    ├── SlowError            the deadline passed
    ├── BadAnswerError       an answer nobody can read: not JSON, wrong shape, too long
    │   └── InterceptedError somebody else answered: a page of HTML, a redirect
    ├── CutShortError        an answer that broke off before its end
    │   └── InterruptedAnswerError  the same of an answer in a chat, of which what had come is kept
    ├── NoAnswerError        the chat was asked and has nothing to say
    │   ├── EmptyAnswerError       its answer is empty
    │   ├── ApologyError           its answer is an apology instead of an answer
    │   └── NoModelError           there is no model to chat with
    └── RefusedError         an answer with an error status
        ├── SignInError      401: no token, or a bad one
        │   ├── SignedOutError     nobody was asked: there is no token
        │   ├── TokenRefusedError  401: the token was revoked or has expired
        │   └── NoAccessError      401: a good token of somebody without GitLab Duo
        ├── ClientRefusedError     401: the instance wants another client, or a newer one
        ├── NoCreditsError         402: the credits are used up
        ├── NotAllowedError        403: this account may not
        │   ├── NotEntitledError   403: the plan does not include it
        │   ├── ScopeError         403: the token's scope is too small
        │   └── ProjectOffError    403: GitLab Duo is off for this project
        ├── NotThereError    404: the feature is not on this instance
        │   └── TooOldError        404: the instance is older than the feature
        ├── UnreadableError  404: what a question is about is not there for this person
        ├── TooLargeError    413: the request was too large
        ├── SetupError       422: something on the instance has to be chosen first
        ├── LimitedError     429: too many requests
        └── BrokenError      5xx: the server itself failed
"""

from __future__ import annotations

from typing import ClassVar


class DuoError(Exception):
    """What went wrong in one sentence, and what to do about it in another."""

    state: ClassVar[str] = "failed"
    """What programs call it: the name of the state it leaves behind; stays the same from version to version."""
    remedy: ClassVar[str] = "Run `duo-lsp doctor` to see what is wrong."
    needs_person: ClassVar[bool] = False
    """Only somebody can end it, so that they are told; others end by themselves or are too common."""

    def __init__(self, sentence: str, remedy: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = self.remedy if remedy is None else remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".rstrip()


class SettingError(DuoError):
    """A setting has a value we cannot use; the others still apply."""

    state = "wrongSetting"
    needs_person = True
    remedy = "Change it in the editor's settings or in config.toml; until then the default is used."


class UsageError(DuoError):
    """The command line asks for something that is not there."""

    remedy = "See `duo-lsp --help`."


class LoginError(DuoError):
    """A login cannot be made, kept or read."""

    remedy = "Run `duo-lsp login`."


class LocalEngineError(DuoError):
    """The local engine did not start."""

    remedy = "Run `duo-lsp gateway` in a terminal to see why."


class ModelError(DuoError):
    """A model behind the gateway gave no answer."""

    state = "noModel"
    remedy = "Look at what its server says."


class FrameError(DuoError):
    """What the editor sends is no messages; nothing after it can be understood."""

    remedy = "Restart the server; if it happens again, something else writes into the editor's pipe."


class UpstreamError(DuoError):
    """The server was asked and gave no usable answer."""


class OfflineError(UpstreamError):
    """No connection: refused, reset, no such host."""

    state = "offline"
    remedy = "Check the network and the setting baseUrl."


class UntrustedError(OfflineError):
    """A certificate nobody vouches for."""

    state = "untrusted"
    needs_person = True
    remedy = "If your company has a certificate authority of its own, name its file in the setting httpAgentOptions.ca."


class ProxyError(OfflineError):
    """The proxy on the way did not let us through."""

    state = "proxy"
    needs_person = True
    remedy = "Check the setting proxy, or HTTPS_PROXY and NO_PROXY in the environment."


class SlowError(UpstreamError):
    """The deadline passed."""

    state = "slow"
    remedy = "Suggestions come back by themselves."


class BadAnswerError(UpstreamError):
    """An answer nobody can read: not JSON, wrong shape, too long."""

    state = "badAnswer"
    remedy = "If it stays, check that the setting baseUrl is the address of a GitLab."


class InterceptedError(BadAnswerError):
    """Somebody else answered: a page of HTML, a redirect."""

    state = "intercepted"
    needs_person = True
    remedy = "A proxy or a sign-in page may stand in between, or baseUrl is an old address; open it in a browser."


class CutShortError(UpstreamError):
    """An answer that broke off before its end; what had come of it is no answer."""

    state = "interrupted"
    remedy = "Suggestions come back by themselves."


class RefusedError(UpstreamError):
    """An answer with an error status."""

    state = "refused"
    remedy = "Please report it if it happens again: the request does not suit this GitLab."
    rest: float = 0.0
    """Seconds in which asking again is pointless, unless the settings change."""

    def __init__(self, status: int, sentence: str, remedy: str | None = None) -> None:
        super().__init__(sentence, remedy)
        self.status = status

    @property
    def lasting(self) -> bool:
        """Whether it stays until somebody changes something."""
        return self.rest > 0


class SignInError(RefusedError):
    """401: no token, or a bad one."""

    state = "signInAgain"
    rest = 60.0
    remedy = "Check the token (scope api or ai_features) and that your account may use GitLab Duo."


class TokenRefusedError(SignInError):
    """401: the token was revoked or has expired."""

    remedy = "The token was revoked or has expired: make a new one (scope api or ai_features) and set it."


class NoAccessError(SignInError):
    """401: a good token of somebody without GitLab Duo."""

    state = "noSeat"
    remedy = "Ask an owner of your group for a GitLab Duo seat, and that GitLab Duo is turned on for it."


class ClientRefusedError(RefusedError):
    """401: the instance wants another client, or a newer one."""

    state = "clientRefused"
    rest = 600.0
    remedy = "Leave the setting languageServerVersion empty, or set it to the version your administrator asks for."


class NoCreditsError(RefusedError):
    """402: the credits are used up."""

    state = "noCredits"
    rest = 600.0
    remedy = "Ask an owner of your group for more GitLab credits."


class NotAllowedError(RefusedError):
    """403: this account may not."""

    state = "notAllowed"
    rest = 600.0
    remedy = "Ask an owner of your group whether your account may use GitLab Duo from here."


class NotEntitledError(NotAllowedError):
    """403: the plan does not include it."""

    state = "noSeat"
    remedy = NoAccessError.remedy


class ScopeError(NotAllowedError):
    """403: the token's scope is too small."""

    state = "scopeMissing"
    remedy = "Make a new token with the scope api or ai_features."


class ProjectOffError(NotAllowedError):
    """403: GitLab Duo is off for this project; for others it may be on."""

    state = "projectOff"
    needs_person = True
    rest = 0.0
    remedy = "Ask a maintainer of the project to turn GitLab Duo on: Settings, General, Visibility."


class NotThereError(RefusedError):
    """404: the feature is not on this instance."""

    state = "notThere"
    rest = 600.0
    remedy = "Code Suggestions need GitLab 16.8 or later with GitLab Duo turned on."


class TooOldError(NotThereError):
    """404: the instance is older than the feature."""

    state = "unsupportedVersion"
    remedy = (
        "Ask an administrator to update GitLab to 16.8 or later; "
        "for 16.1, name its model gateway in the setting modelGateway."
    )


class TooLargeError(RefusedError):
    """413: the request was too large."""

    state = "tooLarge"
    remedy = "Half of it was sent once more: a proxy on the way may allow even less."


class SetupError(RefusedError):
    """422: something on the instance has to be chosen first."""

    state = "noNamespace"
    rest = 600.0
    remedy = "Choose a default GitLab Duo namespace in GitLab: Preferences, Behavior."


class LimitedError(RefusedError):
    """429: too many requests."""

    state = "limited"
    remedy = "Suggestions come back by themselves."

    def __init__(self, sentence: str, retry_after: float, remedy: str | None = None) -> None:
        super().__init__(429, sentence, remedy)
        self.rest = retry_after

    @property
    def lasting(self) -> bool:
        """No: it ends by itself."""
        return False


class BrokenError(RefusedError):
    """5xx: the server itself failed."""

    state = "serverError"
    remedy = "Nothing to do here; the server has a problem."
