"""The request for a place, exactly as it is sent."""

from __future__ import annotations

import asyncio

import attrs

from duo_lsp import wire
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy import redaction
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.settings import Settings
from duo_lsp.suggestions import context, intent
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.neighbours.gathering import Neighbours


@attrs.frozen
class Composer:
    """Puts requests together for one upstream under some settings."""

    upstream: Upstream
    settings: Settings
    redactor: Redactor
    """Remembers what is secret in the documents it has seen."""
    neighbours: Neighbours
    """Knows what may go along."""

    async def request(self, here: Here) -> wire.SuggestionRequest:
        """What would be sent for this cursor, without its secrets."""
        project = self.settings.project_path or await self.upstream.project(here.path)
        sent = here
        if self.settings.code_completion.enable_secret_redaction:
            if not redaction.is_prepared():  # who asks at once is not to hold up the loop for it
                await asyncio.to_thread(redaction.prepare)
            project, sent = redaction.line(project), context.redacted(here, self.redactor)
        items = await self.neighbours.items(here, sent, self.settings, self.upstream)
        return intent.detect(here, sent.above).applied_to(context.request(sent, project, items))
