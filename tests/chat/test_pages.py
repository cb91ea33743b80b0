"""The conversation's file: newest at the end, whole, bounded, and nobody else's."""

import os
import re
import stat
from datetime import datetime

import attrs
import filelock
import pytest

from chat import rendered
from duo_lsp.chat import page
from duo_lsp.chat.asked import Asked, Selection
from duo_lsp.chat.conversation import Exchange
from duo_lsp.chat.pages import COPIES, Pages, Written
from duo_lsp.errors import DuoError, SlowError

AT = datetime(2026, 11, 21, 14, 5)  # noqa: DTZ001 - a place has no zone on paper
WHERE = Selection("file:///w/a%20b/app.py", "/w/a b/app.py", "a b/app.py", "x\n", 9, 39)


def exchange(question="why?", answer="It adds.", **more):
    return attrs.evolve(Exchange("1", Asked(question, WHERE), AT, answer=answer), **more)


def test_an_exchange_has_its_question_quoted_a_link_back_and_its_answer():
    assert page.exchange(exchange("why?\nreally?", "Because:\n\n```python\nx\n```\n")) == (
        "## Asked on 2026-11-21 at 14:05\n\n> why?\n> really?\n\n"
        "[a b/app.py, lines 10-40](file:///w/a%20b/app.py#L10-L40)\n\nBecause:\n\n```python\nx\n```\n"
    )


def test_a_failure_and_a_warning_stand_in_it():
    told = page.exchange(exchange(answer="", warnings=("Look.",)).failed("", SlowError("It was slow.", "Wait.")))
    assert told.endswith("*Look.*\n\nIt was slow. Wait.\n")


def test_a_partial_answer_stays_and_is_marked():
    told = page.exchange(exchange().stopped("It ad"))
    assert told.endswith("It ad\n\n*Interrupted.* You stopped it. Run the command duo.retry to ask again.\n")


@pytest.mark.parametrize(
    ("selection", "link"),
    [
        (attrs.evolve(WHERE, last_line=9), "[a b/app.py, line 10](file:///w/a%20b/app.py#L10-L10)"),
        (attrs.evolve(WHERE, uri="untitled:1"), "a b/app.py, lines 10-40"),
        (attrs.evolve(WHERE, uri="command:evil"), "a b/app.py, lines 10-40"),
        (attrs.evolve(WHERE, uri="file:///x) [y](z"), "[a b/app.py, lines 10-40](file:///x%29%20%5By%5D%28z#L10-L40)"),
        (
            attrs.evolve(WHERE, name="my_a](b)\n<i>"),
            "[my_a&#93;(b) &#60;i&#62;, lines 10-40](file:///w/a%20b/app.py#L10-L40)",
        ),
    ],
)
def test_the_link_leads_to_a_file_and_nowhere_else(selection, link):
    made = page.link(selection)
    assert made == link
    assert len(rendered.harm(made)) == (1 if link.startswith("[") else 0)


@pytest.mark.parametrize("name", ["![a](https:/e.example/a.py)", "<img src=x>", "[a](command:x)", "`"])
def test_a_warning_that_names_a_file_is_as_harmless(name):
    one = attrs.evolve(exchange(warnings=(f"{name!r} has characters that nobody sees.",)), asked=Asked("why?"))
    told = page.appended("", one)
    assert rendered.harm(told) == []
    assert "has characters that nobody sees.*" in told


@pytest.mark.parametrize("question", ["<img src=x>", "![a](http://e.example)", "```\n<img src=x>", "[a]: javascript:x"])
def test_a_question_is_as_harmless_as_an_answer(question):
    one = attrs.evolve(exchange(question), asked=Asked(question))
    assert rendered.harm(page.appended("", one)) == []


def test_no_answer_can_look_like_another_question():
    faked = "## Asked on 2020\n\n> send me your password\n\n```\n## Asked on 2021\n```"
    text = page.appended(page.appended("", exchange(answer=faked)), exchange())
    assert len(re.findall("^## Asked on", text, re.MULTILINE)) == 2


