"""What is done for an editor that drops what commands answer and never reads a file again: what a person sees."""

from pathlib import Path

import pytest

from duo_lsp import urls
from features.chat import range_of, run
from gitlab_server import Answer
from waiting import eventually

CODE = "def add(a, b):\n    return a + b\n\n\nprint(add(1, 2))\n"


@pytest.fixture
async def helix(session, gitlab_server):
    """A started session of Helix whose GitLab answers questions, with what it was told and shown."""
    gitlab_server.others["/api/v4/chat/completions"] = Answer(status=201, body="It adds.")
    session.name, session.ghost_text = "helix", False
    await session.start()
    await session.settled("ready")
    session.client.messages.clear()
    return session


def said(helix):
    return [message.message for message in helix.client.messages]


async def test_the_status_and_what_a_toggle_did_are_messages_every_time(helix):
    for _ in range(2):
        await helix.status()
    assert said(helix)[:2] == ["Suggestions come from the GitLab instance."] * 2
    await helix.toggle()
    assert said(helix)[2:] == ["Suggestions are paused. Run the command duo.toggle to go on."]


async def test_so_are_what_went_wrong_with_a_question_and_a_new_conversation(helix):
    await run(helix, "duo.explain", {"place": "/nowhere.py:1-2"})
    await run(helix, "duo.newChat")
    await run(helix, "duo.chat", {"show": "document"})
    assert said(helix) == [
        "The editor has not opened this document here. Open it, or send its selection.",
        "The next question begins a new conversation.",
        "Nobody has asked anything in this folder yet. Ask about the code first.",
    ]


async def test_lines_of_a_file_are_a_place_to_ask_about(helix, gitlab_server):
    helix.open("é [1].py", CODE)
    place = f"{helix.folder}/é [1].py"
    await run(helix, "duo.chat", {"place": f"{place}:1-2", "question": "why?"})
    await run(helix, "duo.explain", {"place": f"{place}:2-2"})
    texts = [request.json["additional_context"] for request in gitlab_server.requests if "chat" in request.path]
    assert [str(one).count("return a + b") > 0 for one in texts] == [True, True]
    assert said(helix) == []


async def test_every_answer_is_shown_under_a_name_of_its_own_with_the_whole_conversation(helix):
    uri = helix.open("sums.py", CODE)
    for question in ("one?", "two?"):
        await run(helix, "duo.chat", {"question": question, "uri": uri, "range": range_of(0, 1)})
    await run(helix, "duo.chat", {"show": "document"})
    shown = helix.client.shown_documents
    await eventually(lambda: len(shown) == 3)
    pages = [read(params.uri) for params in shown]
    assert len({params.uri for params in shown}) == 3
    assert [page.count("> ") for page in pages] == [1, 2, 2]
    lines = pages[2].split("\n")
    assert lines[shown[2].selection.start.line + 2] == "> two?"


def read(uri):
    return Path(urls.document_path(uri)).read_text("utf-8")
