"""Lines without their names."""

from __future__ import annotations

from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway.engines.builtin import corpus, evidence, lexer, patterns, suggestion
from duo_lsp.gateway.engines.builtin.patterns import BACK, Patterns
from duo_lsp.gateway.engines.builtin.words import Words

streams = st.lists(st.sampled_from(["alpha", "beta", "=", "self", ".", "1", "1234", "\n"]), max_size=60)


def read(*lexemes: str) -> list[str]:
    """A pattern in words: how far back a name stood, `new`, or the lexeme."""
    words = Words()
    numbers = list(Patterns(words).read([words.number(lexeme) for lexeme in lexemes]))
    return [str(n) if 0 < n <= BACK else "new" if n == 0 else words.lexeme(n - BACK - 1) for n in numbers]


def test_a_name_is_told_by_how_far_back_it_stood() -> None:
    assert read("self", ".", "x", "=", "x") == ["self", ".", "new", "=", "2"]
    assert read("for", "é", "in", "b", ":") == ["for", "new", "in", "new", ":"]
    assert read("x", *"=" * BACK, "x")[-1] == "new"
    assert read("x", *"=" * (BACK - 1), "x")[-1] == str(BACK)


@pytest.mark.parametrize("lexeme", ["9f8a7b", "correct_horse", "12345", "Größe", "x1"])
def test_what_may_be_a_secret_is_no_part_of_a_pattern(lexeme: str) -> None:
    assert read(lexeme) == ["new"]


@given(streams)
def test_what_stands_for_itself_and_what_for_a_copy_is_found_again(lexemes: list[str]) -> None:
    words = Words()
    marks = array("I", [2 * words.number(lexeme) + (lexeme == "=") for lexeme in lexemes])
    read = Patterns(words).marks(marks)
    for place, (mark, pattern) in enumerate(zip(marks, read, strict=True)):
        before = [mark >> 1 for mark in marks[:place]]
        assert patterns.meant({pattern: 3}, before) in (Counter({mark: 3}), Counter())
        assert bool(patterns.meant({pattern: 1}, before)) == (pattern >> 1 != 0)


def test_a_copy_from_before_the_text_is_nothing() -> None:
    assert patterns.meant({2 * 3: 1}, [7, 8]) == Counter()
    assert patterns.meant({2 * 3 + 1: 2}, [7, 8, 9]) == Counter({2 * 7 + 1: 2})


@pytest.mark.parametrize(
    ("name", "kind"), [("a/b.py", "py"), ("a\\b.JS", "js"), ("x.d/Makefile", "makefile"), (".env", "env"), ("", "")]
)
def test_files_are_of_a_kind_when_their_names_end_alike(name: str, kind: str) -> None:
    assert patterns.kind(name) == kind


def pattern_levels(learnt: corpus.Corpus, name: str) -> list[evidence.Level]:
    return [level for level in learnt.levels(name) if level.rank == evidence.PATTERN]


def test_only_the_most_frequent_kinds_of_files_are_read_and_not_without_end() -> None:
    texts = {f"/a.{kind}": "x = y\n" * (10 + size) for size, kind in enumerate(("md", "py", "js", "css"))}
    learnt = corpus.learn(texts.items())
    assert [bool(pattern_levels(learnt, f"new.{kind}")) for kind in ("md", "py", "js", "css")] == [0, 1, 1, 1]
    much = {f"/{number}.py": "x = y\n" * 5_000 for number in range(9)}
    (level,) = pattern_levels(corpus.learn(much.items()), "new.py")
    assert patterns.TOKENS <= len(level.occurrences) < patterns.TOKENS + 25_000


def test_what_was_enough_before_is_not_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "TOKENS", 100)
    texts = [("/a.py", "x = y\n" * 30), ("/b.js", "x = y\n" * 10), ("/c.py", "x = z\n" * 30), ("/d.js", "a = b\n" * 10)]
    reader = corpus.Reader()
    reader.read(texts[:2])
    early = reader.corpus()
    reader.read(texts[2:])
    late, afresh = reader.corpus(), corpus.learn(texts)
    assert late.kinds["py"] is early.kinds["py"]
    assert len(late.kinds["js"]) > len(early.kinds["js"])
    for kind in ("py", "js"):
        assert late.kinds[kind].marks(range(100)) == afresh.kinds[kind].marks(range(100))
    assert (late.files, late.words.lexemes) == (afresh.files, afresh.words.lexemes)
    assert list(early.files) == ["/a.py", "/b.js"]


def test_a_line_is_finished_like_lines_with_other_names() -> None:
    wheel = "class W{0}:\n    def __init__(self, a{0}, b{0}):\n        self.a{0} = a{0}\n        self.b{0} = b{0}\n"
    learnt = corpus.learn({"/a.py": "".join(wheel.format(number) for number in range(30))}.items())
    above = "class Lamp:\n    def __init__(self, bulb, switch):\n        self.bulb ="
    request = wire.SuggestionRequest(wire.CurrentFile("new.py", above, ""))
    steps = suggestion.steps(request, learnt)
    assert [next(steps).text for _ in range(3)] == [" bulb", " bulb", " bulb\n        self"]


def test_the_pattern_of_a_text_has_a_number_for_each_of_its_tokens() -> None:
    words = Words()
    marks = words.marks(lexer.lex("def f(x):\n    return x\n"))
    assert len(Patterns(words).marks(marks)) == len(marks)
