"""What every test stands on: a home of its own, an environment without tokens, a GitLab on loopback."""

from __future__ import annotations

import logging
import os
import platform
import signal
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import settings

import gitlab_server as gitlab
from clock import Clock
from duo_lsp import logs

settings.register_profile("patient", deadline=None)  # how long an example takes depends on what else runs here
settings.load_profile("patient")

MACHINE = dict(os.environ)
"""The environment as it was before any test changed it."""
_OURS = ("DUO_LSP_", "GITLAB_", "XDG_", "SSL_CERT_")
_SLOW = (
    "tests/shell/test_asking.py",
    "tests/test_bench_typing.py",
    "tests/test_cli.py",
    "tests/shell/test_examining.py",
    "tests/test_readme.py",
    "tests/shell/test_signing_in.py",
    "tests/gitlab/sign_in/test_processes.py",
    "tests/gitlab/test_local.py",
    "tests/clients/",
    "tests/features/test_chat",
    "tests/features/test_commands.py",
    "tests/features/test_completion.py",
    "tests/features/test_context.py",
    "tests/features/test_encodings.py",
    "tests/features/test_ending.py",
    "tests/features/test_faults.py",
    "tests/features/test_live.py",
    "tests/features/test_project.py",
    "tests/features/test_sign_in.py",
    "tests/features/test_silence.py",
    "tests/features/test_status.py",
    "tests/features/test_toggle.py",
    "tests/gateway/test_crowd.py",
    "tests/gateway/test_documents.py",
    "tests/gateway/test_lifetime.py",
    "tests/gateway/test_public.py",
    "tests/gateway/test_described.py",
    "tests/gateway/test_room.py",
    "tests/gateway/test_shared_limit.py",
    "tests/gateway/engines/test_llama_cpp.py",
    "tests/gateway/engines/test_openai.py",
    "tests/gateway/engines/test_whole_way.py",
    "tests/gateway/models/test_modelled.py::test_a_real_model",
    "tests/protocol/test_promises_",
    "tests/protocol/test_sessions.py",
    "tests/protocol/test_windows.py",
    "::test_any_script_of_edits",
    "::test_questions_given_up_at_random_moments",
    "::test_a_hundred_questions_leave_memory",
    "tests/gitlab/chat/test_rest.py::test_whatever_goes_wrong",
)
"""A process for every test, or thousands of examples: too long for the inner loop."""
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": ".run",
}


def pytest_configure() -> None:
    """Let processes be interrupted: a shell makes what it starts in the background ignore that, and so theirs."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> str:
    """The versions a failure depends on."""
    names = ("pygls", "lsprotocol", "httpx2", "starlette", "uvicorn")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {metadata.version(name)}" for name in names)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as slow what is so as a whole, and keep groups together where several processes share the tests."""
    for item in items:
        if any(part in item.nodeid for part in _SLOW):
            item.add_marker(pytest.mark.slow)
        if getattr(config.option, "loadgroup", False):
            _keep_in_group(item)


def _keep_in_group(item: pytest.Item) -> None:
    """Tests of a group run in one process; pytest-xdist 3.8 writes it where pytest 9.2 reads no name any more."""
    group = item.get_closest_marker("xdist_group")
    if group is not None and "@" not in item.nodeid.rpartition("]")[2]:
        item._id = type(item.id).parse(f"{item.nodeid}@{group.args[0]}")


def isolated(home: Path, machine: Mapping[str, str] = MACHINE) -> dict[str, str]:
    """The machine's environment without tokens, settings and proxies, and with this folder as home."""
    kept = {
        name: value
        for name, value in machine.items()
        if not name.startswith(_OURS) and name.lower() not in _PROXIES and name != "PYTHONPATH"
    }
    return kept | {name: str(home / below) for name, below in _FOLDERS.items()}


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; nothing of the person's own settings or tokens reaches a test."""
    folder = tmp_path_factory.mktemp("home")
    (folder / _FOLDERS["XDG_RUNTIME_DIR"]).mkdir(mode=0o700)  # platformdirs takes no other
    wanted = isolated(folder, os.environ)
    for name in set(os.environ) - set(wanted):
        monkeypatch.delenv(name)
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture(autouse=True)
def log_levels() -> Iterator[None]:
    """What a test makes loggers say, or not say, ends with it."""
    names = ("", "duo_lsp", *logs.TOO_TALKATIVE)
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The environment to start a process with; a test adds to it what it needs."""
    return isolated(home, os.environ)


@pytest.fixture(scope="session")
def machine() -> dict[str, str]:
    """The environment of the machine, for tools that need its own settings: pip, apt."""
    return dict(MACHINE)


@pytest.fixture
def clock() -> Clock:
    """Seconds that pass only when a test says so."""
    return Clock()


@pytest.fixture
def gitlab_server() -> Iterator[gitlab.GitLabServer]:
    """A GitLab-shaped server on loopback; see `gitlab_server.py` for what it can answer."""
    with gitlab.running() as server:
        yield server
