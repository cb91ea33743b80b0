"""The process that serves a file: says its address, and ends when the other end of stdin does."""

from __future__ import annotations

import json
import os
import sys
from typing import Final

from duo_lsp.gateway.models import KEY_VARIABLE

CONTEXT: Final = 8192
"""Tokens; a model that was trained with less takes less."""
BATCH: Final = 1024
"""Tokens read at once: who gives up waits for no more, and `/infill` reads three quarters of it above the cursor."""
IDLE: Final = 600
"""Seconds without a question after which the model's memory is given back; the next question loads it again."""


def main() -> None:
    """Serve the file that is named, with the key in the environment, on this machine only."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.api_keys = [os.environ.pop(KEY_VARIABLE)]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.n_batch = BATCH
    # half of them: its threads spin while they wait for one another, and the editor wants to run as well
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) // 2)
    params.endpoint_slots = False
    params.ui = False
    params.sleep_idle_seconds = IDLE
    server = xllamacpp.Server(params)
    sys.stdout.write(json.dumps({"url": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    os._exit(0)  # the server's threads would be waited for


if __name__ == "__main__":
    main()
