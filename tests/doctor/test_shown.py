"""Findings as they are read."""

from __future__ import annotations

import json

import pytest

from duo_lsp.doctor import shown
from duo_lsp.doctor.scene import Finding, bad

WELL, ILL, LEFT = Finding("dns", "known"), bad("tls", "no", "Do it."), Finding("left", "later", skipped=True)


def test_a_line_has_a_mark_a_name_and_what_to_do():
    assert shown.lines(WELL, colour=False) == "ok  dns        known"
    assert shown.lines(ILL, colour=False) == "!!  tls        no\n               -> Do it."
    assert shown.lines(LEFT, colour=False) == "--  left       later"


@pytest.mark.parametrize("finding", [WELL, ILL, LEFT])
def test_colour_is_around_the_mark_alone(finding):
    plain = shown.lines(finding, colour=False)
    painted = shown.lines(finding, colour=True)
    assert painted.startswith("\x1b[")
    assert painted.endswith("\x1b[0m" + plain[2:])
    assert "\x1b" not in plain


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_only_a_terminal_that_can_and_a_person_who_wants_it_get_colour(environment, terminal, wanted):
    assert shown.wants_colour(environment, terminal=terminal) is wanted


def test_programs_get_one_object():
    told = json.loads(shown.as_json([WELL, ILL]))
    assert not told["fine"]
    assert told["findings"][1] == {"name": "tls", "text": "no", "fine": False, "remedy": "Do it.", "skipped": False}
    assert json.loads(shown.as_json([WELL, LEFT]))["fine"]
