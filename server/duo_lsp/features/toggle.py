"""The commands duo.toggle and duo.dismissed: no suggestions for a while, or not this one."""

from __future__ import annotations

from typing import Any

from duo_lsp import toggling
from duo_lsp.errors import UsageError
from duo_lsp.features import aloud, status
from duo_lsp.session import DuoServer

COMMAND = "duo.toggle"
DISMISSED = "duo.dismissed"


def register(server: DuoServer) -> None:
    """Add the commands.

    `duo.toggle` answers with the state that is now. Without an argument all suggestions pause, or go on. Its one
    argument is an object or words: `{uri}` or "here" for a document (the one worked in last), `{language}` or "this
    language" for a language, each of which may add `{for: minutes}` or "for 30 minutes", which is enough by itself,
    too; `{once: true}` or "once" answers the next request as if somebody had asked by hand, whatever is paused and
    although `codeCompletion.trigger` is `invoked`. The same once more takes it back. A wrong argument changes nothing:
    a message says what may be given, and the answer has it as `error`.

    `duo.dismissed` takes the id that `duo.accepted` would get, or nothing for the last suggestion: it does not come
    again by itself at that place.
    """

    @server.command(COMMAND)
    def toggle(ls: DuoServer, *arguments: object) -> dict[str, Any]:
        try:
            toggling.toggle(ls, arguments)
        except UsageError as error:
            ls.tell(str(error))
            return {**status.report(ls), "error": str(error)}
        aloud.say(ls, ls.status.current.whole)
        return status.report(ls)

    @server.command(DISMISSED)
    def dismissed(ls: DuoServer, *arguments: object) -> None:
        if ls.suggestions is not None:
            ls.suggestions.dismissed(arguments[0] if arguments and isinstance(arguments[0], str) else "")
