"""What is going on, as one state with one reason, for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import attrs

from duo_lsp.errors import DuoError, LimitedError, RefusedError
from duo_lsp.settings import CodeCompletion
from duo_lsp.toggles.switches import Switch, Toggles


@attrs.frozen
class State:
    """One reason why suggestions do or do not show; `name` is for programs, the sentences for people."""

    name: str
    sentence: str
    remedy: str = ""
    lasting: bool = False
    """It stays until the person does something, so they are told."""
    until: datetime | None = None
    """When it ends, or may end, by itself, on this machine's clock; None when it does not or nobody knows."""

    @property
    def whole(self) -> str:
        """Both sentences."""
        return f"{self.sentence} {self.remedy}".strip()


READY: Final = State("ready", "Suggestions come from the GitLab instance.")
LOCAL: Final = State("local", "Suggestions come from the local engine; nothing leaves this machine.")
STARTING: Final = State("starting", "Starting.")
OFF: Final = State("off", "Suggestions are turned off.", "Set codeCompletion.enabled to true.")
PAUSED: Final = State("paused", "Suggestions are paused.", "Run the command duo.toggle to go on.")
ON_REQUEST: Final = "when you ask for one"
_ONCE: Final = "The next one comes by itself."
SIGNED_OUT: Final = State(
    "signedOut",
    "There is no token for the GitLab instance.",
    "Set a token or run `duo-lsp login`, or set upstream to local.",
)
UNSUPPORTED_LANGUAGE: Final = State(
    "unsupportedLanguage",
    "GitLab makes no suggestions where it cannot tell a file's language.",
    "Give the file the usual ending of its language, or choose the language in the editor.",
)
DISABLED_LANGUAGE: Final = State(
    "disabledLanguage",
    "Suggestions are turned off for this file's language.",
    "Take it out of codeCompletion.disabledSupportedLanguages.",
)
_PAUSED_IN: Final = {
    "document": State(
        "pausedHere", "Suggestions are paused in this document.", 'Run the command duo.toggle with "here" to go on.'
    ),
    "language": State(
        "pausedLanguage",
        "Suggestions are paused in this language.",
        'Run the command duo.toggle with "this language" to go on.',
    ),
    "everything": PAUSED,
}
_ROUNDING: Final = timedelta(seconds=1)


def excluded(sentence: str) -> State:
    """The state of a file that is never sent, with the sentence that says by which rule."""
    return State("excluded", sentence, "Work in another file, or change the rule if it is your own.")


def unlisted_language(name: str) -> State:
    """The state of a file in whose language suggestions do not come by themselves; `name` is empty for plain text."""
    more = f"add {name} to codeCompletion.additionalLanguages" if name else "choose its language in the editor"
    return State(
        "unlistedLanguage",
        f"Suggestions in {name or 'plain text'} do not come by themselves.",
        f"Ask by hand, or {more}.",
    )


def paused_in(switch: Switch) -> State:
    """The state that a switch leaves that is off, with the time of day when it is on again by itself."""
    state = _PAUSED_IN[switch.what]
    if switch.until is None:
        return state
    end = _end(switch.until, 0)
    return attrs.evolve(state, sentence=f"{state.sentence[:-1]} until {end:%H:%M:%S}.", until=end)


def of_error(error: DuoError) -> State:
    """The state that an error leaves behind."""
    lasting = error.needs_person or (isinstance(error, RefusedError) and error.lasting)
    return State(error.state, error.sentence, error.hint, lasting)


def stand_in(refusal: DuoError) -> State:
    """The state while the local engine answers because GitLab refuses."""
    return attrs.evolve(of_error(refusal), sentence=f"{refusal.sentence} The local engine answers in its place.")


def limited(error: LimitedError, now: datetime) -> State:
    """The state while an instance wants to be left alone, with the time of day when that ends."""
    end = _end(now, error.rest)
    return attrs.evolve(
        of_error(error), sentence=f"{error.sentence} Suggestions are limited until {end:%H:%M:%S}.", until=end
    )


def left_alone(trouble: State, end: datetime) -> State:
    """The state while nobody is asked because of this trouble, which may last longer than that."""
    return attrs.evolve(trouble, sentence=f"{trouble.sentence} No request is sent until {end:%H:%M:%S}.", until=end)


def _end(now: datetime, seconds: float) -> datetime:
    """A whole second, not too early."""
    return (now + timedelta(seconds=seconds + 1)).replace(microsecond=0)


