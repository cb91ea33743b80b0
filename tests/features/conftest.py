"""Sessions with the real server."""

import pytest

from features.session import Session


@pytest.fixture
def folder(tmp_path):
    """A workspace."""
    made = tmp_path / "workspace"
    made.mkdir()
    return made


@pytest.fixture
async def session(folder, environment, gitlab_server):
    """A session that knows a GitLab, not started yet."""
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    made = Session(folder, environment)
    yield made
    await made.end()


@pytest.fixture
async def local_session(folder, environment):
    """A session with no account, not started yet."""
    made = Session(folder, environment)
    yield made
    await made.end()
