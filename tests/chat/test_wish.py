"""A command's arguments in every form that editors send."""

import pytest

from duo_lsp.chat import wish
from duo_lsp.chat.asked import Item, Resource
from duo_lsp.chat.wish import Wish
from duo_lsp.errors import UsageError

RANGE = {"start": {"line": 1, "character": 2}, "end": {"line": 3, "character": 4}}


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ([], Wish()),
        ([None], Wish()),
        ([[]], Wish()),
        (["why?"], Wish("why?")),
        ([["why?"]], Wish("why?")),
        ([("why?", "file:///a", RANGE)], Wish("why?", "file:///a", (1, 2), (3, 4))),
        (["why?", "file:///a", RANGE, "more"], Wish("why?", "file:///a", (1, 2), (3, 4))),
        ([{"question": "why?", "range": {"line": 1, "character": 2}}], Wish("why?", "", (1, 2), (1, 2))),
        (['{"question": "why?"}'], Wish("why?")),
        (["{not json"], Wish("{not json")),
        (['{"a"}'], Wish('{"a"}')),
        (['{"a":' * 99_999], Wish('{"a":' * 99_999)),
        ([{"new_conversation": True, "referer_url": "a"}], Wish(new_conversation=True, referer_url="a")),
        ([{"id": "x" * 200, "show": "none"}], Wish(id="x" * 100, show="none")),
        ([{"resource": {"type": "ISSUE", "id": 7}}], Wish(resource=Resource("issue", 7))),
        ([{"resource": {"type": "commit", "id": "a", "project_id": 7}}], Wish(resource=Resource("commit", "a", 7))),
        (
            [{"context": {"category": "FILE", "id": "a", "content": "b", "metadata": 7}}],
            Wish(items=(Item("file", "a", "b"),)),
        ),
        (
            [{"diagnostics": [{"message": "a\nb", "range": RANGE, "source": "s", "code": 7}, "free  text", 7, {}]}],
            Wish(notes=("line 2: a b (s 7)", "free text")),
        ),
        ([{"diagnostics": [{"message": "a", "range": RANGE, "code": None}]}], Wish(notes=("line 2: a",))),
        ([{"place": "/w/é b.py:4-7"}], Wish("", "file:///w/%C3%A9%20b.py", (3, 0), (7, 0))),
        ([{"place": "/w/a:b.py:4-4", "question": "why?"}], Wish("why?", "file:///w/a:b.py", (3, 0), (3, 0))),
        ([{"place": "C:\\w\\a.py:1-2"}], Wish("", "file:///C:/w/a.py", (0, 0), (2, 0))),
    ],
)
def test_they_are_understood(arguments, read):
    assert wish.read(arguments) == read


@pytest.mark.parametrize(
    "given",
    [
        {"question": 7},
        {"withCleanHistory": "yes"},
        {"range": 7},
        {"place": 7},
        {"place": "/w/a.py"},
        {"place": "/w/a.py:0-1"},
        {"range": {"start": 7, "end": 8}},
        {"range": {"start": {"line": -1, "character": 0}, "end": {"line": 1, "character": 0}}},
        {"resource": 7},
        {"resource": {"type": "commit", "id": "a", "projectId": "a/b"}},
        {"resource": {"type": "commit", "id": "a", "projectId": True}},
        {"context": [7]},
        {"context": [{"category": "file", "id": "a", "content": "b"}] * 101},
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_a_remedy(given):
    with pytest.raises(UsageError) as raised:
        wish.read([given])
    assert raised.value.sentence.endswith(".")
    assert raised.value.hint.endswith(".")
