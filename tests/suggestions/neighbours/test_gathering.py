"""What goes along is gathered in time or stays at home, and costs the request nothing, whatever goes wrong."""

import asyncio
import logging
import threading
from datetime import UTC, datetime

import attrs
import pytest

from drawn import between
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.settings import CodeCompletion, Settings
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.neighbours import gathering
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.neighbours.gathering import MOST, Neighbours
from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.shelf import Found
from duo_lsp.toggles.switches import Toggles
from duo_lsp.toggles.wish import ToggleWish
from waiting import HANG, eventually

TABS = Settings()
IMPORTS = Settings(imports_context=True)
NOW = "file:///w/now.py"
CODE = "import a\nimport b\nx = 1\n"


class Open(Gate):
    """A gate that lets all through but what it is told to keep, when it may."""

    def __init__(self):
        super().__init__()
        self.kept, self.asked, self.may = set(), [], asyncio.Event()
        self.may.set()

    async def may_be_context(self, path, folders, _settings, _upstream):
        self.asked.append((path, folders))
        await self.may.wait()
        return path not in self.kept


class Files:
    """Files that imports mean, by name; answers when it may."""

    def __init__(self, **files):
        self.files, self.may, self.read_ones = files, threading.Event(), []
        self.may.set()

    def look(self, _importer):
        self.may.wait(30)
        return tuple(Found(f"/w/{name}.py", f"{name}.py", f"{name}.py", (0, 0, 0)) for name in self.files)

    def read(self, found, *, redacts):
        assert redacts
        self.read_ones.append(found.name)
        text = self.files[found.name.removesuffix(".py")]
        return Piece(found.name, (text,)) if text else None


class Rig:
    """An editor, a gate and a disk around what gathers."""

    def __init__(self, clock):
        self.documents: dict[str, LineDocument] = {}
        self.gate, self.files, self.local = Open(), Files(), False
        self.desk = Desk(document=self.documents.get, patience=HANG)
        self.toggles = Toggles(lambda: datetime.now(UTC))
        self._clock = clock
        self.made = None

    def patience(self, seconds):
        self.neighbours._desk = attrs.evolve(self.desk, patience=seconds)

    def open(self, name, text, language="python"):
        uri = name if ":" in name else f"file:///w/{name}"
        self.documents[uri] = LineDocument(uri, text, 1, language)
        self.desk.recent.touched(uri)

    @property
    def neighbours(self):
        if self.made is None:
            self.made = Neighbours(self.desk, self.gate, Redactor(), self.toggles, self._clock, self.files)
        return self.made

    async def items(self, settings=TABS, uri=NOW, text=CODE, folders=("/w",), language="python"):
        upstream = SignedOut()
        upstream.local = self.local
        here = between(text, language_id=language, uri=uri, folders=folders)
        return await self.neighbours.items(here, here, settings, upstream)

    async def names(self, *arguments, **named):
        return [item.name for item in await self.items(*arguments, **named)]


@pytest.fixture
async def rig(clock):
    made = Rig(clock)
    yield made
    made.files.may.set()
    await made.neighbours.close()


async def test_nothing_is_looked_at_where_nothing_may_go_along(rig):
    rig.open("a.py", "a = 1\n")
    assert await rig.items(Settings(open_tabs_context=False)) == ()
    assert await rig.items(folders=()) == ()
    rig.local = True
    assert await rig.items() == ()
    assert rig.gate.asked == []


async def test_every_file_is_shown_to_the_gate_with_its_folder(rig):
    rig.open("a.py", "a = 1\n")
    rig.open("b.py", "b = 2\n")
    rig.gate.kept.add("/w/b.py")
    assert await rig.names(folders=("/w", "/v")) == ["a.py"]
    assert rig.gate.asked == [("/w/b.py", ("/w",)), ("/w/a.py", ("/w",))]


@pytest.mark.parametrize("language", ["plaintext", "markdown", "json", "ruby", ""])
async def test_languages_without_suggestions_stay(rig, language):
    rig.open("a", "a = 1\n", language)
    disabled = CodeCompletion(disabled_supported_languages=("ruby",))
    assert await rig.names(Settings(code_completion=disabled)) == []


async def test_added_languages_and_the_current_one_may_help(rig):
    rig.open("a.lua", "a = 1\n", "lua")
    rig.open("b.zig", "b = 1\n", "Zig")
    added = Settings(code_completion=CodeCompletion(additional_languages=("zig",)))
    assert await rig.names(added) == ["b.zig"]
    assert await rig.names(uri="file:///w/now.lua", language="lua") == ["a.lua"]


async def test_a_document_that_is_turned_off_by_hand_stays(rig):
    rig.open("a.py", "a = 1\n")
    rig.toggles.toggle(ToggleWish("document"), "file:///w/a.py", "python", on=True)
    assert await rig.names() == []
    rig.toggles.toggle(ToggleWish("document"), "file:///w/a.py", "python", on=True)
    assert await rig.names() == ["a.py"]


