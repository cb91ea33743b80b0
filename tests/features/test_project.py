"""The project on GitLab that the workspace's git remote names."""

import asyncio

import pytest

from duo_lsp import wire
from gitlab_server import Answer
from waiting import HANG

TEXT = "def add(first, second):\n    \n" + "value = 1\n" * 30


@pytest.fixture
def checkout(folder, gitlab_server):
    """The workspace is a clone from the instance."""
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {gitlab_server.url}/group/project.git\n')
    return folder


@pytest.mark.usefixtures("checkout")
async def test_the_project_of_the_remote_is_sent_and_asked_about_once(session, gitlab_server):
    gitlab_server.answer = "return first + second"
    await session.start()
    uri = session.open("src/app.py", TEXT)
    await session.offered(uri, 1, 4)
    assert gitlab_server.suggestions[0].json["project_path"] == "group/project"
    session.type(uri, 20, 0, "x")
    await session.ask(uri, 20, 1, invoked=True)
    paths = [request.path for request in gitlab_server.requests]
    assert paths.index(wire.COMPLETIONS_PATH) < paths.index(wire.ENABLED_PATH)
    assert paths.count(wire.ENABLED_PATH) == 1


@pytest.mark.usefixtures("checkout")
async def test_the_setting_comes_before_the_remote(session, gitlab_server):
    gitlab_server.answer = "return first + second"
    await session.start(options={"projectPath": "other/project"})
    uri = session.open("src/app.py", TEXT)
    await session.offered(uri, 1, 4)
    assert gitlab_server.suggestions[0].json["project_path"] == "other/project"


async def test_a_remote_elsewhere_is_nobodys_business(session, gitlab_server, checkout):
    (checkout / ".git" / "config").write_text('[remote "origin"]\n\turl = git@github.com:secret/name.git\n')
    gitlab_server.answer = "return first + second"
    await session.start()
    uri = session.open("src/app.py", TEXT)
    await session.offered(uri, 1, 4)
    assert "project_path" not in gitlab_server.suggestions[0].json
    assert b"secret" not in gitlab_server.suggestions[0].body


@pytest.mark.usefixtures("checkout")
async def test_a_project_that_is_off_gets_no_suggestions_and_the_state_says_so(session, gitlab_server):
    gitlab_server.answer = "return first + second"
    gitlab_server.others[wire.ENABLED_PATH] = Answer(status=403, body={"message": "403 Forbidden"})
    await session.start(options={"upstream": "gitlab"})
    uri = session.open("src/app.py", TEXT)
    await session.offered(uri, 1, 4)
    column = 0
    async with asyncio.timeout(HANG):
        while (await session.status())["state"] != "projectOff":
            session.type(uri, 20, column, "x")
            column += 1
            await session.ask(uri, 20, column, invoked=True)
    asked = len(gitlab_server.suggestions)
    session.type(uri, 22, 0, "y")
    assert await session.ask(uri, 22, 1, invoked=True) is None
    assert len(gitlab_server.suggestions) == asked
    told = [sentence for sentence in session.told if "group/project" in sentence]
    assert len(told) == 1
