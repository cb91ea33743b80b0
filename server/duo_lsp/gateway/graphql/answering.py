"""POST /api/graphql: who one is, a question to the chat, and its answer."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from duo_lsp.gateway import play, reading, refusals, tokens
from duo_lsp.gateway.chat import asking
from duo_lsp.gateway.chat.history import Histories
from duo_lsp.gateway.chat.talking import APOLOGY, CODE, EngineFailedError, Talk
from duo_lsp.gateway.engines import Role
from duo_lsp.gateway.graphql import checking, executing, parsing, talk
from duo_lsp.gateway.graphql.parsing import Operation, ParseError
from duo_lsp.gateway.limit import Limits, Rule
from duo_lsp.gateway.parameters import Anything, Fields, Text
from duo_lsp.gateway.play import Play
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.tokens import Tokens
from duo_lsp.gateway.users import User
from duo_lsp.wire_chat import ChatRequest

ACTIONS: Final = 160
"""Questions in `WINDOW` seconds for one person, GitLab's limit."""
WINDOW: Final = 8 * 3600
LONGEST: Final = 300.0
"""Seconds an answer may take; nobody listens who could go away."""
NOT_YOURS: Final = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)
ELSEWHERE: Final = "That was asked at another gateway: the load balancer has to send one person always to the same."
LEGACY: Final = ""
DOCUMENT: Final[Fields] = {"query": Text(), "variables": Anything(), "operationName": Text()}
"""POST /api/graphql; what is wrong with it is told in an answer of GraphQL's."""
_IS_REQUEST: Final = re.compile(r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.ASCII)
_THREAD: Final = "gid://gitlab/Ai::Conversation::Thread/"
_ME: Final[Mapping[str, Any]] = {
    "__typename": "CurrentUser",
    "id": "gid://gitlab/User/1",
    "duoChatAvailable": True,
    "duoClassicChatAvailable": True,
    "duoChatAvailableFeatures": ["include_file_context", "include_snippet_context"],
    "codeSuggestionsContexts": ["open_tabs"],
}

Resolver = Callable[[Mapping[str, Any], User | None], Awaitable[Any]]
"""Answers one field: its arguments, and who asks."""


class SaysNoError(Exception):
    """Ends the work on an operation with one of GitLab's sentences."""


class GraphQL:
    """Answers one operation at a time; questions are worked on beside, for as long as it takes."""

    def __init__(
        self, talking: Talk, histories: Histories, doors: Tokens, played: Play, limits: Limits, rule: Rule
    ) -> None:
        self._talk = talking
        self._histories = histories
        self._tokens = doors
        self._play = played
        self._limits = limits
        self._rule = rule
        self._jobs: set[asyncio.Task[None]] = set()
        self._tag = uuid.uuid4().hex[:12]
        """What every request id ends with here, so that a question to another gateway is told apart from none."""

    async def answer(self, request: Request) -> Response:
        """POST /api/graphql: whatever is wrong with the document is said with status 200."""
        user = self._admit(request) if tokens.of(request) else None
        body = await reading.json_object(request)
        await self._play.strike(request.url.path)
        variables = body.get("variables") or {}
        if not isinstance(body.get("query"), str) or not isinstance(variables, dict):
            return _errors("No query string was present")
        try:
            operation = parsing.read(body["query"])
        except ParseError as problem:
            return _errors(str(problem))
        wrong = checking.complaints(operation, variables, self._play.version)
        if wrong:
            return _errors(*wrong)
        try:
            return JSONResponse({"data": await self._data(operation, variables, user)})
        except SaysNoError as no:
            return _errors(str(no))

    def _admit(self, request: Request) -> User:
        try:
            return self._tokens.identify(request)
        except RefusedError:
            raise RefusedError(refusals.BAD_GRAPHQL_TOKEN) from None

    async def _data(self, operation: Operation, variables: Mapping[str, Any], user: User | None) -> dict[str, Any]:
        resolve: dict[str, Resolver] = {
            "currentUser": self._current_user,
            "aiMessages": self._messages,
            "aiAction": self._act,
            "__typename": _root(operation),
        }
        data = {}
        for field in operation.selections:
            value = await resolve[field.name](executing.arguments(field, variables), user)
            data[field.alias] = executing.picked(value, field)
        return data

    async def _current_user(self, _: Mapping[str, Any], user: User | None) -> Any:
        if user is None:
            return None
        suggests = self._play.has(play.SUGGESTIONS)
        return {**_ME, "username": user.name, "name": user.name, "duoCodeSuggestionsAvailable": suggests}

    async def _messages(self, asked: Mapping[str, Any], user: User | None) -> Any:
        if user is None:
            return {"nodes": []}
        roles = [cast("Role", str(role).lower()) for role in executing.listed(asked.get("roles"))]
        requests = [str(each) for each in executing.listed(asked.get("requestIds"))]
        if any(_IS_REQUEST.fullmatch(each) and not each.endswith(self._tag) for each in requests):
            raise SaysNoError(ELSEWHERE)
        found = self._histories.of(user.name, self._existing(user, asked.get("threadId"))).of(
            requests or None, roles or None
        )
        return {"__typename": "AiMessageConnection", "nodes": [talk.node(message) for message in found]}

    async def _act(self, asked: Mapping[str, Any], user: User | None) -> Any:
        given = asked["input"]
        if user is None or not user.works:
            raise SaysNoError(NOT_YOURS)
        if not isinstance(given.get("chat"), dict):
            raise SaysNoError("Only one method argument is required")
        if not await self._limits.admits(self._rule, user.name):
            raise SaysNoError(refusals.TOO_MANY)
        request = talk.question(given)
        if not request.content.strip():
            raise SaysNoError("content can't be blank")
        thread = self._thread(user, given)
        request_id = str(uuid.uuid4())[: -len(self._tag)] + self._tag
        job = asyncio.ensure_future(self._work(user, asking.forwarded(request), thread, request_id))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return {"__typename": "AiActionPayload", "requestId": request_id, "threadId": thread or None, "errors": []}

    def _thread(self, user: User, given: Mapping[str, Any]) -> str:
        """The conversation a question belongs to: an existing one, one of its own, or the nameless."""
        if given.get("threadId") is None and given.get("conversationType") in ("DUO_CHAT", "DUO_QUICK_CHAT"):
            thread = f"{_THREAD}{uuid.uuid4().int % 10**12}"
            self._histories.of(user.name, thread)
            return thread
        return self._existing(user, given.get("threadId"))

    def _existing(self, user: User, thread: Any) -> str:
        if thread is None:
            return LEGACY
        if not self._histories.has(user.name, thread):
            raise SaysNoError("Thread not found. It may have expired.")
        return str(thread)

    async def _work(self, user: User, request: ChatRequest, thread: str, request_id: str) -> None:
        history = self._histories.of(user.name, thread)
        try:
            async with asyncio.timeout(LONGEST):
                async for _ in self._talk.answer(request, history, request_id):
                    pass
        except (EngineFailedError, RefusedError, TimeoutError):
            history.add("assistant", APOLOGY, request_id, (f"{APOLOGY} {CODE}",))


def _errors(*messages: str) -> Response:
    return JSONResponse({"errors": [{"message": message} for message in messages]})


def _root(operation: Operation) -> Resolver:
    async def name(_: Mapping[str, Any], __: User | None) -> str:
        return operation.kind.capitalize()

    return name
