"""The parts are made late and only once."""

import subprocess
import sys

import pytest

HEAVY = (
    *("httpx2", "httpcore2", "anyio", "starlette", "uvicorn", "truststore", "pathspec"),
    *("duo_lsp.gateway", "duo_lsp.chat.service", "duo_lsp.chat.page"),
)


@pytest.mark.parametrize("module", ["duo_lsp.app", "duo_lsp.features", "duo_lsp.cli"])
def test_nothing_heavy_is_loaded_before_it_is_needed(module):
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_command_line_starts_without_pygls():
    code = (
        "import sys, duo_lsp.cli; print([name for name in ('pygls', 'lsprotocol', 'asyncio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pygls" not in done.stdout
    assert "lsprotocol" not in done.stdout
