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
def gitlab_url(gitlab_server):
    """Where the GitLab of a session is."""
    return gitlab_server.url


@pytest.fixture
async def session(folder, environment, gitlab_url):
    """A session that knows a GitLab, not started yet."""
    environment |= {"GITLAB_URL": gitlab_url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    made = Session(folder, environment)
    yield made
    await made.end()


@pytest.fixture
async def local_session(folder, environment):
    """A session with no account, not started yet."""
    made = Session(folder, environment)
    yield made
    await made.end()


@pytest.fixture
def stderr(session, local_session):
    """Everything the server writes to stderr."""
    written = []
    for one in (session, local_session):
        start = one.client.start_io

        async def spying(*args, one=one, start=start, **kwargs):
            await start(*args, **kwargs)
            server = one.client._server
            assert server is not None
            feed = server.stderr.feed_data

            def spy(data):
                written.append(data.decode("utf-8", "replace"))
                feed(data)

            server.stderr.feed_data = spy

        one.client.start_io = spying
    return written
