"""How much of a file and of others a model is asked to read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway.models import gap

LINES = "".join(f"line {number:05}\n" for number in range(5000))


def of(above: str, below: str = "", room: int = gap.MOST, **files: str) -> gap.Gap:
    context = tuple(wire.ContextItem("file", name, text) for name, text in files.items())
    return gap.of(wire.SuggestionRequest(wire.CurrentFile("a.py", above, below), context=context), room)


def test_what_fits_goes_as_it_is() -> None:
    assert of("a\nb", "c", b="d") == gap.Gap("a.py", "a\nb", "c", (("b", "d"),))
    assert of("a\nb").line == "b"


def test_what_is_nearest_stays_in_whole_lines() -> None:
    found = of(LINES + "x = ", LINES, room=1000)
    assert found.above.startswith("line ")
    assert found.above.endswith("line 04999\nx = ")
    assert found.below.startswith("line 00000\n")
    assert found.below.endswith("\n")


def test_the_beginning_moves_in_steps_while_one_types() -> None:
    starts = {of(LINES + "x" * typed, room=2000).above.split("\n")[0] for typed in range(1000)}
    assert 2 <= len(starts) <= 6


def test_other_files_get_their_share_and_empty_ones_end_them() -> None:
    found = of("x", b=LINES, c=LINES)
    assert found.files[0][0] == "b"
    assert gap.MOST * 0.29 < sum(len(text) for _, text in found.files) <= gap.MOST * 0.3
    assert of("x", b=" ", c="y").files == ()


@given(st.text("ab\n"), st.text("ab\n"), st.text("ab\n"), st.integers(10, 200))
def test_there_is_never_more_than_room(above: str, below: str, other: str, room: int) -> None:
    found = of(above, below, room, b=other)
    assert len(found.above) + len(found.below) + sum(len(text) for _, text in found.files) <= room
    assert above.endswith(found.above)
    assert below.startswith(found.below)


def test_room_shrinks_when_late_and_grows_with_time_to_spare() -> None:
    room = gap.Room(8000, 1000)
    for expected in (4000, 2000, 1000, 1000):
        room.late()
        assert room.characters == expected
    room.done(0.9)
    assert room.characters == 1000
    for expected in (2000, 4000, 8000, 8000):
        room.done(0.1)
        assert room.characters == expected
