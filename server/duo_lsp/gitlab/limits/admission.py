"""Whether GitLab may be asked now, and if not, why and until when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from duo_lsp.errors import DuoError, LimitedError, NoAccessError, RefusedError, SignInError
from duo_lsp.gitlab.limits.gate import Gate, Held
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.limits.rate_limit import BURST

TOO_MANY: Final = "Too many requests in the last minute; suggestions come back by themselves."
_Answer = TypeVar("_Answer")


class Admission:
    """Gates and rate limit of one kind of request; of what holds it, only a refused token holds another kind too.

    Without a limit nothing is counted and a 429 is only reported.
    """

    def __init__(
        self, host: str, clock: Callable[[], float], limit: Limit | None, beside: Admission | None = None
    ) -> None:
        """`clock` gives seconds, monotonic; `beside` is for another kind of request with the same token."""
        self._host = host
        self.sign_in: Gate = beside.sign_in if beside else Gate(clock, _is_about_token)
        self._gates = (self.sign_in, Gate(clock, lambda error: not _is_about_token(error)))
        self._limit = limit

    @property
    def refusal(self) -> RefusedError | None:
        """What the instance refuses with until somebody changes something; None when it does not."""
        return next((gate.refusal for gate in self._gates if gate.refusal is not None), None)

    @property
    def left(self) -> int | None:
        """Requests left this minute, as far as is known here; None when nobody counts."""
        return self._limit.bucket.left if self._limit is not None else None

    @property
    def share(self) -> float | None:
        """Of the requests that may go in one go, the share that may still go now; None when nobody counts."""
        return self._limit.bucket.counts.tokens / BURST if self._limit is not None else None

    async def look(self) -> None:
        """Learn what the other servers of this person have done."""
        if self._limit is not None:
            await self._limit.look()

    def expect(self) -> None:
        """The same beside what goes on, because somebody may ask soon."""
        if self._limit is not None:
            self._limit.expect()

    async def counted(self) -> None:
        """Wait until all that went is counted, for the other servers to see."""
        if self._limit is not None:
            await self._limit.counted()

    def held(self) -> Held | None:
        """Why nobody may ask now; None when somebody may."""
        return next((held for held in (gate.held() for gate in self._gates) if held is not None), self._slowed())

    async def admit(self, *, invoked: bool) -> Held | None:
        """Why a request may not go now; otherwise its token is taken."""
        held = self.held()
        if held is not None or self._limit is None or await self._limit.take(invoked=invoked):
            return held
        return self._slowed() or Held(TOO_MANY, 0.0)

    async def through(self, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Ask, and learn from how it goes. Raises DuoError: what asking raises, or what is known without asking."""
        held = self.held()
        if held is not None and held.error is not None:
            raise held.error
        entered = [(gate, gate.enter()) for gate in self._gates]
        try:
            answer = await ask()
        except DuoError as error:
            for gate, probe in entered:
                gate.failed(error, probe=probe)
            await self._slow_down(error)
            raise
        except BaseException:
            for gate, probe in entered:
                gate.left(probe=probe)
            raise
        self.reconsider()
        return answer

    def reconsider(self) -> None:
        """Forget what was refused and what failed: a request went well, or the settings have changed."""
        for gate in self._gates:
            gate.succeeded()

    def postpone(self) -> None:
        """Do not probe a refusal now."""
        for gate in self._gates:
            gate.postpone()

    async def _slow_down(self, error: DuoError) -> None:
        if isinstance(error, LimitedError) and self._limit is not None:
            await self._limit.hold(error.rest)

    def _slowed(self) -> Held | None:
        seconds = self._limit.bucket.held_for if self._limit is not None else 0.0
        if seconds <= 0:
            return None
        error = LimitedError(f"{self._host} asks us to slow down.", seconds)
        return Held(str(error), seconds, error)


def _is_about_token(error: DuoError) -> bool:
    """Whether nobody may do anything with this token; one without access to suggestions may still have it to chat."""
    return isinstance(error, SignInError) and not isinstance(error, NoAccessError)
