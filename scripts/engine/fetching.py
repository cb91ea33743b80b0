"""Fetches pinned packages from the registries this machine's pip and npm are set up for, into a cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.engine.packages import Package


def cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Where packages are kept between runs."""
    return Path(environment.get("DUO_LSP_PACKAGES") or Path.home() / ".cache/duo-lsp/packages")


def fetch(packages: Sequence[Package], folder: Path) -> dict[Package, Path]:
    """The unpacked sources; what is not there yet is downloaded. Raises `SystemExit` with a sentence."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [package for package in packages if not (folder / package.release).is_dir()]
    with tempfile.TemporaryDirectory(dir=folder) as work:
        for command, chosen in ((pip, "Python"), (npm, "JavaScript")):
            wanted = [package for package in missing if package.language == chosen]
            if wanted:
                print(f"fetching {', '.join(each.release for each in wanted)}", file=sys.stderr)
                _run(command(wanted, Path(work)), Path(work))
        for package in missing:
            unpack(package, Path(work), folder)
    return {package: folder / package.release for package in packages}


def pip(packages: Sequence[Package], work: Path) -> list[str]:
    """The command that downloads these, nothing but these, and only with these hashes."""
    lines = [f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n" for package in packages]
    (work / "wanted.txt").write_text("".join(lines), "utf-8")
    names = ",".join(package.name for package in packages)
    options = ["--quiet", "--no-input", "--no-deps", "--no-binary", names, "--require-hashes"]
    return [sys.executable, "-m", "pip", "download", *options, "-d", str(work), "-r", str(work / "wanted.txt")]


def npm(packages: Sequence[Package], work: Path) -> list[str]:
    """The same for npm, which checks no hash of ours: `unpack` does."""
    names = [f"{package.name}@{package.version}" for package in packages]
    return ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(work), *names]


def unpack(package: Package, work: Path, folder: Path) -> None:
    """Put the sources of a downloaded package into the cache, all or nothing."""
    archive = work / package.archive
    if not archive.is_file():
        sys.exit(
            f"{package.release} did not come. Ask `pip config list` and `npm config list` where packages come from."
        )
    if hashlib.sha256(archive.read_bytes()).hexdigest() != package.sha256:
        sys.exit(f"{package.archive} is not the file that was pinned. Look at it before you pin another one.")
    fresh = work / package.release
    with tarfile.open(archive) as opened:
        opened.extractall(fresh, filter="data")
    shutil.move(fresh, folder / package.release)


def _run(command: list[str], work: Path) -> None:
    try:
        done = subprocess.run(command, cwd=work, check=False, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        sys.exit(f"There is no {command[0]} here. Install it and run this again.")
    if done.returncode:
        sys.exit(f"{command[0]} could not fetch the packages; what it said stands above.")
