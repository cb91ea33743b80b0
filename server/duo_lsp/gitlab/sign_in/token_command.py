"""A command of the person's own that prints a token, such as a password manager's."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in import timebox
from duo_lsp.privacy.secrets import Secret

SECONDS: Final = 10.0
MAX_BYTES: Final = 16 << 10
_REMEDY: Final = (
    "Run the command of the setting tokenCommand in a terminal to see why; in the editor, duo.signIn tries it again."
)


def run(command: Sequence[str], environment: Mapping[str, str], seconds: float = SECONDS) -> Secret:
    """The token it prints. Blocks, at most for so long. Raises LoginError, which never quotes what was printed."""
    program = _program(command[0], environment)
    try:
        process = subprocess.Popen(  # noqa: S603 - a list, no shell; the person set it, no workspace can
            [program, *command[1:]],
            env=dict(environment),
            cwd=Path.home(),  # never the workspace: what it starts in turn must not come from there
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as problem:
        raise LoginError(f"tokenCommand cannot be started ({problem.strerror}).", _REMEDY) from problem
    try:
        return _token(timebox.within(seconds, lambda: _printed(process)))
    except TimeoutError as problem:
        _end(process)
        raise LoginError(f"tokenCommand printed no token within {seconds:g} s.", _REMEDY) from problem
    except LoginError:
        _end(process)
        raise


def _program(name: str, environment: Mapping[str, str]) -> str:
    """The program's whole path; one that would be looked for in the current folder could be a repository's."""
    named = Path(name).expanduser()
    if named.is_absolute():
        return str(named)
    if any(mark in name for mark in "/\\"):
        raise LoginError("tokenCommand must begin with a name or with a whole path.", "Write its whole path.")
    folders = [folder for folder in environment.get("PATH", "").split(os.pathsep) if Path(folder).is_absolute()]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None or not Path(found).is_absolute():
        raise LoginError(f"tokenCommand: there is no program {name}.", "Install it, or write its whole path.")
    return found


def _printed(process: subprocess.Popen[bytes]) -> bytes:
    text = b""
    if process.stdout is not None:
        with process.stdout as stream:
            text = stream.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise LoginError(f"tokenCommand printed more than {MAX_BYTES >> 10} KiB.", _REMEDY)
    if code := process.wait():
        raise LoginError(f"tokenCommand ended with exit code {code}.", _REMEDY)
    return text


def _token(printed: bytes) -> Secret:
    try:
        token = Secret(printed.decode("ascii"))
    except ValueError as problem:
        raise LoginError("tokenCommand printed something that is no token.", _REMEDY) from problem
    if not token:
        raise LoginError("tokenCommand printed nothing.", _REMEDY)
    return token


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and whatever it started."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
