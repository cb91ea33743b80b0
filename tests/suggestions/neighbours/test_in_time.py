"""A request never waits for a slow disk: it goes without what would have gone along."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from drawn import between
from duo_lsp import wire
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.disk import Disk, Seen
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.pipeline import Pipeline
from waiting import at_most, eventually

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    "


class GitLab(SignedOut):
    """Takes every request."""

    def __init__(self):
        self.requests = []

    def ready(self):
        return True

    async def complete(self, request, _on_text=None):
        self.requests.append(request)
        return wire.Answer(("return a + b",))


@pytest.fixture
def disk():
    """A disk that does not answer about slow.py until it may."""
    may = threading.Event()

    def look(path, _folders):
        if path.endswith("slow.py"):
            may.wait(30)
        return Seen(is_inside=True)

    made = Disk(look)
    made.may = may  # type: ignore[attr-defined]
    yield made
    may.set()


@pytest.fixture
async def pipeline(clock, disk):
    slow = LineDocument("file:///w/slow.py", "slow = True\n", 1, "python")
    desk = Desk(document={slow.uri: slow}.get, patience=1.0)
    desk.recent.touched(slow.uri)
    made = Pipeline(
        GitLab(),
        Settings(),
        cache=Cache(clock),
        status=Status(lambda: datetime.now(UTC)),
        gate=Gate(disk),
        desk=desk,
        clock=clock,
    )
    yield made
    await made.close()


async def test_a_suggestion_comes_in_time_from_a_request_that_went_without(pipeline, disk):
    sent = pipeline.upstream.requests
    async with at_most(5):
        outcome = await pipeline.suggest(between(CODE), invoked=True)
    assert outcome.suggestion.text == "return a + b"
    assert [request.context for request in sent] == [()]
    disk.may.set()
    await eventually(pipeline._neighbours._gathering.done)
    await pipeline.suggest(between(CODE + "c = "), invoked=True)
    assert [item.name for item in sent[-1].context] == ["slow.py"]


async def test_closing_does_not_wait_for_the_disk(pipeline, disk):
    await pipeline.suggest(between(CODE), invoked=True)
    async with at_most(5):
        await pipeline.close()
    assert not any("gather" in repr(task.get_coro()) for task in asyncio.all_tasks() if not task.done())
    disk.may.set()
