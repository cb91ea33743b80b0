"""An upstream that says what a test wants, when it wants it, for the real pipeline."""

import asyncio

from duo_lsp import wire
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions import context
from duo_lsp.suggestions.disk import Disk, Seen

URI = "file:///home/me/project/src/app.py"
CODE = "import os\nimport sys\n\n\ndef main():\n    a = 1\n    b = 2\n    "


def here(typed="", after="\n", uri=URI, code=CODE):
    """The cursor right behind what was typed."""
    text = code + typed
    document = LineDocument(uri, text + after, 1, "python", "utf-16")
    lines = text.split("\n")
    return context.at(document, len(lines) - 1, len(lines[-1]), ("/home/me/project",))


def admission(clock=lambda: 0.0):
    return Admission("gitlab.example", clock, Limit(clock))


class Upstream:
    """Answers what it is told, when it is told; to GitLab's, the rules for GitLab apply.

    An answer is a text, several of them, or an error. `gate` holds all, `gates` those of single requests.
    """

    local = False
    host = "gitlab.example"
    fallen = None

    def __init__(self, *answers, local=False):
        self.answers = list(answers) or ["return a + b"]
        self.local = local
        self.admission = None if local else admission()
        self.requests = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.gates = {}
        self.streams = []
        """Each takes a piece of an answer that comes in pieces."""
        self.ended = 0
        """Requests that were given up."""
        self.is_ready = True
        self.warmed = 0

    async def warm_up(self):
        self.warmed += 1
        await self.gate.wait()
        self.is_ready = True

    def ready(self):
        return self.is_ready

    def use_workspaces(self, *_): ...

    def files_changed(self, paths): ...

    async def project(self, _path):
        return ""

    async def exclusions(self, _project):
        return ()

    async def admit(self, *, invoked):
        return await self.admission.admit(invoked=invoked) if self.admission else None

    def reconsider(self):
        if self.admission:
            self.admission.reconsider()

    async def complete(self, request, on_text):
        self.streams.append(on_text)
        return await (self.admission.through(lambda: self.answer(request)) if self.admission else self.answer(request))

    async def answer(self, request):
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        try:
            await self.gates.get(len(self.requests), self.gate).wait()
        except asyncio.CancelledError:
            self.ended += 1
            raise
        if isinstance(answer, Exception):
            raise answer
        texts = answer if isinstance(answer, tuple) else (answer,) * bool(answer)
        return wire.Answer(texts, reason="" if texts else "Unsure.")

    async def close(self): ...


class UnreadDisk(Disk):
    """It has no ignore files, and says so at once."""

    async def see(self, path, _folders):
        return Seen(in_project=path)


def asks(pipeline, typed="", *, invoked=False, **where):
    """A request under way."""
    return asyncio.ensure_future(pipeline.suggest(here(typed, **where), invoked=invoked))


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)
