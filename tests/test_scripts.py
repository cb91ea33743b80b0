"""The scripts a person runs first: quick the second time, and clear when something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "env", "dirname", "cksum", "grep", "cat", "sed", "tail")
SCRIPTS = sorted(path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)


def run(*command: object, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def set_up() -> None:
    """These run in the checkout's own .venv; a test must not be what installs it."""
    ready = ROOT / ".venv/.ready"
    if not ready.exists() or f"run {ROOT} " not in ready.read_text():
        pytest.skip("run ./scripts/check once: it makes the .venv these use")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A checkout nobody has set up, as far as set-up looks at it."""
    shutil.copytree(ROOT / "scripts", tmp_path / "checkout/scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


def path_with(folder: Path, python3: str = "") -> str:
    """A PATH with a few tools and, maybe, this as `python3`; no other Python is on it."""
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    if python3:
        (folder / "python3").write_text(f"#!/bin/sh\n{python3}\n")
        (folder / "python3").chmod(0o755)
    return str(folder)


@pytest.mark.slow
@pytest.mark.usefixtures("set_up")
def test_the_second_try_is_quick_and_works_from_anywhere(tmp_path, environment):
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')\n")
    odd = {**environment, "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1", "VIRTUAL_ENV": "/nowhere"}
    set_up_at = (ROOT / ".venv/.ready").stat().st_mtime_ns
    done = run(ROOT / "scripts/try", environment=odd, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (ROOT / ".venv/.ready").stat().st_mtime_ns == set_up_at  # nothing was installed again
    assert "are offered '" in done.stdout
    assert "local engine" in done.stdout
    assert f"{Path('.venv/bin/duo-lsp')} setup nvim" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_python_too_old_is_one_line_that_says_what_to_do(fresh, tmp_path, environment):
    old = 'case "$*" in *exit*) exit 1 ;; *) echo 3.9 ;; esac'
    done = run(
        fresh / "scripts/try", environment={**environment, "PATH": path_with(tmp_path / "bin", old)}, folder=tmp_path
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("try: Python 3.11 or newer is needed, found: 3.9. Install it")
    assert line.endswith("(Debian: apt-get install python3 python3-venv) and run this again.")


def test_no_python_at_all_is_said_as_well(fresh, tmp_path, environment):
    done = run(
        fresh / "scripts/check", environment={**environment, "PATH": path_with(tmp_path / "bin")}, folder=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.startswith("check: Python 3.11 or newer is needed, found: none.")
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_venv_is_said_as_well(fresh, tmp_path, environment):
    without = f'case "$*" in *ensurepip*) exit 1 ;; *) exec "{sys.executable}" "$@" ;; esac'
    path = path_with(tmp_path / "bin", without)
    done = run(fresh / "scripts/try", environment={**environment, "PATH": path}, folder=tmp_path)
    assert done.returncode == 1
    assert "has no venv. Install it (Debian: apt-get install python3-venv)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_step_that_cannot_install_shows_what_pip_said(fresh, tmp_path, environment):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'No matching distribution' >&2\nexit 1\n")
    broken.chmod(0o755)
    path = path_with(
        tmp_path / "bin", f'case "$*" in *--clear*) mkdir -p "$4/bin"; cp "{broken}" "$4/bin/python" ;; esac'
    )
    for tool in ("mkdir", "cp"):
        Path(path, tool).symlink_to(shutil.which(tool) or tool)
    done = run(fresh / "scripts/try", environment={**environment, "PATH": path}, folder=tmp_path)
    assert done.returncode == 1
    assert "No matching distribution" in done.stderr
    assert "try: this failed: " in done.stderr


@pytest.mark.usefixtures("set_up")
def test_a_benchmark_that_is_not_there_is_answered_with_those_that_are(tmp_path, environment):
    done = run(ROOT / "scripts/bench", "nonsense", environment=environment, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    names = "changes, documents, engine, forwarding, gateway, http, overhead, protocol, redaction, rest, start, typing"
    assert done.stderr == f"bench: there is no nonsense; choose from {names}\n"


def test_an_option_that_check_does_not_know_is_refused(tmp_path, environment):
    done = run(ROOT / "scripts/check", "--fast", environment=environment, folder=tmp_path)
    assert done.returncode == 1
    assert "--quick" in done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_parses_and_says_what_it_is(name, tmp_path, environment):
    path = ROOT / "scripts" / name
    assert run("bash", "-n", path, environment=environment, folder=tmp_path).stderr == ""
    first, second = path.read_text().splitlines()[:2]
    assert first in ("#!/usr/bin/env bash", "# shellcheck shell=bash")
    assert second.startswith("# ")
    assert os.access(path, os.X_OK) == (name != "setup")
