"""Files that have changed since the workspace was read count as they are now."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway.engines.builtin import changes, corpus, evidence, lexer, suggestion
from duo_lsp.gateway.engines.builtin.changes import Present
from duo_lsp.gateway.engines.builtin.corpus import Knowledge
from duo_lsp.gateway.engines.builtin.words import Words

NAMES = ("/a.py", "/b.py", "/deep/a.py", "/c.py")
lines = st.sampled_from(["one = two", "one = three", "    two(one)", "", "on = four"])
texts = st.lists(lines, max_size=6).map("\n".join)
contexts = st.lists(lines, min_size=1, max_size=3).map("\n".join)


def learnt(files: Mapping[str, str]) -> corpus.Corpus:
    return corpus.learn(files.items())


def now(files: Mapping[str, str], *steps: Mapping[str, str | None]) -> Present:
    """What is known after these files have changed, one step after the other."""
    present = Present(learnt(files))
    for step in steps:
        present = present.with_texts(step)
    return present


def believed(known: Knowledge, context: str, file_name: str = "none.py") -> dict[tuple[str, int], float]:
    """What comes next, by lexeme; not by patterns, which stay as they were learnt: there is no name in them."""
    words = Words(known.words)
    asked = [mark >> 1 for mark in words.marks(lexer.lex(context))]
    levels = [level for level in known.levels(file_name) if level.rank not in evidence.PATTERNS]
    belief = evidence.belief(levels, evidence.Context(asked, ()))
    return {(words.lexeme(mark >> 1), mark & 1): round(part, 9) for mark, part in belief.items() if part}


def said(known: Knowledge, above: str, file_name: str = "new.py") -> str:
    return suggestion.suggest(wire.SuggestionRequest(wire.CurrentFile(file_name, above)), known).text


@given(
    st.dictionaries(st.sampled_from(NAMES), texts.filter(str.strip)),
    st.lists(st.dictionaries(st.sampled_from(NAMES), texts | st.none()), min_size=1, max_size=3),
    contexts,
    st.sampled_from(["a.py", "b.py", "/a.py", "new.py"]),
)
def test_it_is_as_if_everything_had_been_learnt_again(
    files: dict[str, str], steps: list[dict[str, str | None]], context: str, file_name: str
) -> None:
    current: dict[str, str | None] = dict(files)
    for step in steps:
        current |= step
    afresh = learnt({name: text for name, text in current.items() if text and text.strip()})
    present = now(files, *steps)
    assert present.files == set(afresh.files)
    assert present.beginning("o") == afresh.beginning("o")
    assert believed(present, context, file_name) == believed(afresh, context, file_name)


SAVED = "def compute_invoice_total(invoice):\n    return sum(invoice.lines)\n"


def test_a_function_that_was_saved_is_known_and_one_that_was_taken_out_is_not() -> None:
    before = now({"/a.py": "x = 1\n"})
    after = before.with_texts({"/a.py": SAVED})
    assert said(before, "total = compute_inv") == ""
    assert said(after, "total = compute_inv").startswith("oice_total")
    assert said(after.with_texts({"/a.py": "x = 1\n"}), "total = compute_inv") == ""


@pytest.mark.parametrize("at_first", [True, False])
def test_a_file_that_is_gone_says_nothing_any_more(at_first: bool) -> None:
    present = now({"/a.py": SAVED, "/b.py": "x = 1\n"}) if at_first else now({}, {"/a.py": SAVED, "/b.py": "x = 1\n"})
    assert said(present, "total = compute_inv")
    gone = present.with_texts({"/a.py": None})
    assert said(gone, "total = compute_inv") == ""
    assert gone.files == {"/b.py"}
    assert gone.beginning("compute") == {}


def test_the_saved_copy_of_the_open_file_is_no_witness_after_it_was_saved_again() -> None:
    present = now({"/shop/a.py": "unusual_name = other_name\n" * 3}, {"/shop/a.py": "unusual_name = new_name\n" * 3})
    assert said(present, "unusual_name =", "shop/b.py").startswith(" new_name")
    assert said(present, "unusual_name =", "shop/a.py") == ""


def test_a_request_under_way_is_not_confused_by_words_that_are_new_meanwhile() -> None:
    present = now({"/a.py": SAVED})
    words = Words(present.words)
    own = words.number("mine")
    present.with_texts({"/b.py": "theirs = mine\n"})
    assert (words.lexeme(own), words.number("mine")) == ("mine", own)
    other = words.number("theirs")
    assert (words.lexeme(other), words.lexeme(own)) == ("theirs", "mine")
    assert Words(present.words).lexeme(Words(present.words).number("theirs")) == "theirs"


def test_much_that_is_new_or_gone_wears_it_out() -> None:
    text = "a = b\n" * (changes.WORN // 4)
    assert not now({"/a.py": text}).is_worn
    assert now({"/a.py": text}, {"/a.py": None}).is_worn
    assert now({}, {"/a.py": text}).is_worn
