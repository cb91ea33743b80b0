"""One question and what became of it; what was asked is kept, to be asked again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from duo_lsp.chat.asked import Asked
from duo_lsp.chat.safe_markdown import safe
from duo_lsp.errors import DuoError

OK: Final = "ok"
INTERRUPTED: Final = "interrupted"
STOPPED: Final = "You stopped it. Run the command duo.retry to ask again."


@attrs.frozen
class Exchange:
    """One question, and what became of it."""

    id: str
    asked: Asked
    at: datetime
    """Where the person is."""
    answer: str = ""
    """Harmless Markdown; what had come of it where it was interrupted."""
    state: str = OK
    """`ok`, or the name of what went wrong."""
    trouble: str = ""
    """The same in a sentence and what to do, harmless too."""
    warnings: tuple[str, ...] = ()
    """What the person should know of what went along."""

    @property
    def interrupted(self) -> bool:
        """Whether an answer began that has no end."""
        return self.state == INTERRUPTED or (bool(self.answer) and self.state != OK)

    @property
    def shown(self) -> str:
        """What stands where the answer belongs: it, what is missing of it, or why there is none."""
        if not self.trouble or not self.answer:
            return self.answer or self.trouble
        return f"{self.answer.rstrip()}\n\n*Interrupted.* {self.trouble}"

    def answered(self, answer: str) -> Exchange:
        """The same with its whole answer."""
        return attrs.evolve(self, answer=answer)

    def failed(self, partial: str, error: DuoError) -> Exchange:
        """The same, with what had come of the answer, and why there is no more."""
        return attrs.evolve(self, answer=partial, state=error.state, trouble=safe(str(error)))

    def stopped(self, partial: str) -> Exchange:
        """The same, ended by the person."""
        return attrs.evolve(self, answer=partial, state=INTERRUPTED, trouble=STOPPED)


@attrs.define
class Conversation:
    """One conversation, as far as it has to be known here: GitLab remembers what was said."""

    name: str
    begun: bool = False
    """Whether GitLab knows that it is a new one."""
