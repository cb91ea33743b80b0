"""Real models for tests: llama.cpp's own HTTP server out of its wheel, on loopback (see `scripts/models`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from conftest import MACHINE

FOLDER = Path(MACHINE.get("DUO_LSP_MODELS") or Path.home() / ".cache/duo-lsp/models")
PYTHON = FOLDER / "python"
"""Where the wheel's package is."""
TINY = FOLDER / "tiny.gguf"
SMALL = FOLDER / "smollm2.gguf"

SERVE = """
import json, os, sys, xllamacpp
options = json.loads(sys.argv[1])
params = xllamacpp.CommonParams()
params.model.path = options["model"]
params.api_keys = options.get("keys", [])
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = options.get("context", 2048)
params.n_parallel = 1
params.n_batch = params.n_ubatch = options.get("batch", 128)  # what of the context these leave is for other files
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # several spin, and wait for one another
params.warmup = params.ui = False
params.endpoint_slots = True
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
os._exit(0)
"""


def need() -> None:
    """Skip without the models, unless they are required: in CI they are."""
    if (FOLDER / ".ready").exists():
        return
    if MACHINE.get("DUO_LSP_REQUIRE_MODELS"):
        pytest.fail("there are no models: run ./scripts/models")
    pytest.skip("run ./scripts/models once: it fetches llama.cpp and a small model")


def environment() -> dict[str, str]:
    """That of a process which finds llama.cpp."""
    return {**os.environ, "PYTHONPATH": str(PYTHON)}


@attrs.frozen
class Served:
    """A model that llama.cpp serves."""

    url: str

    def get(self, path: str) -> Any:
        asked = urllib.request.Request(self.url + path)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=10) as answer:
            return json.load(answer)

    @property
    def busy(self) -> bool:
        """Whether it works on something."""
        return any(slot["is_processing"] for slot in self.get("/slots"))

    @property
    def was_stopped(self) -> bool:
        """Whether what it worked on last was given up before its end."""
        return all(slot["next_token"][0]["has_next_token"] for slot in self.get("/slots"))

    def until_free(self, seconds: float = 10.0) -> None:
        """Wait until nothing is worked on."""
        deadline = time.monotonic() + seconds
        while self.busy:
            assert time.monotonic() < deadline, "the model still works"
            time.sleep(0.02)


@contextmanager
def running(model: Path, **options: Any) -> Iterator[Served]:
    """Start llama.cpp's server and wait until it listens."""
    need()
    argv = [sys.executable, "-c", SERVE, json.dumps({"model": str(model), **options})]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment()
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Served(process.stdout.readline().strip())
        finally:
            process.stdin.close()
            process.wait(10)
