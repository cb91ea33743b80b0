"""The package for Emacs by itself: its own tests, what Emacs' compiler and linters say, and how it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from duo_lsp import __version__, editor_setup
from editors.sums import COMMAND
from editors.terminal import program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PACKAGE = editor_setup.folder() / "emacs"
TESTS = Path(__file__).with_name("duo-lsp-test.el")
COMPILE = ("--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile")
CHECKDOC = """(progn (require 'checkdoc) (mapc #'checkdoc-file command-line-args-left)
                     (setq command-line-args-left nil))"""
LINT = (
    "-l",
    "package-lint",
    "--eval",
    '(setq package-lint-main-file "duo-lsp.el")',
    "-f",
    "package-lint-batch-and-exit",
)
"""It needs no archive to look packages up in, because ours wants nothing but Emacs."""
WITHOUT_LSP_MODE = """(setq load-path (seq-remove (lambda (folder) (string-search "elpa-src" folder)) load-path))"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, where compiled files do no harm."""
    folder = tmp_path / "package"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("*.elc", "*.md", "setup.el"))
    return folder


def batch(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """What Emacs says, run in this folder without anybody's configuration."""
    command = [program("emacs"), "-Q", "--batch", "-L", ".", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def sources(folder: Path) -> Sequence[str]:
    """The package's files."""
    return sorted(path.name for path in folder.glob("*.el"))


def test_its_own_tests_pass(package: Path, environment: dict[str, str]) -> None:
    done = batch(package, environment, "-l", str(TESTS), "-f", "ert-run-tests-batch-and-exit")
    assert done.returncode == 0, done.stdout + done.stderr
    ran = re.search(r"Ran (\d+) tests, (\d+) results as expected, 0 unexpected", done.stdout + done.stderr)
    assert ran is not None
    assert ran[1] == ran[2] == str(TESTS.read_text().count("(ert-deftest "))


@pytest.mark.parametrize("before", ["t", WITHOUT_LSP_MODE], ids=["with lsp-mode", "without"])
def test_it_compiles_without_a_warning(before: str, package: Path, environment: dict[str, str]) -> None:
    done = batch(package, environment, "--eval", before, *COMPILE, *sources(package))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_compiled_its_own_tests_pass_too(package: Path, environment: dict[str, str]) -> None:
    batch(package, environment, *COMPILE, *sources(package))
    done = batch(package, environment, "-l", str(TESTS), "-f", "ert-run-tests-batch-and-exit")
    assert done.returncode == 0, done.stdout + done.stderr


def test_checkdoc_finds_nothing(package: Path, environment: dict[str, str]) -> None:
    done = batch(package, environment, "--eval", CHECKDOC, *sources(package))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_package_lint_finds_nothing(package: Path, environment: dict[str, str]) -> None:
    done = batch(package, environment, *LINT, *sources(package))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_linters_would_find_something(package: Path, environment: dict[str, str]) -> None:
    (package / "duo-lsp-bad.el").write_text(
        ";;; duo-lsp-bad.el --- Bad -*- lexical-binding: t; -*-\n;;; Commentary:\n;; Bad.\n;;; Code:\n"
        "(defun bad () unknown)\n(provide 'duo-lsp-bad)\n"
        ";;; duo-lsp-bad.el ends here\n"
    )
    said = [batch(package, environment, *way, "duo-lsp-bad.el") for way in (COMPILE, ("--eval", CHECKDOC), LINT)]
    assert "unknown" in said[0].stderr
    assert "might as well have a documentation string" in said[1].stderr
    assert "\"bad\" doesn't start with package's prefix" in said[2].stdout + said[2].stderr


def test_it_names_the_version_it_belongs_to(package: Path) -> None:
    found = re.search(r"^;; Version: (.+)$", (package / "duo-lsp.el").read_text(), re.MULTILINE)
    assert found is not None
    assert __version__.startswith(found[1])


def test_loading_it_changes_nothing(package: Path, environment: dict[str, str]) -> None:
    code = """(let ((before (list (copy-sequence prog-mode-hook) post-command-hook (copy-keymap global-map))))
      (require 'duo-lsp)
      (princ (list (equal before (list prog-mode-hook post-command-hook global-map))
                   (featurep 'eglot) (featurep 'lsp-mode) (process-list))))"""
    done = batch(package, environment, "--eval", code)
    assert done.stdout == "(t nil nil nil)", done.stderr


def test_installed_as_a_package_its_commands_are_there(
    package: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    begin = f"""(progn (setq package-user-dir "{tmp_path}/elpa" package-archives nil) (package-initialize))"""
    batch(tmp_path, environment, "--eval", begin, "--eval", f'(package-install-file "{package}")')
    commands = "duo-lsp-mode duo-lsp-global-mode duo-lsp-ask duo-lsp-doctor duo-lsp-eglot-register"
    code = f"(princ (mapcar #'autoloadp (mapcar #'symbol-function '({commands}))))"
    done = batch(tmp_path, environment, "--eval", begin, "--eval", code)
    assert done.stdout == "(t t t t t)", done.stderr


def test_what_setup_prints_turns_it_on_where_code_is_written(tmp_path: Path, environment: dict[str, str]) -> None:
    done = subprocess.run([COMMAND, "setup", "emacs"], env=environment, capture_output=True, text=True, check=True)
    (tmp_path / "init.el").write_text(done.stdout)
    code = '(progn (find-file "a.py") (princ (list duo-lsp-mode duo-lsp-command)))'
    said = batch(tmp_path, environment, "-l", "init.el", "--eval", code)
    assert said.stdout == f"(t ({COMMAND}))", said.stderr
