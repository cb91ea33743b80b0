"""What `scripts/bench engine` measures, on small made-up projects; nothing is fetched."""

from __future__ import annotations

import hashlib
import io
import math
import tarfile

import attrs
import pytest

from duo_lsp.gateway.engines.builtin import evidence
from duo_lsp.gateway.engines.builtin.confidence import Step
from duo_lsp.gateway.engines.builtin.trust import Followers
from scripts import bench_engine
from scripts.engine import answering, cursors, fetching, figures, packages, projects
from scripts.engine.answering import Answer
from scripts.engine.cursors import Cursor
from scripts.engine.packages import MEASURED_ON, TRAINED_ON, Package
from scripts.engine.projects import Project

PYTHON = '''"""A long text
that is no code_at_all, said = 1
"""
# a comment that is long enough
def total_of(invoice):  # why
    """One line of text."""
    return sum(line.amount for line in invoice.lines)
    letter = "# no comment"
x = 1
'''
SCRIPT = """/* a comment
 * const inside = comment; */
// another comment that is long
const total = sum(invoice.lines);
const text = `first line
  second line of it`;
return "// no comment" + text;
"""
MADE_UP = "".join(
    f"def step_{n}(machine):\n    machine.turn_wheel({n})\n    return machine.state\n\n\n" for n in range(40)
)


def starts(text: str, language: packages.Language) -> list[str]:
    return [text[place:].partition("\n")[0] for place in cursors.code_lines(text, language)]


def test_no_project_is_measured_that_was_trained_on() -> None:
    assert {each.name for each in TRAINED_ON}.isdisjoint(each.name for each in MEASURED_ON)
    assert len({each.sha256 for each in TRAINED_ON + MEASURED_ON}) == len(TRAINED_ON + MEASURED_ON)


def test_lines_of_code_are_told_from_comments_and_long_strings() -> None:
    code = [
        "def total_of(invoice):  # why",
        "return sum(line.amount for line in invoice.lines)",
        'letter = "# no comment"',
    ]
    assert starts(PYTHON, "Python") == code
    code = ["const total = sum(invoice.lines);", "const text = `first line", 'return "// no comment" + text;']
    assert starts(SCRIPT, "JavaScript") == code


def made_up(**more: str) -> dict[str, str]:
    own = {f"pkg/{name}.py": MADE_UP.replace("machine", name) for name in ("pump", "lathe", "crane", "drill", "press")}
    return own | more


def test_a_fifth_of_the_files_is_held_out_and_always_the_same() -> None:
    texts = {f"pkg/{n}.py": f"value_{n} = {n}\n" * 2 + MADE_UP.replace("machine", f"m{n}") for n in range(20)}
    texts |= {"short.py": "x = 1\n", "notes.md": MADE_UP, "tests/data/input.py": MADE_UP}
    split = projects.split("made-up", "Python", texts)
    assert split == projects.split("made-up", "Python", dict(reversed(texts.items())))
    out = texts.keys() - split.known
    assert len(out) == 4
    assert all(file.startswith("pkg/") for file in out)


def test_a_copy_of_what_is_known_is_not_asked_for() -> None:
    split = projects.split("made-up", "Python", dict.fromkeys(("a.py", "b.py", "c.py"), MADE_UP))
    assert len(split.known) == 1
    assert split.held == {}
    assert projects.is_copy("a\nb\nc\nd", {("a", "b", "c")})
    assert not projects.is_copy("a\nb\nc\nd\ne", {("a", "b", "c")})


def test_cursors_are_of_every_kind_and_always_the_same() -> None:
    project = Project("made-up", "Python", {}, {"held.py": MADE_UP})
    found = cursors.sample(project, 30)
    assert found == cursors.sample(project, 30)
    assert [sum(cursor.kind == kind for cursor in found) for kind in cursors.KINDS] == [10, 10, 10]
    for cursor in found:
        assert cursor.above + cursor.rest + cursor.below == MADE_UP
        assert "\n" not in cursor.rest
        before = cursor.above[-1]
        assert {"line start": before in " \n", "boundary": not before.isalnum(), "in a word": before.isalnum()}[
            cursor.kind
        ]


def test_a_short_file_gives_as_many_cursors_as_it_has_lines() -> None:
    assert len(cursors.sample(Project("made-up", "Python", {}, {"held.py": "value = other\n"}), 30)) == 1
    assert cursors.sample(Project("made-up", "Python", {}, {"held.py": "a+b-c*d+e-f\n" * 3}), 9)


