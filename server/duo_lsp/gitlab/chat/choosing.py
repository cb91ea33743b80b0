"""Which way to ask: REST, and for good GraphQL where there is no chat over REST."""

from __future__ import annotations

import logging

from duo_lsp.chat_errors import UnreadableError
from duo_lsp.errors import DuoError, NotThereError, OfflineError
from duo_lsp.gitlab.chat.graphql import GraphQLChat
from duo_lsp.gitlab.chat.rest import Asker, RestChat
from duo_lsp.gitlab.chat.said import OnText
from duo_lsp.wire_chat import ChatRequest, ChatTransport

log = logging.getLogger(__name__)


class Choosing:
    """Asks by REST until it turns out that there is no chat there, which is so at most instances.

    GitLab answers 404 for what this person may not read, too. So it counts only once GraphQL knew better.
    """

    def __init__(self, rest: ChatTransport, graphql: ChatTransport) -> None:
        self._rest = rest
        self._graphql = graphql
        self.switched = False
        """Whether REST is not asked any more."""

    async def ask(self, request: ChatRequest, on_text: OnText) -> str:
        """The answer, whichever way it comes. Raises DuoError."""
        if not self.switched:
            try:
                return await self._rest.ask(request, on_text)
            except NotThereError:
                log.info("there is no chat over REST; GraphQL is asked")
        try:
            answer = await self._graphql.ask(request, on_text)
        except (NotThereError, UnreadableError, OfflineError):
            raise
        except DuoError:
            self.switched = True
            raise
        self.switched = True
        return answer


def of(asker: Asker) -> ChatTransport:
    """The chat with an instance."""
    return Choosing(RestChat(asker), GraphQLChat(asker))
