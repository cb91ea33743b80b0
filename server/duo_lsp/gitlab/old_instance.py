"""Suggestions of GitLab before 16.3 (GitLab documentation, api/code_suggestions, history)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from duo_lsp import wire
from duo_lsp.errors import BadAnswerError, NotThereError, SignInError
from duo_lsp.gitlab import answers, versions
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.instance import Instance, bearer
from duo_lsp.gitlab.short_tokens import ShortTokens

MODEL_GATEWAY_HEADERS: Final = {"X-Gitlab-Authentication-Type": "oidc"}


class OldInstance:
    """Asks with a second, short-lived token: 16.2 itself, and for 16.1 its model gateway, where one is set."""

    def __init__(self, instance: Instance, model_gateway: Instance | None, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._instance = instance
        self._model_gateway = model_gateway
        self._tokens = ShortTokens(self._fetch, clock)

    async def complete(self, request: wire.SuggestionRequest, version: str) -> wire.Answer:
        """Ask for a suggestion as this version wants it. Raises UpstreamError."""
        try:
            if (versions.read(version) or versions.OLDEST) >= versions.OLDEST:
                return await self._ask_itself(request)
            if self._model_gateway is None:
                raise versions.missing(self._instance.host, version)
            return await self._ask_model_gateway(self._model_gateway, request)
        except NotThereError as refusal:
            raise versions.missing(self._instance.host, version) from refusal
        except SignInError:
            self._tokens.forget()
            raise

    async def _ask_itself(self, request: wire.SuggestionRequest) -> wire.Answer:
        token = await self._tokens.current()
        call = Call("POST", wire.COMPLETIONS_PATH, request.body(), {wire.OIDC_HEADER: token.reveal()})
        return await self._instance.ask(call, partial(answers.suggestion, None))

    async def _ask_model_gateway(self, gateway: Instance, request: wire.SuggestionRequest) -> wire.Answer:
        token = await self._tokens.current()
        call = Call("POST", wire.MODEL_GATEWAY_PATH, request.model_gateway_body(), MODEL_GATEWAY_HEADERS)
        return await gateway.ask_with(bearer(token), call, partial(answers.suggestion, None))

    async def _fetch(self) -> wire.ShortToken:
        body = await self._instance.ask_privately(Call("POST", wire.TOKENS_PATH), answers.value)
        try:
            return wire.read_short_token(body)
        except ValueError as problem:
            raise BadAnswerError(f"{self._instance.host} gave no token for suggestions.") from problem
