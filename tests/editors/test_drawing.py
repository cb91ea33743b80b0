"""A drawn screen says what stood on it, in its colours, with the cursor where it was."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from editors import drawing

SCREEN = "\x1b[38;2;255;0;0mred\x1b[39m 漢 x\n\x1b[48;2;0;0;255m  deep  \n still\x1b[0m\n  plain"


def texts(drawn: str) -> list[str]:
    return [
        "".join(element.itertext()).replace("\xa0", " ")
        for element in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_every_line_is_in_it_and_colours_last_beyond_a_line() -> None:
    drawn = drawing.svg(SCREEN, None, 20, "a title")
    said = texts(drawn)
    assert "a title" in said
    assert {"red", "deep", "still", "plain"} <= {text.strip() for text in said}
    assert "#ff0000" in drawn
    blue = [float(y) for y in re.findall(r'<rect fill="#0000ff"[^>]* y="([\d.]+)"', drawn)]
    assert len(set(blue)) == 2  # the second line and the third


def test_the_cursor_is_a_block_on_one_character_also_behind_a_wide_one() -> None:
    drawn = drawing.svg(SCREEN, (7, 0), 20, "")
    [mark] = re.findall(r'<rect fill="#aeafad" x="([\d.]+)"[^>]* width="([\d.]+)"', drawn)
    assert texts(drawn).count("x") == 1
    assert float(mark[0]) == round(7 * float(mark[1]), 1)


def test_nothing_in_it_is_fetched() -> None:
    assert "url(http" not in drawing.svg(SCREEN, None, 20, "")
