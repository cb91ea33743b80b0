"""The extension's package, built as its README says, in a copy: nothing is written beside the sources."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import filelock

from conftest import MACHINE
from editors.vscode import INSTALLED, NODE, ROOT, required

SOURCE: Final = ROOT / "editors/vscode"
_NOT_COPIED: Final = shutil.ignore_patterns("node_modules", "dist", "*.vsix")


@functools.cache
def package() -> Path:
    """The `.vsix`, once for this process."""
    required()
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
    """What `npm ci` installs for a folder's lock file; kept beside the editors, by what the file says."""
    lock = (folder / "package-lock.json").read_bytes()
    kept = INSTALLED / "modules" / hashlib.sha256(lock).hexdigest()[:16]
    kept.parent.mkdir(exist_ok=True)
    with filelock.FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            fresh = kept.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(folder / name, fresh)
            npm(fresh, "ci")
            fresh.rename(kept)
    return kept / "node_modules"
