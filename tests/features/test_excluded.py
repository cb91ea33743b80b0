"""Files that a project or its people keep from assistants, through a real session."""

from duo_lsp import wire
from gitlab_server import Answer

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    \n"
AT = (7, 4)


async def ask(session, name):
    uri = session.open(name, CODE)
    await session.ask(uri, *AT, invoked=True)
    return await session.status()


async def test_ignore_files_for_assistants_keep_a_file_at_home_and_the_state_says_so(session, gitlab_server, folder):
    gitlab_server.answer = "return a + b"
    (folder / "private").mkdir()
    (folder / ".aiexclude").write_text("private/*\n!private/ok.py\n")
    (folder / ".gitignore").write_text("*.py\n")
    await session.start()
    await session.settled("ready")
    found = await ask(session, "private/a.py")
    assert (found["state"], found["sentence"]) == (
        "excluded",
        "This file is never sent: private/* in .aiexclude excludes it.",
    )
    assert gitlab_server.requests == []
    assert (await ask(session, "private/ok.py"))["state"] == "ready"
    assert len(gitlab_server.suggestions) == 1  # what git ignores may be the open file


async def test_the_projects_own_rules_are_asked_for_once_and_hold(session, gitlab_server):
    rules = {"data": {"project": {"duoContextExclusionSettings": {"exclusionRules": ["secret/*", "!secret/ok.py"]}}}}
    gitlab_server.others[wire.GRAPHQL_PATH] = Answer(body=rules)
    gitlab_server.answer = "return a + b"
    await session.start(options={"projectPath": "group/project"})
    await session.settled("ready")
    for name, state in (("secret/a.py", "excluded"), ("secret/ok.py", "ready"), ("b.py", "ready")):
        assert (await ask(session, name))["state"] == state
    assert len(gitlab_server.suggestions) == 2
    assert [request.path for request in gitlab_server.requests].count(wire.GRAPHQL_PATH) == 1
    assert gitlab_server.requests[0].path == wire.GRAPHQL_PATH
    assert not any("excludes" in told for told in session.told)


async def test_rules_that_cannot_be_fetched_are_told_once_and_the_open_file_is_sent(session, gitlab_server):
    gitlab_server.others[wire.GRAPHQL_PATH] = Answer(status=500)
    gitlab_server.answer = "return a + b"
    await session.start(options={"projectPath": "group/project"})
    await session.settled("ready")
    for name in ("a.py", "b.py"):
        assert (await ask(session, name))["state"] == "ready"
    assert len(gitlab_server.suggestions) == 2
    assert len([told for told in session.told if "excludes from GitLab Duo could not be fetched" in told]) == 1