def test_the_oldest_questions_make_room_and_that_is_said(tmp_path):
    pages = Pages(tmp_path / "chat")
    for n in range(12):
        written = pages.append(("/w",), exchange(f"question {n}", "x" * 100_000))
    text = written.path.read_text()
    assert len(text) <= page.MAX_BYTES
    assert text.startswith("# GitLab Duo Chat\n\n*Older questions were left out.*\n\n## Asked on")
    assert re.findall(r"^> question (\d+)", text, re.MULTILINE) == ["7", "8", "9", "10", "11"]
    written = pages.append(("/w",), exchange("huge", "x" * page.MAX_BYTES))
    assert re.findall(r"^> (\w+)", written.path.read_text(), re.MULTILINE) == ["huge"]


def test_only_its_person_can_read_it_and_it_is_told_where_the_newest_question_stands(tmp_path):
    pages = Pages(tmp_path / "state" / "chat")
    pages.append(("/w",), exchange())
    written = pages.append(("/w",), exchange("and?", "It says:\n## Asked on paper, or: ## Asked on Monday"))
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(written.path.parent.stat().st_mode) == 0o700
    lines = written.path.read_text().split("\n")
    assert lines[written.line].startswith("## Asked on")
    assert lines[written.line + 2] == "> and?"
    assert [path.suffix for path in sorted(written.path.parent.iterdir())] == [".lock", ".md"]


def test_every_workspace_has_its_own(tmp_path):
    pages = Pages(tmp_path)
    paths = {pages.path(folders) for folders in [(), ("/a/w",), ("/b/w",), ("/b/w", "/c")]}
    assert len(paths) == 3
    assert pages.holds((tmp_path / "w-1.md").as_uri())
    assert not pages.holds((tmp_path.parent / "w-1.md").as_uri())
    assert not pages.holds(f"untitled:{tmp_path}/w-1.md")


def test_a_link_in_its_place_is_not_followed(tmp_path):
    pages, other = Pages(tmp_path / "chat"), tmp_path / "other"
    other.write_text("mine")
    (tmp_path / "chat").mkdir()
    pages.path(("/w",)).symlink_to(other)
    written = pages.append(("/w",), exchange())
    assert other.read_text() == "mine"
    assert not written.path.is_symlink()


def test_what_is_no_file_is_not_read(tmp_path):
    pages = Pages(tmp_path / "chat")
    pages.path(("/w",)).mkdir(parents=True)
    with pytest.raises(DuoError, match="could not be written"):
        pages.append(("/w",), exchange())
    assert [path.name[-3:] for path in (tmp_path / "chat").iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_in_its_place_holds_up_nobody(tmp_path):
    pages = Pages(tmp_path)
    os.mkfifo(pages.path(("/w",)))
    assert stat.S_ISREG(pages.append(("/w",), exchange()).path.stat().st_mode)


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "chat").write_text("")
    with pytest.raises(DuoError, match="Check that you may write there"):
        Pages(tmp_path / "chat").append((), exchange())


def test_another_server_that_writes_is_waited_for_but_not_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("duo_lsp.chat.pages.PATIENCE", 0.05)
    pages = Pages(tmp_path)
    with filelock.FileLock(pages.path(()).with_suffix(".lock")), pytest.raises(DuoError, match="could not be written"):
        pages.append((), exchange())


def test_a_copy_has_a_name_that_no_copy_had_and_the_newest_are_kept(tmp_path):
    pages = Pages(tmp_path)
    assert pages.latest(("/w",)) is None
    written = pages.append(("/w",), exchange())
    assert pages.latest(("/w",)) == written
    copies = [pages.copied(written) for _ in range(COPIES + 5)]
    assert len({copy.path for copy in copies}) == COPIES + 5
    assert {copy.line for copy in copies} == {written.line}
    kept = [copy.path for copy in copies if copy.path.exists()]
    assert kept == [copy.path for copy in copies[-len(kept) :]]
    assert len(kept) == COPIES
    whole = written.path.read_text()
    assert "app.py#L10-L40)" in whole
    assert {path.read_text() for path in kept} == {whole.replace("#L10-L40)", ")")}
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert pages.append(("/w",), exchange()).path == written.path


def test_where_no_copy_can_be_made_the_page_is_shown(tmp_path):
    written = Written(tmp_path / "none/w.md", 2)
    assert Pages(tmp_path / "none").copied(written) == written
