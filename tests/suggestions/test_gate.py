"""Which rule keeps a file at home, and what is not known may not leave as context."""

import pytest

from drawn import between
from duo_lsp import status
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.settings import Settings
from duo_lsp.suggestions.disk import Disk, Seen
from duo_lsp.suggestions.gate import NO_RULES, Gate

OURS = Settings(project_path="group/project")


class Told(Disk):
    """Says what it is told to."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    async def see(self, _path, _folders):
        return self.seen


class GitLab(SignedOut):
    """A project with these rules; None when they cannot be fetched."""

    def __init__(self, *rules, known=True, local=False, of=""):
        self.rules, self.local, self.of, self.asked = rules if known else None, local, of, []

    async def project(self, _path):
        return self.of

    async def exclusions(self, project):
        self.asked.append(project)
        return self.rules


async def closed(seen=Seen(in_project="src/a.py"), upstream=None, settings=OURS, uri="file:///w/src/a.py", off=None):  # noqa: B008
    return await Gate(Told(seen)).closed(between("a", uri=uri), settings, upstream or GitLab(), off)


async def test_an_ordinary_file_may_be_sent():
    assert await closed() == (None, "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"uri": "file:///w/.env"}, "This file is never sent: it is named like .env*."),
        ({"uri": "file://[bad"}, "This file is never sent: its address cannot be read, so nobody knows what it is."),
        ({"seen": Seen("x/ in .aiexclude")}, "This file is never sent: x/ in .aiexclude excludes it."),
        ({"seen": None}, "This file is never sent: the disk has not told yet which files are ignored."),
        (
            {"upstream": GitLab("src/*", "!src/b.py")},
            "This file is never sent: the rule src/* of its project on GitLab excludes it.",
        ),
    ],
)
async def test_the_state_says_by_which_rule(arguments, sentence):
    state, caution = await closed(**arguments)
    assert (state.name, state.sentence, caution) == ("excluded", sentence, "")


async def test_what_is_wanted_nowhere_leads_to_no_question_about_the_project_but_never_sent_comes_first():
    upstream = GitLab("*", of="found/project")
    assert await closed(upstream=upstream, off=status.DISABLED_LANGUAGE) == (status.DISABLED_LANGUAGE, "")
    assert upstream.asked == []
    state, _ = await closed(uri="file:///w/.env", off=status.DISABLED_LANGUAGE)
    assert state.name == "excluded"


async def test_a_rule_that_takes_back_holds():
    assert await closed(upstream=GitLab("src/*", "!src/a.py")) == (None, "")


async def test_rules_that_could_never_be_fetched_keep_no_open_file_at_home_but_a_person_is_told():
    assert await closed(upstream=GitLab(known=False)) == (None, NO_RULES)


async def test_rules_are_those_of_the_project_that_is_set_or_found():
    found, local = GitLab("*", of="found/project"), GitLab("*", local=True)
    assert (await closed(upstream=found, settings=Settings()))[0]
    assert found.asked == ["found/project"]
    assert (await closed(upstream=GitLab("*"), settings=Settings()))[0] is None
    assert await closed(upstream=local) == (None, "")
    assert local.asked == []


@pytest.mark.parametrize(
    ("path", "seen", "upstream", "expected"),
    [
        ("/w/a.py", Seen(in_project="a.py", is_inside=True), GitLab(), True),
        ("/w/a.py", Seen(in_project="a.py", is_inside=True), GitLab("b.py"), True),
        ("/w/a.py", Seen(in_project="a.py", is_inside=True), GitLab(known=False, local=True), True),
        ("/w/a.py", Seen(in_project="a.py", is_inside=True), GitLab(known=False), False),
        ("/w/a.py", Seen(in_project="a.py", is_inside=True), GitLab("*.py"), False),
        ("/w/a.py", Seen(in_project="a.py", is_inside=False), GitLab(), False),
        ("/w/a.py", Seen("", "a.py in .gitignore", "a.py", is_inside=True), GitLab(), False),
        ("/w/a.py", Seen("a.py in .aiexclude", "a.py in .aiexclude", "a.py", is_inside=True), GitLab(), False),
        ("/w/a.py", None, GitLab(), False),
        ("/w/.env", Seen(in_project=".env", is_inside=True), GitLab(), False),
        ("", Seen(is_inside=True), GitLab(), False),
        ("/w/a.py", Seen(is_inside=True, is_sealed=True), GitLab(), False),
    ],
)
async def test_what_may_be_context(path, seen, upstream, expected):
    assert await Gate(Told(seen)).may_be_context(path, ("/w",), OURS, upstream) is expected


async def test_a_disk_that_stops_answering_keeps_the_file_at_home():
    class Tiring(Disk):
        answers = 1

        async def see(self, _path, _folders):
            self.answers -= 1
            return Seen(in_project="src/a.py") if self.answers >= 0 else None

    state, _ = await Gate(Tiring()).closed(between("a", uri="file:///w/src/a.py"), OURS, GitLab("x"))
    assert state is not None
    assert "the disk has not told yet" in state.sentence