async def test_open_and_imported_files_come_by_turns(rig):
    for name in ("p", "q", "r"):
        rig.open(f"{name}.py", f"{name} = 1\n")
    rig.files.files = {"a": "a = 1\n", "b": "b = 1\n"}
    assert await rig.names(IMPORTS) == ["r.py", "a.py", "q.py", "b.py", "p.py"]


async def test_an_import_that_is_open_is_there_once_and_as_it_is_in_the_editor(rig):
    rig.open("a.py", "a = 'editor'\n")
    rig.files.files = {"a": "a = 'disk'\n", "now": "now = 1\n"}
    for settings in (IMPORTS, Settings(open_tabs_context=False, imports_context=True)):
        [item] = await rig.items(settings)
        assert item.content == "a = 'editor'\n"
    assert rig.files.read_ones == []


async def test_an_imported_file_is_read_only_after_the_gate_has_let_it_through(rig):
    rig.files.files = {"a": "a = 1\n", "b": "b = 1\n", "c": ""}
    rig.gate.kept.add("/w/a.py")
    assert await rig.names(IMPORTS) == ["b.py"]
    assert rig.files.read_ones == ["b.py", "c.py"]


async def test_what_the_current_file_or_another_says_already_stays(rig):
    rig.open("a.py", "x = 1\n")
    rig.open("b.py", "y = 2\n")
    rig.open("c.py", "y = 2\n")
    assert await rig.names() == ["c.py"]


async def test_only_so_many_are_looked_at(rig):
    for number in range(40):
        rig.open(f"{number}.py", f"v{number} = {number}\n")
    assert len(await rig.names()) == MOST
    for number in range(40):
        rig.open(f"{number}.py", f"v{number} = {number}\n" * 1_000)
    rig.gate.asked.clear()
    await rig.items(IMPORTS)
    assert len(rig.gate.asked) == 4  # of 9,000 bytes each
    assert 3 * 9_000 < gathering.ENOUGH < 4 * 9_000


async def test_enough_imports_are_enough(rig):
    rig.files.files = {f"m{number}": f"m{number} = 1\n" for number in range(40)}
    assert len(await rig.names(IMPORTS)) == MOST


async def test_a_slow_disk_costs_the_imports_only(rig):
    rig.patience(1.0)
    rig.open("p.py", "p = 1\n")
    rig.files.files = {"a": "a = 1\n"}
    rig.files.may.clear()
    assert await rig.names(IMPORTS) == ["p.py"]


async def test_whoever_comes_while_something_is_late_does_not_wait(rig):
    rig.patience(0.01)
    rig.open("p.py", "p = 1\n")
    rig.gate.may.clear()
    assert await rig.items() == ()
    rig.patience(60)
    assert await rig.items() == ()
    rig.gate.may.set()
    await eventually(rig.neighbours._gathering.done)
    assert await rig.names() == ["p.py"]


async def test_a_fault_of_ours_costs_the_request_nothing_and_is_in_the_log(rig, caplog):
    caplog.set_level(logging.ERROR, "duo_lsp")
    rig.open("p.py", "p = 1\n")
    rig.files.look = lambda _: 1 / 0
    assert await rig.names(IMPORTS) == ["p.py"]
    assert "could not be gathered" in caplog.text


async def test_closing_ends_what_runs(rig):
    rig.patience(0.01)
    await rig.neighbours.close()
    rig.open("p.py", "p = 1\n")
    rig.gate.may.clear()
    await rig.items()
    await rig.neighbours.close()
    assert rig.neighbours._gathering.cancelled()


async def test_a_document_that_was_closed_meanwhile_is_no_fault(rig):
    rig.open("p.py", "p = 1\n")
    rig.open("blank.py", "\n")
    rig.open("q.py", "q = 1\n")
    del rig.documents["file:///w/p.py"]
    assert await rig.names() == ["q.py"]


async def test_a_change_is_seen(rig):
    rig.open("p.py", "p = 1\n")
    assert [item.content for item in await rig.items()] == ["p = 1\n"]
    rig.documents["file:///w/p.py"].apply(1, [(None, "p = 2\n")])
    rig.neighbours.forget("file:///w/p.py")
    assert [item.content for item in await rig.items()] == ["p = 2\n"]


async def test_without_an_editor_only_imports_can_go_along(rig):
    rig.files.files = {"a": "a = 1\n"}
    rig.desk = Desk(patience=HANG)
    assert await rig.names(IMPORTS) == ["a.py"]


async def test_imports_are_looked_for_at_the_beginning_of_an_open_document(rig):
    seen = []

    def look(importer):
        seen.append(importer)
        return ()

    rig.files.look = look
    rig.open("now.py", "import first\n" + "x = 1\n" * 9_000)
    await rig.items(IMPORTS, text="x = 1\n" * 4_000)
    assert seen[0].head.startswith("import first\n")
    assert len(seen[0].head) <= gathering.HEAD
    assert (seen[0].folder, seen[0].name) == ("/w", "now.py")