def test_every_engine_is_asked_at_the_same_cursors() -> None:
    project = projects.split("made-up", "Python", made_up())
    project = attrs.evolve(project, held={"pkg/new.py": MADE_UP})
    said = list(answering.answers(project, 6, below=True))
    assert [name for name, _ in said] == list(answering.ENGINES) * 6
    ours = [answer for name, answer in said if name == answering.OURS]
    for name in answering.ENGINES:
        assert [answer.cursor for other, answer in said if other == name] == [answer.cursor for answer in ours]
    assert all(answer.seconds > 0 for answer in ours)
    assert any(answer.line == answer.cursor.rest and answer.is_right for answer in ours)


def test_a_6_gram_sees_neither_the_open_file_nor_more_than_five_words() -> None:
    trust = answering.ENGINES["6-gram"]
    nothing = Followers({})
    shares = {
        (rank, length): trust.share(rank, length, nothing) for rank in answering.EVERYWHERE for length in (1, 5, 6)
    }
    assert {where for where, share in shares.items() if share} == {(evidence.WORKSPACE, 1), (evidence.WORKSPACE, 5)}


def test_what_a_plain_engine_believes_in_is_shown() -> None:
    steps = [Step("a", -0.01, 1), Step("abc", -0.2, 2), Step("abcdef", -0.3, 3)]
    assert answering.believed(steps) == "abc"
    assert answering.believed(steps[:1]) == ""


def answer(rest: str, line: str, shown: str, seconds: float = 0.001) -> Answer:
    return Answer(Cursor("a.py", f"x = {rest}\n", 4, "boundary"), line, shown, seconds)


def test_figures_count_what_is_exact_what_is_shown_and_what_is_right() -> None:
    said = [
        answer("total(invoice)", "total(invoice)", "total("),
        answer("total(invoice)", "total(order)", "total(order", 0.002),
        answer("value + 1", "other", "", 0.003),
        answer("value", "", "", 0.009),
    ]
    found = figures.of(said)
    assert (found.cursors, found.exact, found.first_token) == (4, 0.25, 0.5)
    assert (found.shown_percent, found.right_percent, found.chars_if_right) == (50, 50, 6)
    assert (found.p50_ms, found.p95_ms) == pytest.approx((2.5, 9))
    assert math.isnan(figures.of(said[2:]).right_percent)


def packed(name: str, content: bytes) -> bytes:
    told = io.BytesIO()
    with tarfile.open(fileobj=told, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return told.getvalue()


def test_a_package_is_unpacked_only_if_it_is_the_pinned_one(tmp_path) -> None:
    content = packed("package/index.js", b"const a = 1;\n")
    package = Package("JavaScript", "made-up", "1.0", hashlib.sha256(content).hexdigest())
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(SystemExit, match="did not come"):
        fetching.unpack(package, work, tmp_path)
    (work / package.archive).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not the file that was pinned"):
        fetching.unpack(package, work, tmp_path)
    (work / package.archive).write_bytes(content)
    fetching.unpack(package, work, tmp_path)
    assert (tmp_path / "made-up-1.0/package/index.js").read_bytes() == b"const a = 1;\n"
    assert fetching.fetch([package], tmp_path) == {package: tmp_path / "made-up-1.0"}


def test_pip_may_fetch_nothing_but_the_pinned_files(tmp_path) -> None:
    wanted = Package("Python", "made-up", "1.0", "00ff")
    command = fetching.pip([wanted], tmp_path)
    assert {"--no-deps", "--require-hashes"} <= set(command)
    assert (tmp_path / "wanted.txt").read_text() == "made-up==1.0 --hash=sha256:00ff\n"
    assert fetching.npm([attrs.evolve(wanted, language="JavaScript")], tmp_path)[-1] == "made-up@1.0"


def test_a_tool_that_is_not_there_is_said_in_a_sentence(tmp_path) -> None:
    with pytest.raises(SystemExit, match="There is no such-a-tool here"):
        fetching._run(["such-a-tool"], tmp_path)
    with pytest.raises(SystemExit, match="could not fetch"):
        fetching._run(["false"], tmp_path)


def test_packages_are_kept_where_the_environment_says() -> None:
    assert str(fetching.cache({"DUO_LSP_PACKAGES": "/there"})) == "/there"
    assert fetching.cache({}).parts[-2:] == ("duo-lsp", "packages")


def test_the_table_has_a_column_for_every_figure() -> None:
    columns = {field.name for field in attrs.fields(figures.Figures)}
    assert columns <= set(bench_engine.Row.__dataclass_fields__)
