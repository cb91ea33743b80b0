"""What can go wrong in a chat only; the tree is drawn in `errors`."""

from __future__ import annotations

from duo_lsp.errors import CutShortError, RefusedError, SignInError, UpstreamError


class InterruptedAnswerError(CutShortError):
    """The same of an answer in a chat, of which what had come is kept."""

    remedy = "Ask again."

    def __init__(self, sentence: str, remedy: str | None = None, *, partial: str = "") -> None:
        super().__init__(sentence, remedy)
        self.partial = partial
        """What had come of the answer."""


class SignedOutError(SignInError):
    """GitLab is wanted, but there is no token: nobody was asked."""

    state = "signedOut"
    remedy = "Run `duo-lsp login`, or set a token."


class NoAnswerError(UpstreamError):
    """The chat was asked and has nothing to say."""

    state = "noAnswer"
    remedy = "Ask again, perhaps in other words."


class EmptyAnswerError(NoAnswerError):
    """Its answer is empty."""

    state = "empty"


class ApologyError(NoAnswerError):
    """Its answer is an apology instead of an answer."""

    state = "apology"


class NoModelError(NoAnswerError):
    """There is no model to chat with."""

    state = "noModel"
    remedy = "To add one, run `duo-lsp login` for GitLab Duo's."


class UnreadableError(RefusedError):
    """404: what a question is about is not there for this person; GitLab does not tell that from its not being there.

    Other questions may well be answered.
    """

    state = "unreadable"
    remedy = "Check its number and that you may read it, and that GitLab Duo is turned on for its project."