@attrs.define
class Status:
    """The state of this server, laid together from what its parts know; see `current` for which of them wins."""

    clock: Callable[[], datetime]
    """The time of day where the person is."""
    base: State = STARTING
    """Who answers."""
    fallen: State | None = None
    """Why the local engine answers where GitLab should."""
    trouble: State | None = None
    """What went wrong with the last request."""
    enabled: bool = True
    """Whether the settings want suggestions."""
    automatic: bool = True
    """Whether the settings want them while somebody types, not only when they ask."""
    toggles: Toggles = attrs.field(default=attrs.Factory(lambda self: Toggles(self.clock), takes_self=True))
    """What the person wants otherwise just now; see `toggled`."""
    silence: str = ""
    """Why the last request got nothing, in a sentence; empty after a suggestion."""
    caution: str = ""
    """What a person should know although nothing is wrong with the suggestions; empty when there is nothing."""
    writing: int = 0
    """Generations under way; they may take long."""
    _document: tuple[str, State] | None = None
    _left_until: datetime | None = None
    """Until when nobody is asked because of the trouble."""
    _watchers: list[Callable[[], None]] = attrs.field(factory=list)

    @property
    def current(self) -> State:
        """The one state that matters now: the person's own choice, else what concerns every file, else this file."""
        if self.choice is not None:
            return self._once(self.choice)
        if self.trouble is not None and not self._over(self.trouble):
            return self._left_alone(self.trouble)
        if self._document is not None and self.base not in (STARTING, SIGNED_OUT) and not self._over(self._document[1]):
            return self._document[1]
        return self.fallen or self._once(self.base if self.automatic else _on_request(self.base))

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this whenever something may have changed."""
        self._watchers.append(changed)

    def begin(self, base: State) -> None:
        """Somebody else answers from now on; what was wrong with the one before is over."""
        self.base, self.fallen, self.trouble, self._left_until = base, None, None, None
        self._changed()

    @property
    def choice(self) -> State | None:
        """What the person has chosen: off, paused, or None for suggestions."""
        switch = self.toggles.everything
        return (paused_in(switch) if switch is not None else None) if self.enabled else OFF

    @property
    def is_held(self) -> bool:
        """Whether the instance wants to be left alone until a time that has not come yet."""
        return self.trouble is not None and self.trouble.until is not None and not self._over(self.trouble)

    def want(self, wanted: CodeCompletion) -> None:
        """The settings have changed, and what they say of documents with them; who was left alone is asked again."""
        self.enabled, self.automatic = wanted.enabled, wanted.trigger == "automatic"
        self._document, self._left_until = None, None
        self._changed()

    def toggled(self) -> None:
        """The person has toggled something."""
        self._document = None
        self._changed()

    def once_used(self) -> None:
        """The one suggestion that was wished for has come."""
        self.toggles.used()
        self._changed()

    def succeeded(self) -> None:
        """The upstream answered: whatever was wrong is over."""
        self.trouble = self._left_until = None
        self._changed()

    def falls(self, refusal: DuoError | None) -> None:
        """The local engine answers because GitLab refuses; or, with None, GitLab does."""
        self.fallen = None if refusal is None else stand_in(refusal)
        self._changed()

    def failed(self, error: DuoError, pause: float = 0.0) -> None:
        """Remember what went wrong until the next success, or as long as it lasts.

        `pause` is for how many more seconds nobody is asked because of it.
        """
        new = limited(error, self.clock()) if isinstance(error, LimitedError) else of_error(error)
        if self.trouble is None or not _same(self.trouble, new):
            self.trouble = new
        end = _end(self.clock(), pause) if pause > 0 else None
        if end is None or self._left_until is None or abs(end - self._left_until) > _ROUNDING:
            self._left_until = end
        self._changed()

    def asked_in(self, uri: str, state: State | None) -> None:
        """The document the person works in now, and why nothing may be asked there; None when it may."""
        self._document = None if state is None else (uri, state)
        self._changed()

    def closed(self, uri: str) -> None:
        """The document is gone, and what concerns only it."""
        self.toggles.closed(uri)
        if self._document is not None and self._document[0] == uri:
            self._document = None
            self._changed()

    @contextmanager
    def generating(self) -> Iterator[None]:
        """While this is open, somebody waits for a generation."""
        self.writing += 1
        self._changed()
        try:
            yield
        finally:
            self.writing -= 1
            self._changed()

    def _once(self, state: State) -> State:
        return attrs.evolve(state, sentence=f"{state.sentence} {_ONCE}") if self.toggles.once else state

    def _left_alone(self, trouble: State) -> State:
        end = self._left_until
        return trouble if trouble.until or end is None or end <= self.clock() else left_alone(trouble, end)

    def _over(self, state: State) -> bool:
        return state.until is not None and state.until <= self.clock()

    def _changed(self) -> None:
        for changed in self._watchers:
            changed()


def _on_request(base: State) -> State:
    """The state while suggestions come, but not by themselves."""
    sentences = {
        READY.name: f"Suggestions come from the GitLab instance {ON_REQUEST}.",
        LOCAL.name: f"Suggestions come from the local engine {ON_REQUEST}; nothing leaves this machine.",
    }
    return attrs.evolve(base, sentence=sentences.get(base.name, base.sentence))


def _same(old: State, new: State) -> bool:
    """Whether they differ at most in when they end, and that by no more than rounding does."""
    if old.until is None or new.until is None:
        return old == new
    return old.name == new.name and abs(old.until - new.until) <= _ROUNDING
