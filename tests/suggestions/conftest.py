"""Pipelines."""

import asyncio
from datetime import UTC, datetime

import pytest

from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.pipeline import Pipeline
from suggestions.rig import UnreadDisk, admission


@pytest.fixture
async def make(clock):
    made = []

    def pipeline(upstream, settings=None, sleep=None):
        if upstream.admission:
            upstream.admission = admission(clock)

        async def no_wait(_):
            await asyncio.sleep(0)

        one = Pipeline(
            upstream,
            settings or Settings(),
            cache=Cache(clock),
            status=Status(lambda: datetime.now(UTC)),
            gate=Gate(UnreadDisk()),
            sleep=sleep or no_wait,
        )
        made.append(one)
        return one

    yield pipeline
    for one in made:
        await one.close()
