"""What every editor starts with: a repository, and the way to the test's GitLab."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from editors import vscode
from editors.sums import OPENING
from gitlab_server import GitLabServer


def pytest_sessionfinish() -> None:
    """Starting VS Code takes long, so that it runs until nobody can want it any more."""
    vscode.close_shared()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Who presses keys in a real editor on a busy machine gets more tries; the run counts that as a rerun.

    Whoever looks for what fails at all switches them off: `-p no:rerunfailures`.
    """
    for item in items if config.pluginmanager.hasplugin("rerunfailures") else ():
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one file."""
    folder = tmp_path / "project"
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    (folder / "sums.py").write_text(OPENING)
    return folder


@pytest.fixture
def to_gitlab(gitlab_server: GitLabServer) -> dict[str, str]:
    """The environment that sends requests to the test's GitLab."""
    return {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-the-test"}
