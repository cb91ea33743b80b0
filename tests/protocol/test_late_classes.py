"""lsprotocol's classes, each made when it is first used, are what they are when all are made at once."""

import subprocess
import sys
import threading

import attrs
import pytest

from duo_lsp.protocol import late_classes

ALL = """
import sys, attrs, cattrs
from duo_lsp.protocol import late_classes
late = sys.argv[1] == "late"
if late:
    late_classes.load()
from lsprotocol import converters, types as lsp
made = [name for name, shape in vars(lsp).items() if isinstance(vars(shape).get("__attrs_attrs__") if
        isinstance(shape, type) else None, tuple)]
print(len(made) if late else 0)
converter = converters.get_converter()
for name, shape in sorted(lsp.ALL_TYPES_MAP.items()):
    if isinstance(shape, type) and attrs.has(shape):
        print(name, [(f.name, f.type, f.default, f.kw_only, f.eq, f.init) for f in attrs.fields(shape)])
place = converter.structure({"line": 1, "character": 2}, lsp.Position)
print(place, place < lsp.Position(1, 3), place == lsp.Position(1, 2), place != lsp.Position(1, 2))
print(lsp.Range(place, place), converter.unstructure(lsp.Range(place, place)), lsp.Position.__hash__)
print(converter.structure({"rootUri": None, "capabilities": {"workspace": {"applyEdit": True}}}, lsp.InitializeParams))
for wrong in (lambda: lsp.Position(-1, 0), lambda: lsp.Position(), lambda: setattr(place, "line", "a")):
    try:
        wrong()
    except (ValueError, TypeError) as problem:
        print(type(problem).__name__, str(problem).replace("Position.", ""))
match place:
    case lsp.Position(line, character=2):
        print("line", line)
"""
LATE = """
import attr, attrs

@attrs.define
class Point:
    x: int = attrs.field(validator=attrs.validators.ge(0))
    y: "Point | None" = None

@attrs.define
class Other:
    x: int

@attrs.define(frozen=True)
class Odd:
    x: int

ALL_TYPES_MAP = {"Point": Point, "Other": Other}
"""


def test_all_classes_are_the_same_either_way():
    late, at_once = (
        subprocess.run([sys.executable, "-c", ALL, way], capture_output=True, text=True, check=True).stdout.splitlines()
        for way in ("late", "at once")
    )
    assert len(late) > 550
    assert late == at_once


@pytest.fixture
def points(tmp_path, monkeypatch):
    """A module of two classes in lsprotocol's style, and one that is not."""
    (tmp_path / "late_points.py").write_text(LATE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "late_points", raising=False)
    define = attrs.define
    points = late_classes.importing("late_points")
    assert attrs.define is define
    return points


def is_made(shape):
    return isinstance(vars(shape)["__attrs_attrs__"], tuple)


def test_a_class_is_made_by_its_first_instance_and_no_other(points):
    assert not is_made(points.Point)
    assert points.Point(1, y=points.Point(2)) == points.Point(1, points.Point(2))
    assert repr(points.Point(1)) == "Point(x=1, y=None)"
    assert is_made(points.Point)
    assert not is_made(points.Other)


def test_a_class_is_made_by_whoever_asks_for_its_fields(points):
    shapes = [points.Point, points.Other, int]
    assert [attrs.has(shape) for shape in shapes] == [True, True, False]
    assert [(field.name, field.type) for field in attrs.fields(points.Point)] == [
        ("x", int),
        ("y", points.Point | None),
    ]
    with pytest.raises(ValueError, match="must be >= 0"):
        points.Point(-1)


def test_a_class_with_options_is_made_at_once(points):
    assert is_made(points.Odd)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        points.Odd(1).x = 2


def test_several_threads_that_are_first_all_get_what_they_want(points):
    start, found = threading.Barrier(8), []

    def first():
        start.wait()
        found.append((points.Other(1).x, len(attrs.fields(points.Other)), attrs.has(points.Other)))

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(1, 1, True)] * 8


def test_a_module_that_cannot_be_loaded_leaves_attrs_as_it_was():
    define = attrs.define
    with pytest.raises(ModuleNotFoundError):
        late_classes.importing("there_is_no_such_module")
    assert attrs.define is define
