"""The wheel, in a bare virtual environment: what a person gets who installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import duo_lsp

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("package"), pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[1]
LOCKED = ROOT / "scripts/locked/run.txt"
OTHERS = ("3.12", "3.13", "3.14", "3.15")
BUILT = {"node_modules", "dist"}
"""What building an editor's package leaves beside its sources; nothing of it is for the wheel."""
IMPORT_ALL = """
import importlib, pkgutil, duo_lsp
for module in pkgutil.walk_packages(duo_lsp.__path__, "duo_lsp."):
    importlib.import_module(module.name)
    print(module.name)
"""


def run(*command: object, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    run(sys.executable, "-m", "pip", "wheel", *options, ROOT, environment=machine)
    return next(folder.glob("duo_lsp-*.whl"))


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Path:
    """The bin folder of an environment that holds the wheel and the locked requirements, nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    run(sys.executable, "-m", "venv", folder, environment=machine)
    pip = (folder / "bin/python", "-m", "pip", "install", "--quiet", "--no-input")
    run(*pip, "--require-hashes", "-r", LOCKED, environment=machine)
    run(*pip, "--no-deps", wheel, environment=machine)
    return folder / "bin"


def test_the_wheel_holds_the_package_and_every_editor_file(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    editors = [path.relative_to(ROOT) for path in (ROOT / "editors").rglob("*") if path.is_file()]
    ours = {f"duo_lsp/{path}" for path in editors if not BUILT & set(path.parts) and path.suffix != ".vsix"}
    assert {name for name in names if name.startswith("duo_lsp/editors/")} == ours
    assert "duo_lsp/cli.py" in names
    assert not [name for name in names if name.startswith(("tests", "scripts")) or "__pycache__" in name]


def test_it_needs_nothing_beyond_what_is_locked(bare, environment):
    assert "No broken requirements" in run(bare / "python", "-m", "pip", "check", environment=environment)


def test_the_command_says_its_version(bare, environment):
    assert run(bare / "duo-lsp", "--version", environment=environment) == f"duo-lsp {duo_lsp.__version__}\n"


def test_a_suggestion_comes_out_of_it(bare, environment, tmp_path):
    """A line that stands twice in the project is half written a third time."""
    known = "    return Settings(reading=environment, writing=output)\n"
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    for name in ("first", "second"):
        (project / f"{name}.py").write_text(f"def {name}(environment, output):\n{known}")
    (project / "third.py").write_text("import os\n\n\ndef third(environment, output):\n    return Settings(rea\n")
    printed = run(bare / "duo-lsp", "complete", project / "third.py:5:24", environment=environment)
    assert printed.startswith("ding=environment")


@pytest.mark.parametrize("editor", ["nvim", "emacs", "helix", "vscode"])
def test_set_up_points_into_what_was_installed(bare, environment, editor):
    printed = run(bare / "duo-lsp", "setup", editor, environment=environment)
    assert str(bare / "duo-lsp") in printed
    assert str(ROOT) not in printed
    if editor == "nvim":
        folder = printed.partition("append([[")[2].partition("]])")[0]
        assert Path(folder).is_relative_to(bare.parent)
        assert (Path(folder) / "lsp/duo_lsp.lua").is_file()
        assert (Path(folder) / "lua/duo_lsp/init.lua").is_file()


@pytest.mark.parametrize("version", OTHERS)
def test_every_module_can_be_imported_by_other_pythons(bare, environment, machine, version, tmp_path):
    """The locked requirements have wheels for them, and our own modules are read by them."""
    found = other_python(version, machine)
    if found is None:
        pytest.skip(f"there is no Python {version} on this machine")
    packages = next((bare.parent / "lib").glob("python*/site-packages"))
    theirs = ("--python-version", version, "--only-binary=:all:", "--no-deps", "--target", tmp_path)
    pip = (bare / "python", "-m", "pip", "install", "--quiet", "--no-input", *theirs)
    run(*pip, "--require-hashes", "-r", LOCKED, environment=machine)
    more = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(packages)]), "PYTHONDONTWRITEBYTECODE": "1"}
    imported = run(found, "-W", "error", "-c", IMPORT_ALL, environment={**environment, **more}).split()
    assert {"duo_lsp.app", "duo_lsp.cli", "duo_lsp.gateway.server", "duo_lsp.gitlab.client"} <= set(imported)


def other_python(version: str, machine: dict[str, str]) -> str | None:
    """A Python that runs: one of pyenv's, or one on PATH that is more than pyenv's signpost to nothing."""
    kept = Path(machine.get("PYENV_ROOT") or Path(machine.get("HOME", "/")) / ".pyenv") / "versions"
    candidates = [str(path) for path in sorted(kept.glob(f"{version}.*/bin/python3"))]
    for candidate in [*candidates, shutil.which(f"python{version}") or ""]:
        if (
            candidate
            and subprocess.run([candidate, "-c", ""], capture_output=True, env=machine, check=False).returncode == 0
        ):
            return candidate
    return None
